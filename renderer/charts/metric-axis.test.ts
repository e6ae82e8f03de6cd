import fc from 'fast-check';
import { expect, it } from 'vitest';
import { rangeTicks } from './metric-axis.ts';

it('begins and ends at round values around the data', () => {
  // 0.42 wide: a fifth is 0.084, so steps of 0.1.
  expect(rangeTicks(1.08, 1.5).values).toEqual([1, 1.1, 1.2, 1.3, 1.4, 1.5]);
  expect(rangeTicks(0, 33.6).values).toEqual([0, 10, 20, 30, 40]);
});

it('has room around a single value, and an axis without any', () => {
  expect(rangeTicks(2, 2).values.length).toBeGreaterThan(1);
  expect(rangeTicks(Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY).values.length).toBeGreaterThan(1);
});

it('holds both ends with a handful of lines', () => {
  const end = fc.double({ min: -1e6, max: 1e6, noNaN: true });
  fc.assert(
    fc.property(end, fc.double({ min: 1e-3, max: 1e6, noNaN: true }), (low, span) => {
      const { min, max, values } = rangeTicks(low, low + span);
      const slack = span * 1e-6;
      expect(min).toBeLessThanOrEqual(low + slack);
      expect(max).toBeGreaterThanOrEqual(low + span - slack);
      expect(values.length).toBeLessThanOrEqual(8);
    }),
  );
});
