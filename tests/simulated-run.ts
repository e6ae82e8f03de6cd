import { meanOfSamples } from '../engine/energy/mean-power.ts';
import { initialMeter, type MeterGap, stepMeter } from '../engine/energy/meter.ts';
import { mostWattsOf } from '../engine/energy/most-watts.ts';
import { addInterval, createRunLedger, runTotals } from '../engine/runs/run-ledger.ts';
import { nvidiaPartTimeError, nvidiaPowerError } from '../engine/sources/nvidia/nvidia-facts.ts';
import type { SourceReading } from '../engine/sources/source.ts';
import { exampleGpu, exampleReading } from './examples.ts';
import { energyJoules, readSensor, type Wave } from './fakes/waveform.mjs';

/** Numbers that look random and are the same at every start: mulberry32. */
export function createRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

export interface RunOutcome {
  readonly trueJoules: number;
  readonly joules: number;
  readonly lowJoules: number;
  readonly highJoules: number;
  readonly coverage: number;
  readonly gaps: readonly MeterGap[];
}

export interface SimulatedRun {
  readonly wave: Wave;
  readonly fromSeconds: number;
  readonly toSeconds: number;
  /** In the order of time, from before the run's start to after its end. */
  readonly readings: readonly SourceReading[];
}

const gpu = exampleGpu({ limitWatts: 400 });

/** One run through meter and ledger in virtual time, against the closed form of its power. */
export function measure({ wave, fromSeconds, toSeconds, readings }: SimulatedRun): RunOutcome {
  const ledger = createRunLedger();
  const run = { startMs: fromSeconds * 1000, endMs: toSeconds * 1000 };
  const gaps: MeterGap[] = [];
  let state = initialMeter;
  for (const reading of readings) {
    const step = stepMeter(state, reading, {
      longestStepMs: 2500,
      longestBridgeMs: 600_000,
      maxWatts: mostWattsOf(gpu),
    });
    state = step.state;
    gaps.push(...step.gaps);
    for (const interval of step.intervals) {
      addInterval(ledger, interval, run);
      const totals = ledger.domains.get(gpu.id);
      // The GPU is the run's alone: its share is the whole.
      if (totals !== undefined)
        ledger.domains.set(gpu.id, {
          ...totals,
          runJoules: totals.joules,
          runLowJoules: totals.lowJoules,
          runHighJoules: totals.highJoules,
        });
    }
  }
  const totals = runTotals(ledger, new Map([[gpu.id, gpu]]), toSeconds - fromSeconds);
  return {
    trueJoules: energyJoules(wave, fromSeconds, toSeconds),
    joules: totals.totalJoules ?? Number.NaN,
    lowJoules: totals.lowJoules ?? Number.NaN,
    highJoules: totals.highJoules ?? Number.NaN,
    coverage: totals.coverage,
    gaps,
  };
}

/** Moments about a period apart, as a stream of a tool gives them on a busy machine: late by up to `lateSeconds`, now and then. */
export function times(options: {
  readonly fromSeconds: number;
  readonly toSeconds: number;
  readonly periodSeconds: number;
  readonly lateSeconds: number;
  readonly random: () => number;
}): readonly number[] {
  const { fromSeconds, toSeconds, periodSeconds, lateSeconds, random } = options;
  const count = Math.ceil((toSeconds - fromSeconds) / periodSeconds);
  return Array.from({ length: count }, (_, i) => fromSeconds + i * periodSeconds + lateSeconds * random() ** 4);
}

export function averageReading(wave: Wave, seconds: number): SourceReading {
  const sensed = readSensor(wave, { kind: 'average-1s' }, seconds);
  return exampleReading(seconds * 1000, {
    domain: { ...gpu, provenance: 'sensor' },
    error: nvidiaPowerError,
    powerWatts: Math.round((sensed.averageWatts ?? 0) * 100) / 100,
    powerWindowSeconds: 1,
    instantWatts: Math.round((sensed.instantWatts ?? 0) * 100) / 100,
  });
}

/** A reading each second that is the mean of samples of a sensor which sees 25 ms of every 100. */
export function partTimeReadings(
  wave: Wave,
  moments: readonly number[],
  random: () => number,
): readonly SourceReading[] {
  const watts = (seconds: number): number => readSensor(wave, { kind: '25ms-per-100ms' }, seconds).drawWatts ?? 0;
  const spacingSeconds = 0.1 * (1 - 0.15 * random());
  let samples: { readonly atMs: number; readonly watts: number }[] = [];
  let nextSeconds = moments[0] ?? 0;
  return moments.map((seconds) => {
    for (; nextSeconds < seconds; nextSeconds += spacingSeconds)
      samples.push({ atMs: nextSeconds * 1000, watts: watts(nextSeconds) });
    const newest = { atMs: seconds * 1000, watts: watts(seconds) };
    const mean = meanOfSamples([...samples, newest], { sensorWindowSeconds: 0.025, spacingMs: spacingSeconds * 1000 });
    samples = [newest];
    return exampleReading(seconds * 1000, {
      domain: { ...gpu, provenance: 'sensor' },
      error: nvidiaPartTimeError,
      powerWatts: mean?.watts ?? newest.watts,
      powerWindowSeconds: mean?.windowSeconds ?? 0,
      powerStandardErrorWatts: mean?.standardErrorWatts ?? 0,
      instantWatts: newest.watts,
    });
  });
}

interface CounterOptions {
  readonly updateSeconds: number;
  readonly rangeJoules?: number;
}

/** A counter that the driver renews every `updateSeconds`, read at any moment: it is half of that old on the average, and so it is dated. */
export function counterReading(wave: Wave, seconds: number, options: CounterOptions): SourceReading {
  const { updateSeconds } = options;
  const stepSeconds = Math.floor(seconds / updateSeconds + 1e-9) * updateSeconds;
  return counted(wave, { stepSeconds, atSeconds: seconds - updateSeconds / 2, lagSeconds: updateSeconds }, options);
}

/** The counter at a run's edge: its value before and after the step that comes next, each at its own moment, to the 4 ms between two looks. */
export function edgeReadings(
  wave: Wave,
  seconds: number,
  options: CounterOptions & { readonly random: () => number },
): readonly SourceReading[] {
  const { updateSeconds, random } = options;
  const beforeSeconds = Math.floor(seconds / updateSeconds + 1e-9) * updateSeconds;
  return [beforeSeconds, beforeSeconds + updateSeconds].map((stepSeconds) =>
    counted(wave, { stepSeconds, atSeconds: stepSeconds + 0.004 * (random() - 0.5), lagSeconds: 0.004 }, options),
  );
}

function counted(
  wave: Wave,
  at: { readonly stepSeconds: number; readonly atSeconds: number; readonly lagSeconds: number },
  { rangeJoules }: CounterOptions,
): SourceReading {
  const joules = 50_000 + energyJoules(wave, 0, at.stepSeconds);
  return exampleReading(at.atSeconds * 1000, {
    domain: gpu,
    counterJoules: rangeJoules === undefined ? joules : joules % rangeJoules,
    counterRangeJoules: rangeJoules ?? null,
    counterLagSeconds: at.lagSeconds,
    instantWatts: rangeJoules === undefined ? readSensor(wave, { kind: 'instant' }, at.atSeconds).drawWatts : null,
  });
}
