import { WattrunError } from '../shared/contract/errors.ts';
import type { MarkInput } from '../shared/model/progress.ts';
import { msFromSeconds } from '../shared/units.ts';
import { type Clock, systemClock } from './clock/clock.ts';
import { createFakeClock } from './clock/fake-clock.ts';
import { createEngine, type Engine } from './engine.ts';
import { createLocalMachine } from './machine/local-machine.ts';
import { recordPath } from './ownership/data-directory.ts';
import { createSourceDefinitions } from './sources/registry.ts';
import { type SimulatedRun, simulatedRuns } from './sources/simulated/scenario.ts';
import { createSimulatedServer } from './sources/simulated/simulated-server.ts';
import { createSqliteStore } from './store/sqlite-store.ts';
import type { Store } from './store/store.ts';

export interface LocalEngineOptions {
  readonly version: string;
  readonly directory: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly log: (message: string) => void;
  /** Tells a person where a record was put that could not be read; default: the log does. */
  readonly onSetAside?: (path: string) => void;
  readonly adoptRunIds?: readonly string[];
  /** Where it records; default: the record in the data directory. It closes it. */
  readonly store?: Store;
}

export const setAsideText = (path: string): string =>
  `The record could not be read and was put aside as ${path}; a new one was begun.`;

/** The engine of the machine this process runs on, with its record in the data directory. */
export function createLocalEngine(options: LocalEngineOptions): Engine {
  const { environment, log, onSetAside = (path) => log(setAsideText(path)) } = options;
  const procfsRoot = environment.WATTRUN_PROCFS || '/proc';
  const sysfsRoot = environment.WATTRUN_SYSFS || '/sys';
  const machine = createLocalMachine(procfsRoot, sysfsRoot);
  const open = (): Store => createSqliteStore({ path: recordPath(options.directory), nowMs: Date.now(), onSetAside });
  const engineOver = (store: Store): Engine =>
    createEngine({
      version: options.version,
      store,
      dataDirectory: options.directory,
      clock: systemClock,
      machine,
      definitions: createSourceDefinitions(machine),
      environment,
      sysfsRoot,
      procfsRoot,
      isSimulated: false,
      log,
      adoptRunIds: options.adoptRunIds ?? [],
      stopProcess: (pid) => process.kill(pid, 'SIGTERM'),
      signalProcess: (pid, signal) => process.kill(pid, signal),
    });
  const store = options.store ?? open();
  try {
    return engineOver(store);
  } catch (error) {
    store.close();
    // What its first statements found damaged is put aside when it is opened again.
    if (options.store !== undefined || !(error instanceof WattrunError && error.code === 'store/corrupt')) throw error;
    return engineOver(open());
  }
}

/** How far back the demo's past reaches, and how finely it was sampled: coarse long ago, fine lately. */
const pastSteps = [
  { untilSeconds: -2 * 3600, stepSeconds: 60 },
  { untilSeconds: -600, stepSeconds: 10 },
  { untilSeconds: 0, stepSeconds: 2 },
] as const;
const pastSeconds = -23.9 * 3600;

/**
 * A made-up server through the same pipeline, its record in memory: the day behind it is sampled at full speed on a clock of its own, then time goes
 * on as everywhere.
 */
export async function createDemoEngine(version: string, log: (message: string) => void): Promise<Engine> {
  const openedAtMs = Date.now();
  const past = createFakeClock(openedAtMs + pastSeconds * 1000);
  const clock = createSwitchingClock(past);
  const server = createSimulatedServer(clock, openedAtMs);
  const store = createSqliteStore({ path: ':memory:', nowMs: openedAtMs });
  store.writeSettings({
    ...store.readSettings(),
    region: 'DEU',
    pue: 1.12,
    pricePerKwh: 0.28,
    currency: 'EUR',
    isWelcomed: true,
  });
  const engine = createEngine({
    version,
    store,
    clock,
    log,
    dataDirectory: ':memory:',
    machine: server.machine,
    definitions: [server.definition],
    environment: {},
    sysfsRoot: '',
    procfsRoot: '',
    isSimulated: true,
    isTicking: false,
  });
  await engine.open(1000);
  const runs = createScript(engine, openedAtMs, clock);
  engine.handlers['alerts.put']({
    kind: 'sustained-power',
    scope: { kind: 'machine' },
    params: { limitWatts: 4400, holdSeconds: 30, clearSeconds: 60 },
    level: 'warning',
    isEnabled: true,
  });
  engine.handlers['alerts.put']({
    kind: 'sustained-power',
    scope: { kind: 'any-gpu' },
    params: { limitWatts: 690, holdSeconds: 120, clearSeconds: 30 },
    level: 'note',
    isEnabled: true,
  });
  engine.handlers['alerts.put']({
    kind: 'energy-budget',
    scope: { kind: 'machine' },
    params: { limitKwh: 100, period: 'day' },
    level: 'warning',
    isEnabled: true,
  });
  engine.handlers['alerts.put']({
    kind: 'cost-budget',
    scope: { kind: 'any-project' },
    params: { limitAmount: 40, period: 'month' },
    level: 'warning',
    isEnabled: true,
  });
  engine.handlers['alerts.put']({
    kind: 'run-ended',
    scope: { kind: 'any-run' },
    params: {},
    level: 'note',
    isEnabled: true,
  });
  let seconds = pastSeconds;
  let pastStep = 0;
  // Up to the present: filling the past takes a few seconds itself.
  for (let steps = 0; past.unixMs() < Date.now(); steps++) {
    const step = pastSteps.find((one) => seconds < one.untilSeconds)?.stepSeconds ?? 2;
    if (steps === 0 || step !== pastStep) engine.handlers['settings.write']({ samplePeriodSeconds: step });
    pastStep = step;
    past.advance(step * 1000);
    seconds += step;
    await runs.play();
    await engine.tick();
    if (steps % 20 === 0) await new Promise((resolve) => setImmediate(resolve));
  }
  engine.handlers['settings.write']({ samplePeriodSeconds: 1 });
  store.rollUp(clock.unixMs());
  clock.goLive();
  return keepTicking(engine, runs);
}

function createSwitchingClock(past: Clock): Clock & { goLive(): void } {
  let offsetMs: number | null = null;
  const monotonicMs = (): number => (offsetMs === null ? past.monotonicMs() : systemClock.monotonicMs() + offsetMs);
  return {
    monotonicMs,
    unixMs: () => (offsetMs === null ? past.unixMs() : systemClock.unixMs()),
    sleep: (delayMs, signal) => (offsetMs === null ? Promise.resolve() : systemClock.sleep(delayMs, signal)),
    goLive() {
      offsetMs = past.monotonicMs() - systemClock.monotonicMs();
    },
  };
}

/** Starts and ends the scenario's runs when their time has come. */
function createScript(engine: Engine, openedAtMs: number, clock: Clock): { play(): Promise<void> } {
  const started = new Map<number, string>();
  const ended = new Set<number>();
  const epochs = createEpochScript(engine, openedAtMs);
  return {
    async play() {
      const seconds = (clock.unixMs() - openedAtMs) / 1000;
      for (const run of simulatedRuns) {
        if (seconds < run.fromSeconds || ended.has(run.pid)) continue;
        const id = started.get(run.pid);
        if (id === undefined && seconds < run.toSeconds) {
          const record = await engine.runs.start({
            name: run.name,
            project: run.project,
            tags: run.tags,
            command: [...run.command],
            cwd: '~/work',
            pid: run.pid,
            environment: {
              python: {
                executable: `/opt/conda/envs/${run.project}/bin/python3.12`,
                version: '3.12.4',
                environment: run.project,
              },
              variables: { CUDA_VISIBLE_DEVICES: run.gpus.join(','), OMP_NUM_THREADS: '8' },
            },
            foundBy: 'command',
          });
          started.set(run.pid, record.id);
        }
        if (id !== undefined) await epochs.tell(id, run, Math.min(seconds, run.toSeconds));
        if (id !== undefined && seconds >= run.toSeconds) {
          ended.add(run.pid);
          if (engine.runs.find(id) !== undefined)
            await engine.runs.stop(id, { exitCode: run.exitCode, status: null, endedAtMs: null });
        }
      }
    },
  };
}

const stepsPerEpoch = 420;
const tokensPerStep = 131_072;

/** What the scenario's programs would say of their epochs, each at its own moment. */
function createEpochScript(
  engine: Engine,
  openedAtMs: number,
): { tell(runId: string, run: SimulatedRun, seconds: number): Promise<void> } {
  const told = new Map<string, number>();
  return {
    async tell(runId, run, seconds) {
      const done = Math.floor((seconds - run.fromSeconds) / run.epochSeconds);
      for (let epoch = (told.get(runId) ?? 0) + 1; epoch <= done; epoch++) {
        told.set(runId, epoch);
        const step = epoch * stepsPerEpoch;
        const at = { label: '', atMs: openedAtMs + msFromSeconds(run.fromSeconds + epoch * run.epochSeconds), step };
        const marks: MarkInput[] = [
          { ...at, kind: 'step', value: step },
          { ...at, kind: 'tokens', value: step * tokensPerStep },
          { ...at, kind: 'loss', value: 1.1 + 1.4 * 0.72 ** epoch, epoch },
          { ...at, kind: 'epoch', value: epoch },
        ];
        await engine.handlers['runs.mark']({ runId, marks });
      }
    },
  };
}

function keepTicking(engine: Engine, runs: { play(): Promise<void> }): Engine {
  const stop = new AbortController();
  const loop = (async () => {
    let dueMs = systemClock.monotonicMs();
    while (!stop.signal.aborted) {
      await runs.play();
      await engine.tick();
      dueMs += 1000;
      await systemClock.sleep(Math.max(1, dueMs - systemClock.monotonicMs()), stop.signal);
    }
  })();
  return {
    ...engine,
    async close() {
      stop.abort();
      await loop;
      await engine.close();
    },
  };
}
