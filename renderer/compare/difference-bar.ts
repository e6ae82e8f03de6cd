import type { Difference } from '../../shared/model/run-difference.ts';

/** Half a bar's width is this much of the reference; what is more ends at the edge. */
export const barReachRatio = 0.2;

interface Span {
  /** Both of the bar's whole width, 0…1. */
  readonly left: number;
  readonly width: number;
}

export interface DifferenceBar extends Span {
  /** Where the bounds of the difference lie; null where it has none. */
  readonly whisker: Span | null;
}

/** A bar from the middle, to the left for less; null where there is no size to draw. */
export function barOf(difference: Difference): DifferenceBar | null {
  if (difference.kind !== 'differs') return null;
  const { ratio, lowRatio, highRatio } = difference;
  const whisker = lowRatio === null || highRatio === null ? null : spanOf(lowRatio, highRatio);
  return { ...spanOf(Math.min(0, ratio), Math.max(0, ratio)), whisker };
}

function spanOf(fromRatio: number, toRatio: number): Span {
  const place = (ratio: number): number => Math.min(1, Math.max(0, 0.5 + ratio / (2 * barReachRatio)));
  return { left: place(fromRatio), width: place(toRatio) - place(fromRatio) };
}
