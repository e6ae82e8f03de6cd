import { expect, it } from 'vitest';
import { sparkPaths } from './spark-paths.ts';

const scale = { min: 0, max: 10, width: 40, height: 20 };

it('draws each unbroken stretch and a box for the hole between', () => {
  // Steps of 10 px; y = 20 − 1 − value/10 · 17: 0 → 19, 10 → 2, 5 → 10.5.
  const paths = sparkPaths([0, 10, null, 5, 5], scale);
  expect(paths.lines).toEqual(['M0.0 19.0L10.0 2.0', 'M30.0 10.5L40.0 10.5']);
  expect(paths.areas[0]).toBe('M0.0 20L0.0 19.0L10.0 2.0L10.0 20Z');
  expect(paths.holes).toEqual([{ x: 10, width: 20 }]);
});

it('calls nothing before the first reading a hole, but what follows the last', () => {
  expect(sparkPaths([null, null, 5, 5, 5], scale).holes).toEqual([]);
  expect(sparkPaths([5, 5, 5, 5, null], scale).holes).toEqual([{ x: 30, width: 10 }]);
});

it('draws nothing for nothing', () => {
  expect(sparkPaths([], scale)).toEqual({ lines: [], areas: [], holes: [] });
});
