import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { estimateCpuWatts, interpolateCpuWatts, loadShape } from './cpu-model.ts';

const input = { tdpWatts: 200, coreGhz: 50 };
const coefficients = { idleShareOfTdp: 0.1, wattsPerCoreGhz: 3 };

describe('estimateCpuWatts', () => {
  it.each([
    // 10 % of 200 W of TDP: 20 W.
    [0, 20],
    // 20 W + 3 W × 50 core-GHz: 170 W.
    [1, 170],
    // (1/32)^1.4 = 2^−7 = 1/128; 2/32 − 1/128 = 7/128: 20 W + 150 W × 7/128 = 28.203125 W.
    [1 / 32, 28.203_125],
    // (1/4)^1.4 = 2^−2.8 = 0.143587; 0.5 − 0.143587 = 0.356413: 20 W + 53.461905 W.
    [1 / 4, 73.4619],
  ])('of a load of %d is %d W', (load, watts) =>
    expect(estimateCpuWatts(input, load, coefficients)).toBeCloseTo(watts, 3),
  );

  it('takes a load outside 0…1 for the nearer end', () => {
    expect(estimateCpuWatts(input, -0.5, coefficients)).toBe(20);
    expect(estimateCpuWatts(input, 1.5, coefficients)).toBe(170);
  });

  it('has the shipped coefficients where none are given', () =>
    // 0.0924 × 200 W + 2.9129 W × 50 = 18.48 W + 145.645 W.
    expect(estimateCpuWatts(input, 1)).toBeCloseTo(164.125, 9));
});

describe('interpolateCpuWatts', () => {
  it('meets both ends and bends between them as the model does', () => {
    const ends = { idleWatts: 28, fullWatts: 156 };
    expect(interpolateCpuWatts(ends, 0)).toBe(28);
    expect(interpolateCpuWatts(ends, 1)).toBe(156);
    // 28 W + 128 W × 7/128 = 35 W.
    expect(interpolateCpuWatts(ends, 1 / 32)).toBeCloseTo(35, 9);
  });
});

describe('loadShape', () => {
  it('rises from 0 to 1 and lies above the straight line', () => {
    const ratio = fc.double({ min: 0, max: 1, noNaN: true });
    fc.assert(
      fc.property(ratio, ratio, (one, other) => {
        const [less, more] = [Math.min(one, other), Math.max(one, other)];
        expect(loadShape(more)).toBeGreaterThanOrEqual(loadShape(less));
        expect(loadShape(less)).toBeGreaterThanOrEqual(less);
        expect(loadShape(more)).toBeLessThanOrEqual(1);
      }),
    );
  });
});
