import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Trace } from './columns.ts';
import { columnRanges, isDashOn } from './pixel-columns.ts';

const line = (places: readonly { readonly x: number; readonly y: number }[]): Trace => ({
  xs: Float64Array.from(places, ({ x }) => x),
  ys: Float64Array.from(places, ({ y }) => y),
  length: places.length,
});

const columns = { left: 0, width: 1, count: 10 };
const rounded = (values: Float64Array): readonly number[] => [...values].map((value) => Math.round(value * 100) / 100);

describe('what a line covers of each column', () => {
  it('is its own height where it is level', () => {
    const { tops, bottoms } = columnRanges(
      line([
        { x: 0, y: 5 },
        { x: 3, y: 5 },
      ]),
      columns,
      1,
    );
    expect(rounded(tops).slice(0, 5)).toEqual([4.5, 4.5, 4.5, 4.5, Number.NaN]);
    expect(rounded(bottoms).slice(0, 5)).toEqual([5.5, 5.5, 5.5, 5.5, Number.NaN]);
  });

  it('is all from the least to the most of the points in it', () => {
    const { tops, bottoms } = columnRanges(
      line([
        { x: 2.2, y: 9 },
        { x: 2.2, y: 3 },
        { x: 2.8, y: 6 },
      ]),
      columns,
      0,
    );
    expect([tops[2], bottoms[2], tops[1], tops[3]]).toEqual([3, 9, Number.NaN, Number.NaN]);
  });

  it('is the slope’s part in the columns between two points', () => {
    const { tops, bottoms } = columnRanges(
      line([
        { x: 0, y: 0 },
        { x: 4, y: 8 },
      ]),
      columns,
      0,
    );
    expect(rounded(tops).slice(0, 4)).toEqual([0, 2, 4, 6]);
    expect(rounded(bottoms).slice(0, 4)).toEqual([2, 4, 6, 8]);
  });

  it('is nothing in a hole and outside the columns', () => {
    const places = [
      { x: -3, y: 1 },
      { x: 1, y: 1 },
      { x: 2, y: Number.NaN },
      { x: 8, y: 1 },
      { x: 20, y: 1 },
    ];
    const { tops } = columnRanges(line(places), columns, 0);
    expect([...tops].map((top) => !Number.isNaN(top))).toEqual([
      true,
      true,
      false,
      false,
      false,
      false,
      false,
      false,
      true,
      true,
    ]);
  });

  it('holds every point that lies within the columns', () =>
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.double({ min: 0, max: 9.99, noNaN: true }), fc.double({ min: 1, max: 400, noNaN: true }))),
        (points) => {
          const places = points.sort((a, b) => a[0] - b[0]).map(([x, y]) => ({ x, y }));
          const { tops, bottoms } = columnRanges(line(places), columns, 1);
          for (const { x, y } of places) {
            expect(tops[Math.floor(x)]).toBeLessThanOrEqual(y + 1e-9);
            expect(bottoms[Math.floor(x)]).toBeGreaterThanOrEqual(y - 1e-9);
          }
        },
      ),
    ));
});

describe('a dash pattern', () => {
  it('goes on and off along the way, again and again', () => {
    expect([0, 6.9, 7, 9.9, 10, 17].map((at) => isDashOn([7, 3], at))).toEqual([true, true, false, false, true, false]);
    expect([0, 100].map((at) => isDashOn([], at))).toEqual([true, true]);
  });

  it('of odd length is on where it was off the time before', () =>
    expect([1, 5, 9].map((at) => isDashOn([4], at))).toEqual([true, false, true]));
});
