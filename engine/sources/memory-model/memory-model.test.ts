import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { assumedModules, estimateMemoryWatts } from './memory-model.ts';

const gibibytes = (count: number): number => count * 2 ** 30;

describe('assumedModules', () => {
  it.each([
    // An eighth of 256 GiB is 32.
    [256, 8, 32],
    // An eighth of 16 is 2, but no module is below 8: two of 8.
    [16, 2, 8],
    // What the kernel leaves of 64 GiB: an eighth of 62.7 is 7.8, so 8 GiB modules, and eight of them.
    [62.7, 8, 8],
    // An eighth of 2048 is 256, but none is above 64: 32 of 64.
    [2048, 32, 64],
    [1, 1, 8],
  ])('takes %d GiB for %d of %d GiB', (size, count, sizeGibibytes) =>
    expect(assumedModules(gibibytes(size))).toEqual({ count, sizeGibibytes }),
  );
});

describe('estimateMemoryWatts', () => {
  it.each([
    // 8 × 1.5 W + 256 × 0.045 W = 12 W + 11.52 W.
    [256, 23.52],
    // 2 × 1.5 W + 16 × 0.045 W = 3 W + 0.72 W.
    [16, 3.72],
    // 32 × 1.5 W + 2048 × 0.045 W = 48 W + 92.16 W.
    [2048, 140.16],
  ])('of %d GiB is %d W', (size, watts) => expect(estimateMemoryWatts(gibibytes(size))).toBeCloseTo(watts, 9));

  it('takes no fewer modules than hold the memory', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 2 ** 44 }), (bytes) => {
        const { count, sizeGibibytes } = assumedModules(bytes);
        expect(gibibytes(count * sizeGibibytes)).toBeGreaterThanOrEqual(bytes);
        expect(gibibytes((count - 1) * sizeGibibytes)).toBeLessThan(bytes);
      }),
    );
  });
});
