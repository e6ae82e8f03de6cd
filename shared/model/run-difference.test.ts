import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { differenceOf, judgeDifference } from './run-difference.ts';

const exact = (value: number | null) => ({ value, low: null, high: null });

describe('differenceOf', () => {
  it('adds the bounds of both up', () => {
    // 31.7 (31.2 – 32.2) against 33.1 (32.5 – 33.7): −1.4 / 33.1. Least 31.2 / 33.7 − 1, most 32.2 / 32.5 − 1.
    const found = differenceOf({ value: 31.7, low: 31.2, high: 32.2 }, { value: 33.1, low: 32.5, high: 33.7 });
    expect(found).toEqual({
      kind: 'differs',
      ratio: (31.7 - 33.1) / 33.1,
      lowRatio: 31.2 / 33.7 - 1,
      highRatio: 32.2 / 32.5 - 1,
    });
  });

  it('is within bounds where the bounds touch', () => {
    const reference = { value: 100, low: 95, high: 105 };
    expect(differenceOf({ value: 110, low: 105, high: 115 }, reference).kind).toBe('within-bounds');
    expect(differenceOf({ value: 110, low: 105.1, high: 115 }, reference).kind).toBe('differs');
    expect(differenceOf({ value: 90, low: 85, high: 95 }, reference).kind).toBe('within-bounds');
    expect(differenceOf({ value: 100, low: 95, high: 105 }, reference).kind).toBe('within-bounds');
  });

  it('takes a number without bounds at its word', () => {
    expect(differenceOf(exact(104), { value: 100, low: 95, high: 105 }).kind).toBe('within-bounds');
    expect(differenceOf(exact(104), exact(100))).toEqual({
      kind: 'differs',
      ratio: 0.04,
      lowRatio: null,
      highRatio: null,
    });
    expect(differenceOf(exact(100), exact(100))).toEqual({ kind: 'equal' });
    // 0.04 % would be shown as 0.0 %, 0.06 % as 0.1 %.
    expect(differenceOf(exact(100.04), exact(100)).kind).toBe('equal');
    expect(differenceOf(exact(100.06), exact(100)).kind).toBe('differs');
  });

  it('gives no percentage of nothing', () => {
    expect(differenceOf(exact(71), exact(0))).toEqual({ kind: 'from-zero' });
    expect(differenceOf(exact(0), exact(0))).toEqual({ kind: 'equal' });
    // The reference may be 0: how much more the other is has no upper bound.
    expect(differenceOf({ value: 9, low: 8, high: 10 }, { value: 1, low: 0, high: 2 })).toEqual({
      kind: 'differs',
      ratio: 8,
      lowRatio: null,
      highRatio: null,
    });
  });

  it('is unknown where either is', () => {
    expect(differenceOf(exact(null), exact(1))).toEqual({ kind: 'unknown', why: 'missing' });
    expect(differenceOf(exact(1), exact(null))).toEqual({ kind: 'unknown', why: 'missing' });
  });

  it('holds the difference of any two numbers that lie within the bounds', () => {
    const part = fc.double({ min: 0, max: 1, noNaN: true });
    const bounded = fc
      .tuple(fc.double({ min: 1, max: 1e6, noNaN: true }), fc.double({ min: 0, max: 0.5, noNaN: true }))
      .map(([value, ratio]) => ({ value, low: value * (1 - ratio), high: value * (1 + ratio) }));
    fc.assert(
      fc.property(bounded, bounded, part, part, (value, reference, a, b) => {
        const found = differenceOf(value, reference);
        const truth = value.low + a * (value.high - value.low);
        const other = reference.low + b * (reference.high - reference.low);
        const ratio = truth / other - 1;
        if (found.kind !== 'differs') return true;
        const slack = 1e-9;
        return ratio >= (found.lowRatio ?? 0) - slack && ratio <= (found.highRatio ?? 0) + slack && ratio !== 0;
      }),
    );
  });
});

describe('judgeDifference', () => {
  const less = differenceOf(exact(90), exact(100));
  it('takes the side that is better for the figure', () => {
    expect(judgeDifference(less, 'less')).toBe('good');
    expect(judgeDifference(less, 'more')).toBe('bad');
    expect(judgeDifference(differenceOf(exact(5), exact(0)), 'less')).toBe('bad');
  });

  it('takes none for what is no difference, or neither good nor bad', () => {
    expect(judgeDifference(less, null)).toBeNull();
    expect(
      judgeDifference(differenceOf({ value: 9, low: 5, high: 12 }, { value: 10, low: 8, high: 12 }), 'less'),
    ).toBeNull();
  });
});
