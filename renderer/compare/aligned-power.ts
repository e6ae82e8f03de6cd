import type { History } from '../../shared/model/history.ts';
import { msFromSeconds } from '../../shared/units.ts';
import type { Column } from '../charts/chart-model.ts';

/** One run's history of power, and when the run began. */
export interface RunHistory {
  readonly startMs: number;
  readonly history: History;
}

export interface AlignedColumn {
  readonly mean: Column;
  readonly min: Column;
  readonly max: Column;
}

export interface AlignedPower {
  /** Time since each run's start at the end of each step, ascending; every column is as long. */
  readonly elapsedMs: readonly number[];
  readonly stepMs: number;
  /** In the order of the runs; null for one that has no history. */
  readonly columns: readonly (AlignedColumn | null)[];
}

/** No chart has more pixels than this, however short the steps of one history are. */
const mostSteps = 4000;

/**
 * Puts runs over each other, each shifted to its own start. They share the longest of their buckets as step; a step has the lowest,
 * the highest and the mean of what fell into it, and is null where nothing was read: a gap stays a gap, and there is nothing after the end.
 */
export function alignPower(runs: readonly (RunHistory | null)[]): AlignedPower {
  const known = runs.filter((run) => run !== null);
  const spanMs = Math.max(0, ...known.map(({ startMs, history }) => (history.timesMs.at(-1) ?? startMs) - startMs));
  const longestMs = Math.max(0, ...known.map(({ history }) => msFromSeconds(history.bucketSeconds)));
  const stepMs = Math.max(1, longestMs, spanMs / mostSteps);
  const steps = Math.ceil(spanMs / stepMs);
  return {
    elapsedMs: Array.from({ length: steps }, (_, index) => (index + 1) * stepMs),
    stepMs,
    columns: runs.map((run) => (run === null ? null : columnOf(run, { stepMs, steps }))),
  };
}

interface Grid {
  readonly stepMs: number;
  readonly steps: number;
}

interface Step {
  sum: number;
  count: number;
  min: number;
  max: number;
}

function columnOf({ startMs, history }: RunHistory, { stepMs, steps }: Grid): AlignedColumn | null {
  const series = history.series[0];
  if (series === undefined) return null;
  // Undefined: no bucket at all, as between two samples that lie further apart than a step. Null: a bucket in which nothing was read.
  const filled = new Array<Step | null | undefined>(steps).fill(undefined);
  for (const [index, atMs] of history.timesMs.entries()) {
    const mean = series.mean[index] ?? null;
    // A bucket's time is its end: one that ends at the start of the run belongs to nothing of it.
    const step = Math.ceil((atMs - startMs) / stepMs) - 1;
    if (step < 0 || step >= steps) continue;
    const before = filled[step] ?? null;
    if (mean === null) {
      filled[step] = before;
      continue;
    }
    const low = series.min[index] ?? mean;
    const high = series.max[index] ?? mean;
    if (before === null) filled[step] = { sum: mean, count: 1, min: low, max: high };
    else {
      before.sum += mean;
      before.count += 1;
      before.min = Math.min(before.min, low);
      before.max = Math.max(before.max, high);
    }
  }
  const shown = withSpannedSteps(filled);
  return {
    mean: shown.map((step) => (step === null ? null : step.sum / step.count)),
    min: shown.map((step) => step?.min ?? null),
    max: shown.map((step) => step?.max ?? null),
  };
}

/** Steps without a bucket take the next one's: it stands for the time since the one before it. Ends without any stay empty. */
function withSpannedSteps(filled: readonly (Step | null | undefined)[]): readonly (Step | null)[] {
  const spanned = new Array<Step | null>(filled.length).fill(null);
  const first = filled.findIndex((step) => step !== undefined);
  let next: Step | null = null;
  for (let index = filled.length - 1; index >= first && first >= 0; index -= 1) {
    const step = filled[index];
    if (step !== undefined) next = step;
    spanned[index] = next;
  }
  return spanned;
}
