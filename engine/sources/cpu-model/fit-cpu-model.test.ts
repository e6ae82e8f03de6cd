import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { estimateCpuWatts } from './cpu-model.ts';
import { type CpuModelPoint, fitCpuModel } from './fit-cpu-model.ts';

const point = (powerWatts: number, loadRatio: number, change: Partial<CpuModelPoint> = {}): CpuModelPoint => ({
  machine: 'box',
  input: { tdpWatts: 100, coreGhz: 40 },
  loadRatio,
  powerWatts,
  ...change,
});

describe('fitCpuModel', () => {
  it('gives back the coefficients that the points were made with', () => {
    // a = 0.1, k = 3: 10 W idle and 10 W + 3 × 40 W = 130 W full.
    const fitted = fitCpuModel([point(10, 0), point(130, 1), point(10, 0)]);
    expect(fitted.idleShareOfTdp).toBeCloseTo(0.1, 12);
    expect(fitted.wattsPerCoreGhz).toBeCloseTo(3, 12);
  });

  it('keeps to the many where one row is far off', () => {
    // Nine idle rows say 10 W and one 1000 W: least absolute error stays at 10 W.
    const rows = [...Array.from({ length: 9 }, () => point(10, 0)), point(1000, 0), point(130, 1)];
    expect(fitCpuModel(rows).idleShareOfTdp).toBeCloseTo(0.1, 12);
  });

  it('weighs machines, not rows', () => {
    // Idle only. One machine with nine rows at 10 W, two with a row each at 20 W. By rows 10 W would win; by machines: at 10 W the errors are
    // 0 + ½ + ½ = 1, at 20 W they are 1 + 0 + 0 = 1: a tie. A third machine at 20 W breaks it: 1.5 against 1.
    const rows = [
      ...Array.from({ length: 9 }, () => point(10, 0)),
      ...['one', 'two', 'three'].map((machine) => point(20, 0, { machine })),
    ];
    expect(fitCpuModel(rows).idleShareOfTdp).toBeCloseTo(0.2, 12);
  });

  it('has no coefficient below 0', () => {
    // Idle draws more than full load: the free fit would take k < 0.
    const fitted = fitCpuModel([point(50, 0), point(40, 1), point(30, 1)]);
    expect(fitted.idleShareOfTdp).toBeGreaterThanOrEqual(0);
    expect(fitted.wattsPerCoreGhz).toBeGreaterThanOrEqual(0);
  });

  it.each([[[]], [[point(10, 0)]], [[point(10, 0), point(0, 1)]], [[point(10, 0), point(Number.NaN, 1)]]])(
    'refuses %j',
    (points) => expect(() => fitCpuModel(points)).toThrow(RangeError),
  );

  it('is no worse than any other pair of coefficients', () => {
    const row = fc.record({
      load: fc.double({ min: 0, max: 1, noNaN: true }),
      watts: fc.double({ min: 1, max: 500, noNaN: true }),
      tdpWatts: fc.integer({ min: 10, max: 400 }),
    });
    const coefficient = fc.double({ min: 0, max: 5, noNaN: true });
    fc.assert(
      fc.property(fc.array(row, { minLength: 2, maxLength: 12 }), coefficient, coefficient, (rows, a, k) => {
        const points = rows.map(({ load, watts, tdpWatts }) =>
          point(watts, load, { input: { tdpWatts, coreGhz: 40 } }),
        );
        const errorOf = (coefficients: Parameters<typeof estimateCpuWatts>[2]): number =>
          points.reduce(
            (sum, { input, loadRatio, powerWatts }) =>
              sum + Math.abs(estimateCpuWatts(input, loadRatio, coefficients) / powerWatts - 1),
            0,
          );
        const other = { idleShareOfTdp: a, wattsPerCoreGhz: k };
        expect(errorOf(fitCpuModel(points))).toBeLessThanOrEqual(errorOf(other) + 1e-9);
      }),
    );
  });
});
