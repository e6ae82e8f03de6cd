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

/** As a stream of a tool gives them, from before the run's start to after its end. */
const everySecond = ({ fromSeconds, toSeconds }: Span, random: () => number): readonly number[] =>
  times({
    fromSeconds: fromSeconds - 3 + random(),
    toSeconds: toSeconds + 2,
    periodSeconds: 1.002,
    lateSeconds: 0.1,
    random,
  });

const errorOf = ({ joules, trueJoules }: RunOutcome): number => Math.abs(joules / trueJoules - 1);
const widthOf = ({ lowJoules, highJoules, joules }: RunOutcome): number => (highJoules - lowJoules) / joules;
const isInside = ({ lowJoules, highJoules, trueJoules }: RunOutcome): boolean =>
  lowJoules <= trueJoules && trueJoules <= highJoules;
const quantile = (values: readonly number[], ratio: number): number =>
  [...values].sort((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * ratio))] ?? Number.NaN;
const hitRatio = (outcomes: readonly RunOutcome[]): number => outcomes.filter(isInside).length / outcomes.length;

describe('a run of a minute by a sensor that averages over one second', () => {
  const outcomes = simulate((wave, span, random) => {
    const readings = readSensorAt({ wave, sensor: { kind: 'average-1s' }, moments: everySecond(span, random), random });
    return measure({ wave, ...span, readings });
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

describe('a run of a minute by a sensor that averages over one second, while others begin and end every few seconds', () => {
  const outcomes = simulate((wave, span, random) => {
    const edges = Array.from({ length: 24 }, () => span.fromSeconds + 60 * random());
    const moments = [...everySecond(span, random), span.fromSeconds, span.toSeconds, ...edges].sort((a, b) => a - b);
    return measure({
      wave,
      ...span,
      readings: readSensorAt({ wave, sensor: { kind: 'average-1s' }, moments, random }),
    });
  });

  it('is as right as alone', () => {
    expect(quantile(outcomes.map(errorOf), 0.5)).toBeLessThan(0.003);
    expect(quantile(outcomes.map(errorOf), 0.97)).toBeLessThan(0.01);
  });

  it('has bounds that hold the truth and are not wide', () => {
    expect(hitRatio(outcomes)).toBeGreaterThanOrEqual(0.98);
    expect(quantile(outcomes.map(widthOf), 0.5)).toBeLessThan(0.12);
  });
});

describe('a run of a few seconds by a sensor that averages over one second', () => {
  const outcomes = simulate((wave, { fromSeconds }, random) => {
    const span = { fromSeconds, toSeconds: fromSeconds + 1 + 4 * random() };
    const polled = Array.from({ length: 10 }, (_, i) => span.toSeconds + i / 10);
    const moments = [...everySecond(span, random), span.fromSeconds, ...polled].sort((a, b) => a - b);
    return measure({
      wave,
      ...span,
      readings: readSensorAt({ wave, sensor: { kind: 'average-1s' }, moments, random }),
    });
  });

  it('has bounds that hold the truth', () => expect(hitRatio(outcomes)).toBeGreaterThanOrEqual(0.95));
});

/** A load that begins and ends with its run, which nothing drew as much before. */
const loadOf = ({ fromSeconds, toSeconds }: Span, random: () => number): Wave => ({
  kind: 'square',
  lowWatts: 30 + 40 * random(),
  highWatts: 150 + 250 * random(),
  periodSeconds: fromSeconds,
  dutyRatio: (toSeconds - fromSeconds) / fromSeconds,
});

describe.each([
  { name: 'is read once a second', isReadOften: false },
  { name: 'is read ten times a second from soon after the start', isReadOften: true },
])('a load of seconds by a driver that knows means of a second alone and $name', ({ isReadOften }) => {
  const outcomes = simulate((_, __, random) => {
    const span = { fromSeconds: 1000, toSeconds: 1000 + 2 + 10 * random() };
    const wave = loadOf(span, random);
    const rows = everySecond(span, random);
    const between = Array.from({ length: 200 }, (___, i) => span.fromSeconds + 0.3 + 0.092 * i);
    const read = (moments: readonly number[]) =>
      readSensorAt({ wave, sensor: { kind: 'average-1s' }, moments, random }).map((reading) => ({
        ...reading,
        instantWatts: null,
        samples: [],
      }));
    const means = isReadOften ? read(between.filter((seconds) => seconds < span.toSeconds + 0.1)) : [];
    let beforeMs = 0;
    const readings = read(rows).map((reading) => {
      const earlierMeans = means
        .filter(({ atMs }) => atMs > beforeMs && atMs < reading.atMs)
        .map(({ atMs, powerWatts }) => ({ atMs, watts: powerWatts ?? 0 }));
      beforeMs = reading.atMs;
      return { ...reading, earlierMeans };
    });
    return measure({ wave, ...span, readings });
  });

  it('is as right as the pace allows, and its bounds hold the truth', () => {
    expect(hitRatio(outcomes)).toBeGreaterThanOrEqual(0.98);
    expect(quantile(outcomes.map(widthOf), 0.5)).toBeLessThan(0.25);
    expect(quantile(outcomes.map(errorOf), 0.5)).toBeLessThan(isReadOften ? 0.02 : 0.05);
  });
});

describe('a run of a minute by a sensor that sees 25 ms of every 100', () => {
  const outcomes = simulate((wave, span, random) => {
    const readings = readSensorAt({ wave, sensor: { kind: 'part-time' }, moments: everySecond(span, random), random });
    return measure({ wave, ...span, readings });
  });

  it('is within 5 % under loads that repeat at any pace', () =>
    expect(quantile(outcomes.map(errorOf), 0.99)).toBeLessThan(0.05));

  it('has bounds that hold the truth', () => {
    expect(hitRatio(outcomes)).toBeGreaterThanOrEqual(0.97);
    expect(quantile(outcomes.map(widthOf), 0.5)).toBeLessThan(0.25);
  });
});

/** Periods that are whole numbers of the sensor's updates: it sees the same few phases for as long as the load runs. */
describe.each([
  { periodSeconds: 0.2, held: 0.87 },
  { periodSeconds: 0.3, held: 0.93 },
  { periodSeconds: 0.5, held: 0.93 },
  { periodSeconds: 0.7, held: 0.95 },
  { periodSeconds: 1, held: 0.97 },
])('a load of $periodSeconds s in step with a sensor that sees 25 ms of every 100', ({ periodSeconds, held }) => {
  const shown = new Set<RunOutcome>();
  const outcomes = simulate((anyLoad, span, random) => {
    const wave: Wave = { ...anyLoad, kind: 'square', periodSeconds };
    const readings = readSensorAt({ wave, sensor: { kind: 'part-time' }, moments: everySecond(span, random), random });
    const outcome = measure({ wave, ...span, readings });
    const seenWatts = new Set(readings.flatMap((reading) => reading.samples.map((sample) => sample.watts)));
    if (seenWatts.size > 1) shown.add(outcome);
    return outcome;
  });

  it('has bounds that allow for what lies between the phases, where it shows as more than one power', () => {
    expect(shown.size).toBeGreaterThan(outcomes.length / 2);
    expect(hitRatio([...shown])).toBeGreaterThanOrEqual(held);
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

  it('is within 0.1 %, and nothing is missing but a wrap within the first burst of a load, which looks like a reset', () => {
    expect(quantile(outcomes.map(errorOf), 0.98)).toBeLessThan(0.001);
    const gaps = outcomes.flatMap((outcome) => outcome.gaps);
    expect(gaps.length).toBeLessThanOrEqual(outcomes.length / 100);
    for (const gap of gaps) expect(gap.toMs - gap.fromMs).toBeLessThan(100);
  });
});
