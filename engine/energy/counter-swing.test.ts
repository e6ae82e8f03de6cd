import { expect, it } from 'vitest';
import { type CounterSwing, isWithinSwing, seeCounterStep } from './counter-swing.ts';

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
  expect(isWithinSwing(swing, 20, 0.1)).toBe(false);
});

it('an extreme is remembered over some hundred means, and forgotten after thousands', () => {
  const quiet = (count: number) => Array.from({ length: count }, () => [100, 0.05] as const);
  const burst = [400, 0.05] as const;
  const soon = seen([...quiet(1), burst, ...quiet(100)]);
  const late = seen([...quiet(1), burst, ...quiet(5000)]);
  expect(soon !== null && isWithinSwing(soon, 40, 0.1)).toBe(true);
  expect(late !== null && isWithinSwing(late, 40, 0.1)).toBe(false);
});
