import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  constantPower,
  energyUntil,
  powerAt,
  type Segment,
  segmentEnergy,
  segmentPower,
  type Waveform,
} from './waveform.ts';

const dipping: Waveform = { ...constantPower(100), dipWatts: 40, dipEverySeconds: 10, dipSeconds: 2 };

describe('a waveform', () => {
  it('dips at the end of each stretch, and its energy lacks what the dips do', () => {
    expect([7.9, 8, 9.9, 10, 18].map((seconds) => powerAt(dipping, seconds))).toEqual([100, 60, 60, 100, 60]);
    // 25 s at 100 W less two dips of 2 s at 40 W; at 19 s the second dip is half over.
    expect(energyUntil(dipping, 25)).toBe(2500 - 160);
    expect(energyUntil(dipping, 19)).toBe(1900 - 80 - 40);
  });

  it('ripples around its mean, and over whole periods not at all', () => {
    const wave = constantPower(100, 20, 8);
    // A quarter of the period of 8 s is the crest.
    expect(powerAt(wave, 2)).toBeCloseTo(120, 9);
    expect(energyUntil(wave, 16)).toBeCloseTo(1600, 9);
    // Half a period above the mean: 20 W × 8 s / π.
    expect(energyUntil(wave, 4)).toBeCloseTo(400 + 160 / Math.PI, 9);
  });

  it('has the energy that a fine sum of its power gives', () => {
    const waves = fc.record({
      meanWatts: fc.integer({ min: 50, max: 700 }),
      rippleWatts: fc.integer({ min: 0, max: 40 }),
      ripplePeriodSeconds: fc.integer({ min: 5, max: 60 }),
      dipWatts: fc.integer({ min: 0, max: 50 }),
      dipEverySeconds: fc.integer({ min: 10, max: 100 }),
      dipSeconds: fc.integer({ min: 0, max: 9 }),
    });
    fc.assert(
      fc.property(waves, fc.integer({ min: 1, max: 300 }), (wave, seconds) => {
        const steps = seconds * 100;
        let sum = 0;
        for (let i = 0; i < steps; i++) sum += powerAt(wave, (i + 0.5) / 100) / 100;
        // Dips begin and end on whole seconds, so the sum of middles misses only the ripple's curvature.
        expect(Math.abs(energyUntil(wave, seconds) - sum)).toBeLessThan(0.01 * seconds + 1e-6);
      }),
      { numRuns: 40 },
    );
  });
});

describe('a device that idles between its segments', () => {
  const idle = constantPower(10);
  const segments: readonly Segment[] = [{ fromSeconds: 5, toSeconds: 8, wave: constantPower(110) }];

  it('draws the segment’s power within it and the idle power outside', () => {
    expect([4.9, 5, 7.9, 8].map((seconds) => segmentPower(segments, idle, seconds))).toEqual([10, 110, 110, 10]);
  });

  it('has the energy of both', () => {
    // 10 s, 3 s of them at 110 W: 70 + 330 J. From 6 s to 7 s: 110 J.
    expect(segmentEnergy(segments, idle, 0, 10)).toBe(400);
    expect(segmentEnergy(segments, idle, 6, 7)).toBe(110);
    expect(segmentEnergy(segments, idle, 8, 9)).toBe(10);
  });
});
