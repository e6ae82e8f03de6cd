import { expect, it } from 'vitest';
import { rowWindow } from './row-window.ts';

it('draws all rows while they are few', () => {
  expect(rowWindow(0, 600, 24, 100)).toEqual({ from: 0, to: 100 });
});

it('draws what is in sight and some above and below, in steps', () => {
  // Row 1,000 is at the top, 1,025 at the bottom: 980 to 1,045, widened to steps of 20: 980 to 1,060.
  expect(rowWindow(24_000, 600, 24, 5000)).toEqual({ from: 980, to: 1060 });
});

it('ends with the last row', () => {
  expect(rowWindow(4990 * 24, 600, 24, 5000).to).toBe(5000);
});
