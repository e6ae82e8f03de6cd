import { msFromSeconds, secondsFromMs } from '../../shared/units.ts';

export interface PowerSample {
  readonly atMs: number;
  readonly watts: number;
}

export interface MeanPower {
  readonly watts: number;
  readonly windowSeconds: number;
  readonly standardErrorWatts: number;
}

/** Samples further apart than this, and than eight of their spacings, leave a hole that no mean may bridge. */
const longestHoleMs = 2000;
const mostSpacings = 8;

/**
 * Time-weighted mean of power over the span of its samples: the trapezoid rule, so a sample's weight is half the time to its neighbours. The standard
 * error is that of a mean of independent samples, √(Σw²)/Σw × σ, with σ² = Σ(Pᵢ₊₁ − Pᵢ)² / 2(n − 1): the mean square successive difference, which a
 * slow drift of the power does not enlarge (von Neumann, Kent, Bellinson, Hart 1941, 'The mean square successive difference', Ann. Math. Statist.
 * 12(2)). Of a sensor that is renewed more seldom than it is sampled, the same value comes again: `updateMs`. It is 0 where every sample is itself the mean
 * of a window that reaches back to the sample before, however old its value is. Null for fewer than two samples or a hole.
 */
export function meanOfSamples(
  samples: readonly PowerSample[],
  options: { readonly sensorWindowSeconds: number; readonly spacingMs: number; readonly updateMs?: number },
): MeanPower | null {
  const first = samples[0];
  const last = samples.at(-1);
  if (first === undefined || last === undefined || last.atMs <= first.atMs) return null;
  const gapsMs = samples.slice(1).map((sample, i) => sample.atMs - (samples[i]?.atMs ?? sample.atMs));
  const longestGapMs = Math.max(...gapsMs);
  if (longestGapMs > Math.max(longestHoleMs, options.spacingMs * mostSpacings)) return null;
  const weights = samples.map((_, i) => ((gapsMs[i - 1] ?? 0) + (gapsMs[i] ?? 0)) / 2);
  const spanMs = last.atMs - first.atMs;
  const watts = samples.reduce((sum, sample, i) => sum + sample.watts * (weights[i] ?? 0), 0) / spanMs;
  const squaredSteps = samples
    .slice(1)
    .reduce((sum, sample, i) => sum + (sample.watts - (samples[i]?.watts ?? 0)) ** 2, 0);
  const deviationWatts = Math.sqrt(squaredSteps / (2 * (samples.length - 1)));
  const weightRatio = Math.sqrt(weights.reduce((sum, weight) => sum + weight ** 2, 0)) / spanMs;
  // With k samples to a renewal, σ² is too small by k, for steps between the same value are none, and so is 1/n.
  const repeats = Math.max(1, (options.updateMs ?? 0) / options.spacingMs);
  const isSeamless = longestGapMs + (options.updateMs ?? 0) <= msFromSeconds(options.sensorWindowSeconds);
  return {
    watts,
    windowSeconds: secondsFromMs(spanMs),
    standardErrorWatts: isSeamless ? 0 : deviationWatts * weightRatio * repeats,
  };
}
