import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createFakeClock, type FakeClock } from '../clock/fake-clock.ts';
import { createEngine, type Engine } from '../engine.ts';
import { createFakeMachine, type FakeMachine } from '../machine/fake-machine.ts';
import { createSqliteStore } from '../store/sqlite-store.ts';

const openedAtMs = Date.UTC(2026, 2, 1, 12);
let clock: FakeClock;
let world: FakeMachine;
let engine: Engine;
let stopped: number[];

beforeEach(async () => {
  clock = createFakeClock(openedAtMs, 0);
  world = createFakeMachine();
  stopped = [];
  world.add({ pid: 7, command: 'python train.py' });
  engine = createEngine({
    version: '0.0.0',
    store: createSqliteStore({ path: ':memory:', nowMs: openedAtMs }),
    dataDirectory: ':memory:',
    clock,
    machine: world.machine,
    definitions: [],
    environment: {},
    sysfsRoot: '',
    procfsRoot: '',
    isSimulated: false,
    isTicking: false,
    stopProcess: (pid) => stopped.push(pid),
    log: () => {},
  });
  engine.handlers['settings.write']({ isFindingRuns: false });
  await engine.open(0).catch(() => undefined);
});
afterEach(() => engine.close());

async function pass(seconds: number): Promise<void> {
  for (let i = 0; i < seconds; i++) {
    clock.advance(1000);
    await engine.tick();
    await new Promise((resolve) => setImmediate(resolve));
  }
}

const start = async (foundBy: 'api' | 'manual' | 'command', job: string | null = null, pid = 7): Promise<string> =>
  (await engine.handlers['runs.start']({ name: 'train', pid, foundBy, job })).id;
const statusOf = async (runId: string) => (await engine.handlers['runs.read']({ runId })).run.status;

describe('a run on a process', () => {
  it.each(['api', 'manual', 'command'] as const)('begun as %s goes on while that lives', async (foundBy) => {
    const id = await start(foundBy);
    await pass(15);
    expect(await statusOf(id)).toBe('running');
  });

  it.each([
    // Who began them may still say how they ended: ten seconds for that.
    ['api', 9, 'running'],
    ['api', 13, 'interrupted'],
    ['command', 13, 'interrupted'],
    // Nobody is to.
    ['manual', 2, 'finished'],
  ] as const)('begun as %s is, %i s after another one got its pid, %s', async (foundBy, seconds, status) => {
    const id = await start(foundBy);
    await pass(3);
    world.end(7);
    world.add({ pid: 7, command: 'a stranger' });
    await pass(seconds);
    expect(await statusOf(id)).toBe(status);
  });

  it('begun by hand ends with it', async () => {
    const id = await start('manual');
    await pass(3);
    world.end(7);
    await pass(2);
    expect(await statusOf(id)).toBe('finished');
  });

  it('has nothing of what another one does that got its pid', async () => {
    const id = await start('api');
    await pass(3);
    world.work(7, 2);
    await pass(1);
    world.end(7);
    world.add({ pid: 7, command: 'a stranger' });
    world.work(7, 50);
    await pass(3);
    const run = engine.runs.find(id);
    expect(run?.ledger.cpuSeconds).toBe(2);
    expect([...(run?.pids ?? [])]).toEqual([]);
  });

  it('is not ended by a signal to another one that got its pid', async () => {
    const id = await start('command');
    await pass(3);
    world.end(7);
    world.add({ pid: 7, command: 'a stranger' });
    await engine.handlers['runs.stop']({ runId: id });
    expect(stopped).toEqual([]);
    expect(await statusOf(id)).toBe('stopped');
  });

  it('of a job goes on with a rank that was started anew and was given its pid again', async () => {
    const id = await start('command', 'torchrun:x');
    await pass(3);
    world.end(7);
    world.add({ pid: 7, command: 'python train.py' });
    expect(await start('command', 'torchrun:x')).toBe(id);
    await pass(15);
    expect(await statusOf(id)).toBe('running');
  });
});
