import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { WattrunError } from '../shared/contract/errors.ts';
import { isSummed } from '../shared/model/domain.ts';
import type { RunReport } from '../shared/model/run.ts';
import { createFakeClock, type FakeClock } from './clock/fake-clock.ts';
import { createEngine, type Engine } from './engine.ts';
import { createSimulatedServer, type SimulatedServer } from './sources/simulated/simulated-server.ts';
import { createSqliteStore } from './store/sqlite-store.ts';
import type { Store } from './store/store.ts';

const openedAtMs = Date.UTC(2026, 0, 15, 12);
/** Of scenario.ts: on GPUs 0 to 3 all the while, and on GPUs 4 and 5 until nine minutes after the opening. */
const [longPid, shortPid] = [4107, 4108];

let clock: FakeClock;
let server: SimulatedServer;
let engine: Engine;
/** Since the machine's boot, where that is known. */
let bootMs: number | null;
/** What sources are told. */
let isFineTimeWanted: () => boolean;

/** An engine over the simulated server, with a record of its own or that of one before it. */
function createOver(path = ':memory:', adoptRunIds: readonly string[] = [], writes: Partial<Store> = {}): Engine {
  return createEngine({
    version: '0.0.0',
    store: { ...createSqliteStore({ path, nowMs: openedAtMs }), ...writes },
    dataDirectory: ':memory:',
    clock,
    machine: { ...server.machine, readBootMs: () => bootMs },
    definitions: [
      {
        ...server.definition,
        probe(context) {
          isFineTimeWanted = context.isFineTimeWanted;
          return server.definition.probe(context);
        },
      },
    ],
    environment: {},
    sysfsRoot: '',
    procfsRoot: '',
    isSimulated: true,
    isTicking: false,
    adoptRunIds,
    log: () => {},
  });
}

beforeEach(async () => {
  bootMs = null;
  clock = createFakeClock(openedAtMs);
  server = createSimulatedServer(clock, openedAtMs);
  engine = createOver();
  await engine.open(1000);
});
afterEach(() => engine.close());

/** Goes on for so long, sampling every second. */
async function sample(seconds: number): Promise<void> {
  for (let i = 0; i < seconds; i++) {
    clock.advance(1000);
    await engine.tick();
  }
}

const startRun = async (name: string, pid: number | null): Promise<string> =>
  (await engine.handlers['runs.start']({ name, pid, foundBy: 'api' })).id;
const stopRun = (runId: string): RunReport | Promise<RunReport> => engine.handlers['runs.stop']({ runId, exitCode: 0 });
const domainOf = (report: RunReport, id: string): RunReport['energy']['domains'][number] | undefined =>
  report.energy.domains.find((domain) => domain.id === id);
const gpu = (index: number): string => `gpu:GPU-51a1e000-0000-4000-8000-00000000000${index}`;

/** Every counter's joules of the report against the closed form over the run's own times. */
function expectTrueJoules(report: RunReport): void {
  const counters = report.energy.domains.filter((domain) => domain.provenance === 'counter');
  // 8 GPUs and 2 CPU packages.
  expect(counters).toHaveLength(10);
  for (const domain of counters) {
    const fromMs = Date.parse(report.run.startedAt);
    const trueJoules = server.trueJoules(domain.id, fromMs, fromMs + report.run.durationSeconds * 1000);
    expect(Math.abs((domain.joules ?? Number.NaN) / trueJoules - 1)).toBeLessThan(0.001);
    expect(domain.coverage).toBeCloseTo(1, 9);
    expect(domain.gaps).toEqual([]);
  }
}

describe('ten minutes of the simulated server with two runs that overlap', () => {
  async function play(): Promise<{ readonly long: RunReport; readonly short: RunReport }> {
    const longId = await startRun('long', longPid);
    await sample(120);
    // Neither begins nor ends with a sample: 0.4 s after one, 0.7 s after one.
    clock.advance(400);
    const shortId = await startRun('short', shortPid);
    await sample(300);
    clock.advance(700);
    const short = await stopRun(shortId);
    await sample(178);
    clock.advance(900);
    return { short, long: await stopRun(longId) };
  }

  it("gives the true energy of every counter, from the run's first millisecond to its last", async () => {
    const { long, short } = await play();
    // 120 + 0.4 + 300 + 0.7 + 178 + 0.9 s, and 300 + 0.7 s of it.
    expect(long.run.durationSeconds).toBeCloseTo(600, 9);
    expect(short.run.durationSeconds).toBeCloseTo(300.7, 9);
    expectTrueJoules(long);
    expectTrueJoules(short);
  });

  it('hands out no more of a domain than it drew, and a GPU to the run whose processes it has', async () => {
    const { long, short } = await play();
    for (const domain of long.energy.domains) {
      const shares = [long, short].map((report) => domainOf(report, domain.id)?.runJoules ?? 0);
      expect(Math.min(...shares)).toBeGreaterThanOrEqual(0);
      expect((shares[0] ?? 0) + (shares[1] ?? 0)).toBeLessThanOrEqual((domain.joules ?? 0) + 1e-6);
    }
    // GPU 0 is the long run's and GPU 4 the short one's; GPU 7 holds a notebook that is neither's.
    const whole = domainOf(long, gpu(0));
    expect(whole?.runJoules).toBeCloseTo(whole?.joules ?? Number.NaN, 3);
    const other = domainOf(short, gpu(4));
    expect(other?.runJoules).toBeCloseTo(other?.joules ?? Number.NaN, 3);
    expect(domainOf(short, gpu(0))?.runJoules ?? 0).toBe(0);
    expect(domainOf(long, gpu(4))?.runJoules ?? 0).toBe(0);
    expect(domainOf(long, gpu(7))?.runJoules ?? 0).toBe(0);
  });

  it('sums the domains to the total, and puts both between their bounds', async () => {
    const { long, short } = await play();
    for (const { energy } of [long, short]) {
      const summed = energy.domains.filter((domain) => isSummed(domain.kind));
      expect(summed.reduce((sum, domain) => sum + (domain.runJoules ?? 0), 0)).toBeCloseTo(energy.totalJoules ?? -1, 3);
      expect(energy.lowJoules ?? Number.NaN).toBeLessThan(energy.totalJoules ?? Number.NaN);
      expect(energy.highJoules ?? Number.NaN).toBeGreaterThan(energy.totalJoules ?? Number.NaN);
      const evidence = Object.values(energy.evidence).reduce((sum, share) => sum + share, 0);
      expect(evidence).toBeCloseTo(1, 9);
    }
  });
});

describe('an engine', () => {
  it('gives a run without a sample of its own the energy between its start and its end', async () => {
    await sample(5);
    const runId = await startRun('instant', longPid);
    clock.advance(250);
    const report = await stopRun(runId);
    expect(report.run.durationSeconds).toBeCloseTo(0.25, 9);
    expectTrueJoules(report);
  });

  it('finds the run again as it was closed', async () => {
    const runId = await startRun('kept', longPid);
    await sample(10);
    const closed = await stopRun(runId);
    expect(await engine.handlers['runs.read']({ runId })).toEqual(closed);
    expect(closed.run).toMatchObject({ name: 'kept', status: 'finished', exitCode: 0, isSimulated: true });
  });

  it('deletes what has ended and names what stays because it is running', async () => {
    const ended = await startRun('ended', shortPid);
    await sample(1);
    await stopRun(ended);
    const running = await startRun('goes on', longPid);
    const told = await engine.handlers['runs.delete']({ runIds: [running, ended] });
    expect(told).toEqual({ deleted: 1, running: [{ runId: running, name: 'goes on' }] });
    expect((await engine.handlers['runs.list']({ limit: 10 })).runs.map((run) => run.id)).toEqual([running]);
    // Once more: there is nothing left of it to delete.
    expect(await engine.handlers['runs.delete']({ runIds: [ended] })).toEqual({ deleted: 0, running: [] });
    await stopRun(running);
  });

  it('refuses to stop a run twice, and to read one that is not there', async () => {
    const runId = await startRun('once', longPid);
    await sample(1);
    await stopRun(runId);
    await expect(async () => stopRun(runId)).rejects.toMatchObject({ code: 'runs/not-running' });
    await expect(async () => engine.handlers['runs.read']({ runId: 'nosuchrun' })).rejects.toMatchObject({
      code: 'runs/not-found',
    });
  });
});

describe('where in a second energy is drawn', () => {
  it('counts for five minutes after a run began and after each of its marks', async () => {
    expect(isFineTimeWanted()).toBe(false);
    const runId = await startRun('long', longPid);
    expect(isFineTimeWanted()).toBe(true);
    await sample(299);
    expect(isFineTimeWanted()).toBe(true);
    await sample(1);
    expect(isFineTimeWanted()).toBe(false);
    await engine.handlers['runs.mark']({ runId, marks: [{ kind: 'step', label: '', value: 1 }] });
    expect(isFineTimeWanted()).toBe(true);
    await sample(300);
    expect(isFineTimeWanted()).toBe(false);
    await startRun('short', shortPid);
    expect(isFineTimeWanted()).toBe(true);
    await stopRun(runId);
  });
});

describe('a record that another engine goes on with', () => {
  it('names the time in which none ran, of every device alike', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'wattrun-absence-'));
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
    const path = join(folder, 'wattrun.db');
    await engine.close();
    engine = createOver(path);
    await engine.open(1000);
    await sample(20);
    const lastMs = clock.unixMs();
    await engine.close();
    clock.advance(60_000);
    engine = createOver(path);
    await engine.open(1000);
    await sample(5);
    const range = { fromMs: lastMs - 60_000, toMs: clock.unixMs(), maxPoints: 10, series: [] };
    const { gaps } = await engine.handlers['history.query'](range);
    expect(new Set(gaps.map(({ fromMs, toMs, reason }) => `${reason} ${fromMs - lastMs} ${toMs - lastMs}`))).toEqual(
      new Set(['restart 0 60000']),
    );
    expect(gaps.length).toBe(engine.live().devices.length);
  });
});

describe('a run that another engine goes on with', () => {
  /** A run whose engine is closed between two samples, and that the next one takes up three seconds later. */
  async function handOver(): Promise<RunReport> {
    const folder = mkdtempSync(join(tmpdir(), 'wattrun-handover-'));
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
    const path = join(folder, 'wattrun.db');
    await engine.close();
    engine = createOver(path);
    await engine.open(1000);
    const runId = await startRun('handed over', longPid);
    await sample(20);
    clock.advance(600);
    await engine.close();
    clock.advance(3000);
    engine = createOver(path, [runId]);
    await engine.open(1000);
    clock.advance(250);
    await engine.tick();
    await sample(20);
    const report = await stopRun(runId);
    expect(report.run.durationSeconds).toBeCloseTo(43.85, 3);
    return report;
  }

  it('lacks the time between the two and no more, and all of it is named, where nothing tells whether the machine was booted', async () => {
    const report = await handOver();
    for (const domain of report.energy.domains.filter(({ provenance }) => provenance === 'counter')) {
      const missingSeconds = (1 - domain.coverage) * report.run.durationSeconds;
      const named = domain.gaps.map((gap) => [gap.reason, (Date.parse(gap.to) - Date.parse(gap.from)) / 1000]);
      expect(named).toEqual([['restart', expect.closeTo(missingSeconds, 2)]]);
      expect(missingSeconds).toBeCloseTo(3.25, 2);
    }
  });

  it('lacks nothing that a GPU’s counter goes on counting, and the time when nobody looked is named', async () => {
    bootMs = 3_600_000;
    const report = await handOver();
    const fromMs = Date.parse(report.run.startedAt);
    const gpus = report.energy.domains.filter(({ kind }) => kind === 'gpu');
    expect(gpus).toHaveLength(8);
    for (const { id, joules, coverage, gaps } of gpus) {
      const trueJoules = server.trueJoules(id, fromMs, fromMs + report.run.durationSeconds * 1000);
      expect(Math.abs((joules ?? Number.NaN) / trueJoules - 1)).toBeLessThan(0.001);
      expect(coverage).toBeCloseTo(1, 9);
      expect(gaps).toMatchObject([{ reason: 'restart', isBridged: true }]);
    }
  });
});

describe('a run that an engine closed for want of a word', () => {
  it('is told how it ended by whoever watched it, once', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'wattrun-told-late-'));
    const path = join(folder, 'wattrun.db');
    await engine.close();
    engine = createOver(path);
    await engine.open(1000);
    // Of no process that lives: the next engine has nothing to go on with.
    const { id } = await engine.handlers['runs.start']({ name: 'left', pid: null, foundBy: 'command' });
    await sample(5);
    await engine.close();
    clock.advance(3000);
    engine = createOver(path);
    await engine.open(1000);
    const read = () => engine.handlers['runs.read']({ runId: id }) as RunReport | Promise<RunReport>;
    const { run: left } = await read();
    expect(left).toMatchObject({ status: 'interrupted', exitCode: null });
    const { run: told } = await engine.handlers['runs.stop']({ runId: id, exitCode: 7, status: 'failed' });
    expect(told).toMatchObject({ status: 'failed', exitCode: 7, endedAt: left.endedAt });
    await expect(async () => engine.handlers['runs.stop']({ runId: id, exitCode: 0 })).rejects.toMatchObject({
      code: 'runs/not-running',
    });
    rmSync(folder, { recursive: true, force: true });
  });
});

describe('a run whose process began before it was told of', () => {
  it('begins when its process did', async () => {
    await sample(3);
    clock.advance(300);
    const startedAtMs = clock.unixMs() - 40;
    const { id } = await engine.handlers['runs.start']({
      name: 'told late',
      pid: longPid,
      foundBy: 'command',
      startedAtMs,
    });
    await sample(5);
    const report = await stopRun(id);
    expect(Date.parse(report.run.startedAt)).toBe(startedAtMs);
    expect(report.run.durationSeconds).toBeCloseTo(5.04, 3);
    expectTrueJoules(report);
  });

  it('begins at the reading that was taken while its word was on the way: what is divided is not its own', async () => {
    await sample(3);
    clock.advance(300);
    const startedAtMs = clock.unixMs();
    clock.advance(25);
    await engine.tick();
    const readAtMs = clock.unixMs();
    clock.advance(15);
    const asked = { name: 'told late', pid: longPid, foundBy: 'command', startedAtMs } as const;
    const { id } = await engine.handlers['runs.start'](asked);
    await sample(5);
    const report = await stopRun(id);
    expect(Date.parse(report.run.startedAt)).toBe(readAtMs);
    expectTrueJoules(report);
  });

  it('begins now where the moment is too long ago, or yet to come', async () => {
    await sample(3);
    for (const startedAtMs of [clock.unixMs() - 60_000, clock.unixMs() + 60_000]) {
      const { startedAt } = await engine.handlers['runs.start']({ pid: null, foundBy: 'api', startedAtMs });
      expect(Date.parse(startedAt)).toBe(clock.unixMs());
    }
  });
});

describe('a run whose end is told late', () => {
  const stopAt = (runId: string, endedAtMs: number) => engine.handlers['runs.stop']({ runId, exitCode: 0, endedAtMs });

  it('ends when its process did, with what was drawn until then', async () => {
    await sample(3);
    const id = await startRun('train', longPid);
    await sample(5);
    clock.advance(700);
    const endedAtMs = clock.unixMs() - 300;
    const report = await stopAt(id, endedAtMs);
    expect(Date.parse(report.run.endedAt ?? '')).toBe(endedAtMs);
    expect(report.run.durationSeconds).toBeCloseTo(5.4, 3);
    expectTrueJoules(report);
  });

  it('keeps what is divided already, and is no longer than that', async () => {
    await sample(3);
    const id = await startRun('train', longPid);
    await sample(5);
    const report = await stopAt(id, clock.unixMs() - 2500);
    expect(report.run.durationSeconds).toBeGreaterThan(4.9);
    expect(report.energy.coverage).toBeCloseTo(1, 6);
    expectTrueJoules(report);
  });

  it('ends now where the moment is another clock’s, and never before it began', async () => {
    await sample(3);
    for (const awayMs of [-3_600_000, 3_600_000]) {
      const id = await startRun('train', longPid);
      await sample(2);
      expect((await stopAt(id, clock.unixMs() + awayMs)).run.durationSeconds).toBeCloseTo(2, 3);
    }
    const id = await startRun('short', longPid);
    const { run } = await stopAt(id, clock.unixMs() - 60_000);
    expect(run.durationSeconds).toBe(0);
  });
});

it('a run that ends while nothing can be written is told of as it ended, with its figures', async () => {
  await engine.close();
  let isFull = false;
  const unlessFull =
    <T>(write: (value: T) => void) =>
    (value: T): void => {
      if (isFull) throw new WattrunError('store/full', 'The disk is full.');
      write(value);
    };
  const store = createSqliteStore({ path: ':memory:', nowMs: openedAtMs });
  engine = createOver(':memory:', [], {
    ...store,
    writeTick: unlessFull(store.writeTick),
    putGaps: unlessFull(store.putGaps),
    putRun: unlessFull(store.putRun),
  });
  await engine.open(1000);
  await sample(2);
  const runId = await startRun('train', longPid);
  await sample(3);
  isFull = true;
  await sample(7);
  const report = await stopRun(runId);
  expect(report.run).toMatchObject({ status: 'finished', durationSeconds: 10, exitCode: 0 });
  expectTrueJoules(report);
  expect(engine.live().storage.kind).toBe('full');
  expect((await engine.handlers['runs.read']({ runId })).run.status).toBe('running');
  // Once there is room, it is on record as it was told.
  isFull = false;
  await sample(30);
  const { run, energy } = await engine.handlers['runs.read']({ runId });
  expect(run).toMatchObject({ status: 'finished', exitCode: 0, durationSeconds: 10 });
  expect(energy.totalJoules).toBeCloseTo(report.energy.totalJoules ?? Number.NaN, 6);
});
