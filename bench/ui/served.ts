import type { Clock } from '../../engine/clock/clock.ts';
import type { Engine } from '../../engine/engine.ts';
import { createEngineServer } from '../../engine/http/engine-server.ts';
import { createSessionHub } from '../../engine/http/sessions.ts';
import { simulatedRuns } from '../../engine/sources/simulated/scenario.ts';
import { createSimulatedEngine } from '../simulated-engine.ts';

export interface ServedEngine {
  readonly engine: Engine;
  readonly openUrl: string;
  close(): Promise<void>;
}

/** The built app over the simulated server, with the two runs that its scenario has at its opening. */
export async function serveSimulated(options: {
  readonly path: string;
  readonly clock: Clock;
  readonly isTicking: boolean;
  readonly uiDirectory: string;
}): Promise<ServedEngine> {
  const { path, clock, isTicking, uiDirectory } = options;
  const log = (message: string): void => console.error(message);
  const engine = createSimulatedEngine({ path, clock, openedAtMs: clock.unixMs(), isTicking });
  await engine.open(1000);
  for (const { name, pid, fromSeconds, toSeconds } of simulatedRuns)
    if (fromSeconds < 0 && toSeconds > 0) await engine.runs.start({ name, pid, foundBy: 'manual' });
  const hub = createSessionHub({ engine, openDemo: null, log });
  const server = await createEngineServer({
    engine,
    hub,
    host: '127.0.0.1',
    port: 0,
    version: 'bench',
    uiDirectory,
    log,
  });
  return {
    engine,
    openUrl: server.openUrl,
    async close() {
      await hub.close();
      await server.close();
      await engine.close();
    },
  };
}
