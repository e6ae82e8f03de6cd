import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { meanOfSamples, type PowerSample } from './mean-power.ts';

const options = { sensorWindowSeconds: 0.025, spacingMs: 100 };
const samplesOf = (...pairs: readonly (readonly [number, number])[]): readonly PowerSample[] =>
  pairs.map(([atMs, watts]) => ({ atMs, watts }));

describe('meanOfSamples', () => {
  it('weighs each sample by half the time to its neighbours', () => {
    // 100 W to 300 W in 100 ms: 20 J; 300 W to 100 W in 300 ms: 60 J. 80 J in 0.4 s are 200 W.
    // Steps of 200 W twice: σ² = (200² + 200²) / (2 × 2) = 20 000, σ = 141.42 W. Weights 50, 200, 150 of 400 ms:
    // √(50² + 200² + 150²) / 400 = 254.951 / 400 = 0.637377; 141.42 × 0.637377 = 90.1388 W.
    const mean = meanOfSamples(samplesOf([0, 100], [100, 300], [400, 100]), options);
    expect(mean?.watts).toBeCloseTo(200, 9);
    expect(mean?.windowSeconds).toBeCloseTo(0.4, 9);
    expect(mean?.standardErrorWatts).toBeCloseTo(90.1388, 3);
  });

  it('does not take a slow drift for an error', () => {
    // 1 W a sample over 101 samples: the spread about the mean is 29 W, from one sample to the next 1 W. σ = 1/√2; over 100 weights about 1/√2/10 W.
    const drift = samplesOf(...Array.from({ length: 101 }, (_, i) => [i * 100, 100 + i] as const));
    expect(meanOfSamples(drift, options)).toMatchObject({ watts: 150 });
    expect(meanOfSamples(drift, options)?.standardErrorWatts).toBeCloseTo(Math.SQRT1_2 / 10, 2);
  });

  it('has no error where every sample covers the time since the one before', () =>
    expect(
      meanOfSamples(samplesOf([0, 100], [90, 300], [190, 100]), { ...options, sensorWindowSeconds: 0.1 }),
    ).toMatchObject({ standardErrorWatts: 0 }));

  it.each([[[]], [samplesOf([0, 100])], [samplesOf([0, 100], [0, 200])]])('gives nothing for %j', (samples) =>
    expect(meanOfSamples(samples, options)).toBeNull(),
  );

  it('does not bridge a hole of more than two seconds, or eight spacings', () => {
    expect(meanOfSamples(samplesOf([0, 100], [2000, 100]), options)).not.toBeNull();
    expect(meanOfSamples(samplesOf([0, 100], [2001, 100]), options)).toBeNull();
  });

  it('covers the true mean of a square wave nineteen times in twenty, sampled at random', () => {
    let covered = 0;
    const rounds = 400;
    let seed = 1;
    const random = (): number => {
      seed = (seed * 16_807) % 2_147_483_647;
      return seed / 2_147_483_647;
    };
    for (let round = 0; round < rounds; round++) {
      const samples: PowerSample[] = [];
      // 100 W and 300 W by turns of 37 ms: 200 W.
      for (let atMs = random() * 100; atMs < 10_000; atMs += 60 + 80 * random())
        samples.push({ atMs, watts: Math.floor(atMs / 37) % 2 === 0 ? 100 : 300 });
      const mean = meanOfSamples(samples, options);
      if (mean !== null && Math.abs(mean.watts - 200) <= 2 * mean.standardErrorWatts) covered++;
    }
    expect(covered / rounds).toBeGreaterThan(0.9);
  });

  it('is no surer for a sensor’s value that was seen twice', () => {
    const renewals = Array.from({ length: 300 }, (_, i) => 100 + ((i * 7919) % 211));
    const once = renewals.map((watts, i) => ({ atMs: i * 100, watts }));
    const twice = renewals.flatMap((watts, i) => [0, 50].map((ms) => ({ atMs: i * 100 + ms, watts })));
    const known = { ...options, updateMs: 100 };
    const expected = meanOfSamples(once, { ...known, spacingMs: 100 })?.standardErrorWatts ?? 0;
    expect(expected).toBeGreaterThan(1);
    expect((meanOfSamples(twice, { ...known, spacingMs: 50 })?.standardErrorWatts ?? 0) / expected).toBeCloseTo(1, 2);
  });

  it('lies between the least and the greatest sample', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.integer({ min: 1, max: 500 }), fc.integer({ min: 0, max: 1000 })), {
          minLength: 2,
          maxLength: 50,
        }),
        (steps) => {
          let atMs = 0;
          const samples = steps.map(([waitMs, watts]) => {
            atMs += waitMs;
            return { atMs, watts };
          });
          const watts = samples.map((sample) => sample.watts);
          const mean = meanOfSamples(samples, options);
          expect(mean?.watts).toBeGreaterThanOrEqual(Math.min(...watts) - 1e-9);
          expect(mean?.watts).toBeLessThanOrEqual(Math.max(...watts) + 1e-9);
        },
      ),
    );
  });
});
