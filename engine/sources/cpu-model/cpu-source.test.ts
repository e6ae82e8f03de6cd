import { describe, expect, it } from 'vitest';
import { exampleContext } from '../../../tests/examples.ts';
import { createFakeClock } from '../../clock/fake-clock.ts';
import { createLocalMachine } from '../../machine/local-machine.ts';
import type { CpuTimes, Machine, MachineFacts } from '../../machine/machine.ts';
import type { Source, SourceReading } from '../source.ts';
import { assumedPartBounds, bothEndsBounds, fullEndBounds, knownPartBounds } from './cpu-bounds.ts';
import { cpuCalibrationKey } from './cpu-calibration.ts';
import { createCpuModelDefinition } from './cpu-source.ts';

const signal = new AbortController().signal;

/** A machine with an EPYC 7763 whose CPU times are what the test says. */
function createWorld(change: Partial<MachineFacts> = {}) {
  const clock = createFakeClock(1_700_000_000_000, 0);
  const learned = new Map<string, unknown>();
  const state: { times: CpuTimes | null } = { times: { busySeconds: 0, totalSeconds: 0 } };
  const machine: Machine = {
    ...createLocalMachine('/nowhere', '/nowhere'),
    readCpuTimes: () => state.times,
    facts: async () => ({
      hostName: 'box',
      osLabel: 'Linux',
      cpuName: 'AMD EPYC 7763 64-Core Processor',
      threads: 128,
      physicalCores: 64,
      sockets: 1,
      baseGhz: null,
      isVirtual: false,
      memoryBytes: 2 ** 36,
      ...change,
    }),
  };
  const definition = createCpuModelDefinition(machine);
  const context = exampleContext(clock, {}, learned);
  const probe = () => definition.probe(context);
  return {
    state,
    learned,
    probe,
    async open(): Promise<Source> {
      const found = await probe();
      if (found.kind !== 'available') throw new Error(found.reason);
      return found.open();
    },
    /** A second, or as many, in which that share of 128 threads was busy. */
    pass(loadRatio: number, seconds = 1) {
      clock.advance(seconds * 1000);
      const { busySeconds, totalSeconds } = state.times ?? { busySeconds: 0, totalSeconds: 0 };
      state.times = {
        busySeconds: busySeconds + 128 * loadRatio * seconds,
        totalSeconds: totalSeconds + 128 * seconds,
      };
    },
  };
}

const only = (readings: readonly SourceReading[]): SourceReading => {
  const [reading] = readings;
  if (reading === undefined || readings.length !== 1) throw new Error(`${readings.length} readings`);
  return reading;
};

describe('the CPU model as a source', () => {
  it('gives the mean load since the last read, and the watts that belong to it', async () => {
    const world = createWorld();
    const source = await world.open();
    world.pass(1, 2);
    // 0.0924 × 280 W + 2.9129 W × 156.8 = 25.872 W + 456.74272 W.
    const reading = only(await source.read(signal));
    expect(reading.powerWatts).toBeCloseTo(482.614_72, 6);
    expect(reading).toMatchObject({ atMs: 2000, powerWindowSeconds: 2, utilizationRatio: 1, counterJoules: null });
    expect(reading.idleWatts).toBeCloseTo(25.872, 9);
    expect(reading.domain).toMatchObject({ id: 'cpu:0', provenance: 'model', source: 'cpu-model' });
  });

  it('has bounds that narrow as the load rises', async () => {
    const world = createWorld();
    const source = await world.open();
    world.pass(0.02);
    expect(only(await source.read(signal)).error).toEqual(knownPartBounds.idle);
    world.pass(0.5);
    expect(only(await source.read(signal)).error).toEqual(knownPartBounds.partial);
    world.pass(0.9);
    expect(only(await source.read(signal)).error).toEqual(knownPartBounds.high);
  });

  it('marks a guest whose part is hidden as assumed', async () => {
    const world = createWorld({ cpuName: 'AMD EPYC Processor', isVirtual: true });
    const source = await world.open();
    world.pass(0.5);
    const reading = only(await source.read(signal));
    expect(reading.domain.provenance).toBe('assumed');
    expect(reading.error).toEqual(assumedPartBounds.partial);
  });

  it('says nothing where no time has passed, the load is hidden or the counters fell back, and goes on from there', async () => {
    const world = createWorld();
    const source = await world.open();
    expect(await source.read(signal)).toEqual([]);
    world.pass(1);
    const before = world.state.times;
    world.state.times = null;
    expect(await source.read(signal)).toEqual([]);
    world.state.times = before;
    expect(only(await source.read(signal)).utilizationRatio).toBe(1);
    world.state.times = { busySeconds: 1, totalSeconds: 2 };
    expect(await source.read(signal)).toEqual([]);
    world.pass(0.25);
    // The window goes back to the last reading: one second of it was before the counters fell.
    expect(only(await source.read(signal))).toMatchObject({ utilizationRatio: 0.25 });
  });

  it('lets no energy be lost or counted twice across a read without a reading', async () => {
    const world = createWorld();
    const source = await world.open();
    const windows: number[] = [];
    for (const seconds of [1, 3]) {
      world.pass(0.5, seconds);
      windows.push(only(await source.read(signal)).powerWindowSeconds);
      expect(await source.read(signal)).toEqual([]);
    }
    expect(windows).toEqual([1, 3]);
  });

  it('is not available where the load cannot be read', async () => {
    const world = createWorld();
    world.state.times = null;
    expect(await world.probe()).toMatchObject({ kind: 'unavailable', isMendable: false });
  });
});

describe('the CPU model on a calibrated machine', () => {
  const ends = { idleWatts: 28, fullWatts: 156, isIdleMeasured: true };

  it('runs between the two ends that were measured, with narrower bounds', async () => {
    const world = createWorld({ cpuName: 'AMD EPYC Processor', isVirtual: true });
    world.learned.set(cpuCalibrationKey, ends);
    const source = await world.open();
    // 28 W + 128 W × (2/32 − 1/128) = 35 W.
    world.pass(1 / 32);
    const reading = only(await source.read(signal));
    expect(reading.powerWatts).toBeCloseTo(35, 9);
    expect(reading).toMatchObject({ idleWatts: 28, error: bothEndsBounds.idle });
    expect(reading.domain.provenance).toBe('model');
    expect(await world.probe()).toMatchObject({ how: expect.stringContaining('28 W idle, 156 W at full load') });
  });

  it('has the bounds of an idle model where full power alone was measured', async () => {
    const world = createWorld();
    world.learned.set(cpuCalibrationKey, { idleWatts: 28, fullWatts: 156 });
    const source = await world.open();
    world.pass(0);
    expect(only(await source.read(signal))).toMatchObject({ powerWatts: 28, error: knownPartBounds.idle });
    world.pass(1);
    expect(only(await source.read(signal))).toMatchObject({ powerWatts: 156, error: fullEndBounds.high });
    expect(await world.probe()).toMatchObject({ how: expect.stringContaining('28 W idle (the model’s)') });
  });

  it('takes a calibration up within ten seconds of its being made, without being opened again', async () => {
    const world = createWorld();
    const source = await world.open();
    world.learned.set(cpuCalibrationKey, ends);
    world.pass(1, 9);
    expect(only(await source.read(signal)).powerWatts).toBeGreaterThan(400);
    world.pass(1);
    expect(only(await source.read(signal)).powerWatts).toBe(156);
    world.learned.delete(cpuCalibrationKey);
    world.pass(1, 10);
    expect(only(await source.read(signal)).powerWatts).toBeGreaterThan(400);
  });

  it.each([
    null,
    'x',
    { idleWatts: 28 },
    { idleWatts: 156, fullWatts: 28 },
    { idleWatts: 28, fullWatts: 28 },
    { idleWatts: -1, fullWatts: 28 },
    { idleWatts: 28, fullWatts: Number.POSITIVE_INFINITY },
    { idleWatts: 28, fullWatts: 1e9 },
    { idleWatts: null, fullWatts: 156 },
    { idleWatts: 28, fullWatts: 156, isIdleMeasured: 'yes' },
  ])('pays no heed to %j', async (kept) => {
    const world = createWorld();
    world.learned.set(cpuCalibrationKey, kept);
    const source = await world.open();
    world.pass(1);
    expect(only(await source.read(signal)).powerWatts).toBeGreaterThan(400);
  });
});
