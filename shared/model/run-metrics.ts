import type { RunReport } from './run.ts';

/** A metric of a run where its energy is known: 'loss 1.21 at 3.4 MJ'. */
export interface MetricPoint {
  readonly joules: number;
  readonly value: number;
}

export type MetricDirection = 'less' | 'more';

type MetricMarks = Pick<RunReport, 'marks'>;

/** Kinds of the marks that carry a number, in the order they first came, each once. */
export function metricKinds(reports: readonly MetricMarks[]): readonly string[] {
  return [...new Set(reports.flatMap(({ marks }) => marks.filter(isMetric).map(({ kind }) => kind)))];
}

/** Kinds that at least two of the runs have: what curves can be drawn of. What is named like a loss or a score comes first. */
export function sharedMetricKinds(reports: readonly MetricMarks[]): readonly string[] {
  const rank = (kind: string): number => (lossLike.test(kind) ? 0 : scoreLike.test(kind) ? 1 : 2);
  return metricKinds(reports)
    .filter((kind) => reports.filter((report) => metricPoints(report, kind).length > 0).length >= 2)
    .toSorted((a, b) => rank(a) - rank(b));
}

/** A metric along the run's energy, ascending in it. Marks before the first reading have no energy and are left out. */
export function metricPoints({ marks }: MetricMarks, kind: string): readonly MetricPoint[] {
  return marks
    .filter((mark) => mark.kind === kind)
    .flatMap(({ joules, value }) => (joules === null || value === null ? [] : [{ joules, value }]))
    .sort((a, b) => a.joules - b.joules);
}

/** The newest value of a metric, whether or not its energy is known; null without one. */
export function lastMetric({ marks }: MetricMarks, kind: string): number | null {
  return marks.findLast((mark) => mark.kind === kind && mark.value !== null)?.value ?? null;
}

/** What counts how far a run is says nothing of how good it is. */
const counts = new Set(['step', 'epoch', 'samples', 'tokens', 'window-begin', 'window-end']);

const isMetric = ({ kind, value }: RunReport['marks'][number]): boolean => value !== null && !counts.has(kind);

const lossLike = /loss|error|err\b|perplexity|ppl|\bmse\b|\bmae\b|rmse|\bwer\b|\bcer\b|\bfid\b|nll|latency/i;
const scoreLike =
  /acc|score|auc|\bf1\b|bleu|rouge|precision|recall|\bmap\b|iou|dice|reward|return|pass@|tokens|steps?\b/i;

/** Less is better for what is named like a loss, and where a name says nothing; more for an accuracy or a score. */
export function metricDirection(kind: string): MetricDirection {
  return !lossLike.test(kind) && scoreLike.test(kind) ? 'more' : 'less';
}

/**
 * Points that no other beats: none has at most their energy and a value at least as good, one of both strictly. Ascending in
 * energy, strictly improving in value.
 */
export function paretoFront<T extends MetricPoint>(points: readonly T[], direction: MetricDirection): readonly T[] {
  const isBetter = (value: number, than: number): boolean => (direction === 'less' ? value < than : value > than);
  const ordered = points.toSorted(
    (a, b) => a.joules - b.joules || (direction === 'less' ? a.value - b.value : b.value - a.value),
  );
  const front: T[] = [];
  for (const point of ordered) {
    const last = front.at(-1);
    if (last === undefined || isBetter(point.value, last.value)) front.push(point);
  }
  return front;
}
