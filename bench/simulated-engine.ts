import { type Clock, systemClock } from '../engine/clock/clock.ts';
import { createFakeClock } from '../engine/clock/fake-clock.ts';
import { createEngine, type Engine } from '../engine/engine.ts';
import { simulatedRuns } from '../engine/sources/simulated/scenario.ts';
import { createSimulatedServer } from '../engine/sources/simulated/simulated-server.ts';
import { createSqliteStore } from '../engine/store/sqlite-store.ts';

interface SimulatedEngineOptions {
  readonly path: string;
  readonly clock: Clock;
  readonly openedAtMs: number;
  readonly isTicking: boolean;
}

/** The product's engine over 8 made-up GPUs, 2 CPU packages and memory, with its record in a file. */
export function createSimulatedEngine({ path, clock, openedAtMs, isTicking }: SimulatedEngineOptions): Engine {
  const server = createSimulatedServer(clock, openedAtMs);
  return createEngine({
    version: 'bench',
    store: createSqliteStore({ path, nowMs: clock.unixMs() }),
    dataDirectory: path,
    clock,
    machine: server.machine,
    definitions: [server.definition],
    environment: {},
    sysfsRoot: '',
    procfsRoot: '',
    isSimulated: true,
    isTicking,
    log: (message) => console.error(message),
  });
}

/** Samples once a second from now on, with the two runs that the scenario has at its opening. */
export async function openLiveEngine(path: string): Promise<Engine> {
  const openedAtMs = Date.now();
  const engine = createSimulatedEngine({ path, clock: systemClock, openedAtMs, isTicking: true });
  await engine.open(1000);
  for (const { name, pid, fromSeconds, toSeconds } of simulatedRuns)
    if (fromSeconds < 0 && toSeconds > 0) await engine.runs.start({ name, pid, foundBy: 'manual' });
  return engine;
}

/** Writes a record of so many hours at 1 Hz, with one run over all of it, up to now. */
export async function writeRecord(path: string, hours: number): Promise<void> {
  const openedAtMs = Date.now();
  const seconds = hours * 3600;
  const clock = createFakeClock(openedAtMs - seconds * 1000);
  const engine = createSimulatedEngine({ path, clock, openedAtMs, isTicking: false });
  await engine.open(1000);
  const run = await engine.runs.start({ name: 'bench', pid: simulatedRuns[0]?.pid ?? 1, foundBy: 'manual' });
  for (let second = 0; second < seconds; second++) {
    clock.advance(1000);
    await engine.tick();
  }
  await engine.runs.stop(run.id, { exitCode: 0, status: 'finished', endedAtMs: null });
  await engine.close();
}
