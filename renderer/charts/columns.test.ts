import { describe, expect, it } from 'vitest';
import { extentOf, lineTrace, nearestIndex, nullSpans, stackColumns } from './columns.ts';

describe('lineTrace', () => {
  const pointsOf = (...asked: Parameters<typeof lineTrace>): readonly (readonly [number, number])[] => {
    const { xs, ys, length } = lineTrace(...asked);
    return Array.from({ length }, (_, i) => [xs[i] ?? 0, ys[i] ?? 0]);
  };

  it('passes through lowest and highest, the nearer one first', () => {
    // Bucket 1: first of all, low before high. Bucket 2: last was 20; 18 is nearer to it than 5.
    expect(pointsOf([1, 2], { mean: [15, 12], min: [10, 5], max: [20, 18] })).toEqual([
      [1, 10],
      [1, 20],
      [2, 18],
      [2, 5],
    ]);
  });

  it('keeps a null as a hole', () => {
    expect(pointsOf([1, 2, 3], { mean: [5, null, 6] })).toEqual([
      [1, 5],
      [2, Number.NaN],
      [3, 6],
    ]);
  });
});

describe('stackColumns', () => {
  it('stands each layer on the one below', () => {
    expect(
      stackColumns(
        [
          [100, 100],
          [200, 300],
        ],
        null,
      ),
    ).toEqual([
      [100, 100],
      [300, 400],
    ]);
  });

  it('is flat where a run had not begun and a hole where nothing was read', () => {
    // Bucket 1: the run is not there yet. Bucket 2: no total, so nobody read anything.
    expect(
      stackColumns(
        [
          [100, null, 100],
          [null, null, 50],
        ],
        [100, null, 150],
      ),
    ).toEqual([
      [100, null, 100],
      [100, null, 150],
    ]);
  });
});

describe('nullSpans', () => {
  it('goes from the last reading to the next', () => {
    expect(nullSpans([10, 20, 30, 40, 50], [1, null, null, 2, 3])).toEqual([{ fromMs: 20 - 10, toMs: 40 }]);
  });

  it('does not call the time before the first reading a gap', () => {
    expect(nullSpans([10, 20, 30], [null, null, 1])).toEqual([]);
  });

  it('stays open at the end', () => {
    expect(nullSpans([10, 20, 30], [1, null, null])).toEqual([{ fromMs: 10, toMs: 30 }]);
  });
});

it('finds the extent over columns and null for none', () => {
  expect(extentOf([[3, null, 1], [7]])).toEqual({ min: 1, max: 7 });
  expect(extentOf([[null], []])).toBeNull();
});

it('finds the nearest time', () => {
  // 14 is 4 from 10 and 6 from 20; 16 the other way round.
  expect([nearestIndex([10, 20, 30], 14), nearestIndex([10, 20, 30], 16), nearestIndex([10, 20, 30], 99)]).toEqual([
    0, 1, 2,
  ]);
  expect(nearestIndex([], 5)).toBe(-1);
});
