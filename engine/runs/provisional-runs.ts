import type { Correction } from '../measuring/open-shares.ts';
import type { RunSampleRecord, TickRecord, TickRunSamples } from '../store/records.ts';
import type { ActiveRun } from './active-run.ts';

/** Runs that may turn out to be none: they take part in what is measured, and nothing of them is written or shown before they are taken. */
export interface ProvisionalRuns {
  list(): readonly ActiveRun[];
  add(run: ActiveRun): void;
  /** The tick as it is to be written now: what provisional runs had of it is of no run yet. */
  hold(tick: TickRecord): TickRecord;
  /** The same of what runs had of ticks before. */
  holdLate(late: readonly TickRunSamples[]): readonly TickRunSamples[];
  /** Makes it a run: gives what was held back, with what belongs to no run as it is without it. Null where there is no such run. */
  take(runId: string): { readonly run: ActiveRun; readonly held: readonly TickRunSamples[] } | null;
  /** Puts right what the ticks that are held say of runs: gives the samples that are to be written anew. */
  correct(corrections: readonly Correction[]): readonly TickRunSamples[];
  drop(runId: string): void;
}

interface HeldTick {
  readonly atMs: number;
  readonly machineWatts: number;
  readonly seconds: number;
  /** Of all runs, the provisional ones among them. */
  readonly samples: Map<string, readonly RunSampleRecord[]>;
}

export function createProvisionalRuns(): ProvisionalRuns {
  let runs: readonly ActiveRun[] = [];
  let ticks: readonly HeldTick[] = [];

  const isHeld = (runId: string | null): boolean => runs.some(({ record }) => record.id === runId);

  function remove(runId: string): void {
    runs = runs.filter((run) => run.record.id !== runId);
    // Others' samples may have to be corrected for as long as one of the provisional runs had a part in them.
    ticks = ticks.filter(({ samples }) => runs.some(({ record }) => samples.has(record.id)));
  }

  /** What belongs to no run, over all domains, as it is written now. */
  function restOf({ machineWatts, seconds, samples }: HeldTick): RunSampleRecord {
    const written = [...samples].flatMap(([runId, own]) => (isHeld(runId) ? [] : own));
    const powerWatts = seconds > 0 ? Math.max(0, machineWatts - totalJoules(written) / seconds) : 0;
    return { runId: null, domainId: null, powerWatts, joules: powerWatts * seconds, seconds };
  }

  const withRest = (tick: HeldTick, samples: readonly RunSampleRecord[]): TickRunSamples => ({
    atMs: tick.atMs,
    samples: tick.seconds > 0 ? [...samples, restOf(tick)] : samples,
  });

  function keep(tick: HeldTick): readonly RunSampleRecord[] {
    if (runs.some(({ record }) => tick.samples.has(record.id))) ticks = [...ticks, tick];
    return [...tick.samples].flatMap(([runId, own]) => (isHeld(runId) ? [] : own));
  }

  /** Added to what is held of the same ticks. */
  function holdLate(late: readonly TickRunSamples[]): readonly TickRunSamples[] {
    if (runs.length === 0) return late;
    return late.map(({ atMs, samples }) => {
      const tick = ticks.find((one) => one.atMs === atMs);
      if (tick === undefined) keep({ atMs, machineWatts: 0, seconds: 0, samples: byRun(samples) });
      else
        for (const sample of samples) {
          const runId = sample.runId ?? '';
          tick.samples.set(runId, added(tick.samples.get(runId) ?? [], sample));
        }
      return { atMs, samples: samples.filter(({ runId }) => !isHeld(runId)) };
    });
  }

  const byRun = (samples: readonly RunSampleRecord[]): HeldTick['samples'] =>
    Map.groupBy(samples, (sample) => sample.runId ?? '');

  return {
    list: () => runs,
    add(run) {
      runs = [...runs, run];
    },
    hold(tick) {
      if (runs.length === 0) return tick;
      const rest = tick.runSamples.find(isRest);
      const held: HeldTick = {
        atMs: tick.atMs,
        machineWatts: tick.machine.powerWatts ?? 0,
        seconds: rest?.seconds ?? 0,
        samples: byRun(tick.runSamples.filter((sample) => sample !== rest)),
      };
      const written = keep(held);
      return {
        ...tick,
        lateSamples: holdLate(tick.lateSamples),
        runSamples: rest === undefined ? written : [...written, restOf(held)],
        runs: tick.runs.filter(({ record }) => !isHeld(record.id)),
      };
    },
    holdLate,
    take(runId) {
      const run = runs.find((one) => one.record.id === runId);
      if (run === undefined) return null;
      const before = ticks;
      remove(runId);
      const held = before.flatMap((tick): readonly TickRunSamples[] => {
        const samples = tick.samples.get(runId);
        return samples === undefined ? [] : [withRest(tick, samples)];
      });
      return { run, held };
    },
    correct(corrections) {
      const changed = new Map<HeldTick, Set<string>>();
      for (const correction of summedUp(corrections)) {
        const tick = ticks.find(({ atMs }) => atMs === correction.atMs);
        if (tick === undefined) continue;
        const { runId } = correction;
        tick.samples.set(runId, corrected(tick.samples.get(runId) ?? [], correction));
        if (!isHeld(runId)) changed.set(tick, (changed.get(tick) ?? new Set()).add(runId));
      }
      return [...changed].map(([tick, runIds]) =>
        withRest(
          tick,
          [...runIds].flatMap((runId) => tick.samples.get(runId) ?? []),
        ),
      );
    },
    drop: remove,
  };
}

/** What belongs to no run, over all domains. */
const isRest = ({ runId, domainId }: RunSampleRecord): boolean => runId === null && domainId === null;

/** A run may have been on for a part of the tick. */
const totalJoules = (samples: readonly RunSampleRecord[]): number =>
  samples.reduce((sum, { domainId, joules }) => sum + (domainId === null ? joules : 0), 0);

/** One for each run, domain and tick: a tick may hold several intervals. */
function summedUp(corrections: readonly Correction[]): readonly Correction[] {
  const sums = new Map<string, Correction>();
  for (const one of corrections) {
    const key = `${one.atMs} ${one.runId} ${one.domainId}`;
    const before = sums.get(key);
    const joules = (before?.joules ?? 0) + one.joules;
    sums.set(key, { ...one, joules, seconds: (before?.seconds ?? 0) + one.seconds });
  }
  return [...sums.values()];
}

/** A run's samples of a tick, and one more of a domain that may be among them. */
function added(samples: readonly RunSampleRecord[], more: RunSampleRecord): readonly RunSampleRecord[] {
  if (!samples.some(({ domainId }) => domainId === more.domainId)) return [...samples, more];
  return samples.map((sample) => {
    if (sample.domainId !== more.domainId) return sample;
    const joules = sample.joules + more.joules;
    const seconds = sample.seconds + more.seconds;
    return { ...sample, joules, seconds, powerWatts: seconds > 0 ? joules / seconds : sample.powerWatts };
  });
}

/** A run's samples of a tick with more, or less, of one domain. */
function corrected(samples: readonly RunSampleRecord[], correction: Correction): readonly RunSampleRecord[] {
  const { runId, domainId, joules, seconds, isSummed } = correction;
  const isKnown = samples.some((sample) => sample.domainId === domainId);
  const all = isKnown ? samples : [...samples, { runId, domainId, powerWatts: null, joules: 0, seconds }];
  return all.map((sample) => {
    if (sample.domainId !== domainId && (sample.domainId !== null || !isSummed)) return sample;
    const sum = Math.max(0, sample.joules + joules);
    return { ...sample, joules: sum, powerWatts: sample.seconds > 0 ? sum / sample.seconds : sample.powerWatts };
  });
}
