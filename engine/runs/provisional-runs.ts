import type { RunSampleRecord, TickRecord } from '../store/records.ts';
import type { ActiveRun } from './active-run.ts';

/** A run's samples of one tick, that were held back. */
export interface HeldSamples {
  readonly atMs: number;
  readonly samples: readonly RunSampleRecord[];
}

/** Runs that may turn out to be none: they take part in what is measured, and nothing of them is written or shown before they are taken. */
export interface ProvisionalRuns {
  list(): readonly ActiveRun[];
  add(run: ActiveRun): void;
  /** The tick as it is to be written now: what provisional runs had of it is of no run yet. */
  hold(tick: TickRecord): TickRecord;
  /** Makes it a run: gives what was held back, with what belongs to no run as it is without it. Null where there is no such run. */
  take(runId: string): { readonly run: ActiveRun; readonly held: readonly HeldSamples[] } | null;
  drop(runId: string): void;
}

interface HeldTick {
  readonly atMs: number;
  readonly machineWatts: number;
  readonly seconds: number;
  /** Power of the runs that are written. */
  claimedWatts: number;
  readonly samples: Map<string, readonly RunSampleRecord[]>;
}

export function createProvisionalRuns(): ProvisionalRuns {
  let runs: readonly ActiveRun[] = [];
  let ticks: readonly HeldTick[] = [];

  function remove(runId: string): void {
    runs = runs.filter((run) => run.record.id !== runId);
    for (const tick of ticks) tick.samples.delete(runId);
    ticks = ticks.filter((tick) => tick.samples.size > 0);
  }

  return {
    list: () => runs,
    add(run) {
      runs = [...runs, run];
    },
    hold(tick) {
      if (runs.length === 0) return tick;
      const ids = new Set(runs.map((run) => run.record.id));
      const isHeld = (runId: string | null): boolean => runId !== null && ids.has(runId);
      const rest = tick.runSamples.find(isRest);
      const written = tick.runSamples.filter((sample) => !isHeld(sample.runId) && sample !== rest);
      const held: HeldTick = {
        atMs: tick.atMs,
        machineWatts: tick.machine.powerWatts ?? 0,
        seconds: rest?.seconds ?? 0,
        claimedWatts: totalWatts(written),
        samples: Map.groupBy(
          tick.runSamples.filter((sample) => isHeld(sample.runId)),
          (sample) => sample.runId ?? '',
        ),
      };
      if (held.samples.size > 0) ticks = [...ticks, held];
      return {
        ...tick,
        runSamples: rest === undefined ? written : [...written, restOf(held)],
        runs: tick.runs.filter(({ record }) => !isHeld(record.id)),
      };
    },
    take(runId) {
      const run = runs.find((one) => one.record.id === runId);
      if (run === undefined) return null;
      const held = ticks.flatMap((tick): readonly HeldSamples[] => {
        const samples = tick.samples.get(runId);
        if (samples === undefined) return [];
        tick.claimedWatts += totalWatts(samples);
        return [{ atMs: tick.atMs, samples: tick.seconds > 0 ? [...samples, restOf(tick)] : samples }];
      });
      remove(runId);
      return { run, held };
    },
    drop: remove,
  };
}

/** What belongs to no run, over all domains. */
const isRest = ({ runId, domainId }: RunSampleRecord): boolean => runId === null && domainId === null;

const totalWatts = (samples: readonly RunSampleRecord[]): number =>
  samples.reduce((sum, { domainId, powerWatts }) => sum + (domainId === null ? (powerWatts ?? 0) : 0), 0);

function restOf({ machineWatts, claimedWatts, seconds }: HeldTick): RunSampleRecord {
  const powerWatts = Math.max(0, machineWatts - claimedWatts);
  return { runId: null, domainId: null, powerWatts, joules: powerWatts * seconds, seconds };
}
