import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { estimateCpuWatts } from './cpu-model.ts';

const input = { tdpWatts: 200, coreGhz: 50 };

describe('estimateCpuWatts', () => {
  it.each([
    // 10 % of 200 W of TDP: 20 W.
    [0, 20],
    // 20 W + 3 W × 50 core-GHz: 170 W.
    [1, 170],
    // (1/8)^(2/3) = 1/4: 20 W + 150 W / 4 = 57.5 W.
    [1 / 8, 57.5],
    // (27/64)^(2/3) = 9/16: 20 W + 150 W × 9/16 = 104.375 W.
    [27 / 64, 104.375],
  ])('of a load of %d is %d W', (load, watts) => expect(estimateCpuWatts(input, load)).toBeCloseTo(watts, 9));

  it('takes a load outside 0…1 for the nearer end', () => {
    expect(estimateCpuWatts(input, -0.5)).toBe(20);
    expect(estimateCpuWatts(input, 1.5)).toBe(170);
  });

  it('never falls as the load rises', () => {
    const ratio = fc.double({ min: 0, max: 1, noNaN: true });
    fc.assert(
      fc.property(ratio, ratio, (one, other) => {
        const [less, more] = [Math.min(one, other), Math.max(one, other)];
        expect(estimateCpuWatts(input, more)).toBeGreaterThanOrEqual(estimateCpuWatts(input, less));
      }),
    );
  });
});
