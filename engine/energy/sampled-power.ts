import { createInStepWatch } from './in-step.ts';
import { type MeanPower, meanOfSamples, type PowerSample } from './mean-power.ts';

export interface SampledMean extends MeanPower {
  /** What a load in step with the sensor adds for as long as it is: no random error, and no smaller over a longer time. */
  readonly inStepErrorWatts: number;
}

export interface SampledPowerOptions {
  readonly sensorWindowSeconds: number;
  /** Of the samples. */
  readonly spacingMs: number;
  /** Time between two renewals of the sensor; 0 for one that is always new. */
  readonly updateMs: number;
}

export interface SampledPower {
  /** The mean over the span of the samples since the last one, which is the first of these again; null for too few, or a hole. */
  meanOf(samples: readonly PowerSample[]): SampledMean | null;
}

/** Power of a sensor that is sampled between two readings, from reading to reading. */
export function createSampledPower(options: SampledPowerOptions): SampledPower {
  const watch = createInStepWatch({ updateMs: options.updateMs, windowSeconds: options.sensorWindowSeconds });
  return {
    meanOf(samples) {
      const inStepErrorWatts = watch.see(samples);
      const mean = meanOfSamples(samples, options);
      return mean === null ? null : { ...mean, inStepErrorWatts };
    },
  };
}
