import { setTimeout as sleep } from 'node:timers/promises';
import { type EngineOwner, openEngineOwner } from '../engine/ownership/engine-owner.ts';
import { type EngineAddress, readAddress } from '../engine/ownership/ownership.ts';
import { type Client, connectContract } from '../shared/contract/client.ts';
import { type EngineContract, engineContract } from '../shared/contract/engine-contract.ts';
import { WattrunError } from '../shared/contract/errors.ts';
import { createMemoryTransports } from '../shared/contract/memory-transport.ts';
import type { CliContext } from './context.ts';
import { connectOwner, tellSetAside } from './record.ts';

/** Measuring may keep the command waiting until this long after our own start, and for a moment in any case; what has not answered by then joins later. */
const startLimitMs = 1500;
const leastProbeMs = 800;
/** A GPU's driver that is there and slow to answer is worth more: what is trained before its first reading is missing from the run. */
const patienceMs = 5000;
const probeLimitMs = (): number => Math.max(leastProbeMs, startLimitMs - performance.now());

export interface Measuring {
  readonly client: Client<EngineContract>;
  readonly address: EngineAddress | null;
  close(): Promise<void>;
}

/** The living engine, or one of our own for as long as the run lasts. */
export async function beginMeasuring(
  context: CliContext,
  adoptRunIds: readonly string[],
  signal: AbortSignal,
): Promise<Measuring> {
  const { version, directory, environment, uiDirectory, log } = context;
  const owner = await openEngineOwner({
    version,
    directory,
    environment,
    uiDirectory,
    host: '127.0.0.1',
    port: 0,
    probeLimitMs: probeLimitMs(),
    patienceMs,
    canDemo: false,
    adoptRunIds,
    log,
    onSetAside: tellSetAside(context),
  });
  if (owner !== null) return ownMeasuring(owner);
  const client = await connectOwner(directory, { limitMs: Number.POSITIVE_INFINITY, signal });
  if (client === null) return beginMeasuring(context, adoptRunIds, signal);
  return { client, address: readAddress(directory), close: async () => client.close() };
}

function ownMeasuring(owner: EngineOwner): Measuring {
  const [near, far] = createMemoryTransports();
  owner.hub.serve(far);
  const client = connectContract(engineContract, near);
  return {
    client,
    address: owner.server.address,
    async close() {
      client.close();
      await owner.close();
    },
  };
}

const roomEveryMs = 1000;

export const isFull = (error: unknown): boolean => error instanceof WattrunError && error.code === 'store/full';

/** Tries again for as long as the disk is full and somebody waits, and says so; null where it was full to the end. Throws what else `attempt` does. */
export async function onceThereIsRoom<T>(
  attempt: (tries: number) => Promise<T>,
  { signal, say }: { readonly signal: AbortSignal; readonly say: CliContext['say'] },
): Promise<T | null> {
  for (let tries = 0; tries === 0 || !signal.aborted; tries++) {
    try {
      return await attempt(tries);
    } catch (error) {
      if (!(error instanceof Error && isFull(error))) throw error;
      if (tries === 0)
        say(`wattrun: this run is not measured yet. ${error.message} Free some space: it is measured from then on.`);
    }
    await sleep(roomEveryMs, undefined, { signal }).catch(() => undefined);
  }
  say('wattrun: this run was not measured: the disk was full to its end.');
  return null;
}
