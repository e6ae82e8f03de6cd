import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createCounterCheck } from './counter-check.ts';

/** Checks samples 2 s apart. */
function checkAll(
  samples: readonly (readonly [counterJoules: number | null, powerWatts: number | null])[],
): readonly (number | null)[] {
  const counter = createCounterCheck();
  return samples.map(([counterJoules, powerWatts], i) => counter.check({ atMs: i * 2000, counterJoules, powerWatts }));
}

describe('createCounterCheck', () => {
  it('trusts a counter after three steps that agree with the sensor', () =>
    // 42 W for 2 s are 84 J; the sensor says 41 W.
    expect(checkAll([0, 84, 168, 252, 336].map((joules) => [1000 + joules, 41]))).toEqual([
      null,
      null,
      null,
      1252,
      1336,
    ]));

  it('rules out for good a counter that is a hundredth of the truth', () =>
    // 0.84 J in 2 s are 0.42 W where the sensor says 41 W; that it runs right later does not help.
    expect(
      checkAll([
        [0, 41],
        [0.84, 41],
        [84.84, 41],
        [168.84, 41],
        [252.84, 41],
        [336.84, 41],
      ]),
    ).toEqual([null, null, null, null, null, null]));

  it('lets the load change between two samples', () =>
    // 300 J in 2 s are 150 W, between 40 and 280 W.
    expect(
      checkAll([
        [0, 40],
        [300, 280],
        [860, 280],
        [1420, 280],
      ]),
    ).toEqual([null, null, null, 1420]));

  it('learns nothing from steps without a value or over a restart of the counter', () =>
    expect(
      checkAll([
        [500, 41],
        [null, 41],
        [10, null],
        [94, 41],
        [5, 41],
        [89, 41],
        [173, 41],
        [257, 41],
      ]),
    ).toEqual([null, null, null, null, null, null, null, 257]));

  it('never vouches for a counter without a power sensor', () =>
    expect(checkAll([0, 84, 168, 252, 336].map((joules) => [joules, null])).every((value) => value === null)).toBe(
      true,
    ));

  it('gives nothing but the counter it was given', () => {
    const values = fc.option(fc.double({ min: 0, max: 1e6, noNaN: true }));
    fc.assert(
      fc.property(fc.array(fc.tuple(values, values)), (samples) => {
        const given = checkAll(samples);
        expect(given.every((value, i) => value === null || value === samples[i]?.[0])).toBe(true);
      }),
    );
  });
});
