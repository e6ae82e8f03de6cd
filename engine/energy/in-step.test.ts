import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRandom } from '../sources/simulated/random.ts';
import { createInStepWatch } from './in-step.ts';
import type { PowerSample } from './mean-power.ts';

const timing = { updateMs: 100, windowSeconds: 0.025 };

/** Samples of a sensor that is renewed 37 ms into each tenth of a second, taken so far apart, ± 40 %. */
function samplesOf(wattsOf: (renewal: number) => number, options: { seconds: number; spacingMs?: number }) {
  const { seconds, spacingMs = 65 } = options;
  const random = createRandom(7);
  const samples: PowerSample[] = [];
  for (let atMs = 5000; atMs < 5000 + seconds * 1000; atMs += spacingMs * (0.6 + 0.8 * random()))
    samples.push({ atMs, watts: wattsOf(Math.floor((atMs - 37) / 100)) });
  return samples;
}

const errorOf = (wattsOf: (renewal: number) => number, seconds = 5): number =>
  createInStepWatch(timing).see(samplesOf(wattsOf, { seconds }));

describe('createInStepWatch', () => {
  it('gives what lies open between two phases that come again and again', () => {
    // 300 W and 100 W by turns: two changes of 200 W in 0.2 s, each anywhere in 75 ms: 2 × 37.5 ms × 200 W / 0.2 s.
    expect(errorOf((renewal) => (renewal % 2 === 0 ? 300 : 100))).toBeCloseTo(75, 6);
  });

  it('finds patterns of two to ten phases, each as wide as its changes leave it', () => {
    for (let phases = 2; phases <= 10; phases++) {
      // One phase of 300 W: two changes, over a longer and longer time.
      const expected = 150 / phases;
      const found = errorOf((renewal) => (renewal % phases === 0 ? 300 : 100));
      expect(Math.abs(found / expected - 1), `${phases} phases`).toBeLessThan(0.1);
    }
  });

  it('is not led astray by the noise of a sensor', () => {
    const random = createRandom(3);
    const noise = Array.from({ length: 100 }, () => 8 * random());
    const error = errorOf((renewal) => (renewal % 3 === 0 ? 300 : 100) + (noise[renewal % 100] ?? 0));
    expect(error).toBeGreaterThan(20);
  });

  it('says nothing of a power that stands still, drifts, steps now and then, or keeps no step', () => {
    expect(errorOf(() => 300)).toBe(0);
    expect(errorOf((renewal) => 300 + renewal)).toBe(0);
    expect(errorOf((renewal) => (renewal < 75 ? 100 : 300))).toBe(0);
    // Periods of 0.31 s and 0.47 s move through all phases within seconds.
    for (const periodSeconds of [0.31, 0.47])
      expect(errorOf((renewal) => ((renewal / 10 / periodSeconds) % 1 < 0.5 ? 300 : 100), 10)).toBe(0);
    const random = createRandom(11);
    const watts = Array.from({ length: 200 }, () => 100 + 200 * random());
    expect(errorOf((renewal) => watts[renewal % 200] ?? 0)).toBe(0);
  });

  it('forgets a load that has ended', () => {
    const watch = createInStepWatch(timing);
    const wattsOf = (renewal: number): number => (renewal < 150 && renewal % 2 === 0 ? 300 : 100);
    const samples = samplesOf(wattsOf, { seconds: 30 });
    expect(watch.see(samples.filter((sample) => sample.atMs < 12_000))).toBeGreaterThan(0);
    expect(watch.see(samples.filter((sample) => sample.atMs >= 12_000))).toBe(0);
  });

  it('has nothing to say of a sensor that misses nothing', () => {
    const watch = createInStepWatch({ updateMs: 100, windowSeconds: 0.1 });
    expect(watch.see(samplesOf((renewal) => (renewal % 2 === 0 ? 300 : 100), { seconds: 5 }))).toBe(0);
  });

  it('gives a number for whatever samples there are', () =>
    fc.assert(
      fc.property(
        fc.array(fc.record({ atMs: fc.integer({ min: 0, max: 20_000 }), watts: fc.integer({ min: 0, max: 400 }) })),
        (unsorted) => {
          const samples = [...unsorted].sort((a, b) => a.atMs - b.atMs);
          const error = createInStepWatch(timing).see(samples);
          expect(error).toBeGreaterThanOrEqual(0);
          expect(error).toBeLessThanOrEqual(400 * 2);
        },
      ),
    ));
});
