import type { MeterGap } from '../engine/energy/interval.ts';
import { stepMeter } from '../engine/energy/meter.ts';
import { initialMeter } from '../engine/energy/meter-state.ts';
import { mostWattsOf } from '../engine/energy/most-watts.ts';
import { addInterval, createRunLedger, runTotals } from '../engine/runs/run-ledger.ts';
import type { PowerCurve } from '../engine/sources/simulated/power-curve.ts';
import { errorOf, type SimulatedSensor } from '../engine/sources/simulated/sensor.ts';
import { createSensorReader } from '../engine/sources/simulated/sensor-reader.ts';
import type { SourceReading } from '../engine/sources/source.ts';
import type { Domain } from '../shared/model/domain.ts';
import { exampleGpu, exampleReading } from './examples.ts';
import { energyJoules, powerWatts, type Wave } from './fakes/waveform.mjs';

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
      periodMs: 1000,
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

const curveOf = (wave: Wave): PowerCurve => ({
  wattsAt: (seconds) => powerWatts(wave, seconds),
  joulesBetween: (fromSeconds, toSeconds) => energyJoules(wave, fromSeconds, toSeconds),
});

/** Reads a sensor of the simulated machine at these moments, and at the edges as a run's start and end are read. In the order of time. */
export function readSensorAt(options: {
  readonly wave: Wave;
  readonly sensor: SimulatedSensor;
  readonly moments: readonly number[];
  readonly edges?: readonly number[];
  readonly random: () => number;
}): readonly SourceReading[] {
  const { wave, sensor, moments, edges = [], random } = options;
  const counting = { fromSeconds: 0, resetsAtSeconds: [] };
  const reader = createSensorReader({ power: curveOf(wave), sensor, counting, random });
  const looks = [
    ...moments.flatMap((seconds) => reader.read(seconds, false)),
    ...edges.flatMap((seconds) => reader.read(seconds, true)),
  ].sort((a, b) => a.atSeconds - b.atSeconds);
  const domain: Domain = { ...gpu, provenance: sensor.kind === 'counter' ? 'counter' : 'sensor' };
  return looks.map(({ atSeconds, values }) =>
    exampleReading(atSeconds * 1000, { domain, error: errorOf(sensor), ...values }),
  );
}
