import type { RunReport } from '../../shared/model/run.ts';
import { type SeriesColor, seriesColor, seriesDash } from '../design/series.ts';
import { shortLabels } from './compare-choice.ts';

/** A run as it is drawn here: its colour from everywhere else, and a dash of its own, as two runs may have one colour. */
export interface ComparedRun {
  readonly id: string;
  readonly report: RunReport;
  readonly color: SeriesColor;
  readonly dash: readonly number[];
  readonly label: string;
}

export function comparedRunsOf(reports: readonly RunReport[]): readonly ComparedRun[] {
  const labels = shortLabels(reports.map(({ run }) => run.name));
  return reports.map((report, index) => ({
    id: report.run.id,
    report,
    color: seriesColor(report.run.colorIndex),
    dash: seriesDash(index, true),
    label: labels[index] ?? String(index + 1),
  }));
}
