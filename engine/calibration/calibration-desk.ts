import { WattrunError } from '../../shared/contract/errors.ts';
import {
  type CalibrationRequest,
  type CalibrationStatus,
  type LiveWall,
  typedProblem,
} from '../../shared/model/calibration.ts';
import type { Clock } from '../clock/clock.ts';
import type { DomainState } from '../measuring/domain-state.ts';
import { readCpuCalibration } from '../sources/cpu-model/cpu-calibration.ts';
import type { LearnedFacts } from '../sources/source.ts';
import { createCalibrationBook, machineBasis, type WallCalibrated } from './calibration-book.ts';
import type { CpuLoad } from './cpu-load.ts';
import { lineStatus } from './line-status.ts';
import { type MachineSum, machineSum } from './machine-sum.ts';
import { recordCalibration } from './record-calibration.ts';
import { type CalibrationOutcome, type CalibrationSchedule, createCalibration } from './run-calibration.ts';
import { estimateWall } from './wall-line.ts';
import { type AnsweringMeter, answeringMeters, wallNow } from './wall-now.ts';

export interface CalibrationDeskOptions {
  readonly clock: Clock;
  readonly learned: LearnedFacts;
  readonly states: () => Iterable<DomainState>;
  /** Makes a reader of the CPU's load since its last call. */
  readonly createLoadMeter: () => () => number | null;
  readonly load: CpuLoad;
  readonly schedule?: CalibrationSchedule;
  /** Why no calibration may run now: it would spoil a run's account, or a run its idle minute. */
  readonly blockedBy: () => 'simulated' | 'run' | null;
  readonly onChanged: (status: CalibrationStatus) => void;
  readonly log: (message: string) => void;
}

/** One calibration at a time, what came of it, and the machine at the wall by it. */
export interface CalibrationDesk {
  read(): CalibrationStatus;
  /** Returns once it has begun. Throws WattrunError 'calibration/blocked', 'calibration/no-meter' or 'calibration/no-rise'. */
  start(request: CalibrationRequest): CalibrationStatus;
  /** Resolves when it has ended and no load is left; at once where none is under way. */
  cancel(): Promise<CalibrationStatus>;
  /** Throws WattrunError 'calibration/no-rise' for a load that is not above the idle of the same calibration, and 'calibration/no-reading' where the machine has no power of its own to set it against. */
  addTyped(reading: { readonly wallWatts: number; readonly kind: 'idle' | 'load' }): CalibrationStatus;
  clear(): CalibrationStatus;
  wallNow(): LiveWall | null;
  close(): Promise<void>;
}

interface Running {
  readonly request: CalibrationRequest;
  readonly abort: AbortController;
  /** What was typed in while it went on. */
  readonly typed: { idle: number | null; load: number | null };
  /** What the machine's sum stood on in the looks that count: one thing, or they are not of one sum. */
  readonly bases: Set<string>;
  state: CalibrationStatus['running'];
  isDisturbed: boolean;
  ended: Promise<void>;
}

const blockedWords = {
  simulated: 'The simulated server cannot be calibrated.',
  run: 'A run is on: the load would disturb it, and it the idle minute.',
  running: 'A calibration is under way.',
} as const;

/** Of a reading that is taken for the power now, where its meter tells only when its counter has moved. */
const longestAgeMs = 6000;

const sourcesChanged = 'Another source came to measure a part of the machine meanwhile. Try again.';

export function createCalibrationDesk(options: CalibrationDeskOptions): CalibrationDesk {
  const { clock, learned } = options;
  const book = createCalibrationBook(learned);
  let running: Running | null = null;
  let lastResult: CalibrationStatus['lastResult'] = null;
  /** Fitted once: the live state asks for it at every tick. */
  let cached: { readonly key: string; readonly calibrated: WallCalibrated } | null = null;
  let ends = readCpuCalibration(learned);

  function calibratedOf(parts: MachineSum['parts']): WallCalibrated {
    const key = machineBasis(parts, ends);
    if (cached?.key !== key) cached = { key, calibrated: book.calibrated(key) };
    return cached.calibrated;
  }
  function forgetDerived(): void {
    cached = null;
    ends = readCpuCalibration(learned);
  }
  const blockedBy = (): CalibrationStatus['blockedBy'] => (running === null ? options.blockedBy() : 'running');
  /** What it says of these seconds: the mean of a minute gone by would give the load the power of the idle before it. */
  function wattsNow(name: string): number | null {
    const meter = meterNamed(name);
    if (meter === undefined) return null;
    const isOld = meter.toldToMs !== null && clock.monotonicMs() - meter.toldToMs > longestAgeMs;
    return isOld ? null : meter.powerWatts;
  }
  const meterNamed = (name: string): AnsweringMeter | undefined =>
    answeringMeters(options.states()).find((meter) => meter.name === name);

  function read(): CalibrationStatus {
    const sum = machineSum(options.states());
    const calibrated = calibratedOf(sum.parts);
    return {
      running: running?.state ?? null,
      lastResult,
      ...lineStatus(calibrated),
      readingCount: book.readings().length,
      currentReadingCount: calibrated.readings.length,
      cpuEnds: ends === null ? null : { ...ends, isIdleMeasured: ends.isIdleMeasured === true },
      isCpuModelled: sum.parts.some(({ source }) => source === 'cpu-model'),
      meters: answeringMeters(options.states()).map(({ name }) => name),
      blockedBy: blockedBy(),
    };
  }
  function tell(): CalibrationStatus {
    const status = read();
    options.onChanged(status);
    return status;
  }

  function refuseWithoutRise(idleWatts: number | null, loadWatts: number | null): void {
    if (idleWatts === null || loadWatts === null) return;
    const problem = typedProblem({ idleWatts, loadWatts });
    if (problem !== null) throw new WattrunError('calibration/no-rise', problem);
  }

  function refuseUnready(request: CalibrationRequest): void {
    const blocked = blockedBy();
    if (blocked !== null) throw new WattrunError('calibration/blocked', blockedWords[blocked]);
    if (request.meter === null && request.typed === null && !request.isTypedLater)
      throw new WattrunError(
        'calibration/no-meter',
        'There is neither a wattmeter nor a number from one.',
        'Name a meter of the settings, or type in what yours says at idle and under load.',
      );
    refuseWithoutRise(request.typed?.idleWatts ?? null, request.typed?.loadWatts ?? null);
    if (request.meter !== null && meterNamed(request.meter) === undefined)
      throw new WattrunError('calibration/no-meter', `No wattmeter named ${request.meter} answers.`);
  }

  function start(request: CalibrationRequest): CalibrationStatus {
    refuseUnready(request);
    const { meter } = request;
    const now: Running = {
      request,
      abort: new AbortController(),
      typed: { idle: request.typed?.idleWatts ?? null, load: request.typed?.loadWatts ?? null },
      state: {
        phase: 'idle',
        progressRatio: 0,
        machineWatts: null,
        wallWatts: null,
        meter,
        isReadingAwaited: false,
      },
      bases: new Set(),
      isDisturbed: false,
      ended: Promise.resolve(),
    };
    running = now;
    now.ended = runToEnd(now).catch(logBug);
    return tell();
  }

  async function runToEnd(now: Running): Promise<void> {
    const { meter } = now.request;
    const isMeterAsked = meter !== null && now.request.typed === null;
    const calibration = createCalibration({
      clock,
      load: options.load,
      ...(options.schedule === undefined ? {} : { schedule: options.schedule }),
      readMachineWatts: () => machineSum(options.states()).powerWatts,
      readCpuWatts: () => machineSum(options.states()).cpuWatts,
      readWallWatts: isMeterAsked ? () => wattsNow(meter) : null,
      readCpuLoadRatio: options.createLoadMeter(),
      isReadingAwaited: (phase) => !isMeterAsked && now.typed[phase] === null,
      onChange({ isCounted, phase, ...state }) {
        if (phase === null) return;
        now.state = { ...state, phase, meter };
        if (isCounted) now.bases.add(machineBasis(machineSum(options.states()).parts, ends));
        now.isDisturbed ||= options.blockedBy() !== null;
        if (now.isDisturbed) now.abort.abort();
        tell();
      },
    });
    try {
      lastResult = resultOf(now, await calibration.run(now.abort.signal));
    } catch (error) {
      logBug(error);
      lastResult = {
        ...blankResult(),
        kind: 'failed',
        message: 'Something broke inside Wattrun; its log has the details.',
      };
    } finally {
      running = null;
      forgetDerived();
      tell();
    }
  }

  function logBug(error: unknown): void {
    options.log(`calibration: ${error instanceof Error ? error.stack : String(error)}`);
  }
  const blankResult = () => ({ atMs: clock.unixMs(), reason: null, message: null, cpuMessage: null });

  function resultOf(now: Running, outcome: CalibrationOutcome): CalibrationStatus['lastResult'] {
    if (outcome.kind === 'refused') return { ...blankResult(), ...outcome };
    if (outcome.kind === 'cancelled' && now.isDisturbed)
      return { ...blankResult(), kind: 'refused', reason: 'disturbed', message: 'A run began: it was left in peace.' };
    if (outcome.kind === 'cancelled') return { ...blankResult(), kind: 'cancelled' };
    const { idle, load } = now.typed;
    const sum = machineSum(options.states());
    if (now.bases.size !== 1 || !now.bases.has(machineBasis(sum.parts, ends)))
      return { ...blankResult(), kind: 'refused', reason: 'no-reading', message: sourcesChanged };
    const recorded = recordCalibration(book, {
      ...outcome,
      typed: idle === null || load === null ? null : { idleWatts: idle, loadWatts: load },
      meterName: now.request.meter,
      meterError: now.request.meter === null ? null : (meterNamed(now.request.meter)?.error ?? null),
      parts: sum.parts,
      endsBefore: ends,
      cpuIdleWatts: sum.cpuIdleWatts,
      isCpuAsked: now.request.isCpuAsked,
    });
    if (recorded.kind === 'refused')
      return { ...blankResult(), kind: 'refused', reason: 'no-reading', message: recorded.message };
    return { ...blankResult(), kind: 'recorded', cpuMessage: recorded.cpuRefusal };
  }

  return {
    read,
    start,
    async cancel() {
      running?.abort.abort();
      await running?.ended;
      return read();
    },
    addTyped({ wallWatts, kind }) {
      if (running !== null) {
        const typed = { ...running.typed, [kind]: wallWatts };
        refuseWithoutRise(typed.idle, typed.load);
        running.typed[kind] = wallWatts;
        return tell();
      }
      const sum = machineSum(options.states());
      if (sum.powerWatts === null)
        throw new WattrunError('calibration/no-reading', 'The machine has no reading of its own power now.');
      const basis = machineBasis(sum.parts, ends);
      book.addTypedReading({ wallWatts, machineWatts: sum.powerWatts, atMs: clock.unixMs(), kind, basis });
      forgetDerived();
      return tell();
    },
    clear() {
      if (running !== null) throw new WattrunError('calibration/blocked', blockedWords.running);
      book.clear();
      lastResult = null;
      forgetDerived();
      return tell();
    },
    wallNow() {
      const states = [...options.states()];
      const sum = machineSum(states);
      const { fit, meterError } = calibratedOf(sum.parts);
      const isTold = fit.kind === 'fitted' && sum.powerWatts !== null;
      return wallNow(answeringMeters(states), isTold ? estimateWall(fit.line, sum.powerWatts, meterError) : null);
    },
    async close() {
      running?.abort.abort();
      await running?.ended;
    },
  };
}
