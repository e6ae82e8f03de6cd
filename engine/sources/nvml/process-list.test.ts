import { describe, expect, it } from 'vitest';
import { createFakeClock } from '../../clock/fake-clock.ts';
import type { Asker } from './ask.ts';
import type { NvmlLibrary, NvmlProcess, NvmlProcessUtilization, NvmlResult } from './nvml-api.ts';
import { createProcessList } from './process-list.ts';

const startUnixMs = 1_700_000_000_000;
/** Microseconds of the driver's clock, so many milliseconds after the start. */
const at = (ms: number): number => (startUnixMs + ms) * 1000;
const sample = (pid: number, smPercent: number, atMs: number): NvmlProcessUtilization => ({
  pid,
  smPercent,
  timeStampMicroseconds: at(atMs),
});
const notFound = 6;
const notSupported = 3;
const unknownError = 999;

/** A driver whose lists are set by the test; each call takes `tookMs`. */
function createWorld() {
  const clock = createFakeClock(startUnixMs, 0);
  const driver = {
    listed: [] as readonly NvmlProcess[],
    listCode: null as number | null,
    samples: [] as readonly NvmlProcessUtilization[] | number,
    since: [] as number[],
    tookMs: 0,
    isRunOn: false,
    calls: 0,
  };
  const list = (pids: readonly number[]): void => {
    driver.listed = pids.map((pid) => ({ pid, usedGpuMemoryBytes: 1024 }));
  };
  const getter = <A extends readonly unknown[], T>(answer: (...args: A) => NvmlResult<T>) => ({
    isPresent: true,
    now: answer,
    later: async (...args: A) => answer(...args),
  });
  const library = {
    computeProcesses: getter(() => {
      driver.calls++;
      clock.advance(driver.tookMs);
      return driver.listCode === null
        ? { kind: 'value', value: driver.listed }
        : { kind: 'code', code: driver.listCode };
    }),
    processUtilization: getter((_device: bigint, since: number) => {
      driver.since.push(since);
      return typeof driver.samples === 'number'
        ? { kind: 'code', code: driver.samples }
        : { kind: 'value', value: driver.samples };
    }),
  } as unknown as NvmlLibrary;
  const asker: Asker = {
    ask: async (asked, ...args) => asked.now(...args),
    askTimed: async (asked, ...args) => ({ result: asked.now(...args), atMs: 0 }),
    isAlive: () => true,
  };
  const processes = createProcessList(library, asker, {
    clock,
    isRunOn: () => driver.isRunOn,
    isPid: (pid) => pid < 1000,
  });
  return {
    clock,
    driver,
    list,
    processes: async () => (await processes.read(1n))?.processes ?? null,
    async ratios(): Promise<Readonly<Record<number, number | null>> | null> {
      const read = await processes.read(1n);
      return read === null ? null : Object.fromEntries(read.processes.map((each) => [each.pid, each.smRatio]));
    },
  };
}

describe('createProcessList', () => {
  it('gives each process the mean of its samples since the last list, and 0 to one that has none while others do', async () => {
    const world = createWorld();
    world.list([1, 2, 3]);
    world.driver.samples = [sample(1, 90, -100)];
    await world.ratios();
    world.clock.advance(1000);
    world.driver.samples = [sample(1, 40, 200), sample(1, 60, 400), sample(2, 30, 900)];
    expect(await world.ratios()).toEqual({ 1: 0.5, 2: 0.3, 3: 0 });
    // The driver is asked only for what is newer than what was seen.
    expect(world.driver.since).toEqual([0, at(-100)]);
  });

  it('takes the newest second of what the driver remembers, the first time', async () => {
    const world = createWorld();
    world.list([1, 2]);
    world.driver.samples = [sample(1, 100, -30_000), sample(2, 80, -30_000), sample(1, 20, -500), sample(1, 40, -100)];
    expect(await world.ratios()).toEqual({ 1: 0.3, 2: 0 });
  });

  it('drops what the driver cannot mean: more than 100 %, pid 0, the past, the future', async () => {
    const world = createWorld();
    world.list([1]);
    world.driver.samples = [sample(1, 50, -100)];
    await world.ratios();
    world.clock.advance(1000);
    world.driver.samples = [
      sample(1, 4_000_000_000, 500),
      sample(0, 70, 600),
      sample(1, 99, -100),
      sample(1, 99, 1_000_000_000),
      sample(1, 20, 700),
    ];
    expect(await world.ratios()).toEqual({ 1: 0.2 });
  });

  it('tells of those without a compute context too what the SMs did for them: a number that is no process here is none of them', async () => {
    const world = createWorld();
    world.list([1]);
    world.driver.samples = [sample(1, 50, -100), sample(7, 20, -100), sample(8, 0, -100), sample(4_000_000, 30, -100)];
    expect(await world.processes()).toEqual([
      { pid: 1, name: null, memoryUsedBytes: 1024, smRatio: 0.5 },
      { pid: 7, name: null, memoryUsedBytes: null, smRatio: 0.2, isOffComputeList: true },
    ]);
  });

  it('asks where none computes only while a run is on, which may draw', async () => {
    const world = createWorld();
    world.driver.samples = [sample(7, 20, -100)];
    expect(await world.processes()).toEqual([]);
    expect(world.driver.since).toEqual([]);
    world.driver.isRunOn = true;
    world.clock.advance(1000);
    expect((await world.processes())?.map(({ pid }) => pid)).toEqual([7]);
  });

  it.each([10_000, 3_600_000])('begins anew when the wall clock is set back by %d ms', async (backMs) => {
    const world = createWorld();
    world.list([1, 2]);
    const old = [sample(1, 50, -100), sample(2, 50, -100)];
    world.driver.samples = old;
    await world.ratios();
    world.clock.advance(6000);
    world.clock.stepUnix(-backMs);
    // The driver still remembers what it stamped before: that lies in the future now.
    world.driver.samples = [...old, sample(1, 70, 5900 - backMs), sample(2, 30, 5900 - backMs)];
    expect(await world.ratios()).toEqual({ 1: 0.7, 2: 0.3 });
    world.clock.advance(1000);
    world.driver.samples = [sample(1, 20, 6900 - backMs), sample(2, 10, 6900 - backMs)];
    expect(await world.ratios()).toEqual({ 1: 0.2, 2: 0.1 });
    expect(world.driver.since).toEqual([0, 0, at(5900 - backMs)]);
  });

  it('keeps the last shares for 5 s without a sample, then knows nothing', async () => {
    const world = createWorld();
    world.list([1]);
    world.driver.samples = [sample(1, 50, -100)];
    expect(await world.ratios()).toEqual({ 1: 0.5 });
    world.driver.samples = notFound;
    world.clock.advance(5000);
    expect(await world.ratios()).toEqual({ 1: 0.5 });
    world.clock.advance(1000);
    expect(await world.ratios()).toEqual({ 1: null });
  });

  it('knows no shares where the driver has none to give (MIG)', async () => {
    const world = createWorld();
    world.list([1]);
    world.driver.samples = notSupported;
    expect(await world.ratios()).toEqual({ 1: null });
  });

  it('stands for 15 s where the driver fails to list, is asked for again at once, and is gone where it never will', async () => {
    const world = createWorld();
    world.list([1]);
    world.driver.samples = [sample(1, 50, -100)];
    world.driver.tookMs = 21;
    expect(await world.ratios()).toEqual({ 1: 0.5 });
    world.driver.listCode = unknownError;
    world.clock.advance(5000);
    expect(await world.ratios()).toEqual({ 1: 0.5 });
    world.clock.advance(100);
    await world.ratios();
    expect(world.driver.calls).toBe(3);
    world.clock.advance(10_000);
    expect(await world.ratios()).toBeNull();
    world.driver.listCode = null;
    expect(await world.ratios()).toEqual({ 1: null });
    world.driver.listCode = notSupported;
    world.clock.advance(5000);
    expect(await world.ratios()).toBeNull();
  });

  it('keeps the shares where the driver fails to tell them once', async () => {
    const world = createWorld();
    world.list([1]);
    world.driver.samples = [sample(1, 50, -100)];
    await world.ratios();
    world.driver.samples = unknownError;
    world.clock.advance(2000);
    expect(await world.ratios()).toEqual({ 1: 0.5 });
  });

  it('asks once a second at most, and every 5 s where the list takes longer than 20 ms', async () => {
    const world = createWorld();
    world.list([1]);
    await world.ratios();
    world.clock.advance(500);
    await world.ratios();
    expect(world.driver.calls).toBe(1);
    world.clock.advance(500);
    world.driver.tookMs = 21;
    await world.ratios();
    expect(world.driver.calls).toBe(2);
    world.clock.advance(2000);
    await world.ratios();
    expect(world.driver.calls).toBe(2);
    world.clock.advance(3000);
    await world.ratios();
    expect(world.driver.calls).toBe(3);
  });
});
