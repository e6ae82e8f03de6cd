import { msFromSeconds } from '../../shared/units.ts';
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
  let within = (): number => 0;

  function* rowsOf({ report, timeSeries }: ExportRun): Generator<TimeSeriesRow, undefined> {
    const startedMs = Date.parse(report.run.startedAt);
    const { endedAt, durationSeconds } = report.run;
    const spanMs = Math.max(1, endedAt === null ? msFromSeconds(durationSeconds) : Date.parse(endedAt) - startedMs);
    let latestMs = startedMs;
    // Worked out when asked: a million rows pass here.
    within = () => Math.min(1, Math.max(0, (latestMs - startedMs) / spanMs));
    for (const row of timeSeries()) {
      latestMs = row.atMs;
      yield row;
    }
    return undefined;
  }

  return {
    doneRatio: () => (count === 0 ? 1 : Math.min(1, (before + within()) / count)),
    *[Symbol.iterator]() {
      for (const run of runs) {
        yield { report: run.report, timeSeries: () => rowsOf(run) };
        before += 1;
        within = () => 0;
      }
    },
  };
}
