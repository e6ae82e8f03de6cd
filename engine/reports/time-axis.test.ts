import { expect, it } from 'vitest';
import { elapsedTicks } from './time-axis.ts';

it('stands at round times, six at most', () => {
  expect(elapsedTicks(17.2)).toEqual([0, 5, 10, 15]);
  expect(elapsedTicks(1.83)).toEqual([0, 0.5, 1, 1.5]);
  // 150 min in steps of half an hour.
  expect(elapsedTicks(9000)).toEqual([0, 1800, 3600, 5400, 7200, 9000]);
  // 30 days in steps of 6 days.
  expect(elapsedTicks(30 * 86_400).map((seconds) => seconds / 86_400)).toEqual([0, 6, 12, 18, 24, 30]);
  expect(elapsedTicks(0)).toEqual([0]);
});
