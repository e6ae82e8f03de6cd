import type { ExportFormat } from '../../shared/contract/engine-contract.ts';
import type { RunReport } from '../../shared/model/run.ts';
import type { TimeSeriesRow } from '../store/store.ts';

/** A run as an export sees it: its report at once, its samples as they are pulled. */
export interface ExportRun {
  readonly report: RunReport;
  readonly timeSeries: () => Iterable<TimeSeriesRow>;
}

/** Gives an export's text piece by piece, so that a million rows are never held at once. */
export interface ExportDefinition {
  readonly format: ExportFormat;
  render(runs: Iterable<ExportRun>): Iterable<string>;
}
