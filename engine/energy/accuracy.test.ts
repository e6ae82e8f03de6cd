import { describe, expect, it } from 'vitest';
import type { Wave } from '../../tests/fakes/waveform.mjs';
import { measure, type RunOutcome, readSensorAt, times } from '../../tests/simulated-run.ts';
import { createRandom } from '../sources/simulated/random.ts';

const runCount = 300;

/** A load of spikes, steps or waves between 55 W and 400 W, of a period that fits nothing. */
function anyWave(random: () => number): Wave {
  const lowWatts = 55 + 60 * random();
  return {
    kind: (['square', 'sine', 'ramp'] as const)[Math.floor(random() * 3)] ?? 'square',
    lowWatts,
    highWatts: lowWatts + 100 + 190 * random(),
    periodSeconds: 0.15 + 12 * random() ** 2,
    dutyRatio: 0.1 + 0.8 * random(),
  };
}

/** Runs of about a minute that begin and end anywhere between two readings. */
function simulate(one: (wave: Wave, span: Span, random: () => number) => RunOutcome): readonly RunOutcome[] {
  return Array.from({ length: runCount }, (_, seed) => {
    const random = createRandom(seed + 1);
    const wave = anyWave(random);
    const fromSeconds = 100 + 10 * random();
    return one(wave, { fromSeconds, toSeconds: fromSeconds + 55 + 10 * random() }, random);
  });
}

interface Span {
  readonly fromSeconds: number;
  readonly toSeconds: number;
}

const errorOf = ({ joules, trueJoules }: RunOutcome): number => Math.abs(joules / trueJoules - 1);
const widthOf = ({ lowJoules, highJoules, joules }: RunOutcome): number => (highJoules - lowJoules) / joules;
const isInside = ({ lowJoules, highJoules, trueJoules }: RunOutcome): boolean =>
  lowJoules <= trueJoules && trueJoules <= highJoules;
const quantile = (values: readonly number[], ratio: number): number =>
  [...values].sort((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * ratio))] ?? Number.NaN;
const hitRatio = (outcomes: readonly RunOutcome[]): number => outcomes.filter(isInside).length / outcomes.length;

describe('a run of a minute by a sensor that averages over one second', () => {
  const outcomes = simulate((wave, { fromSeconds, toSeconds }, random) => {
    const moments = times({
      fromSeconds: fromSeconds - 3 + random(),
      toSeconds: toSeconds + 2,
      periodSeconds: 1.002,
      lateSeconds: 0.1,
      random,
    });
    const readings = readSensorAt({ wave, sensor: { kind: 'average-1s' }, moments, random });
    return measure({ wave, fromSeconds, toSeconds, readings });
  });

  it('is within 1 % in nearly every case', () => {
    expect(quantile(outcomes.map(errorOf), 0.5)).toBeLessThan(0.003);
    expect(quantile(outcomes.map(errorOf), 0.97)).toBeLessThan(0.01);
  });

  it('has bounds that hold the truth and are not wide', () => {
    expect(hitRatio(outcomes)).toBeGreaterThanOrEqual(0.98);
    expect(quantile(outcomes.map(widthOf), 0.5)).toBeLessThan(0.12);
  });
});

describe('a run of a minute by a sensor that sees 25 ms of every 100', () => {
  const outcomes = simulate((wave, { fromSeconds, toSeconds }, random) => {
    const moments = times({
      fromSeconds: fromSeconds - 3 + random(),
      toSeconds: toSeconds + 2,
      periodSeconds: 1.002,
      lateSeconds: 0.1,
      random,
    });
    const readings = readSensorAt({ wave, sensor: { kind: 'part-time' }, moments, random });
    return measure({ wave, fromSeconds, toSeconds, readings });
  });

  it('is within 5 % under loads that repeat at any pace', () =>
    expect(quantile(outcomes.map(errorOf), 0.99)).toBeLessThan(0.05));

  it('has bounds that hold the truth', () => {
    expect(hitRatio(outcomes)).toBeGreaterThanOrEqual(0.97);
    expect(quantile(outcomes.map(widthOf), 0.5)).toBeLessThan(0.25);
  });
});

describe.each([0.001, 0.02, 0.1])('a run of a minute by a counter that is renewed every %d s', (updateSeconds) => {
  const outcomes = simulate((wave, { fromSeconds, toSeconds }, random) => {
    const moments = times({
      fromSeconds: fromSeconds - 3 + random(),
      toSeconds: toSeconds + 2,
      periodSeconds: 1,
      lateSeconds: 0.05,
      random,
    });
    const sensor = { kind: 'counter', updateSeconds, hasCounterAndSamples: true } as const;
    const readings = readSensorAt({ wave, sensor, moments, edges: [fromSeconds, toSeconds], random });
    return measure({ wave, fromSeconds, toSeconds, readings });
  });

  it('is within 0.1 %', () => expect(quantile(outcomes.map(errorOf), 0.98)).toBeLessThan(0.001));

  it('has bounds that hold the truth, 2 % wide at most', () => {
    expect(hitRatio(outcomes)).toBeGreaterThanOrEqual(0.97);
    expect(quantile(outcomes.map(widthOf), 0.5)).toBeLessThan(0.02);
  });
});

describe('a run of a minute by a counter that wraps twice a second', () => {
  const outcomes = simulate((wave, { fromSeconds, toSeconds }, random) => {
    const moments = times({
      fromSeconds: fromSeconds - 1 + 0.1 * random(),
      toSeconds: toSeconds + 1,
      periodSeconds: 0.06,
      lateSeconds: 0.03,
      random,
    });
    const sensor = { kind: 'counter', updateSeconds: 0.001, rangeJoules: 120 } as const;
    const readings = readSensorAt({ wave, sensor, moments, random });
    return measure({ wave, fromSeconds, toSeconds, readings });
  });

  it('is within 0.1 %, and nothing is missing', () => {
    expect(quantile(outcomes.map(errorOf), 0.98)).toBeLessThan(0.001);
    for (const outcome of outcomes) expect(outcome.gaps).toEqual([]);
  });
});
