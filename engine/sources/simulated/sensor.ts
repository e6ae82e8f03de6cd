import { nvidiaPartTimeError, nvidiaPowerError } from '../nvidia/nvidia-facts.ts';
import type { SensorError } from '../source.ts';
import { meanWattsOf, type PowerCurve } from './power-curve.ts';

/**
 * average-1s: the mean of the last second, renewed every 0.1 s (Ampere but GA100, Ada, Hopper). part-time: 25 ms of every 100 (GA100), sampled between two
 * readings as often as it is renewed. instant: one sample a reading (`nvidia-smi` on Turing and before). counter: energy, renewed every 0.1 s.
 */
export type SensorKind = 'average-1s' | 'part-time' | 'instant' | 'counter';

export interface SimulatedSensor {
  readonly kind: SensorKind;
  /** How often its value is renewed; 0: whenever it is read. Default: 0.1. */
  readonly updateSeconds?: number;
  /** What part of the time before a renewal its power is the mean of; 0: an instant. Default by kind: 1, 0.025, 0, and 1 for samples beside a counter. */
  readonly windowSeconds?: number;
  /** The value at which the counter starts again from 0. */
  readonly rangeJoules?: number;
  /** Its power over the true one: an error that no software removes. A counter itself counts truly. */
  readonly gainRatio?: number;
  /** A counter beside which there is power too. */
  readonly hasCounterAndSamples?: boolean;
  /** What the product is told of its error. Default: NVIDIA's, by kind. */
  readonly error?: SensorError;
}

export const usualUpdateSeconds = 0.1;

const usualWindowSeconds: Readonly<Record<SensorKind, number>> = {
  'average-1s': 1,
  'part-time': 0.025,
  instant: 0,
  counter: 1,
};

export const updateSecondsOf = (sensor: SimulatedSensor): number => sensor.updateSeconds ?? usualUpdateSeconds;
export const windowSecondsOf = (sensor: SimulatedSensor): number =>
  sensor.windowSeconds ?? usualWindowSeconds[sensor.kind];

export function errorOf(sensor: SimulatedSensor): SensorError {
  if (sensor.error !== undefined) return sensor.error;
  if (sensor.kind === 'counter') return { lowRatio: 1, highRatio: 1, offsetWatts: 0 };
  return sensor.kind === 'average-1s' ? nvidiaPowerError : nvidiaPartTimeError;
}

/** So much of a period may be lost in sums of decimal fractions. */
const roundingRatio = 1e-9;

/** The last moment at which something that is renewed every `updateSeconds` was; 0: right now. */
export const renewedAtSeconds = (seconds: number, updateSeconds: number): number =>
  updateSeconds > 0 ? Math.floor(seconds / updateSeconds + roundingRatio) * updateSeconds : seconds;

/** Drivers and tools give power with two decimals. */
const inHundredths = (watts: number): number => Math.round(watts * 100) / 100;

/** What the sensor's window held at its last renewal, in watts. */
export function sensedWatts(power: PowerCurve, sensor: SimulatedSensor, seconds: number): number {
  const renewedSeconds = renewedAtSeconds(seconds, updateSecondsOf(sensor));
  const watts = meanWattsOf(power, renewedSeconds - windowSecondsOf(sensor), renewedSeconds);
  return inHundredths(watts * (sensor.gainRatio ?? 1));
}

/** Power at the last renewal, in watts: the mean of the shortest window that the sensor has. */
export function sensedInstantWatts(power: PowerCurve, sensor: SimulatedSensor, seconds: number): number {
  const isShort = windowSecondsOf(sensor) < 1;
  return sensedWatts(power, isShort ? sensor : { ...sensor, windowSeconds: 0 }, seconds);
}

/** Of what a counter counts. */
export interface Counting {
  readonly fromSeconds: number;
  /** When the driver was loaded anew: it counts from 0 since then. */
  readonly resetsAtSeconds: readonly number[];
}

/** The counter's value as it was renewed at `stepSeconds`. */
export function countedJoules(
  power: PowerCurve,
  { rangeJoules }: SimulatedSensor,
  at: Counting & { readonly stepSeconds: number },
): number {
  const resetSeconds = at.resetsAtSeconds.filter((seconds) => seconds <= at.stepSeconds).at(-1);
  const joules = power.joulesBetween(resetSeconds ?? at.fromSeconds, at.stepSeconds);
  return rangeJoules === undefined ? joules : joules % rangeJoules;
}
