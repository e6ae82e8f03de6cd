import { type CounterSwing, isWithinSwing } from './counter-swing.ts';

export interface CounterStep {
  readonly fromJoules: number;
  readonly toJoules: number;
  /** The value at which the counter starts again from 0; null where it does not wrap. */
  readonly rangeJoules: number | null;
  readonly lagSeconds: number;
  readonly elapsedSeconds: number;
  readonly maxWatts: number;
  /** Mean power of the step before; null where there was none, or it is too long ago to go by. */
  readonly lastMeanWatts: number | null;
  /** Between which powers its steps lay lately. */
  readonly swing: CounterSwing | null;
}

/** `varianceJoules2`: of a number of wraps that is the likeliest and not the only one. */
export interface CounterDelta {
  readonly joules: number;
  readonly varianceJoules2: number;
}

/** A counter without a range may step as rarely as this: so much of the time before may come in one step. */
const longestLagSeconds = 1;

/** A counter may be late, and make up for it in one step. */
const lateSeconds = 0.25;

/**
 * Joules between two readings of a counter; null where it was reset, or where it may have wrapped once or twice and nothing tells which. Of several
 * numbers of wraps that the device's greatest power allows, the one counts that alone lies within the powers of its steps lately. Where more do, or there
 * were none yet, the one near the power before, provided that one wrap more or less would be a greater change than that power itself: then a wrap is left open. Source of
 * the wrap: Linux powercap, `max_energy_range_uj`.
 */
export function counterDelta(step: CounterStep): CounterDelta | null {
  const rawJoules = step.toJoules - step.fromJoules;
  // To have come round to the very same value is next to impossible: it stood still.
  if (rawJoules === 0) return certain(0);
  if (step.rangeJoules === null || step.rangeJoules <= 0) {
    const mostJoules = step.maxWatts * (step.elapsedSeconds + Math.max(longestLagSeconds, step.lagSeconds));
    return rawJoules >= 0 && rawJoules <= mostJoules ? certain(rawJoules) : null;
  }
  if (step.fromJoules > step.rangeJoules || step.toJoules > step.rangeJoules) return null;
  const mostJoules = step.maxWatts * (step.elapsedSeconds + step.lagSeconds);
  const leastJoules = rawJoules >= 0 ? rawJoules : rawJoules + step.rangeJoules;
  if (leastJoules > mostJoules + step.maxWatts * lateSeconds) return null;
  if (leastJoules + step.rangeJoules > mostJoules) return certain(leastJoules);
  return likeliest({ leastJoules, rangeJoules: step.rangeJoules, mostJoules }, step);
}

const certain = (joules: number): CounterDelta => ({ joules, varianceJoules2: 0 });

interface Wraps {
  readonly leastJoules: number;
  readonly rangeJoules: number;
  readonly mostJoules: number;
}

function likeliest({ leastJoules, rangeJoules, mostJoules }: Wraps, step: CounterStep): CounterDelta | null {
  const { lastMeanWatts, elapsedSeconds, swing } = step;
  if (lastMeanWatts === null || elapsedSeconds <= 0) return null;
  const expectedJoules = lastMeanWatts * elapsedSeconds;
  const nearest = Math.max(0, Math.round((expectedJoules - leastJoules) / rangeJoules));
  const joulesOf = (wraps: number): number => leastJoules + wraps * rangeJoules;
  if (rangeJoules < expectedJoules || joulesOf(nearest) > mostJoules) return null;
  const open = { joules: joulesOf(nearest), varianceJoules2: (rangeJoules / 2) ** 2 };
  if (swing === null) return open;
  const [only, second] = [nearest - 1, nearest, nearest + 1].filter(
    (wraps) => wraps >= 0 && joulesOf(wraps) <= mostJoules && isWithinSwing(swing, joulesOf(wraps), elapsedSeconds),
  );
  if (only === undefined) return null;
  if (second === undefined) return certain(joulesOf(only));
  return Math.abs(open.joules - expectedJoules) <= rangeJoules / 4 ? open : null;
}
