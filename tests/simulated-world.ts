import { createFakeClock } from '../engine/clock/fake-clock.ts';
import { createEngine, type Engine } from '../engine/engine.ts';
import type {
  SimulatedGpu,
  SimulatedGpuProcess,
  SimulatedMachineOptions,
  SimulatedProcess,
} from '../engine/sources/simulated/machine-config.ts';
import type { PowerCurve } from '../engine/sources/simulated/power-curve.ts';
import { createSimulatedMachine, type SimulatedMachine } from '../engine/sources/simulated/simulated-machine.ts';
import { createTruth, type RunTruth } from '../engine/sources/simulated/truth.ts';
import { createSqliteStore } from '../engine/store/sqlite-store.ts';
import type { RunDomain, RunReport } from '../shared/model/run.ts';
import { energyJoules, powerWatts, type Wave } from './fakes/waveform.mjs';

const openedAtMs = Date.UTC(2026, 0, 15, 12);

export interface SimulatedWorld {
  readonly machine: SimulatedMachine;
  readonly engine: Engine;
  /** Goes on to that second, with a sample at each whole one on the way. */
  goTo(seconds: number): Promise<void>;
  start(name: string, pid: number | null): Promise<string>;
  stop(runId: string): Promise<RunReport>;
  /** Of a run that no other one shares anything with. */
  truthOf(report: RunReport, rootPids: readonly number[]): RunTruth;
}

export type WorldOptions = Omit<SimulatedMachineOptions, 'clock' | 'openedAtUnixMs'> & {
  /** Stands around each sample, for tests that make a sampler's own timers go on. */
  readonly around?: (tick: Promise<void>) => Promise<void>;
};

/** The product's whole engine over a simulated machine, in virtual time: the engine's own waiting makes time go on. Close the engine. */
export async function openSimulatedWorld({
  around = (tick) => tick,
  ...options
}: WorldOptions): Promise<SimulatedWorld> {
  const clock = createFakeClock(openedAtMs);
  const machine = createSimulatedMachine({ ...options, clock, openedAtUnixMs: openedAtMs });
  const engine = createEngine({
    version: '0.0.0',
    store: createSqliteStore({ path: ':memory:', nowMs: openedAtMs }),
    dataDirectory: ':memory:',
    clock: { ...clock, sleep: async (delayMs) => clock.advance(delayMs) },
    machine: machine.machine,
    definitions: [machine.definition],
    environment: {},
    sysfsRoot: '',
    procfsRoot: '',
    isSimulated: true,
    isTicking: false,
    log: () => {},
  });
  await engine.open(0);
  const now = (): number => machine.secondsAt(clock.unixMs());
  return {
    machine,
    engine,
    async goTo(seconds) {
      for (let tick = Math.floor(now()) + 1; tick <= seconds; tick++) {
        clock.advance((tick - now()) * 1000);
        await around(engine.tick());
      }
      if (seconds > now()) clock.advance((seconds - now()) * 1000);
    },
    start: async (name, pid) => (await engine.handlers['runs.start']({ name, pid, foundBy: 'api' })).id,
    stop: async (runId) => engine.handlers['runs.stop']({ runId, exitCode: 0 }),
    truthOf(report, rootPids) {
      const truth = createTruth(machine).of([{ report, rootPids }]).get(report.run.id);
      if (truth === undefined) throw new Error('There is no truth of the run.');
      return truth;
    },
  };
}

export const curveOf = (wave: Wave): PowerCurve => ({
  wattsAt: (seconds) => powerWatts(wave, seconds),
  joulesBetween: (fromSeconds, toSeconds) => energyJoules(wave, fromSeconds, toSeconds),
});

/** 80 W at rest, 360 W at work, 40 % of each 3.7 s: 192 W on the average. */
export const spikes: Wave = { kind: 'square', lowWatts: 80, highWatts: 360, periodSeconds: 3.7, dutyRatio: 0.4 };

const always = { fromSeconds: 0, toSeconds: Number.POSITIVE_INFINITY };

export const exampleGpuProcess = (change: Partial<SimulatedGpuProcess> = {}): SimulatedGpuProcess => ({
  pid: 11,
  name: 'python',
  memoryUsedBytes: 1024 ** 3,
  smRatio: 0.9,
  ...always,
  ...change,
});

export const exampleProcess = (change: Partial<SimulatedProcess> = {}): SimulatedProcess => ({
  pid: 11,
  cpuRatio: 0.1,
  residentBytes: 1024 ** 3,
  ...always,
  ...change,
});

export const simulatedGpuId = 'gpu:GPU-0';

export const exampleSimulatedGpu = (change: Partial<SimulatedGpu> = {}): SimulatedGpu => ({
  uuid: 'GPU-0',
  name: 'Simulated 1',
  limitWatts: 400,
  memoryTotalBytes: 24 * 1024 ** 3,
  power: curveOf(spikes),
  idleWatts: 60,
  sensor: { kind: 'counter', updateSeconds: 0 },
  processes: [exampleGpuProcess()],
  ...change,
});

/** Throws where the report has no such domain. */
export function domainOf(report: RunReport, domainId: string): RunDomain {
  const found = report.energy.domains.find((domain) => domain.id === domainId);
  if (found === undefined) throw new Error(`The report has no ${domainId}.`);
  return found;
}

/** Null fails every comparison. */
export const numberOf = (value: number | null | undefined): number => value ?? Number.NaN;
