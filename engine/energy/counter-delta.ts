import { type CounterSwing, isBeyondSwing, isWithinSwing, wattsBeyond } from './counter-swing.ts';

export interface CounterStep {
  readonly fromJoules: number;
  readonly toJoules: number;
  /** The value at which the counter starts again from 0; null where it does not wrap. */
  readonly rangeJoules: number | null;
  readonly lagSeconds: number;
  readonly elapsedSeconds: number;
  readonly maxWatts: number;
  /** The most that a mean of power over the same time leaves room for; null where there is none beside it. */
  readonly mostJoulesBeside: number | null;
  /** Mean power of the step before; null where there was none, or it is too long ago to go by. Too short to tell much by: where there is a mean of `swing`, that counts. */
  readonly lastMeanWatts: number | null;
  /** Between which powers its steps lay lately. */
  readonly swing: CounterSwing | null;
}

/**
 * `varianceJoules2`: of a number of wraps that is the likeliest and not the only one. `isOdd`: it fell, and a wrap needs more power than its steps lay at
 * lately, but counting from 0 does not: it may have been reset.
 */
export interface CounterDelta {
  readonly joules: number;
  readonly varianceJoules2: number;
  readonly isOdd: boolean;
}

/** A counter without a range may step as rarely as this: so much of the time before may come in one step. */
const longestLagSeconds = 1;

/** A counter may be late, and make up for it in one step. */
export const lateSeconds = 0.25;

/**
 * Joules between two readings of a counter; null where it was reset, or where it may have wrapped once or twice and nothing tells which. Of several
 * numbers of wraps that the device's greatest power allows, the one counts that alone lies within the powers of its steps lately. Where more do, or there
 * were none yet, the one near the power before, provided that one wrap more or less would be a greater change than that power itself: then a wrap is left open. It
 * is left open too where none does and one lies far nearer to them than any other, and at the very first step, which is taken for the fewest wraps: what comes next
 * is held to it. Source of the wrap: Linux powercap, `max_energy_range_uj`.
 */
export function counterDelta(step: CounterStep): CounterDelta | null {
  const delta = differenceOf(step);
  if (delta === null) return null;
  const { joules, varianceJoules2 } = delta;
  return { joules, varianceJoules2, isOdd: step.toJoules < step.fromJoules && isOddFall(step, joules) };
}

function isOddFall({ swing, toJoules, elapsedSeconds, lagSeconds }: CounterStep, joules: number): boolean {
  if (swing === null) return false;
  const time = { seconds: elapsedSeconds, openSeconds: lagSeconds };
  // A reset begins at 0: it does not leave more than was drawn since.
  return isBeyondSwing(swing, joules, time) && !isBeyondSwing(swing, toJoules, time);
}

type Difference = Omit<CounterDelta, 'isOdd'>;

function differenceOf(step: CounterStep): Difference | null {
  const rawJoules = step.toJoules - step.fromJoules;
  // To have come round to the very same value is next to impossible: it stood still.
  if (rawJoules === 0) return certain(0);
  if (step.rangeJoules === null || step.rangeJoules <= 0) {
    const mostJoules = step.maxWatts * (step.elapsedSeconds + Math.max(longestLagSeconds, step.lagSeconds));
    return rawJoules >= 0 && rawJoules <= Math.min(mostJoules, step.mostJoulesBeside ?? mostJoules)
      ? certain(rawJoules)
      : null;
  }
  if (step.fromJoules > step.rangeJoules || step.toJoules > step.rangeJoules) return null;
  const mostJoules = step.maxWatts * (step.elapsedSeconds + step.lagSeconds);
  const leastJoules = rawJoules >= 0 ? rawJoules : rawJoules + step.rangeJoules;
  if (leastJoules > mostJoules + step.maxWatts * lateSeconds) return null;
  if (leastJoules + step.rangeJoules > mostJoules) return certain(leastJoules);
  return likeliest({ leastJoules, rangeJoules: step.rangeJoules, mostJoules }, step);
}

const certain = (joules: number): Difference => ({ joules, varianceJoules2: 0 });

interface Wraps {
  readonly leastJoules: number;
  readonly rangeJoules: number;
  readonly mostJoules: number;
}

/** Of more wraps than these nothing tells which. */
const mostWraps = 1000;
/** A first step longer than this is of a counter that is not followed. */
const longestSeedSeconds = 0.5;
/** Of powers that were not all seen lately, the one that lies at least so many times nearer to these is taken. */
const nearerTimes = 2;

function likeliest({ leastJoules, rangeJoules, mostJoules }: Wraps, step: CounterStep): Difference | null {
  const { lastMeanWatts, elapsedSeconds, swing } = step;
  if (elapsedSeconds <= 0 || mostJoules > mostWraps * rangeJoules) return null;
  const open = (joules: number): Difference => ({ joules, varianceJoules2: (rangeJoules / 2) ** 2 });
  if (lastMeanWatts === null) return swing === null && elapsedSeconds <= longestSeedSeconds ? open(leastJoules) : null;
  const possible = wrapsUpTo({ leastJoules, rangeJoules, mostJoules });
  const nearestTo = (watts: number): number => leastBy(possible, (joules) => Math.abs(joules - watts * elapsedSeconds));
  if (swing === null || swing.lastWatts === null)
    return rangeJoules < lastMeanWatts * elapsedSeconds ? null : open(nearestTo(lastMeanWatts));
  const time = { seconds: elapsedSeconds, openSeconds: step.lagSeconds };
  const beyond = (joules: number): number => wattsBeyond(swing, joules / elapsedSeconds);
  const first = leastBy(possible, beyond);
  const isNearest = possible.every(
    (joules) => joules === first || (beyond(joules) > 0 && beyond(joules) >= nearerTimes * beyond(first)),
  );
  if (isNearest) {
    const within = possible.filter((joules) => isWithinSwing(swing, joules, time));
    return within.length === 1 && within[0] === first ? certain(first) : open(first);
  }
  // Less than was ever seen is a load that ended; a whole range more than that would be a load never seen.
  if (beyond(first) > 0)
    return rangeJoules > swing.highWatts * (elapsedSeconds + step.lagSeconds) ? open(leastJoules) : null;
  const nearest = nearestTo(swing.lastWatts);
  return Math.abs(nearest - swing.lastWatts * elapsedSeconds) <= rangeJoules / 4 ? open(nearest) : null;
}

/** Every sum that the device's greatest power allows, the least first. */
const wrapsUpTo = ({ leastJoules, rangeJoules, mostJoules }: Wraps): readonly number[] =>
  Array.from(
    { length: Math.floor((mostJoules - leastJoules) / rangeJoules) + 1 },
    (_, wraps) => leastJoules + wraps * rangeJoules,
  );

const leastBy = (values: readonly number[], of: (joules: number) => number): number =>
  values.reduce((best, joules) => (of(joules) < of(best) ? joules : best));
