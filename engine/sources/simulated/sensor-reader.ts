import { msFromSeconds } from '../../../shared/units.ts';
import type { PowerSample } from '../../energy/mean-power.ts';
import { createSampledPower } from '../../energy/sampled-power.ts';
import { type SourceReading, withOffset } from '../source.ts';
import type { PowerCurve } from './power-curve.ts';
import {
  type Counting,
  countedJoules,
  errorOf,
  renewedAtSeconds,
  type SimulatedSensor,
  sensedInstantWatts,
  sensedWatts,
  updateSecondsOf,
  windowSecondsOf,
} from './sensor.ts';

/** What a look at a sensor gave, and the moment it belongs to. */
export interface SensorLook {
  readonly atSeconds: number;
  readonly values: Partial<SourceReading>;
}

export interface SensorReader {
  /**
   * One look; at a run's edge a counter is looked at until it steps, which gives its value at that moment, soon, and the one before, a period earlier. Of a
   * counter that steps faster than anybody looks, the first alone. `samples` are in ms of the simulation's time.
   */
  read(seconds: number, isEdge: boolean): readonly SensorLook[];
  /** Nothing was seen lately: samples from before bear on nothing that comes. */
  forget(): void;
}

export interface SensorReaderOptions {
  readonly power: PowerCurve;
  readonly sensor: SimulatedSensor;
  readonly counting: Counting;
  readonly random: () => number;
}

/** Two looks at a counter that is waited for are so far apart; its step lies between them, in the middle as far as anybody knows. */
const pollSeconds = 0.004;
/** Samples are taken at a pace that does not fit the sensor's own: up to so much faster. */
const spacingSpread = 0.15;

/** Reads a simulated sensor as a source would read a real one. Only the samples of one that is seen in part are kept between two reads. */
export function createSensorReader(options: SensorReaderOptions): SensorReader {
  const { power, sensor } = options;
  if (sensor.kind === 'counter')
    return { read: (seconds, isEdge) => lookAtCounter(options, seconds, isEdge), forget: () => {} };
  if (sensor.kind === 'part-time') return createSampledReader(options);
  return {
    read: (seconds) => [{ atSeconds: seconds, values: powerValues(power, sensor, seconds) }],
    forget: () => {},
  };
}

const powerValues = (power: PowerCurve, sensor: SimulatedSensor, seconds: number): Partial<SourceReading> => ({
  powerWatts: sensedWatts(power, sensor, seconds),
  powerWindowSeconds: windowSecondsOf(sensor),
  instantWatts: sensedInstantWatts(power, sensor, seconds),
});

/** At any moment a counter is half of its period old on the average, and so it is dated. */
function lookAtCounter(options: SensorReaderOptions, seconds: number, isEdge: boolean): readonly SensorLook[] {
  const updateSeconds = updateSecondsOf(options.sensor);
  const stepSeconds = renewedAtSeconds(seconds, updateSeconds);
  if (!isEdge || updateSeconds === 0)
    return [counted(options, { stepSeconds, atSeconds: seconds - updateSeconds / 2, lagSeconds: updateSeconds })];
  let polls = 1;
  while (renewedAtSeconds(seconds + polls * pollSeconds, updateSeconds) === stepSeconds) polls++;
  const atSeconds = seconds + (polls - 0.5) * pollSeconds;
  const nextStepSeconds = renewedAtSeconds(seconds + polls * pollSeconds, updateSeconds);
  const after = counted(options, { stepSeconds: nextStepSeconds, atSeconds, lagSeconds: pollSeconds });
  if (updateSeconds <= pollSeconds) return [after];
  return [counted(options, { stepSeconds, atSeconds: atSeconds - updateSeconds, lagSeconds: pollSeconds }), after];
}

function counted(
  { power, sensor, counting }: SensorReaderOptions,
  at: { readonly stepSeconds: number; readonly atSeconds: number; readonly lagSeconds: number },
): SensorLook {
  const beside = sensor.hasCounterAndSamples === true ? powerValues(power, sensor, at.atSeconds) : {};
  return {
    atSeconds: at.atSeconds,
    values: {
      ...beside,
      counterJoules: countedJoules(power, sensor, { ...counting, stepSeconds: at.stepSeconds }),
      counterRangeJoules: sensor.rangeJoules ?? null,
      counterLagSeconds: at.lagSeconds,
    },
  };
}

/** A reading is the mean of samples taken since the one before; the first one is a single sample. */
function createSampledReader({ power, sensor, random }: SensorReaderOptions): SensorReader {
  const spacingSeconds = updateSecondsOf(sensor) * (1 - spacingSpread * random());
  const sampleAt = (seconds: number): PowerSample => ({
    atMs: msFromSeconds(seconds),
    watts: sensedWatts(power, sensor, seconds),
  });
  const sampled = createSampledPower({
    sensorWindowSeconds: windowSecondsOf(sensor),
    spacingMs: msFromSeconds(spacingSeconds),
    updateMs: msFromSeconds(updateSecondsOf(sensor)),
  });
  let samples: PowerSample[] = [];
  let nextSeconds: number | null = null;
  return {
    read(seconds) {
      nextSeconds ??= seconds;
      for (; nextSeconds < seconds; nextSeconds += spacingSeconds) samples.push(sampleAt(nextSeconds));
      const newest = sampleAt(seconds);
      const taken = [...samples, newest];
      const mean = sampled.meanOf(taken);
      samples = [newest];
      return [
        {
          atSeconds: seconds,
          values: {
            powerWatts: mean?.watts ?? newest.watts,
            powerWindowSeconds: mean?.windowSeconds ?? 0,
            powerStandardErrorWatts: mean?.standardErrorWatts ?? 0,
            instantWatts: newest.watts,
            samples: taken,
            error: withOffset(errorOf(sensor), mean?.inStepErrorWatts ?? 0),
          },
        },
      ];
    },
    forget() {
      samples = [];
      nextSeconds = null;
    },
  };
}
