import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { energyPart } from './energy-part.ts';

const stretch = (samples: readonly (readonly [number, number])[]) => ({
  fromMs: 0,
  toMs: 1000,
  joules: 100,
  samples: samples.map(([atMs, watts]) => ({ atMs, watts })),
  course: [],
});

describe('the part of a stretch’s energy up to a moment', () => {
  it('goes by time where nothing tells better', () => expect(energyPart(stretch([]), 0, 250)).toBe(0.25));

  it('goes by the instant samples where there are some', () => {
    // 100 W up to 500 ms (half way between 250 and 750), 300 W after: 50 J and 150 J.
    const samples = stretch([
      [250, 100],
      [750, 300],
    ]);
    expect(energyPart(samples, 0, 500)).toBeCloseTo(0.25, 9);
    expect(energyPart(samples, 500, 1000)).toBeCloseTo(0.75, 9);
  });

  it('goes by its course where that is told, and by time between the points of it', () => {
    // 20 of 100 J up to 500 ms, 80 J after: a quarter of the second half is 20 J.
    const told = { ...stretch([]), course: [{ atMs: 500, joules: 20 }] };
    expect(energyPart(told, 0, 500)).toBeCloseTo(0.2, 9);
    expect(energyPart(told, 500, 625)).toBeCloseTo(0.2, 9);
    expect(energyPart(told, 250, 625)).toBeCloseTo(0.3, 9);
  });

  it('is all of it from end to end, and nothing outside', () => {
    expect(energyPart(stretch([[500, 7]]), -100, 2000)).toBe(1);
    expect(energyPart(stretch([[500, 7]]), 1000, 2000)).toBe(0);
  });

  it('goes by time where no sample drew anything', () =>
    expect(
      energyPart(
        stretch([
          [100, 0],
          [900, 0],
        ]),
        0,
        300,
      ),
    ).toBeCloseTo(0.3, 9));

  it('adds up to the whole wherever it is cut', () =>
    fc.assert(
      fc.property(
        fc.array(
          fc.tuple(
            fc.integer({ min: -200, max: 1200 }),
            fc.oneof(fc.constant(0), fc.double({ min: 0.001, max: 500, noNaN: true })),
          ),
        ),
        fc.integer({ min: 1, max: 999 }),
        (samples, cutMs) => {
          const cut = stretch([...samples].sort((a, b) => a[0] - b[0]));
          const before = energyPart(cut, 0, cutMs);
          const after = energyPart(cut, cutMs, 1000);
          expect(before).toBeGreaterThanOrEqual(0);
          expect(after).toBeGreaterThanOrEqual(0);
          expect(before + after).toBeCloseTo(1, 6);
        },
      ),
    ));
});
