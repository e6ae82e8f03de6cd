import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { GapReason } from '../shared/model/domain.ts';
import type { RunDomain, RunReport } from '../shared/model/run.ts';
import { msFromSeconds } from '../shared/units.ts';
import {
  domainOf,
  exampleProcess,
  exampleSimulatedGpu,
  simulatedGpuId as gpuId,
  numberOf,
  openSimulatedWorld,
  type SimulatedWorld,
} from '../tests/simulated-world.ts';
import { type FaultKind, faultKinds, type SimulatedFault } from './sources/simulated/machine-config.ts';
import type { SimulatedSensor } from './sources/simulated/sensor.ts';

const [runFromSeconds, runToSeconds] = [10.3, 80.6];
/** The fault is on from just before the sample at 30 s to just before the one at 36 s: samples at 30 to 35 s are touched by it. */
const fault = { fromSeconds: 29.5, toSeconds: 35.5 } as const;
const lastGoodSeconds = 29;
const nextGoodSeconds = 36;
const mostWatts = 360;

let world: SimulatedWorld;
let opened: SimulatedWorld[] = [];
// A sampler waits for a hung driver by its own timers: they go on at once.
beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] }));
afterEach(async () => {
  vi.useRealTimers();
  await Promise.all(opened.map(({ engine }) => engine.close()));
  opened = [];
});

async function playRun(sensor: SimulatedSensor, faults: readonly SimulatedFault[]): Promise<RunReport> {
  world = await openSimulatedWorld({
    gpus: [exampleSimulatedGpu({ sensor })],
    processes: [exampleProcess()],
    faults,
    async around(tick) {
      await vi.advanceTimersByTimeAsync(1000);
      await tick;
    },
  });
  opened.push(world);
  await world.goTo(runFromSeconds);
  const runId = await world.start('train', 11);
  await world.goTo(runToSeconds);
  return world.stop(runId);
}

const trueBetween = (fromSeconds: number, toSeconds: number): number =>
  world.machine.devices[0]!.power.joulesBetween(fromSeconds, toSeconds);

const unbridgedSeconds = ({ gaps }: RunDomain): number =>
  gaps
    .filter((gap) => !gap.isBridged)
    .reduce((sum, gap) => sum + (Date.parse(gap.to) - Date.parse(gap.from)) / msFromSeconds(1), 0);

function expectSane(report: RunReport, gpu: RunDomain): void {
  for (const joules of [gpu.joules, gpu.runJoules, gpu.lowJoules, report.energy.totalJoules, report.energy.lowJoules])
    expect(numberOf(joules)).toBeGreaterThan(0);
  expect(numberOf(gpu.lowJoules)).toBeLessThanOrEqual(numberOf(gpu.joules));
  expect(numberOf(gpu.highJoules)).toBeGreaterThanOrEqual(numberOf(gpu.joules));
  // The GPU is the run's alone.
  expect(numberOf(gpu.runJoules)).toBeCloseTo(numberOf(gpu.joules), 6);
  // What was not measured is in the bounds.
  const trueJoules = trueBetween(runFromSeconds, runToSeconds);
  expect(numberOf(gpu.lowJoules)).toBeLessThanOrEqual(trueJoules + 1e-6);
  expect(numberOf(gpu.highJoules)).toBeGreaterThanOrEqual(trueJoules - 1e-6);
}

const counter: SimulatedSensor = { kind: 'counter', updateSeconds: 0 };
const both: SimulatedSensor = { kind: 'counter', updateSeconds: 0, hasCounterAndSamples: true };
const average: SimulatedSensor = { kind: 'average-1s' };
const partTime: SimulatedSensor = { kind: 'part-time' };

const faultsOf = (kinds: readonly FaultKind[]): readonly SimulatedFault[] =>
  kinds.map((kind) => ({ kind, domainId: kind === 'hang' ? null : gpuId, ...fault }));

describe('what a counter counted while nobody could read it', () => {
  it.each<{ readonly kind: FaultKind; readonly reason: GapReason; readonly sensor: SimulatedSensor }>([
    { kind: 'hang', reason: 'timeout', sensor: counter },
    { kind: 'hang', reason: 'timeout', sensor: both },
    { kind: 'failed-read', reason: 'failed', sensor: counter },
    { kind: 'not-available', reason: 'no-reading', sensor: counter },
    { kind: 'stream-ends', reason: 'no-reading', sensor: both },
  ])('is in the sum after: $kind', async ({ kind, reason, sensor }) => {
    const report = await playRun(sensor, faultsOf([kind]));
    const gpu = domainOf(report, gpuId);
    expectSane(report, gpu);
    expect(numberOf(gpu.joules)).toBeCloseTo(trueBetween(runFromSeconds, runToSeconds), 6);
    expect(gpu.coverage).toBeCloseTo(1, 9);
    expect(gpu.gaps.map((gap) => [gap.reason, gap.isBridged])).toEqual([[reason, true]]);
  });
});

describe('what nobody measured', () => {
  it.each<{ readonly kinds: readonly FaultKind[]; readonly reason: GapReason; readonly sensor: SimulatedSensor }>([
    { kinds: ['lost'], reason: 'lost', sensor: counter },
    { kinds: ['lost'], reason: 'lost', sensor: both },
    { kinds: ['lost'], reason: 'lost', sensor: average },
    { kinds: ['lost', 'counter-reset'], reason: 'lost', sensor: counter },
    { kinds: ['lost', 'counter-reset'], reason: 'lost', sensor: both },
    { kinds: ['hang'], reason: 'timeout', sensor: average },
    { kinds: ['hang'], reason: 'timeout', sensor: partTime },
    { kinds: ['failed-read'], reason: 'failed', sensor: average },
    { kinds: ['failed-read'], reason: 'failed', sensor: partTime },
    { kinds: ['not-available'], reason: 'no-reading', sensor: average },
    { kinds: ['stream-ends'], reason: 'no-reading', sensor: average },
    { kinds: ['stream-ends'], reason: 'no-reading', sensor: partTime },
  ])('is a gap and no energy after: $kinds by $sensor', async ({ kinds, reason, sensor }) => {
    const report = await playRun(sensor, faultsOf(kinds));
    const gpu = domainOf(report, gpuId);
    expectSane(report, gpu);
    // Samples know the rest to 5 %, and the second before the first good one is in that one's window.
    const isSampled = sensor.kind !== 'counter' || sensor.hasCounterAndSamples === true;
    const samplesJoules = sensor.kind === 'counter' ? 0 : 0.05 * numberOf(gpu.joules);
    const toleranceJoules = 1e-6 + samplesJoules + (isSampled ? mostWatts : 0);
    const outside = trueBetween(runFromSeconds, lastGoodSeconds) + trueBetween(nextGoodSeconds, runToSeconds);
    expect(numberOf(gpu.joules)).toBeLessThan(outside + toleranceJoules);
    expect(numberOf(gpu.joules)).toBeGreaterThan(outside - toleranceJoules);
    // 7 s lie between the good samples; a window of 1 s reaches into them.
    const seconds = unbridgedSeconds(gpu);
    expect(seconds).toBeGreaterThan(5.9);
    expect(seconds).toBeLessThan(7.1);
    expect(new Set(gpu.gaps.map((gap) => gap.reason))).toEqual(new Set([reason]));
    expect(gpu.coverage).toBeCloseTo(1 - seconds / (runToSeconds - runFromSeconds), 2);
  });
});

describe('a counter that begins anew', () => {
  it('leaves the second before as a gap where there is nothing but it', async () => {
    const report = await playRun(counter, faultsOf(['counter-reset']));
    const gpu = domainOf(report, gpuId);
    expectSane(report, gpu);
    // From the sample at 29 s to the one at 30 s.
    const outside = trueBetween(runFromSeconds, 29) + trueBetween(30, runToSeconds);
    expect(numberOf(gpu.joules)).toBeCloseTo(outside, 6);
    expect(gpu.gaps.map((gap) => [gap.reason, gap.isBridged])).toEqual([['reset', false]]);
    expect(unbridgedSeconds(gpu)).toBeCloseTo(1, 3);
  });

  it('has the power samples for that second where there are any', async () => {
    const report = await playRun(both, faultsOf(['counter-reset']));
    const gpu = domainOf(report, gpuId);
    expectSane(report, gpu);
    // The mean of the last second is that second's energy; it is given in hundredths of a watt.
    expect(Math.abs(numberOf(gpu.joules) - trueBetween(runFromSeconds, runToSeconds))).toBeLessThan(0.01);
    expect(gpu.gaps.map((gap) => [gap.reason, gap.isBridged])).toEqual([['reset', true]]);
    expect(gpu.coverage).toBeCloseTo(1, 9);
  });
});

describe('after a fault', () => {
  it.each<FaultKind>(['hang', 'lost', 'not-available', 'stream-ends', 'failed-read'])(
    'of the kind %s the device is shown and counted as before',
    async (kind) => {
      await playRun(both, faultsOf([kind]));
      const before = numberOf(world.engine.joulesSinceStart().get(gpuId));
      await world.goTo(90);
      const device = world.engine.live().devices[0];
      // From the run's end at 80.6 s to the sample at 90 s.
      expect(numberOf(world.engine.joulesSinceStart().get(gpuId)) - before).toBeCloseTo(trueBetween(80.6, 90), 6);
      expect(device?.powerWatts).toBeCloseTo(trueBetween(89, 90), 6);
      expect(device?.note).toBeNull();
      expect(world.engine.live().sources).toMatchObject({ answering: 1 });
    },
  );

  it('of a driver that hung for so long that it was left behind, its counter tells all of it', async () => {
    const report = await playRun(counter, [{ kind: 'hang', domainId: null, fromSeconds: 20.5, toSeconds: 65.5 }]);
    const gpu = domainOf(report, gpuId);
    expectSane(report, gpu);
    expect(numberOf(gpu.joules)).toBeCloseTo(trueBetween(runFromSeconds, runToSeconds), 6);
    expect(gpu.gaps.map((gap) => [gap.reason, gap.isBridged])).toEqual([['timeout', true]]);
  });

  it('without end a run that is stopped has its gap up to the end', async () => {
    const report = await playRun(average, [
      { kind: 'stream-ends', domainId: gpuId, fromSeconds: 60, toSeconds: Number.POSITIVE_INFINITY },
    ]);
    const gpu = domainOf(report, gpuId);
    expectSane(report, gpu);
    // The last sample is that of 59 s.
    expect(unbridgedSeconds(gpu)).toBeCloseTo(runToSeconds - 59, 2);
    expect(gpu.gaps.at(-1)?.to).toBe(report.run.endedAt);
  });
});

const anyFault = fc
  .record({
    kind: fc.constantFrom(...faultKinds),
    fromSeconds: fc.double({ min: 13, max: 60, noNaN: true }),
    lengthSeconds: fc.double({ min: 0.1, max: 15, noNaN: true }),
  })
  .map(
    ({ kind, fromSeconds, lengthSeconds }): SimulatedFault => ({
      kind,
      domainId: gpuId,
      fromSeconds,
      toSeconds: fromSeconds + lengthSeconds,
    }),
  );

describe('any faults at any time within a run', () => {
  it('make no energy, and none that is negative', async () => {
    const sensors = fc.constantFrom(counter, both, average, partTime);
    await fc.assert(
      fc.asyncProperty(sensors, fc.array(anyFault, { maxLength: 4 }), async (sensor, faults) => {
        const report = await playRun(sensor, faults);
        const gpu = domainOf(report, gpuId);
        const trueJoules = trueBetween(runFromSeconds, runToSeconds);
        expect(numberOf(gpu.joules)).toBeGreaterThanOrEqual(0);
        expect(numberOf(gpu.runJoules)).toBeCloseTo(numberOf(gpu.joules), 6);
        expect(numberOf(gpu.lowJoules)).toBeLessThanOrEqual(numberOf(gpu.joules));
        expect(numberOf(gpu.highJoules)).toBeGreaterThanOrEqual(numberOf(gpu.joules));
        // A power sample fills the second of a counter's reset to a hundredth of a watt; samples alone know what they see to 5 %, and a window reaches back.
        const toleranceJoules = sensor.kind === 'counter' ? 0.1 : 0.05 * trueJoules + mostWatts;
        expect(numberOf(gpu.joules)).toBeLessThan(trueJoules + toleranceJoules);
        expect(gpu.coverage).toBeLessThanOrEqual(1);
      }),
      { numRuns: 40 },
    );
  }, 30_000);
});
