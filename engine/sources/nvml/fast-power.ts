import type { Clock } from '../../clock/clock.ts';
import { type MeanPower, meanOfSamples, type PowerSample } from '../../energy/mean-power.ts';

export interface FastPower {
  /** Samples from now on, or no more. */
  setWanted(isWanted: boolean): void;
  /** The mean since the last call, ended by this newest sample; null until there is one. */
  take(newest: PowerSample): MeanPower | null;
  close(): void;
}

const jitterRatio = 0.4;
const mostSamples = 4096;

/**
 * Samples a power sensor between readings at moments that no periodic load can keep step with: mean spacing ± 40 %. For sensors that see only a part
 * of the time, where no energy counter can be used. One call at a time, on a pool thread.
 */
export function createFastPower(options: {
  readonly clock: Clock;
  readonly spacingMs: number;
  readonly sensorWindowSeconds: number;
  readonly readWatts: () => Promise<number | null>;
  readonly random?: () => number;
}): FastPower {
  const { clock, spacingMs, readWatts, random = Math.random } = options;
  let samples: PowerSample[] = [];
  let sampling: AbortController | null = null;

  async function sampleOn(abort: AbortController): Promise<void> {
    while (!abort.signal.aborted) {
      await clock.sleep(spacingMs * (1 + jitterRatio * (2 * random() - 1)), abort.signal);
      if (abort.signal.aborted) return;
      const startedMs = clock.monotonicMs();
      const watts = await readWatts();
      if (watts !== null && !abort.signal.aborted) samples.push({ atMs: (startedMs + clock.monotonicMs()) / 2, watts });
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
      const mean = meanOfSamples([...samples.filter((sample) => sample.atMs < newest.atMs), newest], options);
      samples = [newest];
      return mean;
    },
    close() {
      this.setWanted(false);
    },
  };
}
