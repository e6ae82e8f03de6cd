import type { Trace } from './columns.ts';

/** What a line covers of each column of pixels, from the top down; NaN where it does not pass. */
export interface ColumnRanges {
  readonly tops: Float64Array;
  readonly bottoms: Float64Array;
}

export interface Columns {
  readonly left: number;
  /** Of one column, in CSS pixels: one pixel of the screen. */
  readonly width: number;
  readonly count: number;
}

/** A line that falls this steeply is as thick as one at 60°: its length in a column shows it anyway. */
const mostThickening = 2;
/** Nearer than this two points stand over each other. */
const leastStep = 1e-6;

/**
 * A line with ascending `xs`, in pixels, as what it covers of each column: to draw that takes two points a column, however many the line has. `thickness` is
 * the line's own; on a slope it is more of a column's height.
 */
export function columnRanges({ xs, ys, length }: Trace, columns: Columns, thickness: number): ColumnRanges {
  const { left, width, count } = columns;
  const tops = new Float64Array(count).fill(Number.NaN);
  const bottoms = new Float64Array(count).fill(Number.NaN);
  function cover(column: number, top: number, bottom: number): void {
    if (column < 0 || column >= count) return;
    // A comparison with NaN is false: the first to come is taken.
    if (!((tops[column] ?? 0) <= top)) tops[column] = top;
    if (!((bottoms[column] ?? 0) >= bottom)) bottoms[column] = bottom;
  }
  const half = thickness / 2;
  for (let i = 0; i < length; i++) {
    const [x, y] = [xs[i] ?? 0, ys[i] ?? Number.NaN];
    if (Number.isNaN(y)) continue;
    const column = Math.floor((x - left) / width);
    cover(column, y - half, y + half);
    const [nextX, nextY] = [xs[i + 1] ?? 0, i + 1 < length ? (ys[i + 1] ?? Number.NaN) : Number.NaN];
    if (Number.isNaN(nextY)) continue;
    const lastColumn = Math.min(count - 1, Math.floor((nextX - left) / width));
    const isUpright = nextX - x < leastStep;
    const slope = isUpright ? 0 : (nextY - y) / (nextX - x);
    const thick = half * Math.min(mostThickening, Math.sqrt(1 + slope * slope));
    for (let at = Math.max(0, column); at <= lastColumn; at++) {
      const fromY = isUpright ? y : y + slope * (Math.max(x, left + at * width) - x);
      const toY = isUpright ? nextY : y + slope * (Math.min(nextX, left + (at + 1) * width) - x);
      cover(at, Math.min(fromY, toY) - thick, Math.max(fromY, toY) + thick);
    }
  }
  return { tops, bottoms };
}

/** Whether a dash pattern (lengths on, off, on …) is on at a distance from its start; an empty one always is. */
export function isDashOn(dash: readonly number[], distance: number): boolean {
  const length = dash.reduce((sum, each) => sum + each, 0);
  if (length <= 0) return true;
  // A pattern of odd length counts twice, as on a canvas.
  const whole = dash.length % 2 === 0 ? dash : [...dash, ...dash];
  let left = distance % whole.reduce((sum, each) => sum + each, 0);
  for (const [i, each] of whole.entries()) {
    if (left < each) return i % 2 === 0;
    left -= each;
  }
  return true;
}
