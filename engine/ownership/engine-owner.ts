import type { Engine } from '../engine.ts';
import { createEngineServer, type EngineServer } from '../http/engine-server.ts';
import { createSessionHub, type SessionHub } from '../http/sessions.ts';
import { createDemoEngine, createLocalEngine } from '../local-engine.ts';
import { claimOwnership, readToken } from './ownership.ts';
import { usualPortIn } from './usual-port.ts';

export interface EngineOwnerOptions {
  readonly version: string;
  readonly directory: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly uiDirectory: string | null;
  readonly host: string;
  readonly port: number;
  /** Longest wait for slow sources before sampling starts; those join later. */
  readonly probeLimitMs: number;
  /** What is plainly there and slow to answer is waited for this long; default: as long as the rest. */
  readonly patienceMs?: number;
  readonly canDemo: boolean;
  readonly adoptRunIds?: readonly string[];
  readonly log: (message: string) => void;
  /** Tells a person where a record was put that could not be read; default: the log does. */
  readonly onSetAside?: (path: string) => void;
}

/** A process that owns the sampling: its engine, its server, its sessions. */
export interface EngineOwner {
  readonly engine: Engine;
  readonly server: EngineServer;
  readonly hub: SessionHub;
  close(): Promise<void>;
}

/**
 * Becomes the engine of this user and machine: claims the data directory, measures, serves, and publishes the address. Null where another process
 * has it. Throws WattrunError: 'store/full', 'store/unwritable', 'store/newer', 'engine/unreachable' (the port).
 */
export async function openEngineOwner(options: EngineOwnerOptions): Promise<EngineOwner | null> {
  const ownership = claimOwnership(options.directory);
  if (ownership === null) return null;
  try {
    const { version, directory, environment, log, onSetAside, adoptRunIds = [] } = options;
    const engine = createLocalEngine({
      version,
      directory,
      environment,
      log,
      adoptRunIds,
      ...(onSetAside === undefined ? {} : { onSetAside }),
    });
    const owner = await openEngine(engine, options);
    try {
      ownership.publish(owner.server.address);
    } catch (error) {
      await owner.close();
      throw error;
    }
    return {
      ...owner,
      async close() {
        await owner.close();
        ownership.release();
      },
    };
  } catch (error) {
    ownership.release();
    throw error;
  }
}

/** An engine that cannot be served is closed. */
async function openEngine(engine: Engine, options: EngineOwnerOptions): Promise<EngineOwner> {
  const usual = usualPortIn(options.directory);
  let token = '';
  try {
    token = readToken(options.directory);
    await engine.open(options.probeLimitMs, options.patienceMs);
  } catch (error) {
    await engine.close();
    throw error;
  }
  const owner = await serveEngine(engine, { ...options, usualPort: usual.read() }, token);
  if (options.port === 0) usual.keep(Number(new URL(owner.server.address.url).port));
  return owner;
}

/** The simulated server alone, for `wattrun demo`: no claim, no record on disk, no word to other processes. */
export async function openDemoOwner(
  options: Pick<EngineOwnerOptions, 'version' | 'uiDirectory' | 'host' | 'port' | 'log'>,
): Promise<EngineOwner> {
  const engine = await createDemoEngine(options.version, options.log);
  return serveEngine(engine, { ...options, canDemo: false });
}

async function serveEngine(
  engine: Engine,
  options: Pick<EngineOwnerOptions, 'version' | 'uiDirectory' | 'host' | 'port' | 'canDemo' | 'log'> & {
    readonly usualPort?: number | null;
  },
  token?: string,
): Promise<EngineOwner> {
  const { version, uiDirectory, host, port, usualPort = null, log } = options;
  const hub = createSessionHub({
    engine,
    openDemo: options.canDemo ? () => createDemoEngine(version, log) : null,
    log,
  });
  try {
    const server = await createEngineServer({
      engine,
      hub,
      host,
      port,
      usualPort,
      version,
      uiDirectory,
      log,
      ...(token === undefined ? {} : { token }),
    });
    return {
      engine,
      server,
      hub,
      async close() {
        await hub.close();
        await server.close();
        await engine.close();
      },
    };
  } catch (error) {
    await engine.close();
    throw error;
  }
}
