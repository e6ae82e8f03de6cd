import { describe, expect, it } from 'vitest';
import { createHeldBackTally } from './held-back.ts';

const none = { powerNanoseconds: null, thermalNanoseconds: null, reasonBits: null };
/** nvmlClocksEventReasons. */
const powerCap = 0x4;
const powerBrake = 0x80;
const idle = 0x1;

describe('createHeldBackTally', () => {
  it("gives the driver's counters in seconds, and counts hardware slowdown by its bit", () => {
    const tally = createHeldBackTally();
    tally.step({ atMs: 0, powerNanoseconds: 2e9, thermalNanoseconds: 0, reasonBits: powerBrake });
    const after = tally.step({
      atMs: 1000,
      powerNanoseconds: 2_500_000_000,
      thermalNanoseconds: 1e6,
      reasonBits: powerBrake,
    });
    // The brake is credited for the second between the looks, not for the time before the first.
    expect(after).toEqual({ 'power-cap': 2.5, heat: 0.001, 'hardware-slowdown': 1 });
  });

  it("takes no other count for the driver's where that cannot be read once", () => {
    const tally = createHeldBackTally();
    const look = { thermalNanoseconds: 0, reasonBits: powerCap };
    const seconds = [1e9, null, 1.5e9].map(
      (powerNanoseconds, index) => tally.step({ ...look, atMs: index * 1000, powerNanoseconds })?.['power-cap'],
    );
    expect(seconds).toEqual([1, 1, 1.5]);
  });

  it('counts by the bits where there is no counter', () => {
    const tally = createHeldBackTally();
    tally.step({ ...none, atMs: 0, reasonBits: powerCap });
    tally.step({ ...none, atMs: 1000, reasonBits: powerCap });
    expect(tally.step({ ...none, atMs: 1500, reasonBits: idle })).toEqual({
      'power-cap': 1,
      heat: 0,
      'hardware-slowdown': 0,
    });
  });

  it('credits nothing for a time in which nobody looked', () => {
    const tally = createHeldBackTally();
    tally.step({ ...none, atMs: 0, reasonBits: powerCap });
    expect(tally.step({ ...none, atMs: 60_000, reasonBits: powerCap })?.['power-cap']).toBe(0);
  });

  it('is unknown, not 0, where the driver tells neither', () =>
    expect(createHeldBackTally().step({ ...none, atMs: 0 })).toBeNull());
});
