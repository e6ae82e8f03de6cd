import { expect, it } from 'vitest';
import { barOf } from './difference-bar.ts';

it('reaches from the middle by the size of the difference', () => {
  // −4 % of ±20 %: a tenth of the whole width, left of the middle. Bounds −6 and −2 %: from 0.35 to 0.45.
  const bar = barOf({ kind: 'differs', ratio: -0.04, lowRatio: -0.06, highRatio: -0.02 });
  expect(bar?.left).toBeCloseTo(0.4, 9);
  expect(bar?.width).toBeCloseTo(0.1, 9);
  expect(bar?.whisker?.left).toBeCloseTo(0.35, 9);
  expect(bar?.whisker?.width).toBeCloseTo(0.1, 9);
});

it('ends at the edge where the difference is larger', () => {
  expect(barOf({ kind: 'differs', ratio: 3, lowRatio: null, highRatio: null })).toEqual({
    left: 0.5,
    width: 0.5,
    whisker: null,
  });
});

it('draws nothing of what has no size', () => {
  expect(barOf({ kind: 'within-bounds', ratio: 0.1 })).toBeNull();
  expect(barOf({ kind: 'unknown', why: 'running' })).toBeNull();
});
