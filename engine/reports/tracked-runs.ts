import type { TimeSeriesRow } from '../store/store.ts';
import type { ExportRun } from './export-format.ts';

/** Runs for an export, which tell how far it has come. */
export interface TrackedRuns extends Iterable<ExportRun> {
  /** Share of the runs that is behind, a run that is being read counted by the time of its latest row; 0…1. */
  doneRatio(): number;
}

/** `count`: how many runs there are to come. */
export function trackRuns(runs: Iterable<ExportRun>, count: number): TrackedRuns {
  let before = 0;
  let within = 0;

  function* rowsOf({ report, timeSeries }: ExportRun): Generator<TimeSeriesRow, undefined> {
    const { startedAt, durationSeconds } = report.run;
    const startedMs = Date.parse(startedAt);
    const spanMs = Math.max(1, durationSeconds * 1000);
    let latestMs = 0;
    for (const row of timeSeries()) {
      if (row.atMs !== latestMs) {
        latestMs = row.atMs;
        within = Math.min(1, Math.max(0, (latestMs - startedMs) / spanMs));
      }
      yield row;
    }
    return undefined;
  }

  return {
    doneRatio: () => (count === 0 ? 1 : Math.min(1, (before + within) / count)),
    *[Symbol.iterator]() {
      for (const run of runs) {
        yield { report: run.report, timeSeries: () => rowsOf(run) };
        before += 1;
        within = 0;
      }
    },
  };
}
