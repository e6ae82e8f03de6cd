import { expect, it } from 'vitest';
import { type CounterSwing, isWithinSwing, seeCounterStep } from './counter-swing.ts';

const tenth = { seconds: 0.1, openSeconds: 0 } as const;

const seen = (steps: readonly (readonly [watts: number, seconds: number])[]): CounterSwing | null =>
  steps.reduce<CounterSwing | null>(
    (swing, [watts, seconds]) => seeCounterStep(swing, { joules: watts * seconds, seconds }),
    null,
  );

it('steps too short to tell a power by are means of their sum: a register that is renewed every 10 ms steps by all or nothing', () => {
  const swing = seen(Array.from({ length: 40 }, (_, i) => [i % 2 === 0 ? 0 : 400, 0.005]));
  expect(swing?.lowWatts).toBeGreaterThan(150);
  expect(swing?.highWatts).toBeLessThan(250);
});

it('nothing lies within what was not seen yet', () => {
  const swing = seeCounterStep(null, { joules: 2, seconds: 0.01 });
  expect(isWithinSwing(swing, 20, tenth)).toBe(false);
});

it('an extreme is remembered over some hundred means, and forgotten after thousands', () => {
  const quiet = (count: number) => Array.from({ length: count }, () => [100, 0.05] as const);
  const burst = [400, 0.05] as const;
  const soon = seen([...quiet(1), burst, ...quiet(100)]);
  const late = seen([...quiet(1), burst, ...quiet(5000)]);
  expect(soon !== null && isWithinSwing(soon, 40, tenth)).toBe(true);
  expect(late !== null && isWithinSwing(late, 40, tenth)).toBe(false);
});

it('a step whose values may be older than their moments is held to the longest and the shortest time that it may have taken', () => {
  const swing = { lowWatts: 100, highWatts: 200, lastWatts: 150, gathered: { joules: 0, seconds: 0 } };
  // At most 1.3 × 200 W for 0.15 s, at least 0.7 × 100 W for 0.05 s: 39 and 3.5 J.
  const open = { seconds: 0.1, openSeconds: 0.05 } as const;
  expect([3, 4, 38, 40].map((joules) => isWithinSwing(swing, joules, open))).toEqual([false, true, true, false]);
});
