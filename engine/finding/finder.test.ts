import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { exampleGpu, exampleReading } from '../../tests/examples.ts';
import { createFakeClock } from '../clock/fake-clock.ts';
import { createEngine } from '../engine.ts';
import { createFakeMachine, type FakeProcess } from '../machine/fake-machine.ts';
import type { SourceDefinition } from '../sources/source.ts';
import { createSqliteStore } from '../store/sqlite-store.ts';
import type { Store } from '../store/store.ts';

const startUnixMs = Date.UTC(2026, 2, 1, 12);
const gpuWatts = 300;
/** A shell that training is typed into: nothing below it is part of a launch by itself. */
const shell = 50;

interface GpuState {
  pids: readonly number[];
  utilizationRatio: number | null;
  smRatios: ReadonlyMap<number, number>;
  drawing: ReadonlySet<number>;
  unlisted: ReadonlySet<number>;
}

let closeAll: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closeAll) await close();
  closeAll = [];
});

/** An engine of two GPUs that draw 300 W each, on a machine whose processes are what the test says. */
async function setUp(options: { readonly store?: Store; readonly world?: ReturnType<typeof createFakeMachine> } = {}) {
  const clock = createFakeClock(startUnixMs, 0);
  const store = options.store ?? createSqliteStore({ path: ':memory:', nowMs: startUnixMs });
  const world = options.world ?? createFakeMachine();
  const gpus: readonly GpuState[] = [0, 1].map(() => ({
    pids: [],
    utilizationRatio: 0,
    smRatios: new Map(),
    drawing: new Set(),
    unlisted: new Set(),
  }));
  const domains = gpus.map((_, i) => exampleGpu({ id: `gpu:GPU-${i}`, index: i, label: `GPU ${i}`, source: 'fake' }));
  const definition: SourceDefinition = {
    descriptor: { id: 'fake', label: 'Fake', measures: '', provenance: 'counter', sameNumberCommand: '' },
    probe: async () => ({
      kind: 'available',
      covers: ['nvidia-gpu'],
      how: '',
      open: async () => ({
        domains: () => domains,
        read: async () =>
          gpus.map((gpu, i) =>
            exampleReading(clock.monotonicMs(), {
              domain: domains[i] ?? exampleGpu(),
              counterJoules: (gpuWatts * clock.monotonicMs()) / 1000,
              idleWatts: 0,
              utilizationRatio: gpu.utilizationRatio,
              processes: gpu.pids.map((pid) => ({
                pid,
                name: null,
                memoryUsedBytes: null,
                smRatio: gpu.smRatios.get(pid) ?? null,
                ...(gpu.drawing.has(pid) ? { isOnlyDrawing: true } : {}),
                ...(gpu.unlisted.has(pid) ? { isOffComputeList: true } : {}),
              })),
              processesAtMs: clock.monotonicMs(),
            }),
          ),
        close: async () => {},
      }),
    }),
  };
  const messages: string[] = [];
  const engine = createEngine({
    version: '0.0.0',
    store,
    dataDirectory: ':memory:',
    clock,
    machine: {
      ...world.machine,
      facts: async () => ({
        hostName: 'box',
        osLabel: '',
        cpuName: '',
        threads: 1,
        physicalCores: null,
        sockets: 1,
        baseGhz: null,
        isVirtual: false,
        memoryBytes: 0,
      }),
    },
    definitions: [definition],
    environment: {},
    sysfsRoot: '',
    procfsRoot: '',
    isSimulated: false,
    isTicking: false,
    log: (message) => messages.push(message),
  });
  await engine.open(1000);
  if (options.store === undefined) closeAll.push(() => engine.close());
  if (options.world === undefined) world.add({ pid: shell, command: '-bash' });

  const tick = async (): Promise<void> => {
    await engine.tick();
    // What a tick has set going: a run's end, a look at git.
    for (let i = 0; i < 20; i++) await Promise.resolve();
    await new Promise((resolve) => setImmediate(resolve));
  };
  return {
    clock,
    store,
    world,
    engine,
    messages,
    use(index: number, pids: readonly number[], utilizationRatio: number | null = 0.9): void {
      Object.assign(gpus[index] ?? {}, { pids, utilizationRatio });
    },
    smRatios(index: number, ratios: Readonly<Record<number, number>>): void {
      Object.assign(gpus[index] ?? {}, {
        smRatios: new Map(Object.entries(ratios).map(([pid, ratio]) => [Number(pid), ratio])),
      });
    },
    draw(index: number, pids: readonly number[]): void {
      Object.assign(gpus[index] ?? {}, { drawing: new Set(pids) });
    },
    unlist(index: number, pids: readonly number[]): void {
      Object.assign(gpus[index] ?? {}, { unlisted: new Set(pids) });
    },
    start: (process: FakeProcess) => world.add({ parentPid: shell, ...process }),
    async pass(seconds: number): Promise<void> {
      for (let i = 0; i < seconds; i++) {
        clock.advance(1000);
        await tick();
      }
    },
    runs: () =>
      engine.handlers['runs.list']({}) as ReturnType<(typeof engine.handlers)['runs.list']> & {
        runs: { id: string; name: string; status: string; totalJoules: number | null }[];
      },
    report: (runId: string) =>
      engine.handlers['runs.read']({ runId }) as Awaited<ReturnType<(typeof engine.handlers)['runs.read']>>,
  };
}

const train: FakeProcess = { pid: 1000, command: 'python train.py --lr 1', cwd: '/nowhere/vision' };

describe('a training process that nobody wrapped', () => {
  it('is a run after ten seconds, from its first second on', async () => {
    const { engine, start, use, pass, runs, report } = await setUp();
    await pass(3);
    start(train);
    use(0, [1000]);
    await pass(1);
    // Seen at 4 s. Nothing is shown of it until it has lasted, neither live nor on record.
    await pass(9);
    expect(runs().runs).toEqual([]);
    expect(engine.live().runs).toEqual([]);
    expect(engine.live().unattributedWatts).toBe(2 * gpuWatts);
    await pass(1);
    const [run] = runs().runs;
    expect(run).toMatchObject({ name: 'train', status: 'running' });
    await pass(6);
    const { run: identity, energy } = report(run?.id ?? '');
    expect(identity).toMatchObject({
      foundBy: 'process',
      project: 'vision',
      cwd: '/nowhere/vision',
      command: ['python', 'train.py', '--lr', '1'],
    });
    expect(Date.parse(identity.startedAt)).toBe(startUnixMs + 4000);
    // 20 s now; GPU 0 is its own since 4 s: 16 s of 300 W.
    expect(identity.durationSeconds).toBe(16);
    expect(energy.totalJoules).toBeCloseTo(4800, 6);
    expect(energy.coverage).toBe(1);
  });

  it('is no game and no window, of which the driver tells that they only draw, until one computes', async () => {
    const { start, use, draw, pass, runs } = await setUp();
    start({ pid: 3000, command: '/opt/games/factorio/bin/x64/factorio' });
    use(0, [3000]);
    // It takes its memory, and draws a little later.
    await pass(3);
    draw(0, [3000]);
    await pass(60);
    expect(runs().runs).toEqual([]);
    draw(0, []);
    await pass(15);
    expect(runs().runs).toMatchObject([{ name: 'factorio', status: 'running' }]);
  });

  it('is one where Python computes on the engine that draws', async () => {
    const { start, use, draw, pass, runs } = await setUp();
    start(train);
    use(0, [1000]);
    draw(0, [1000]);
    await pass(15);
    expect(runs().runs).toMatchObject([{ name: 'train', status: 'running' }]);
  });

  it('is none where a driver that lists all that compute lists it not, Python or no', async () => {
    const { start, use, unlist, pass, runs } = await setUp();
    start(train);
    use(0, [1000]);
    unlist(0, [1000]);
    await pass(30);
    expect(runs().runs).toEqual([]);
    unlist(0, []);
    await pass(15);
    expect(runs().runs).toMatchObject([{ name: 'train', status: 'running' }]);
  });

  it('has its first ten seconds in the history too, and what belongs to no run is without them', async () => {
    const { engine, start, use, pass, runs, store } = await setUp();
    start(train);
    use(0, [1000]);
    await pass(1);
    await pass(15);
    const runId = runs().runs[0]?.id ?? '';
    const history = engine.handlers['history.query']({
      fromMs: startUnixMs + 1000,
      toMs: startUnixMs + 16_000,
      maxPoints: 15,
      series: [
        { key: 'run', of: { kind: 'run', runId }, quantity: 'powerWatts' },
        { key: 'rest', of: { kind: 'unattributed' }, quantity: 'powerWatts' },
      ],
    });
    const means = Object.fromEntries((await history).series.map((series) => [series.key, series.mean]));
    expect(means.run).toEqual(Array.from({ length: 15 }, () => gpuWatts));
    expect(means.rest).toEqual(Array.from({ length: 15 }, () => gpuWatts));
    // 15 rows of GPU 0.
    expect([...store.timeSeries(runId)].filter((row) => (row.runJoules ?? 0) > 0)).toHaveLength(15);
  });

  it('ends with its last process, not when it leaves the GPU', async () => {
    const { world, start, use, pass, runs, report } = await setUp();
    start(train);
    use(0, [1000]);
    await pass(20);
    use(0, []);
    await pass(30);
    expect(runs().runs).toMatchObject([{ status: 'running' }]);
    world.end(1000);
    await pass(2);
    const { run } = report(runs().runs[0]?.id ?? '');
    // First seen at 1 s, gone at 51 s. How it ended its parent knows alone.
    expect(run).toMatchObject({ status: 'finished', exitCode: null, durationSeconds: 50 });
  });

  it('leaves no trace when it ends before ten seconds are over', async () => {
    const { world, engine, start, use, pass, runs, store } = await setUp();
    start(train);
    use(0, [1000]);
    await pass(9);
    world.end(1000);
    use(0, []);
    await pass(20);
    expect(runs().runs).toEqual([]);
    expect(store.countRuns()).toBe(0);
    expect(engine.runs.measured()).toEqual([]);
  });

  it('is one run with all its ranks', async () => {
    const { start, use, pass, runs, report } = await setUp();
    start({ pid: 900, command: 'python /v/bin/torchrun --nproc-per-node 2 train.py' });
    for (const pid of [1000, 1001]) start({ pid, parentPid: 900, command: 'python -u train.py' });
    use(0, [1000]);
    use(1, [1001]);
    await pass(21);
    expect(runs().runs).toHaveLength(1);
    // Both GPUs for 20 s: 2 × 300 × 20.
    expect(report(runs().runs[0]?.id ?? '').energy.totalJoules).toBeCloseTo(12_000, 6);
  });

  it('is one run with ranks that hang below nothing in common but say the same id', async () => {
    const { world, start, use, pass, runs } = await setUp();
    const environment = { TORCHELASTIC_RUN_ID: 'a1b2' };
    start({ pid: 1000, command: 'python train.py', environment });
    use(0, [1000]);
    await pass(15);
    start({ pid: 1001, command: 'python train.py', environment });
    use(1, [1001]);
    await pass(15);
    expect(runs().runs).toHaveLength(1);
    world.end(1000);
    use(0, []);
    await pass(5);
    expect(runs().runs).toMatchObject([{ status: 'running' }]);
    world.end(1001);
    await pass(2);
    expect(runs().runs).toMatchObject([{ status: 'finished' }]);
  });

  it('goes on where its launcher ends before it', async () => {
    const { world, start, use, pass, runs } = await setUp();
    start({ pid: 900, command: 'uv run train.py' });
    start({ pid: 1000, parentPid: 900, command: 'python train.py' });
    use(0, [1000]);
    await pass(15);
    world.end(900);
    await pass(15);
    expect(runs().runs).toMatchObject([{ status: 'running' }]);
    world.end(1000);
    await pass(2);
    expect(runs().runs).toMatchObject([{ status: 'finished' }]);
  });

  it('is another one once its pid is another process’s', async () => {
    const { start, use, pass, runs } = await setUp();
    start(train);
    use(0, [1000]);
    await pass(15);
    use(0, []);
    await pass(1);
    start({ ...train, command: 'python other.py' });
    use(0, [1000]);
    await pass(15);
    expect(runs().runs.map(({ name, status }) => [name, status])).toEqual([
      ['other', 'running'],
      ['train', 'finished'],
    ]);
  });

  it('ends when its pid goes to another process, even where a GPU’s list never missed it', async () => {
    const { start, use, pass, runs } = await setUp();
    start(train);
    use(0, [1000]);
    await pass(15);
    start({ ...train, command: 'python other.py' });
    await pass(15);
    expect(runs().runs.map(({ name, status }) => [name, status])).toEqual([
      ['other', 'running'],
      ['train', 'finished'],
    ]);
  });

  it('is one run with the script above it that comes to the GPU later, and no CPU time of it counts twice', async () => {
    const { world, engine, start, use, pass, runs, report } = await setUp();
    start({ pid: 900, command: 'python main.py' });
    for (const pid of [1000, 1001]) start({ pid, parentPid: 900, command: 'python worker.py' });
    use(0, [1000, 1001]);
    await pass(12);
    expect(runs().runs).toHaveLength(2);
    const [kept] = engine.runs.active();
    use(0, [900, 1000, 1001]);
    await pass(2);
    for (const pid of [900, 1000]) world.work(pid, 5);
    await pass(1);
    // Both hang below it: it is the run of one of them, and the other's tree is left out of its.
    const pids = engine.runs.active().map((run) => [...run.pids].sort((a, b) => a - b));
    expect(pids).toEqual([[900, 1000], [1001]]);
    expect(engine.runs.active().map((run) => run.roots.map((root) => root.pid))).toEqual([[900], [1001]]);
    // The 5 s of 900 were there before it was looked at, as its tree had 5 s of 1000: what was used in the open counts.
    expect(report(kept?.record.id ?? '').utilization.meanCpuCores).not.toBeNull();
  });

  it('counts the tree of ranks with one launcher once', async () => {
    const { world, engine, start, use, pass, runs, report } = await setUp();
    start({ pid: 900, command: 'torchrun train.py' });
    for (const pid of [1000, 1001]) start({ pid, parentPid: 900, command: 'python train.py' });
    use(0, [1000, 1001]);
    await pass(11);
    world.work(1000, 6);
    await pass(1);
    expect(engine.runs.active()[0]?.roots.map((root) => root.pid)).toEqual([900]);
    // 6 s of CPU time in 11 s.
    expect(report(runs().runs[0]?.id ?? '').utilization.meanCpuCores).toBeCloseTo(6 / 11, 9);
  });

  it('is asked about once', async () => {
    const { world, start, use, pass } = await setUp();
    start(train);
    start({ pid: 1001, command: '/usr/lib/xorg/Xorg :0' });
    use(0, [1000, 1001]);
    await pass(1);
    const { process } = world.reads;
    await pass(60);
    expect(world.reads).toEqual({ process, list: 0 });
  });
});

describe('a process on a GPU that is no run', () => {
  it('is one of the desktop', async () => {
    const { engine, start, use, pass } = await setUp();
    start({ pid: 1000, command: '/usr/bin/gnome-shell' });
    use(0, [1000]);
    await pass(30);
    expect(engine.runs.measured()).toEqual([]);
  });

  it('is one that idles, which is measured for a minute and left alone then until it does something', async () => {
    const { engine, start, use, pass, runs, report } = await setUp();
    start(train);
    use(0, [1000], 0.01);
    await pass(62);
    expect(engine.runs.measured()).toEqual([]);
    await pass(100);
    expect(runs().runs).toEqual([]);
    use(0, [1000], 0.5);
    await pass(11);
    // Busy since 163 s.
    const run = runs().runs[0];
    expect(report(run?.id ?? '').run.startedAt).toBe(new Date(startUnixMs + 163_000).toISOString());
  });

  it('gives back what it was given meanwhile, in the sums and in every second', async () => {
    const { engine, start, use, smRatios, pass, report } = await setUp();
    start({ pid: 900, command: 'sh sweep.sh' });
    start({ pid: 1001, parentPid: 900, command: 'python trial.py' });
    start({ pid: 1000, command: 'python idle.py' });
    const { id } = await engine.handlers['runs.start']({ name: 'wrapped', pid: 1001, foundBy: 'command' });
    use(0, [1001]);
    smRatios(0, { 1001: 0.9 });
    await pass(5);
    // Nothing tells yet what the new one does: for a second half of the GPU's 300 W is its own.
    use(0, [1000, 1001], 0.9);
    smRatios(0, {});
    await pass(2);
    smRatios(0, { 1001: 0.9, 1000: 0 });
    await pass(1);
    const before = report(id).energy.totalJoules ?? 0;
    expect(engine.runs.measured()).toHaveLength(2);
    await pass(70);
    expect(engine.runs.measured()).toHaveLength(1);
    expect(before).toBeLessThanOrEqual(300 * 8 - 150);
    expect(report(id).energy.totalJoules).toBeCloseTo(300 * 78, 6);
    const of = { kind: 'run-domain', runId: id, domainId: 'gpu:GPU-0' } as const;
    const history = await engine.handlers['history.query']({
      fromMs: startUnixMs,
      toMs: startUnixMs + 78_000,
      maxPoints: 4000,
      series: [
        { key: 'gpu', of, quantity: 'powerWatts' },
        { key: 'run', of: { kind: 'run', runId: id }, quantity: 'powerWatts' },
        { key: 'rest', of: { kind: 'unattributed' }, quantity: 'powerWatts' },
      ],
    });
    const powers = history.series.map(
      ({ mean }) => new Set(mean.flatMap((watts) => (watts === null ? [] : Math.round(watts)))),
    );
    expect(powers).toEqual([new Set([300]), new Set([300]), new Set([300])]);
  });

  it('has had no part in what is left to the next engine', async () => {
    const { engine, store, start, use, pass } = await setUp();
    start({ pid: 1001, command: 'python trial.py' });
    start({ pid: 1000, command: 'python idle.py' });
    const { id } = await engine.handlers['runs.start']({ name: 'wrapped', pid: 1001, foundBy: 'command' });
    use(0, [1001]);
    await pass(5);
    use(0, [1000, 1001]);
    await pass(4);
    const onRecord = (): number =>
      store.readRunDomains(id).find(({ domain }) => domain.id === 'gpu:GPU-0')?.totals.runJoules ?? 0;
    expect(onRecord()).toBeLessThan(300 * 8);
    engine.runs.settle();
    expect(onRecord()).toBeCloseTo(300 * 9, 6);
  });

  it.each(['ends', 'is dismissed', 'is merged'])(
    'leaves a run that %s before that is known with one account',
    async (how) => {
      const { engine, store, start, use, smRatios, pass } = await setUp();
      const ids: string[] = [];
      for (const [pid, name] of [
        [1001, 'first'],
        [1002, 'second'],
      ] as const) {
        start({ pid, command: `python ${name}.py`, cwd: `/home/${name}` });
        use(0, [1001, 1002].slice(0, ids.length + 1));
        smRatios(0, { 1001: 0.45, 1002: 0.45 });
        await pass(12);
        ids.push((await engine.handlers['runs.list']({})).runs.find((run) => run.name === name)?.id ?? '');
      }
      const [first = '', second = ''] = ids;
      // Nothing tells what a third one does: a third of the GPU is its own for four seconds.
      start({ pid: 1000, command: 'python idle.py' });
      use(0, [1000, 1001, 1002]);
      smRatios(0, {});
      await pass(4);
      expect(engine.runs.measured()).toHaveLength(3);
      if (how === 'ends') await engine.handlers['runs.stop']({ runId: first, exitCode: 0, status: 'finished' });
      if (how === 'is dismissed') await engine.handlers['runs.dismiss']({ runId: first });
      if (how === 'is merged') await engine.handlers['runs.merge']({ intoId: first, ids: [second] });
      if (how === 'is dismissed') await engine.handlers['runs.restore']({ runIds: [first] });
      smRatios(0, { 1000: 0, 1001: 0.45, 1002: 0.45 });
      await pass(70);
      expect(engine.runs.measured().filter((run) => run.isProvisional)).toEqual([]);
      for (const runId of how === 'is merged' ? [first] : ids) {
        const onRecord =
          store.readRunDomains(runId).find(({ domain }) => domain.id === 'gpu:GPU-0')?.totals.runJoules ?? 0;
        const samples = [...store.timeSeries(runId)].reduce(
          (sum, row) => sum + (row.domainId === 'gpu:GPU-0' ? (row.runJoules ?? 0) : 0),
          0,
        );
        expect(samples).toBeCloseTo(onRecord, 3);
      }
    },
  );

  it('is one whose GPU is busy with another, where the driver tells them apart', async () => {
    const { start, use, smRatios, pass, runs } = await setUp();
    start(train);
    start({ pid: 1001, command: 'python idle.py' });
    use(0, [1000, 1001], 0.9);
    smRatios(0, { 1000: 0.9, 1001: 0 });
    await pass(30);
    expect(runs().runs).toMatchObject([{ name: 'train' }]);
  });

  it('is one of another machine’s, as a container’s driver may name it', async () => {
    const { engine, use, pass } = await setUp();
    use(0, [4_000_000]);
    await pass(30);
    expect(engine.runs.measured()).toEqual([]);
  });

  it('is one that a run has already, by its tree or by its word', async () => {
    const { engine, start, use, pass, runs } = await setUp();
    start({ pid: 900, command: 'sh -c x' });
    start({ pid: 1000, parentPid: 900, command: 'python train.py' });
    const { id } = await engine.handlers['runs.start']({ name: 'wrapped', pid: 900, foundBy: 'command' });
    start({ pid: 1001, command: 'python train.py', environment: { WATTRUN_RUN_ID: id } });
    use(0, [1000]);
    use(1, [1001]);
    await pass(30);
    expect(runs().runs.map((run) => run.name)).toEqual(['wrapped']);
  });

  it.each([
    ['ended by itself', {}, ['train', 'wrapped']],
    ['was stopped', { status: 'stopped' as const }, ['wrapped']],
  ])('that a command left running is one of its own where the command %s', async (_, end, names) => {
    const { engine, world, start, use, pass, runs } = await setUp();
    start({ pid: 900, command: 'bash job.sh' });
    start({ pid: 1000, parentPid: 900, command: 'python train.py' });
    const { id } = await engine.handlers['runs.start']({ name: 'wrapped', pid: 900, foundBy: 'command' });
    use(0, [1000]);
    await pass(10);
    world.end(900);
    await engine.handlers['runs.stop']({ runId: id, exitCode: 0, ...end });
    await pass(15);
    expect(runs().runs.map((run) => run.name)).toEqual(names);
  });

  it('is none any more when somebody starts a run on what it hangs below', async () => {
    const { engine, start, use, pass, runs } = await setUp();
    start(train);
    use(0, [1000]);
    await pass(15);
    await engine.handlers['runs.start']({ name: 'mine', pid: shell, foundBy: 'manual' });
    await pass(20);
    expect(runs().runs.map(({ name, status }) => [name, status])).toEqual([
      ['mine', 'running'],
      ['train', 'finished'],
    ]);
  });

  it.each([
    ['itself', 1000],
    ['the shell above it', shell],
  ])('is one that somebody starts a run on while it is looked at: on %s', async (_, pid) => {
    const { engine, start, use, pass, runs } = await setUp();
    start(train);
    use(0, [1000]);
    await pass(5);
    await engine.handlers['runs.start']({ name: 'mine', pid, foundBy: 'manual' });
    await pass(30);
    expect(runs().runs.map((run) => run.name)).toEqual(['mine']);
    expect(engine.runs.measured()).toHaveLength(1);
  });

  it('is any, while finding is turned off', async () => {
    const { engine, start, use, pass, runs } = await setUp();
    engine.handlers['settings.write']({ isFindingRuns: false });
    start(train);
    use(0, [1000]);
    await pass(30);
    expect(engine.runs.measured()).toEqual([]);
    engine.handlers['settings.write']({ isFindingRuns: true });
    await pass(12);
    expect(runs().runs).toHaveLength(1);
  });
});

describe('a notebook', () => {
  it('is a run while it is busy, and another one the next time', async () => {
    const { start, use, pass, runs } = await setUp();
    start({
      pid: 1000,
      command: 'python -m ipykernel_launcher -f k.json',
      environment: { JPY_SESSION_NAME: 'a/Nets.ipynb' },
    });
    use(0, [1000]);
    await pass(30);
    use(0, [1000], 0);
    await pass(70);
    expect(runs().runs).toMatchObject([{ name: 'Nets', status: 'finished' }]);
    use(0, [1000], 0.8);
    await pass(15);
    expect(runs().runs.map((run) => run.status)).toEqual(['running', 'finished']);
  });
});

describe('a found run', () => {
  it('that is dismissed is off the record, and its processes are not found again', async () => {
    const { engine, start, use, pass, runs } = await setUp();
    start({ pid: 900, command: 'torchrun train.py' });
    start({ pid: 1000, parentPid: 900, command: 'python train.py' });
    use(0, [1000]);
    await pass(15);
    const runId = runs().runs[0]?.id ?? '';
    engine.handlers['runs.dismiss']({ runId });
    start({ pid: 1001, parentPid: 900, command: 'python train.py' });
    use(1, [1001]);
    await pass(30);
    expect(runs().runs).toEqual([]);
    expect(engine.live().unattributedWatts).toBe(2 * gpuWatts);
    expect(await engine.handlers['runs.restore']({ runIds: [runId] })).toEqual({ restored: 1 });
    expect(runs().runs).toMatchObject([{ status: 'stopped' }]);
  });

  it('that is dismissed does not keep the next one at its address from being found', async () => {
    const environment = { RANK: '0', WORLD_SIZE: '2', MASTER_ADDR: '127.0.0.1', MASTER_PORT: '29500' };
    const { engine, world, start, use, pass, runs } = await setUp();
    start({ pid: 1000, command: 'python one.py', environment });
    use(0, [1000]);
    await pass(15);
    engine.handlers['runs.dismiss']({ runId: runs().runs[0]?.id ?? '' });
    use(0, []);
    world.end(1000);
    await pass(5);
    start({ pid: 1100, command: 'python two.py', environment });
    use(0, [1100]);
    await pass(15);
    expect(runs().runs).toMatchObject([{ name: 'two', status: 'running' }]);
  });

  it('that is stopped is not found again either', async () => {
    const { engine, start, use, pass, runs } = await setUp();
    start(train);
    use(0, [1000]);
    await pass(15);
    await engine.handlers['runs.stop']({ runId: runs().runs[0]?.id ?? '' });
    await pass(30);
    expect(runs().runs).toMatchObject([{ status: 'stopped' }]);
  });

  it('is the only kind that can be dismissed', async () => {
    const { engine } = await setUp();
    const { id } = await engine.handlers['runs.start']({ name: 'x', foundBy: 'manual' });
    expect(() => engine.handlers['runs.dismiss']({ runId: id })).toThrow(
      expect.objectContaining({
        message: expect.stringContaining('not found by its processes'),
        hint: 'It can be deleted instead, in the app or on the page of `wattrun serve`.',
      }),
    );
    expect(() => engine.handlers['runs.dismiss']({ runId: 'nosuchrun' })).toThrow(/no run/);
  });

  it('is taken on by the next engine where its processes live, and closed where they do not', async () => {
    const first = await setUp({
      store: createSqliteStore({ path: ':memory:', nowMs: startUnixMs }),
      world: createFakeMachine(),
    });
    first.world.add({ pid: shell, command: '-bash' });
    first.start(train);
    first.start({ pid: 1001, command: 'python gone.py' });
    first.use(0, [1000]);
    first.use(1, [1001]);
    await first.pass(15);
    first.world.end(1001);
    first.start({ pid: 1001, command: 'python reused.py' });
    // The engine is killed: it closes nothing. The next one has the same record.
    const next = await setUp({ store: first.store, world: first.world });
    expect(
      next
        .runs()
        .runs.map(({ name, status }) => [name, status])
        .sort(),
    ).toEqual([
      ['gone', 'interrupted'],
      ['train', 'running'],
    ]);
    next.use(0, [1000]);
    await next.pass(15);
    expect(next.runs().runs.filter((run) => run.status === 'running')).toHaveLength(1);
    next.world.end(1000);
    await next.pass(2);
    expect(next.runs().runs.find((run) => run.name === 'train')?.status).toBe('finished');
  });
});

/** One training in two parts: on from 1 s to 22 s, and from 32 s on; it is 51 s now. */
async function setUpTwoParts() {
  const all = await setUp();
  const { world, start, use, pass } = all;
  start(train);
  use(0, [1000]);
  await pass(21);
  world.end(1000);
  use(0, []);
  await pass(10);
  start({ ...train, pid: 1001 });
  use(0, [1001]);
  await pass(20);
  return all;
}

describe('runs that are merged', () => {
  it('are one, with the sums of all, and go on as long as one of them', async () => {
    const { world, engine, start, use, pass, runs, report } = await setUp();
    start(train);
    use(0, [1000]);
    await pass(11);
    start({ pid: 1001, command: 'python eval.py' });
    use(1, [1001]);
    await pass(20);
    const [second, first] = runs().runs;
    const before = runs().runs.reduce((sum, run) => sum + (run.totalJoules ?? 0), 0);
    // First: 1 s to 31 s, 30 s of 300 W; second from 12 s, 19 s of 300 W.
    expect(before).toBeCloseTo(30 * 300 + 19 * 300, 6);
    engine.handlers['runs.mark']({ runId: second?.id ?? '', kind: 'epoch', label: '1' });
    const merged = await engine.handlers['runs.merge']({ intoId: first?.id ?? '', ids: [second?.id ?? ''] });
    expect(merged).toMatchObject({ id: first?.id, name: 'train', status: 'running' });
    expect(merged.totalJoules).toBeCloseTo(before, 6);
    await pass(10);
    world.end(1000);
    use(0, []);
    await pass(10);
    expect(runs().runs).toMatchObject([{ status: 'running' }]);
    world.end(1001);
    await pass(2);
    expect(runs().runs).toMatchObject([{ status: 'finished' }]);
    const { run, energy, marks } = report(first?.id ?? '');
    // GPU 0 until its process was gone, at 42 s: 41 s. GPU 1 from 12 s until 52 s: 40 s.
    expect(run.durationSeconds).toBe(51);
    expect(energy.totalJoules).toBeCloseTo(41 * 300 + 40 * 300, 0);
    // At the mark both had had 14,700 J.
    expect(marks).toMatchObject([{ label: '1' }]);
    expect(marks[0]?.joules).toBeCloseTo(before, 0);
    // The whole of each GPU while any of it was on.
    for (const domain of energy.domains) expect(domain.joules).toBeGreaterThanOrEqual((domain.runJoules ?? 0) - 1e-6);
    expect(energy.machineJoules).toBeCloseTo(2 * 51 * 300, 0);
  });

  it('may have ended, then they are one that was on while one of them was, and missed nothing in between', async () => {
    const { world, engine, pass, runs, report } = await setUpTwoParts();
    world.end(1001);
    await pass(2);
    const [second, first] = runs().runs;
    const sum = (first?.totalJoules ?? 0) + (second?.totalJoules ?? 0);
    await engine.handlers['runs.merge']({ intoId: second?.id ?? '', ids: [first?.id ?? ''] });
    const { run, energy } = report(second?.id ?? '');
    expect(runs().runs).toHaveLength(1);
    expect(energy.totalJoules).toBe(sum);
    // On from 1 s to 22 s and from 32 s to 52 s.
    expect(run.durationSeconds).toBe(21 + 20);
    expect(Date.parse(run.endedAt ?? '') - Date.parse(run.startedAt)).toBe(51_000);
    expect(energy.coverage).toBe(1);
    expect(energy.meanWatts).toBeCloseTo(sum / 41, 6);
    // 41 s of 300 W, and nothing that the 10 s between them might have drawn.
    expect(energy.highJoules).toBeLessThan(1.1 * sum);
    expect(energy.domains.flatMap((domain) => domain.gaps)).toEqual([]);
  });

  it('go on with the time of both where the second is on', async () => {
    const { world, engine, pass, runs, report } = await setUpTwoParts();
    const [second, first] = runs().runs;
    const merged = await engine.handlers['runs.merge']({ intoId: second?.id ?? '', ids: [first?.id ?? ''] });
    expect(merged).toMatchObject({ status: 'running', durationSeconds: 21 + 19 });
    await pass(10);
    world.end(1001);
    await pass(2);
    const { run, energy } = report(second?.id ?? '');
    expect(run.durationSeconds).toBe(21 + 30);
    expect(energy.coverage).toBe(1);
    expect(energy.totalJoules).toBeCloseTo(51 * 300, 6);
  });

  it('are two at least, and none that is wrapped and running', async () => {
    const { engine, pass } = await setUp();
    const { id } = await engine.handlers['runs.start']({ name: 'x', foundBy: 'manual' });
    await pass(1);
    const merge = (intoId: string, ids: string[]) => () => engine.handlers['runs.merge']({ intoId, ids });
    expect(merge(id, [id])).toThrow(/running/);
    await engine.handlers['runs.stop']({ runId: id });
    expect(merge(id, [id])).toThrow(/two different/);
    expect(merge(id, ['nosuchrun'])).toThrow(/no run/);
  });
});

describe('the rule for runs without a GPU', () => {
  it('finds what is named and works, and nothing that idles or works under another name', async () => {
    const { world, engine, start, pass, runs } = await setUp();
    engine.handlers['settings.write']({ cpuRunPattern: 'fit.*\\.py' });
    start({ pid: 1000, command: 'python fit_forest.py' });
    start({ pid: 1001, command: 'python fit_idle.py' });
    start({ pid: 1002, command: 'python other.py' });
    for (let i = 0; i < 30; i++) {
      for (const pid of [1000, 1002]) world.work(pid, 0.9);
      world.work(1001, 0.1);
      await pass(1);
    }
    expect(runs().runs).toMatchObject([{ name: 'fit_forest', status: 'running' }]);
    // Six looks in 30 s.
    expect(world.reads.list).toBeLessThanOrEqual(6);
    world.end(1000);
    await pass(2);
    expect(runs().runs).toMatchObject([{ status: 'finished' }]);
  });

  it('is off where there is none', async () => {
    const { world, pass, start } = await setUp();
    start({ pid: 1000, command: 'python fit.py' });
    world.work(1000, 100);
    await pass(20);
    expect(world.reads).toEqual({ process: 0, list: 0 });
  });

  it('is refused where it cannot be read or takes for ever, and says so', async () => {
    const { engine } = await setUp();
    const write = (cpuRunPattern: string) => () => engine.handlers['settings.write']({ cpuRunPattern });
    expect(write('(train')).toThrow(/cannot be read/);
    expect(write('(a+)+$')).toThrow(/too long/);
    expect(engine.handlers['settings.read']({})).toMatchObject({ cpuRunPattern: null });
    expect(engine.handlers['finding.read']({})).toEqual({ isFindingRuns: true, cpuRule: 'off' });
  });
});

it('never makes two runs of one process', async () => {
  const step = fc.record({
    kind: fc.constantFrom('start', 'end', 'use', 'leave', 'wait'),
    pid: fc.integer({ min: 1000, max: 1007 }),
    parent: fc.integer({ min: 999, max: 1007 }),
    command: fc.constantFrom(
      'python a.py',
      'torchrun a.py',
      'sh -c x',
      'uv run a.py',
      './trainer',
      'python -m ipykernel',
    ),
    id: fc.constantFrom('none', 'x', undefined),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 10, maxLength: 30 }), async (steps) => {
      const { world, engine, start, use, pass, messages } = await setUp();
      const listed = new Set<number>();
      for (const { kind, pid, parent, command, id } of steps) {
        if (kind === 'start' && pid !== parent)
          start({
            pid,
            parentPid: parent < 1000 ? shell : parent,
            command,
            environment: id === undefined ? {} : { TORCHELASTIC_RUN_ID: id },
          });
        if (kind === 'end') world.end(pid);
        if (kind === 'use') listed.add(pid);
        if (kind === 'leave') listed.delete(pid);
        use(
          0,
          [...listed].filter((one) => world.pids().includes(one)),
        );
        await pass(kind === 'wait' ? 12 : 2);
        const measured = engine.runs.measured().filter((run) => run.endMs === null);
        const all = measured.flatMap((run) => [...run.pids].filter((one) => world.pids().includes(one)));
        expect(new Set(all).size).toBe(all.length);
      }
      expect(messages).toEqual([]);
    }),
    { numRuns: 30 },
  );
});
