import { expect, it } from 'vitest';
import { isCovered, rowWindow } from './row-window.ts';

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

it('knows whether a position shows rows that are not drawn', () => {
  const drawn = { from: 980, to: 1060 };
  // Rows 1,000 to 1,024 are in sight, then 1,040 to 1,064, of which five are not drawn.
  expect(isCovered(drawn, 24 * 1000, 600, 24)).toBe(true);
  expect(isCovered(drawn, 24 * 1040, 600, 24)).toBe(false);
  expect(isCovered(drawn, 24 * 979, 600, 24)).toBe(false);
});
