import { describe, expect, it } from 'vitest';
import { exampleContext } from '../../../tests/examples.ts';
import { createFakeClock, type FakeClock } from '../../clock/fake-clock.ts';
import type { Source, SourceReading } from '../source.ts';
import type { SimulatedFault, SimulatedMachineOptions } from './machine-config.ts';
import { curveOfWave } from './power-curve.ts';
import { createSimulatedMachine, type SimulatedMachine } from './simulated-machine.ts';
import { createTruth } from './truth.ts';
import { constantPower } from './waveform.ts';

const openedAtMs = Date.UTC(2026, 0, 15, 12);
const gpuId = 'gpu:GPU-0';
const forever = Number.POSITIVE_INFINITY;

const gpu = {
  uuid: 'GPU-0',
  name: 'Simulated 1',
  limitWatts: 400,
  memoryTotalBytes: 1000,
  power: curveOfWave(constantPower(200)),
  idleWatts: 50,
  sensor: { kind: 'counter', updateSeconds: 0, hasCounterAndSamples: true },
  processes: [
    { pid: 11, name: 'python', memoryUsedBytes: 300, smRatio: 0.6, fromSeconds: 5, toSeconds: 15 },
    { pid: 12, name: null, memoryUsedBytes: 100, smRatio: 0.2, fromSeconds: 0, toSeconds: forever },
  ],
} as const;

const processes = [
  { pid: 11, cpuRatio: 0.25, residentBytes: 10, fromSeconds: 5, toSeconds: 15 },
  { pid: 21, parentPid: 11, cpuRatio: 0.1, residentBytes: 20, fromSeconds: 6, toSeconds: 8 },
  { pid: 12, cpuRatio: 0.05, residentBytes: 40, fromSeconds: 0, toSeconds: forever },
];

interface World {
  readonly clock: FakeClock;
  readonly simulated: SimulatedMachine;
  readonly source: Source;
  /** Goes to that second and reads. */
  readAt(seconds: number): Promise<readonly SourceReading[]>;
}

async function openWorld(
  faults: readonly SimulatedFault[] = [],
  change: Partial<SimulatedMachineOptions> = {},
): Promise<World> {
  const clock = createFakeClock(openedAtMs);
  const simulated = createSimulatedMachine({
    clock,
    openedAtUnixMs: openedAtMs,
    gpus: [gpu],
    processes,
    faults,
    ...change,
  });
  const probe = await simulated.definition.probe(exampleContext(clock));
  if (probe.kind !== 'available') throw new Error(probe.reason);
  const source = await probe.open();
  return {
    clock,
    simulated,
    source,
    async readAt(seconds) {
      clock.advance(openedAtMs + seconds * 1000 - clock.unixMs());
      return source.read(new AbortController().signal);
    },
  };
}

describe('a simulated machine', () => {
  it('says what it is made of', async () => {
    const { simulated } = await openWorld();
    expect(simulated.definition.descriptor).toMatchObject({
      id: 'simulated',
      measures: '1 made-up GPU',
      isSimulated: true,
    });
  });

  it('reads its GPU: counter, power, processes and what follows from them', async () => {
    const { clock, readAt } = await openWorld();
    const [reading] = await readAt(7);
    expect(reading).toMatchObject({
      atMs: clock.monotonicMs(),
      // 7 s at 200 W.
      counterJoules: 1400,
      powerWatts: 200,
      utilizationRatio: 0.8,
      memoryUsedBytes: 400,
      processesAtMs: clock.monotonicMs(),
      missing: null,
    });
    expect(reading?.processes?.map(({ pid, smRatio }) => [pid, smRatio])).toEqual([
      [11, 0.6],
      [12, 0.2],
    ]);
  });

  it('gives a process’s SM share over the last second, as drivers do', async () => {
    const { readAt } = await openWorld();
    const [reading] = await readAt(5.25);
    // On for a quarter of that second: 0.25 × 0.6.
    expect(reading?.processes?.[0]).toMatchObject({ pid: 11, smRatio: 0.15 });
    const [after] = await readAt(15);
    expect(after?.processes?.map((process) => process.pid)).toEqual([12]);
  });

  it('has the CPU time and the trees of its processes', async () => {
    const { simulated, readAt } = await openWorld([], { facts: { threads: 10 } });
    await readAt(9);
    // Of 10 threads: 0.25 for 4 s, the child's 0.1 for 2 s, 0.05 for 9 s.
    expect(simulated.machine.readTree(11)?.cpuSeconds).toBeCloseTo(10 * (1 + 0.2), 9);
    expect(simulated.machine.readCpuTimes()?.busySeconds).toBeCloseTo(10 * (1 + 0.2 + 0.45), 9);
    // The child has ended; its time is its parent's.
    expect(simulated.machine.readTree(11)?.pids).toEqual(new Set([11]));
    await readAt(16);
    expect(simulated.machine.readTree(11)).toBeNull();
    expect([11, 12, 99].map((pid) => simulated.machine.hasProcess(pid))).toEqual([true, true, false]);
  });

  it('goes by the monotonic clock: a step of the wall clock draws nothing', async () => {
    const { clock, source, readAt } = await openWorld();
    await readAt(7);
    clock.stepUnix(3_600_000);
    const [reading] = await source.read(new AbortController().signal);
    expect(reading?.counterJoules).toBe(1400);
  });

  it('knows its true energy, and no domain that is not its own', async () => {
    const { simulated } = await openWorld();
    expect(simulated.trueJoules(gpuId, openedAtMs + 1000, openedAtMs + 3500)).toBe(500);
    expect(() => simulated.trueJoules('cpu:0', 0, 1)).toThrow('cpu:0');
  });
});

describe('a fault', () => {
  const during = { domainId: gpuId, fromSeconds: 10, toSeconds: 12 } as const;

  it.each([
    ['lost', 'lost'],
    ['failed-read', 'failed'],
  ] as const)('of the kind %s is a reading without values while it is on', async (kind, reason) => {
    const { readAt } = await openWorld([{ kind, ...during }]);
    expect((await readAt(9.9))[0]).toMatchObject({ missing: null, counterJoules: 1980 });
    expect((await readAt(10))[0]).toMatchObject({ missing: { reason }, counterJoules: null, processes: null });
    expect((await readAt(12))[0]).toMatchObject({ missing: null, counterJoules: 2400 });
  });

  it('not-available leaves out energy and power alone', async () => {
    const { readAt } = await openWorld([{ kind: 'not-available', ...during }]);
    const [reading] = await readAt(11);
    expect(reading).toMatchObject({ counterJoules: null, powerWatts: null, instantWatts: null, utilizationRatio: 0.8 });
  });

  it('stream-ends gives nothing at all, of its domain', async () => {
    const { readAt } = await openWorld([{ kind: 'stream-ends', ...during }], {
      gpus: [gpu, { ...gpu, uuid: 'GPU-1' }],
    });
    expect((await readAt(11)).map((reading) => reading.domain.id)).toEqual(['gpu:GPU-1']);
    expect(await readAt(12)).toHaveLength(2);
  });

  it('counter-reset lets the counter begin anew', async () => {
    const { readAt } = await openWorld([{ kind: 'counter-reset', ...during }]);
    expect((await readAt(9.5))[0]?.counterJoules).toBe(1900);
    // Half a second and three since.
    expect((await readAt(10.5))[0]?.counterJoules).toBe(100);
    expect((await readAt(13))[0]?.counterJoules).toBe(600);
  });

  it('hang holds a read up until it is over', async () => {
    const { clock, source, readAt } = await openWorld([{ kind: 'hang', ...during }]);
    await readAt(9.9);
    clock.advance(600);
    let readings: readonly SourceReading[] | null = null;
    const reading = source.read(new AbortController().signal).then((read) => {
      readings = read;
    });
    clock.advance(1000);
    await new Promise((resolve) => setImmediate(resolve));
    expect(readings).toBeNull();
    clock.advance(600);
    await reading;
    expect(readings).toMatchObject([{ counterJoules: 2420, missing: null }]);
  });

  it('hang lets go of a read that is aborted', async () => {
    const { clock, source } = await openWorld([{ kind: 'hang', domainId: null, fromSeconds: 0, toSeconds: forever }]);
    clock.advance(1000);
    const abort = new AbortController();
    const reading = source.read(abort.signal);
    abort.abort();
    expect(await reading).toEqual([]);
  });
});

describe('the truth beside runs', () => {
  const reportOf = (id: string, fromSeconds: number, durationSeconds: number) => ({
    run: { id, startedAt: new Date(openedAtMs + fromSeconds * 1000).toISOString(), durationSeconds },
  });
  const truthsOf = (simulated: SimulatedMachine, runs: readonly (readonly [string, number, number, number])[]) =>
    createTruth(simulated).of(
      runs.map(([id, pid, from, duration]) => ({ report: reportOf(id, from, duration), rootPids: [pid] })),
    );

  it('divides a GPU’s idle part equally among its users and the rest by SM share', async () => {
    const { simulated } = await openWorld();
    const truths = truthsOf(simulated, [
      ['a', 11, 0, 20],
      ['b', 12, 0, 20],
    ]);
    // Until 5 s and from 15 s on the second is alone: 10 s × 200 W. In between 50 W are halved and 150 W go 3 to 1.
    expect(truths.get('a')?.domains.get(gpuId)?.trueJoules).toBe(4000);
    expect(truths.get('a')?.domains.get(gpuId)?.trueRunJoules).toBeCloseTo(250 + 1125, 9);
    expect(truths.get('b')?.domains.get(gpuId)?.trueRunJoules).toBeCloseTo(2000 + 250 + 375, 9);
    expect(truths.get('a')?.trueRunJoules).toBeCloseTo(1375, 9);
  });

  it('leaves to nobody what a process of no run did', async () => {
    const { simulated } = await openWorld();
    // 10 s with both: all 50 W idle, and three quarters of 150 W. Before and after it has no process there.
    expect(truthsOf(simulated, [['a', 11, 0, 20]]).get('a')?.trueRunJoules).toBeCloseTo(500 + 1125, 9);
  });

  it('divides equally where the driver does not tell who did what', async () => {
    const untold = { ...gpu, processes: gpu.processes.map((process) => ({ ...process, smRatio: null })) };
    const { simulated } = await openWorld([], { gpus: [untold] });
    const truths = truthsOf(simulated, [
      ['a', 11, 5, 10],
      ['b', 12, 5, 10],
    ]);
    expect([...truths.values()].map((truth) => truth.trueRunJoules)).toEqual([1000, 1000]);
  });

  it('divides a CPU’s idle part among all runs that are on, and the rest by the CPU time of their trees', async () => {
    const cpu = {
      name: 'Simulated CPU',
      limitWatts: 100,
      power: curveOfWave(constantPower(90)),
      idleWatts: 30,
      sensor: { kind: 'counter' },
    } as const;
    const { simulated } = await openWorld([], { gpus: [], cpus: [cpu], backgroundRatio: 0.1 });
    const truths = truthsOf(simulated, [
      ['a', 11, 6, 2],
      ['b', 12, 6, 2],
    ]);
    // From 6 to 8 s busy: 0.25 + 0.1 of a's tree, 0.05 of b, 0.1 of nobody: 0.7, 0.1 and 0.2 of 120 J active; 60 J idle are halved.
    expect(truths.get('a')?.trueRunJoules).toBeCloseTo(30 + 84, 9);
    expect(truths.get('b')?.trueRunJoules).toBeCloseTo(30 + 12, 9);
  });
});
