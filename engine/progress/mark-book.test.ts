import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { isSummed } from '../../shared/model/domain.ts';
import type { RunReport } from '../../shared/model/run.ts';
import { createFakeClock, type FakeClock } from '../clock/fake-clock.ts';
import { createEngine, type Engine } from '../engine.ts';
import { createSimulatedServer, type SimulatedServer } from '../sources/simulated/simulated-server.ts';
import { createSqliteStore } from '../store/sqlite-store.ts';

const openedAtMs = Date.UTC(2026, 0, 15, 12);
/** Of scenario.ts: on GPUs 0 to 3 all the while. */
const pid = 4107;

let clock: FakeClock;
let server: SimulatedServer;
let engine: Engine;
let folder: string;

function createOver(adoptRunIds: readonly string[] = []): Engine {
  return createEngine({
    version: '0.0.0',
    store: createSqliteStore({ path: join(folder, 'wattrun.db'), nowMs: openedAtMs }),
    dataDirectory: folder,
    clock,
    machine: server.machine,
    definitions: [server.definition],
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
  folder = mkdtempSync(join(tmpdir(), 'wattrun-marks-'));
  clock = createFakeClock(openedAtMs);
  server = createSimulatedServer(clock, openedAtMs);
  engine = createOver();
  await engine.open(1000);
});
afterEach(async () => {
  await engine.close();
  rmSync(folder, { recursive: true });
});

async function sample(seconds: number): Promise<void> {
  for (let i = 0; i < seconds; i++) {
    clock.advance(1000);
    await engine.tick();
  }
}

const read = (runId: string): RunReport => engine.handlers['runs.read']({ runId }) as RunReport;
const start = async (): Promise<string> =>
  (await engine.handlers['runs.start']({ name: 'train', pid, foundBy: 'api' })).id;
const markAt = (runId: string, atMs: number, value: number, id: string) =>
  engine.handlers['runs.mark']({ runId, marks: [{ kind: 'step', label: '', value, atMs, id }] });

/** What the run's GPUs, which are its alone, truly drew up to a moment. */
function trueJoules(report: RunReport, atMs: number): number {
  const fromMs = Date.parse(report.run.startedAt);
  return report.energy.domains
    .filter(({ kind, runJoules }) => kind === 'gpu' && (runJoules ?? 0) > 0)
    .reduce((sum, domain) => sum + server.trueJoules(domain.id, fromMs, atMs), 0);
}

/** The same of what the report says of its processors and memory, by time: a small part of the whole, and nearly steady. */
const restJoules = ({ energy, run }: RunReport, seconds: number): number =>
  energy.domains
    .filter(({ kind }) => kind !== 'gpu' && isSummed(kind))
    .reduce((sum, domain) => sum + (domain.runJoules ?? 0), 0) *
  (seconds / run.durationSeconds);

describe("a mark's energy", () => {
  it('is that of its own moment, between two readings too, and whether it comes at once or late', async () => {
    const runId = await start();
    const startMs = clock.unixMs();
    await sample(60);
    // 0.4 s before the last reading; at the last but ten; and one that the clock has not come to yet.
    await markAt(runId, clock.unixMs() - 400, 3, 'c');
    await markAt(runId, clock.unixMs() - 10_000, 2, 'b');
    await sample(200);
    // Long gone from the curve that the engine holds: from the record.
    await markAt(runId, startMs + 20_500, 1, 'a');
    await sample(2);
    await engine.handlers['runs.stop']({ runId, exitCode: 0 });
    const report = read(runId);
    expect(report.marks.map((mark) => mark.value)).toEqual([1, 2, 3]);
    for (const mark of report.marks) {
      const atMs = Date.parse(mark.at);
      const expected = trueJoules(report, atMs) + restJoules(report, (atMs - startMs) / 1000);
      expect(Math.abs((mark.joules ?? 0) / expected - 1), `at ${atMs - startMs} ms`).toBeLessThan(0.005);
    }
  });

  it('is bounded within a reading by what the sensor leaves open there, and by little over many', async () => {
    const runId = await start();
    const startMs = clock.unixMs();
    await sample(90);
    const epoch = (seconds: number, value: number) => ({
      kind: 'epoch',
      label: '',
      value,
      atMs: startMs + seconds * 1000,
    });
    await engine.handlers['runs.mark']({ runId, marks: [epoch(20.3, 1), epoch(20.6, 2), epoch(80.5, 3)] });
    await sample(1);
    await engine.handlers['runs.stop']({ runId, exitCode: 0 });
    const { epochs, energy } = read(runId);
    const width = ({ joules, lowJoules, highJoules }: (typeof epochs)[number]): number =>
      ((highJoules ?? 0) - (lowJoules ?? 0)) / (joules ?? 1);
    const [, short, long] = epochs;
    expect(short).toMatchObject({ index: 2, isShort: true });
    expect(long).toMatchObject({ index: 3, isShort: false });
    if (short === undefined || long === undefined) throw new Error('an epoch is missing');
    expect(width(short)).toBeGreaterThan(3 * width(long));
    const sum = epochs.reduce((total, one) => total + (one.joules ?? 0), 0);
    expect(Math.abs(sum / (energy.totalJoules ?? 0) - 1)).toBeLessThan(1e-9);
  });
});

describe('a file that is written once an epoch', () => {
  it('says in Live when it counted last, and what a step of the newest minute took', async () => {
    const runId = await start();
    const startMs = clock.unixMs();
    await sample(400);
    // A step a second for the first three minutes, told all at once: the newest is 220 s old, and long gone from the curve that the engine holds.
    const marks = Array.from({ length: 180 }, (_, i) => ({
      kind: 'step',
      label: '',
      value: i + 1,
      atMs: startMs + (i + 1) * 1000,
    }));
    await engine.handlers['runs.mark']({ runId, marks });
    await sample(2);
    const live = await engine.handlers['live.read']({});
    const progress = live.runs.find((run) => run.id === runId)?.progress;
    expect(progress).toMatchObject({ step: 180, countedAtMs: startMs + 180_000 });
    await engine.handlers['runs.stop']({ runId, exitCode: 0 });
    const report = read(runId);
    const upTo = (seconds: number): number => trueJoules(report, startMs + seconds * 1000);
    // Of the seconds from 119 to 180, and 1 % for what its processors take besides.
    const each = (upTo(180) - upTo(119)) / 61 + restJoules(report, 1);
    expect(Math.abs((progress?.joulesPerStep ?? 0) / each - 1)).toBeLessThan(0.01);
  });
});

describe('marks that come after the end', () => {
  it('are taken within a minute around the run, with the energy of then, and refused beyond', async () => {
    const runId = await start();
    const startMs = clock.unixMs();
    await sample(30);
    await engine.handlers['runs.stop']({ runId, exitCode: 0 });
    await sample(300);
    expect(await markAt(runId, startMs + 15_000, 1, 'a')).toEqual({ accepted: 1, repeated: 0, refused: 0 });
    expect(await markAt(runId, startMs + 80_000, 2, 'b')).toMatchObject({ accepted: 1 });
    await expect(markAt(runId, startMs + 100_000, 3, 'c')).rejects.toMatchObject({ code: 'runs/not-running' });
    await expect(markAt('nobody', startMs, 1, 'a')).rejects.toMatchObject({ code: 'runs/not-found' });
    const { marks, energy } = read(runId);
    expect((marks[0]?.joules ?? 0) / (energy.totalJoules ?? 1)).toBeCloseTo(0.5, 1);
    expect(marks[1]?.joules).toBeCloseTo(energy.totalJoules ?? Number.NaN, 6);
  });
});

describe('an engine that is killed', () => {
  it('leaves marks that the next one gives their energy, and takes none of them twice', async () => {
    const runId = await start();
    const startMs = clock.unixMs();
    await sample(20);
    // Not covered by a reading yet when it is killed.
    clock.advance(500);
    await markAt(runId, clock.unixMs() - 100, 1, 'a');
    const killed = engine;
    engine = createOver([runId]);
    await engine.open(1000);
    await sample(20);
    expect(await markAt(runId, startMs + 20_400, 1, 'a')).toEqual({ accepted: 0, repeated: 1, refused: 0 });
    await engine.handlers['runs.stop']({ runId, exitCode: 0 });
    const { marks, energy } = read(runId);
    expect(marks).toHaveLength(1);
    expect(marks[0]?.joules).toBeGreaterThan(0.3 * (energy.totalJoules ?? 0));
    expect(marks[0]?.joules).toBeLessThan(0.7 * (energy.totalJoules ?? 0));
    await killed.close();
  });
});

describe('ranks of one job', () => {
  const join = (member: number) =>
    engine.handlers['runs.start']({
      name: 'ddp',
      pid: member,
      foundBy: 'api',
      job: 'torchrun:x',
      // Who knows when it began tells of a process that was there, and may have ended since.
      startedAtMs: clock.unixMs(),
    });
  const leave = (runId: string, member: number, exitCode: number) =>
    engine.handlers['runs.stop']({ runId, pid: member, exitCode });

  it('are one run, whose machine is counted once', async () => {
    const alone = await start();
    const first = await join(4108);
    const second = await join(4109);
    expect(second).toMatchObject({ id: first.id, isJoined: true });
    await sample(30);
    await leave(first.id, 4108, 0);
    await sample(5);
    expect(read(first.id).run.status).toBe('running');
    await leave(first.id, 4109, 0);
    await engine.handlers['runs.stop']({ runId: alone, exitCode: 0 });
    const [ddp, other] = [read(first.id), read(alone)];
    expect(ddp.run).toMatchObject({ status: 'finished', exitCode: 0, job: 'torchrun:x' });
    expect(ddp.run.durationSeconds).toBeCloseTo(35, 6);
    for (const domain of ddp.energy.domains) {
      const theirs = other.energy.domains.find(({ id }) => id === domain.id)?.runJoules ?? 0;
      expect((domain.runJoules ?? 0) + theirs).toBeLessThanOrEqual((domain.joules ?? 0) * 1.001 + 1e-6);
    }
  });

  it('share an id that all of them know before the first has started, and the next job of that name has its own', async () => {
    const reserve = (runId: string) =>
      engine.handlers['runs.reserve']({ job: 'torchrun:x', runId }) as { runId: string };
    expect([reserve('aaaaaaaaaa'), reserve('bbbbbbbbbb')]).toEqual([{ runId: 'aaaaaaaaaa' }, { runId: 'aaaaaaaaaa' }]);
    await engine.handlers['runs.start']({ runId: 'aaaaaaaaaa', pid: 4108, foundBy: 'command', job: 'torchrun:x' });
    await sample(2);
    expect(reserve('cccccccccc')).toEqual({ runId: 'aaaaaaaaaa' });
    await leave('aaaaaaaaaa', 4108, 0);
    expect(reserve('dddddddddd')).toEqual({ runId: 'dddddddddd' });
  });

  it('that a launcher starts anew go on with it, and it ends with them and not with those that were killed', async () => {
    const { id } = await join(4108);
    // There is no such process: killed, it says nothing.
    await join(999_991);
    await sample(5);
    await leave(id, 4108, 1);
    await sample(5);
    expect(await join(4109)).toMatchObject({ id, isJoined: true });
    await sample(5);
    await leave(id, 4109, 0);
    expect(read(id).run).toMatchObject({ status: 'failed', exitCode: 1 });
    expect(read(id).run.durationSeconds).toBeCloseTo(15, 6);
  });

  it('that are all gone without a word end it, as interrupted', async () => {
    const { id } = await join(999_991);
    await join(999_992);
    await sample(13);
    expect(read(id).run.status).toBe('interrupted');
  });
});
