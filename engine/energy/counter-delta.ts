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
}

/** A counter without a range may step as rarely as this: so much of the time before may come in one step. */
const longestLagSeconds = 1;

/** A counter may be late, and make up for it in one step. */
const lateSeconds = 0.25;

/**
 * Joules between two readings of a counter; null where it was reset, or where it may have wrapped once or twice and nothing tells which. Of several
 * numbers of wraps that the device's greatest power allows, the one nearest to the power before counts, provided that one wrap more or less would be
 * a greater change than that power itself. Source of the wrap: Linux powercap, `max_energy_range_uj`.
 */
export function counterDelta(step: CounterStep): number | null {
  const rawJoules = step.toJoules - step.fromJoules;
  // To have come round to the very same value is next to impossible: it stood still.
  if (rawJoules === 0) return 0;
  if (step.rangeJoules === null || step.rangeJoules <= 0) {
    const mostJoules = step.maxWatts * (step.elapsedSeconds + Math.max(longestLagSeconds, step.lagSeconds));
    return rawJoules >= 0 && rawJoules <= mostJoules ? rawJoules : null;
  }
  if (step.fromJoules > step.rangeJoules || step.toJoules > step.rangeJoules) return null;
  const mostJoules = step.maxWatts * (step.elapsedSeconds + step.lagSeconds);
  const leastJoules = rawJoules >= 0 ? rawJoules : rawJoules + step.rangeJoules;
  if (leastJoules > mostJoules + step.maxWatts * lateSeconds) return null;
  if (leastJoules + step.rangeJoules > mostJoules) return leastJoules;
  return likeliest(leastJoules, step.rangeJoules, mostJoules, step);
}

function likeliest(leastJoules: number, rangeJoules: number, mostJoules: number, step: CounterStep): number | null {
  const { lastMeanWatts, elapsedSeconds } = step;
  if (lastMeanWatts === null || elapsedSeconds <= 0) return null;
  const expectedJoules = lastMeanWatts * elapsedSeconds;
  if (rangeJoules < expectedJoules) return null;
  const wraps = Math.max(0, Math.round((expectedJoules - leastJoules) / rangeJoules));
  const joules = leastJoules + wraps * rangeJoules;
  return joules <= mostJoules ? joules : null;
}
