import type { Column } from './chart-model.ts';

/** A line's points, of which the first `length` count; a `ys` of NaN breaks it. Flat arrays: a day open has thousands of points, each second anew. */
export interface Trace {
  readonly xs: Float64Array;
  readonly ys: Float64Array;
  readonly length: number;
}

/**
 * A line through the lowest and the highest of each bucket, at most two points each, in the order that lies nearer to the
 * last one; one point where both agree or only a mean is given. A null stays a hole.
 */
export function lineTrace(
  timesMs: readonly number[],
  column: { readonly mean: Column; readonly min?: Column; readonly max?: Column },
): Trace {
  const xs = new Float64Array(2 * timesMs.length);
  const ys = new Float64Array(2 * timesMs.length);
  let length = 0;
  let last = Number.NaN;
  const add = (x: number, y: number): void => {
    xs[length] = x;
    ys[length] = y;
    length++;
    last = y;
  };
  for (let i = 0; i < timesMs.length; i++) {
    const x = timesMs[i] ?? 0;
    const mean = column.mean[i] ?? null;
    const low = column.min?.[i] ?? mean;
    const high = column.max?.[i] ?? mean;
    if (low === null || high === null) add(x, Number.NaN);
    else if (low === high) add(x, low);
    else {
      const isRising = !(Math.abs(last - low) > Math.abs(last - high));
      add(x, isRising ? low : high);
      add(x, isRising ? high : low);
    }
  }
  return { xs, ys, length };
}

/**
 * Upper edges of areas that stand on each other, the first at the bottom. A layer without a value is flat, as a run before
 * its start; only where `total` (or, without one, every layer) has no value there is a hole, in all of them alike.
 */
export function stackColumns(layers: readonly Column[], total: Column | null): Column[] {
  const length = total?.length ?? layers[0]?.length ?? 0;
  const tops = layers.map(() => new Array<number | null>(length).fill(null));
  for (let index = 0; index < length; index += 1) {
    const isRead =
      total === null ? layers.some((layer) => (layer[index] ?? null) !== null) : (total[index] ?? null) !== null;
    if (!isRead) continue;
    let sum = 0;
    for (const [layerIndex, layer] of layers.entries()) {
      sum += Math.max(0, layer[index] ?? 0);
      const top = tops[layerIndex];
      if (top !== undefined) top[index] = sum;
    }
  }
  return tops;
}

/** Stretches without a value between two readings, and after the last one up to `toMs` when it is longer than a bucket. */
export function nullSpans(timesMs: readonly number[], column: Column): { fromMs: number; toMs: number }[] {
  const spans: { fromMs: number; toMs: number }[] = [];
  let lastReadMs: number | null = null;
  let isOpen = false;
  for (const [index, at] of timesMs.entries()) {
    if ((column[index] ?? null) === null) {
      isOpen = true;
      continue;
    }
    // Before the first reading nobody was there to miss anything.
    if (isOpen && lastReadMs !== null) spans.push({ fromMs: lastReadMs, toMs: at });
    isOpen = false;
    lastReadMs = at;
  }
  const end = timesMs.at(-1);
  if (isOpen && lastReadMs !== null && end !== undefined) spans.push({ fromMs: lastReadMs, toMs: end });
  return spans;
}

export interface Extent {
  readonly min: number;
  readonly max: number;
}

/** Lowest and highest value of some columns; null where there is none. */
export function extentOf(columns: readonly Column[]): Extent | null {
  let min = Number.POSITIVE_INFINITY;
  let max = Number.NEGATIVE_INFINITY;
  for (const column of columns)
    for (const value of column)
      if (value !== null) {
        if (value < min) min = value;
        if (value > max) max = value;
      }
  return max < min ? null : { min, max };
}

/** Index of the time nearest to `atMs` in ascending times; −1 for none. */
export function nearestIndex(timesMs: readonly number[], atMs: number): number {
  let low = 0;
  let high = timesMs.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((timesMs[middle] ?? 0) < atMs) low = middle + 1;
    else high = middle;
  }
  const after = timesMs[low];
  const before = timesMs[low - 1];
  if (after === undefined) return -1;
  return before !== undefined && atMs - before < after - atMs ? low - 1 : low;
}
