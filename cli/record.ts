import { existsSync } from 'node:fs';
import { livingFoundRuns } from '../engine/finding/found-record.ts';
import { createSessionHub } from '../engine/http/sessions.ts';
import { connectWebSocket } from '../engine/http/web-socket-transport.ts';
import { createLocalEngine, setAsideText } from '../engine/local-engine.ts';
import { createLocalMachine } from '../engine/machine/local-machine.ts';
import { recordPath } from '../engine/ownership/data-directory.ts';
import { claimOwnership, readAddress } from '../engine/ownership/ownership.ts';
import { resolveRunId } from '../engine/reports/record-reports.ts';
import { closeInterrupted } from '../engine/runs/interrupted.ts';
import { livingRuns } from '../engine/runs/living-runs.ts';
import { createSqliteStore } from '../engine/store/sqlite-store.ts';
import type { Store } from '../engine/store/store.ts';
import { type Client, connectContract } from '../shared/contract/client.ts';
import { type EngineContract, engineContract } from '../shared/contract/engine-contract.ts';
import { WattrunError } from '../shared/contract/errors.ts';
import { createMemoryTransports } from '../shared/contract/memory-transport.ts';
import type { CliContext } from './context.ts';

/** An owner publishes its address once its sources answer: five seconds where a driver is slow, and the start of Node. */
const addressLimitMs = 10_000;

/** A record that could not be read is never put aside without a word. */
export const tellSetAside =
  ({ say }: CliContext) =>
  (path: string): void =>
    say(`wattrun: ${setAsideText(path)}`);

/** The record, opened for as long as a command needs it. */
export interface OpenRecord {
  readonly store: Store;
  close(): void;
}

/** Opens the record. Where no engine lives, runs that one left open are closed first, at their last sample; those that go on wait for the next engine. */
export function openRecord(context: CliContext): OpenRecord {
  const ownership = claimOwnership(context.directory);
  const store = createSqliteStore({
    path: recordPath(context.directory),
    nowMs: Date.now(),
    isOwned: ownership !== null,
    onSetAside: tellSetAside(context),
  });
  if (ownership !== null) closeInterrupted(store, livingRunIds(store, context));
  return {
    store,
    close() {
      store.close();
      ownership?.release();
    },
  };
}

function livingRunIds(store: Store, { environment }: CliContext): ReadonlySet<string> {
  const machine = createLocalMachine(environment.WATTRUN_PROCFS || '/proc', environment.WATTRUN_SYSFS || '/sys');
  return new Set([...livingFoundRuns(store, machine).keys(), ...livingRuns(store, machine, Date.now())]);
}

export function withStore<T>(context: CliContext, work: (store: Store) => T): T {
  const record = openRecord(context);
  try {
    return work(record.store);
  } finally {
    record.close();
  }
}

/** Ids of the runs that these words say: an id, the beginning of one, a name, or 'last'. */
export const runIdsOf = (context: CliContext, words: readonly string[]): readonly string[] =>
  withStore(context, (store) => words.map((word) => resolveRunId(store, word)));

export const runIdOf = (context: CliContext, words: string): string =>
  withStore(context, (store) => resolveRunId(store, words));

interface ConnectOptions {
  readonly limitMs?: number;
  /** Nobody waits any more. */
  readonly signal?: AbortSignal;
}

/** A client of the engine that owns this machine; null where none lives. Throws 'engine/unreachable' where one does and has not answered within the limit. */
export async function connectOwner(
  directory: string,
  { limitMs = addressLimitMs, signal }: ConnectOptions = {},
): Promise<Client<EngineContract> | null> {
  if (!existsSync(directory)) return null;
  for (const startedMs = performance.now(); performance.now() - startedMs < limitMs && signal?.aborted !== true; ) {
    const ownership = claimOwnership(directory);
    if (ownership !== null) {
      ownership.release();
      return null;
    }
    const address = readAddress(directory);
    const transport = address === null ? null : await connectWebSocket(address).catch(() => null);
    if (transport !== null) return connectContract(engineContract, transport);
    // Its owner has the claim but has not published its address yet.
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  throw new WattrunError(
    'engine/unreachable',
    'Another Wattrun owns this machine and does not answer.',
    'Quit it (or end the process that holds engine.lock in the data directory) and try again.',
  );
}

/** Runs `work` against the living engine, or against one opened for it that takes no samples of its own accord longer than needed. */
export async function withEngine<T>(
  context: CliContext,
  work: (client: Client<EngineContract>) => Promise<T>,
  probeLimitMs = 0,
): Promise<T> {
  const living = await connectOwner(context.directory);
  if (living !== null) return work(living).finally(() => living.close());
  const ownership = claimOwnership(context.directory);
  const { version, directory, environment, log } = context;
  const engine = createLocalEngine({ version, directory, environment, log, onSetAside: tellSetAside(context) });
  const hub = createSessionHub({ engine, openDemo: null, log });
  const [near, far] = createMemoryTransports();
  hub.serve(far);
  const client = connectContract(engineContract, near);
  try {
    if (probeLimitMs > 0) await engine.open(probeLimitMs);
    return await work(client);
  } finally {
    client.close();
    await hub.close();
    await engine.close();
    ownership?.release();
  }
}
