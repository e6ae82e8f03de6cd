import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bytesFromGibibytes } from '../../../shared/units.ts';
import {
  assumedModules,
  estimateModulesWatts,
  estimateModuleWatts,
  hostWattsPerGibibyte,
  knownModulesError,
  type MemoryGeneration,
  type MemoryModule,
  renderModules,
} from './memory-model.ts';

const module = (gibibytes: number, generation: MemoryGeneration, isRegistered = false): MemoryModule => ({
  sizeBytes: bytesFromGibibytes(gibibytes),
  generation,
  isRegistered,
});

describe('estimateModuleWatts', () => {
  it.each([
    // 1.0 W + 16 × 0.07 W.
    [module(16, 'ddr4'), 2.12],
    // 1.0 W + 0.8 W + 32 × 0.07 W.
    [module(32, 'ddr4', true), 4.04],
    // 1.2 W + 0.8 W + 64 × 0.06 W.
    [module(64, 'ddr5', true), 5.84],
    // 0.2 W + 8 × 0.03 W.
    [module(8, 'lpddr'), 0.44],
    // 1.2 W + 8 × 0.15 W.
    [module(8, 'ddr3'), 2.4],
    // 8 W whatever its size.
    [module(512, 'persistent'), 8],
  ])('of %j is %d W', (one, watts) => expect(estimateModuleWatts(one)).toBeCloseTo(watts, 9));

  it.each([
    // Tom's Hardware 2014: four 8 GB DDR4-2133 modules under load, 11.85 W.
    { modules: [8, 8, 8, 8].map((size) => module(size, 'ddr4')), measuredWatts: 11.85 },
    // Green Algorithms issue 14: four more 16 GB DDR4 modules in an idle desktop, less than 1.5 W at the wall.
    { modules: [16, 16, 16, 16].map((size) => module(size, 'ddr4')), measuredWatts: 1.5 },
    // The rule of thumb that CodeCarbon kept to up to its version 2: 3 W for 8 GB.
    { modules: [module(8, 'ddr3')], measuredWatts: 3 },
  ])('has $measuredWatts W, as others found, within its bounds', ({ modules, measuredWatts }) => {
    const watts = estimateModulesWatts(modules);
    // 11.85 W is 1.90 of 6.24 W, 1.5 W is 0.18 of 8.48 W, 3 W is 1.25 of 2.4 W.
    expect(measuredWatts).toBeLessThanOrEqual(watts * knownModulesError.highRatio);
    expect(measuredWatts).toBeGreaterThanOrEqual(watts * knownModulesError.lowRatio);
  });
});

describe('assumedModules', () => {
  it.each([
    // An eighth of 512 GiB is 64.
    [512, 8, 64, true],
    // An eighth of 16 is 2, but no module is below 8: two of 8.
    [16, 2, 8, false],
    // What the kernel leaves of 64 GiB: an eighth of 62.7 is 7.8, so 8 GiB modules, and eight of them.
    [62.7, 8, 8, false],
    // An eighth of 2048 is 256, but none is above 64: 32 of 64.
    [2048, 32, 64, true],
    [1, 1, 8, false],
    [0, 1, 8, false],
  ])('takes %d GiB for %d of %d GiB', (size, count, sizeGibibytes, isRegistered) =>
    expect(assumedModules(bytesFromGibibytes(size))).toEqual(
      Array.from({ length: count }, () => module(sizeGibibytes, 'ddr4', isRegistered)),
    ),
  );

  it('takes no fewer modules than hold the memory, and not one too many', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 2 ** 44 }), (bytes) => {
        const modules = assumedModules(bytes);
        const heldBytes = modules.reduce((sum, one) => sum + one.sizeBytes, 0);
        expect(heldBytes).toBeGreaterThanOrEqual(bytes);
        expect(heldBytes - (modules[0]?.sizeBytes ?? 0)).toBeLessThan(bytes);
      }),
    );
  });
});

describe('hostWattsPerGibibyte', () => {
  it('is that of a registered 64 GiB module', () =>
    // (1.0 W + 0.8 W + 64 × 0.07 W) / 64 = 6.28 W / 64.
    expect(hostWattsPerGibibyte).toBeCloseTo(0.098_125, 9));
});

describe('renderModules', () => {
  it('counts modules of a kind', () =>
    expect(renderModules([module(64, 'ddr5', true), module(8, 'lpddr'), module(64, 'ddr5', true)])).toBe(
      '2 × 64 GiB registered DDR5 + 1 × 8 GiB LPDDR',
    ));
});
