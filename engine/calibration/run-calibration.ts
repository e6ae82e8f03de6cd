import { msFromSeconds } from '../../shared/units.ts';
import type { Clock } from '../clock/clock.ts';
import type { CpuLoad } from './cpu-load.ts';
import {
  meansOf,
  type PhaseMeans,
  Refusal,
  type RefusalReason,
  refuseUnsteady,
  refuseWithoutRise,
  type Sample,
} from './phase-means.ts';

export interface CalibrationOptions {
  readonly clock: Clock;
  /** Sum of the machine's own sources now; null where there is none. */
  readonly readMachineWatts: () => number | null;
  /** The CPU's part of it. */
  readonly readCpuWatts: () => number | null;
  /** The meter at the wall now; null as a function where a person reads the meter and types it in. */
  readonly readWallWatts: (() => number | null) | null;
  /** Load of all CPUs over about the last second, 0…1. */
  readonly readCpuLoadRatio: () => number | null;
  readonly load: CpuLoad;
  /** True while a phase must go on, up to two minutes more, for a person to type in what the meter says. */
  readonly isReadingAwaited?: (phase: CalibrationPhase) => boolean;
  /** Default: a minute each. */
  readonly schedule?: CalibrationSchedule;
  readonly onChange?: (state: CalibrationState) => void;
}

export type CalibrationPhase = 'idle' | 'load';

/** Lengths of the two phases. The first seconds of each are left out, until plugs have caught up and clocks have settled. */
export interface CalibrationSchedule {
  readonly phaseSeconds: number;
  readonly settleSeconds: Readonly<Record<CalibrationPhase, number>>;
  readonly stepSeconds: number;
}

/** `progressRatio` is of the whole, 0…1; `phase` is null before and after. */
export interface CalibrationState {
  readonly phase: CalibrationPhase | null;
  readonly progressRatio: number;
  readonly machineWatts: number | null;
  readonly wallWatts: number | null;
  /** The phase has had its time and goes on until a reading is typed in. */
  readonly isReadingAwaited: boolean;
  /** This look is one of those that the means are taken of. */
  readonly isCounted: boolean;
}

export type CalibrationOutcome =
  | { readonly kind: 'done'; readonly idle: PhaseMeans; readonly load: PhaseMeans }
  | { readonly kind: 'refused'; readonly reason: RefusalReason; readonly message: string }
  | { readonly kind: 'cancelled' };

export interface Calibration {
  state(): CalibrationState;
  /** A minute of idle, a minute of load. Leaves no load behind, however it ends. A second call while one runs is refused by RangeError. */
  run(signal: AbortSignal): Promise<CalibrationOutcome>;
}

const minutes: CalibrationSchedule = { phaseSeconds: 60, settleSeconds: { idle: 5, load: 15 }, stepSeconds: 1 };
/** How much longer than its length a phase goes on for a reading that is not typed in yet. */
export const longestWaitSeconds = 120;

export function createCalibration(options: CalibrationOptions): Calibration {
  const { clock, load, schedule = minutes, isReadingAwaited = () => false } = options;
  const phaseMs = msFromSeconds(schedule.phaseSeconds);
  let state: CalibrationState = {
    phase: null,
    progressRatio: 0,
    machineWatts: null,
    wallWatts: null,
    isReadingAwaited: false,
    isCounted: false,
  };
  let isRunning = false;

  function show(next: CalibrationState): void {
    state = next;
    options.onChange?.(state);
  }

  const takeSample = (): Sample => ({
    machineWatts: options.readMachineWatts(),
    cpuWatts: options.readCpuWatts(),
    wallWatts: options.readWallWatts?.() ?? null,
    cpuLoadRatio: options.readCpuLoadRatio(),
  });

  /** Null when it was cancelled. */
  async function runPhase(phase: CalibrationPhase, signal: AbortSignal): Promise<PhaseMeans | null> {
    const samples: Sample[] = [];
    const startedMs = clock.monotonicMs();
    const startedUnixMs = clock.unixMs();
    let elapsedMs = 0;
    while (elapsedMs < phaseMs || isReadingAwaited(phase)) {
      if (elapsedMs > phaseMs + msFromSeconds(longestWaitSeconds))
        throw new Refusal('no-reading', 'Nobody typed in what the meter says.');
      await clock.sleep(msFromSeconds(schedule.stepSeconds), signal);
      if (signal.aborted) return null;
      const sample = takeSample();
      elapsedMs = clock.monotonicMs() - startedMs;
      const isCounted = elapsedMs > msFromSeconds(schedule.settleSeconds[phase]);
      if (isCounted) samples.push(sample);
      show({
        phase,
        progressRatio: (phase === 'idle' ? 0 : 0.5) + Math.min(1, elapsedMs / phaseMs) / 2,
        machineWatts: sample.machineWatts,
        wallWatts: sample.wallWatts,
        isReadingAwaited: elapsedMs >= phaseMs && isReadingAwaited(phase),
        isCounted,
      });
    }
    return meansOf(samples, {
      atMs: startedUnixMs + (clock.monotonicMs() - startedMs) / 2,
      isWallAsked: options.readWallWatts !== null,
    });
  }

  async function runLoaded(signal: AbortSignal): Promise<PhaseMeans | null> {
    try {
      await load.start().catch((error: unknown) => {
        throw new Refusal('load-failed', `The load could not be started: ${String(error)}`);
      });
      return await runPhase('load', signal);
    } finally {
      await load.stop();
    }
  }

  async function runBoth(signal: AbortSignal): Promise<CalibrationOutcome> {
    const idle = await runPhase('idle', signal);
    if (idle === null) return { kind: 'cancelled' };
    refuseUnsteady(idle);
    const loaded = await runLoaded(signal);
    if (loaded === null) return { kind: 'cancelled' };
    refuseWithoutRise(idle, loaded);
    return { kind: 'done', idle, load: loaded };
  }

  return {
    state: () => state,
    async run(signal) {
      if (isRunning) throw new RangeError('a calibration is under way');
      isRunning = true;
      try {
        return await runBoth(signal);
      } catch (error) {
        if (error instanceof Refusal) return { kind: 'refused', reason: error.reason, message: error.message };
        throw error;
      } finally {
        isRunning = false;
        show({ ...state, phase: null, isReadingAwaited: false, isCounted: false });
      }
    },
  };
}
