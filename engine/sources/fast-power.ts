import type { Clock } from '../clock/clock.ts';
import type { PowerSample } from '../energy/mean-power.ts';
import { createSampledPower, type SampledMean } from '../energy/sampled-power.ts';
import { answeredMs } from './answer-time.ts';

export interface FastPower {
  /** Samples from now on, or no more. */
  setWanted(isWanted: boolean): void;
  /** The mean since the last call, ended by this newest sample; null until there is one. */
  take(newest: PowerSample): SampledMean | null;
  close(): void;
}

const jitterRatio = 0.4;
const mostSamples = 4096;
/** The longest wait is 0.91 of the time between two renewals: what a thread is late by at times may pass, and none is missed. */
const spacingRatio = 0.65;
/** No sensor is asked more often than this between readings, however fast it is. */
const leastSpacingMs = 25;

/** Mean spacing of samples that miss no renewal of a sensor that is renewed so often, where it is not too fast for that. */
export const spacingToSee = (updateMs: number): number => Math.max(updateMs * spacingRatio, leastSpacingMs);

/**
 * Samples a power sensor between readings at moments that no periodic load can keep step with: mean spacing ± 40 %. For sensors that see only a part
 * of the time, or the last tenth of a second, where no energy counter can be used. One call at a time.
 */
export function createFastPower(options: {
  readonly clock: Clock;
  readonly spacingMs: number;
  readonly sensorWindowSeconds: number;
  /** Time between two renewals of the sensor; 0 for one that is always new. */
  readonly updateMs: number;
  readonly readWatts: () => Promise<number | null>;
  readonly random?: () => number;
}): FastPower {
  const { clock, spacingMs, readWatts, random = Math.random } = options;
  const power = createSampledPower(options);
  let samples: PowerSample[] = [];
  let sampling: AbortController | null = null;

  async function sampleOn(abort: AbortController): Promise<void> {
    while (!abort.signal.aborted) {
      await clock.sleep(spacingMs * (1 + jitterRatio * (2 * random() - 1)), abort.signal);
      if (abort.signal.aborted) return;
      const startedMs = clock.monotonicMs();
      const watts = await readWatts();
      if (watts !== null && !abort.signal.aborted)
        samples.push({ atMs: answeredMs(startedMs, clock.monotonicMs()), watts });
      // Nobody asks any more, or the driver hung for long: the oldest would only make a hole.
      if (samples.length > mostSamples) samples = samples.slice(-mostSamples / 2);
    }
  }

  return {
    setWanted(isWanted) {
      if (isWanted === (sampling !== null)) return;
      sampling?.abort();
      sampling = null;
      samples = [];
      if (!isWanted) return;
      sampling = new AbortController();
      sampleOn(sampling).catch(() => undefined);
    },
    take(newest) {
      if (sampling === null) return null;
      const mean = power.meanOf([...samples.filter((sample) => sample.atMs < newest.atMs), newest]);
      samples = [newest];
      return mean;
    },
    close() {
      this.setWanted(false);
    },
  };
}
