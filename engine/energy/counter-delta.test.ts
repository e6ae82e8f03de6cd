import { describe, expect, it } from 'vitest';
import { type CounterStep, counterDelta } from './counter-delta.ts';
import { seeCounterStep } from './counter-swing.ts';

const step = (change: Partial<CounterStep>): CounterStep => ({
  fromJoules: 0,
  toJoules: 0,
  rangeJoules: 1000,
  lagSeconds: 0.001,
  elapsedSeconds: 1,
  maxWatts: 600,
  mostJoulesBeside: null,
  lastMeanWatts: null,
  swing: null,
  ...change,
});

const joulesOf = (one: CounterStep): number | null => counterDelta(one)?.joules ?? null;

describe('a counter that wraps', () => {
  it('is carried over once', () => expect(joulesOf(step({ fromJoules: 950, toJoules: 50 }))).toBe(100));

  it('that may have wrapped twice is held to the power before', () => {
    // 900 J to 100 J in 5 s at up to 600 W: 200, 1200 or 2200 J. At 250 W before, 1250 J are expected: but a wrap, 1000 J, is less than that.
    expect(joulesOf(step({ fromJoules: 900, toJoules: 100, elapsedSeconds: 5, lastMeanWatts: 250 }))).toBeNull();
    // At 150 W 750 J are expected: 1200 J lie nearest, by 450 J against 550.
    expect(joulesOf(step({ fromJoules: 900, toJoules: 100, elapsedSeconds: 5, lastMeanWatts: 150 }))).toBe(1200);
    expect(joulesOf(step({ fromJoules: 900, toJoules: 100, elapsedSeconds: 5, lastMeanWatts: 20 }))).toBe(200);
  });

  it('that may have wrapped twice says nothing where no power came before', () =>
    expect(joulesOf(step({ fromJoules: 900, toJoules: 100, elapsedSeconds: 5 }))).toBeNull());

  const late = { fromJoules: 900, toJoules: 100, elapsedSeconds: 5, lastMeanWatts: 60 } as const;

  it('that may have wrapped twice leaves a wrap open', () =>
    expect(counterDelta(step(late))).toEqual({ joules: 200, varianceJoules2: 500 ** 2, isOdd: false }));

  it('that may have wrapped twice is held to the powers of its steps lately where they allow but one', () => {
    const gathered = { joules: 0, seconds: 0 };
    // 200 J, 1200 J or 2200 J in 5 s: 40, 240 or 440 W.
    const between = (lowWatts: number, highWatts: number, lastWatts = 60): CounterStep =>
      step({ ...late, swing: { lowWatts, highWatts, lastWatts, gathered } });
    expect(counterDelta(between(120, 300))).toEqual({ joules: 1200, varianceJoules2: 0, isOdd: false });
    expect(counterDelta(between(40, 150))).toEqual({ joules: 200, varianceJoules2: 0, isOdd: false });
    expect(counterDelta(between(40, 300))).toEqual({ joules: 200, varianceJoules2: 500 ** 2, isOdd: false });
    // 120 W before: 600 J are half way between.
    expect(counterDelta(between(40, 300, 120))).toBeNull();
    expect(counterDelta(between(700, 800))).toBeNull();
  });

  it('that may have wrapped in its very first step is taken for the fewest wraps, a wrap left open', () => {
    // 100 J at up to 600 W may wrap thrice in 0.5 s; 10 J at 20 W, 110 J at 220 W.
    const first = step({ rangeJoules: 100, toJoules: 10, elapsedSeconds: 0.5 });
    expect(counterDelta(first)).toEqual({ joules: 10, varianceJoules2: 50 ** 2, isOdd: false });
    expect(counterDelta({ ...first, elapsedSeconds: 0.6 })).toBeNull();
  });

  it('that may have wrapped a million times says nothing', () => {
    const swing = { lowWatts: 20, highWatts: 30, lastWatts: 20, gathered: { joules: 0, seconds: 0 } };
    expect(joulesOf(step({ rangeJoules: 6e-4, toJoules: 1e-4, lastMeanWatts: 20, swing }))).toBeNull();
  });

  it('that may have wrapped is held to the step before while there is no mean yet', () => {
    const swing = seeCounterStep(null, { joules: 0.4, seconds: 0.02 });
    const second = step({ rangeJoules: 10, toJoules: 0.4, elapsedSeconds: 0.02, lastMeanWatts: 20, swing });
    expect(counterDelta(second)).toEqual({ joules: 0.4, varianceJoules2: 5 ** 2, isOdd: false });
  });

  it('takes the power that lies far nearer to those seen lately where the load begins or ends', () => {
    const swing = { lowWatts: 12, highWatts: 13, lastWatts: 12, gathered: { joules: 0, seconds: 0 } };
    // 17 J in 0.1 s are 170 W, a wrap of 40 J more 570 W.
    const begins = step({ rangeJoules: 40, toJoules: 17, elapsedSeconds: 0.1, lastMeanWatts: 12, swing });
    expect(counterDelta(begins)).toEqual({ joules: 17, varianceJoules2: 20 ** 2, isOdd: false });
    // From 105 to 130 W down to 12 W: a wrap of 20 J more are 212 W, a little nearer, but more than was ever seen.
    const busy = { ...swing, lowWatts: 105, highWatts: 130, lastWatts: 120 };
    const ends = step({ rangeJoules: 20, toJoules: 1.2, elapsedSeconds: 0.1, lastMeanWatts: 120, swing: busy });
    expect(counterDelta(ends)).toEqual({ joules: 1.2, varianceJoules2: 10 ** 2, isOdd: false });
  });

  it('is not believed when even one wrap needs more power than there is', () =>
    expect(joulesOf(step({ fromJoules: 900, toJoules: 800 }))).toBeNull());

  it('is not believed beyond its own range', () =>
    expect(joulesOf(step({ fromJoules: 100, toJoules: 1200 }))).toBeNull());
});

describe('a counter that wraps and was late', () => {
  it('may make up for it in one step', () => {
    // 50 J in 0.06 s are 833 W where 600 W are the most; but 0.25 s late, they are not.
    expect(joulesOf(step({ fromJoules: 100, toJoules: 150, elapsedSeconds: 0.06 }))).toBe(50);
    expect(joulesOf(step({ fromJoules: 100, toJoules: 400, elapsedSeconds: 0.06 }))).toBeNull();
  });
});

describe('a counter without a range', () => {
  it('gives its difference', () =>
    expect(joulesOf(step({ rangeJoules: null, fromJoules: 5000, toJoules: 5100 }))).toBe(100));

  it('was reset where it falls', () =>
    expect(joulesOf(step({ rangeJoules: null, fromJoules: 5000, toJoules: 10 }))).toBeNull());

  it('may step once a second', () => {
    // Nothing for a second, then two seconds' worth at 550 W: 1100 J in the second that is looked at.
    expect(joulesOf(step({ rangeJoules: null, toJoules: 1100 }))).toBe(1100);
    expect(joulesOf(step({ rangeJoules: null, toJoules: 1300 }))).toBeNull();
  });
});
