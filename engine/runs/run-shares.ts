import type { Correction } from '../measuring/open-shares.ts';
import type { Pipeline } from '../measuring/pipeline.ts';
import type { Store } from '../store/store.ts';
import type { ActiveRun } from './active-run.ts';
import type { ProvisionalRuns } from './provisional-runs.ts';
import { leastPeakSeconds } from './run-ledger.ts';

export interface RunSharesOptions {
  readonly store: Pick<Store, 'writeRunSamples' | 'addToMarks'>;
  readonly pipeline: () => Pick<Pipeline, 'openShares'>;
  readonly provisional: ProvisionalRuns;
  readonly active: () => readonly ActiveRun[];
  readonly write: (work: () => void) => void;
}

/** What runs were given while one of them might be none, and what is on record of it. */
export interface RunShares {
  /** From here on nothing changes what a run was given, whoever turns out to be none. */
  close(runId: string): void;
  /** Forgets a provisional run: what it was given is the others', or nobody's. */
  withdraw(runId: string): void;
}

export function createRunShares({ store, pipeline, provisional, active, write }: RunSharesOptions): RunShares {
  /** Samples of the ticks in question, and marks since; the runs' sums are written with the next tick, or with their end. */
  function correct(corrections: readonly Correction[]): void {
    if (corrections.length === 0) return;
    const corrected = provisional.correct(corrections);
    for (const { samples } of corrected)
      for (const { runId, domainId, powerWatts, seconds } of samples) {
        const isPeak = domainId === null && seconds >= leastPeakSeconds;
        const run = isPeak ? active().find(({ record }) => record.id === runId) : undefined;
        if (run !== undefined) run.ledger.peakWatts = Math.max(run.ledger.peakWatts ?? 0, powerWatts ?? 0);
      }
    write(() => {
      store.writeRunSamples(corrected);
      store.addToMarks(corrections.filter(({ isSummed }) => isSummed));
    });
  }

  return {
    close: (runId) => correct(pipeline().openShares.close(runId)),
    withdraw(runId) {
      correct(pipeline().openShares.withdraw(runId));
      provisional.drop(runId);
    },
  };
}
