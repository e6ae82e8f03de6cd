import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cpuEndsFromPackage, cpuEndsFromWall } from './cpu-ends.ts';

const loads = { idleLoadRatio: 0, fullLoadRatio: 1 };

describe('cpuEndsFromWall', () => {
  it('gives a rise between other loads than none and full its part of the curve', () => {
    // 2x - x^1.4 at 0.04 is 0.08 - 0.011037 = 0.068963; 100 W x 0.8 / (1 - 0.068963) = 85.9257 W on 10 W.
    const fit = cpuEndsFromWall({
      idleWallWatts: 100,
      loadWallWatts: 200,
      idleLoadRatio: 0.04,
      fullLoadRatio: 1,
      idleCpuWatts: 10,
    });
    expect(fit.kind === 'fitted' ? fit.ends.fullWatts : null).toBeCloseTo(95.9257, 3);
  });

  it('refuses two minutes that were alike', () =>
    expect(
      cpuEndsFromWall({ ...loads, fullLoadRatio: 0.3, idleWallWatts: 100, loadWallWatts: 200, idleCpuWatts: 10 }).kind,
    ).toBe('refused'));

  it('gives the CPU eight tenths of the rise at the wall, on top of its idle', () =>
    // 115 -> 278 W at the wall: 163 W x 0.8 = 130.4 W on 42.7 W. Measured at the package: 167.1 W.
    expect(cpuEndsFromWall({ ...loads, idleWallWatts: 115, loadWallWatts: 278, idleCpuWatts: 42.7 })).toEqual({
      kind: 'fitted',
      ends: { idleWatts: 42.7, fullWatts: expect.closeTo(173.1, 9) },
    }));

  it('refuses a wall that hardly rises, falls, or is no number', () => {
    for (const loadWallWatts of [103.7, 100, 50, Number.NaN, Number.POSITIVE_INFINITY])
      expect(cpuEndsFromWall({ ...loads, idleWallWatts: 100, loadWallWatts, idleCpuWatts: 10 }).kind).toBe('refused');
  });

  it('always ends above its idle', () => {
    const watts = fc.double({ min: 0, max: 2000, noNaN: true });
    fc.assert(
      fc.property(watts, watts, watts, (idleWallWatts, loadWallWatts, idleCpuWatts) => {
        const fit = cpuEndsFromWall({ ...loads, idleWallWatts, loadWallWatts, idleCpuWatts });
        if (fit.kind === 'fitted') expect(fit.ends.fullWatts).toBeGreaterThan(fit.ends.idleWatts);
      }),
    );
  });
});

it('cpuEndsFromPackage takes ends as they were read, if they are any', () => {
  expect(cpuEndsFromPackage({ idleWatts: 18, fullWatts: 46 })).toEqual({
    kind: 'fitted',
    ends: { idleWatts: 18, fullWatts: 46, isIdleMeasured: true },
  });
  expect(cpuEndsFromPackage({ idleWatts: -1, fullWatts: 46 }).kind).toBe('refused');
  expect(cpuEndsFromPackage({ idleWatts: 46, fullWatts: 46 }).kind).toBe('refused');
});
