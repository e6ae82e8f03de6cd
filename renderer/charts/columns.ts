import type { Column } from './chart-model.ts';

export interface Point {
  readonly x: number;
  readonly y: number;
}

/** A point that chart.js breaks the line at. */
const hole = (x: number): Point => ({ x, y: Number.NaN });

/**
 * A line through the lowest and the highest of each bucket, at most two points each, in the order that lies nearer to the
 * last one; one point where both agree or only a mean is given. A null stays a hole.
 */
export function linePoints(timesMs: readonly number[], column: { mean: Column; min?: Column; max?: Column }): Point[] {
  const points: Point[] = [];
  let last: number | null = null;
  for (const [index, x] of timesMs.entries()) {
    const mean = column.mean[index] ?? null;
    const low = column.min?.[index] ?? mean;
    const high = column.max?.[index] ?? mean;
    if (low === null || high === null) {
      points.push(hole(x));
      last = null;
    } else if (low === high) {
      points.push({ x, y: low });
      last = low;
    } else {
      const isRising: boolean = last === null || Math.abs(last - low) <= Math.abs(last - high);
      const [first, second]: [number, number] = isRising ? [low, high] : [high, low];
      points.push({ x, y: first }, { x, y: second });
      last = second;
    }
  }
  return points;
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

export const edgePoints = (timesMs: readonly number[], column: Column): Point[] =>
  timesMs.map((x, index) => ({ x, y: column[index] ?? Number.NaN }));

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
