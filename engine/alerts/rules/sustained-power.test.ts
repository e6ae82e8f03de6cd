import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sampleAt } from '../rule.ts';
import { sustainedPower } from './sustained-power.ts';

const params = { limitWatts: 300, holdSeconds: 3, clearSeconds: 2 };

/** Phases of readings one second apart. */
function phasesOf(watts: readonly (number | null)[], given: Readonly<Record<string, number>> = params): string[] {
  let state = sustainedPower.initial;
  return watts.map((powerWatts, i) => {
    const step = sustainedPower.step(state, sampleAt(i * 1000, { powerWatts }), given);
    state = step.state;
    return step.phase;
  });
}

it('fires once power was above the limit for the hold, and clears once it was below for as long as asked', () => {
  // Above from second 1: 1 + 3 = 4 is the first with three seconds behind it. Below from 6: 6 + 2 = 8.
  expect(phasesOf([100, 400, 400, 400, 400, 400, 200, 200, 200])).toEqual([
    'armed',
    'counting',
    'counting',
    'counting',
    'firing',
    'firing',
    'firing',
    'firing',
    'armed',
  ]);
});

describe('at the edges', () => {
  it('a reading at the limit is not above it', () => {
    expect(phasesOf([300, 300, 300, 300, 300])).toEqual(Array(5).fill('armed'));
  });

  it('a dip starts the hold anew', () => {
    expect(phasesOf([400, 400, 400, 100, 400, 400, 400, 400])).toEqual([
      ...['counting', 'counting', 'counting', 'armed'],
      ...['counting', 'counting', 'counting', 'firing'],
    ]);
  });

  it('a peak starts the clearing anew', () => {
    // Fires at 3. Below 4, above 5, below 6: clears at 6 + 2 = 8.
    expect(phasesOf([400, 400, 400, 400, 100, 400, 100, 100, 100]).slice(3)).toEqual([
      ...['firing', 'firing', 'firing', 'firing', 'firing'],
      'armed',
    ]);
  });

  it('without a hold or a clearing time the first reading decides', () => {
    expect(phasesOf([100, 400, 100], { limitWatts: 300, holdSeconds: 0, clearSeconds: 0 })).toEqual([
      'armed',
      'firing',
      'armed',
    ]);
  });
});

describe('a missing reading', () => {
  it('starts the hold anew', () => {
    // Above again from 3: fires at 3 + 3 = 6.
    expect(phasesOf([400, 400, null, 400, 400, 400, 400])).toEqual([
      ...['counting', 'counting', 'armed'],
      ...['counting', 'counting', 'counting', 'firing'],
    ]);
  });

  it('clears nothing, however long it lasts', () => {
    const phases = phasesOf([400, 400, 400, 400, ...Array<null>(100).fill(null)]);
    expect(phases.slice(3)).toEqual(Array(101).fill('firing'));
  });

  it('starts the clearing anew', () => {
    // Below at 4, missing at 5, below again from 6: clears at 6 + 2 = 8.
    expect(phasesOf([400, 400, 400, 400, 100, null, 100, 100, 100]).slice(4)).toEqual([
      ...['firing', 'firing', 'firing', 'firing'],
      'armed',
    ]);
  });
});

it('never fires without a whole hold of readings above the limit', () => {
  const reading = fc.oneof(fc.constant(null), fc.integer({ min: 200, max: 400 }));
  fc.assert(
    fc.property(fc.array(reading, { maxLength: 60 }), (watts) => {
      const phases = phasesOf(watts);
      for (const [i, phase] of phases.entries()) {
        if (phase !== 'firing' || phases[i - 1] === 'firing') continue;
        // A hold of 3 s is four readings, one second apart.
        const held = watts.slice(i - 3, i + 1);
        expect(held).toHaveLength(4);
        expect(held.every((value) => value !== null && value > 300)).toBe(true);
      }
    }),
  );
});
