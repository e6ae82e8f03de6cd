import { existsSync } from 'node:fs';
import { createSessionHub } from '../engine/http/sessions.ts';
import { connectWebSocket } from '../engine/http/web-socket-transport.ts';
import { createLocalEngine, setAsideText } from '../engine/local-engine.ts';
import { recordPath } from '../engine/ownership/data-directory.ts';
import { claimOwnership, readAddress } from '../engine/ownership/ownership.ts';
import { resolveRunId } from '../engine/reports/record-reports.ts';
import { closeInterrupted } from '../engine/runs/interrupted.ts';
import { isUnwritable } from '../engine/store/open-database.ts';
import { createSqliteStore } from '../engine/store/sqlite-store.ts';
import type { Store } from '../engine/store/store.ts';
import { type Client, connectContract } from '../shared/contract/client.ts';
import { type EngineContract, engineContract } from '../shared/contract/engine-contract.ts';
import { WattrunError } from '../shared/contract/errors.ts';
import { createMemoryTransports } from '../shared/contract/memory-transport.ts';
import type { CliContext } from './context.ts';
import { claimIfWritable, forgettingStore, livingRunIds, openForReading } from './unwritable-record.ts';

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

/**
 * Opens the record. Where no engine lives, runs that one left open are closed first, at their last sample; those that go on wait for the next engine.
 * Where nothing can be written it is opened for reading alone.
 */
export function openRecord(context: CliContext): OpenRecord {
  const claim = claimIfWritable(context.directory);
  const ownership = claim.kind === 'claimed' ? claim.ownership : null;
  try {
    if (claim.kind === 'unwritable') throw claim.error;
    const store = openStore(context, ownership !== null);
    return {
      store,
      close() {
        store.close();
        ownership?.release();
      },
    };
  } catch (error) {
    ownership?.release();
    if (!isUnwritable(error)) throw error;
    const store = openForReading(context, error, ownership !== null || readAddress(context.directory) === null);
    return { store, close: () => store.close() };
  }
}

function openStore(context: CliContext, isOwned: boolean): Store {
  const path = recordPath(context.directory);
  const store = createSqliteStore({ path, nowMs: Date.now(), isOwned, onSetAside: tellSetAside(context) });
  try {
    if (isOwned) closeInterrupted(store, livingRunIds(store, context));
    return store;
  } catch (error) {
    store.close();
    throw error;
  }
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

/**
 * A client of the engine that owns this machine; null where none lives, or none that answers where nothing can be claimed. Throws 'engine/unreachable' where
 * one does and has not answered within the limit.
 */
export async function connectOwner(
  directory: string,
  { limitMs = addressLimitMs, signal }: ConnectOptions = {},
): Promise<Client<EngineContract> | null> {
  if (!existsSync(directory)) return null;
  for (const startedMs = performance.now(); performance.now() - startedMs < limitMs && signal?.aborted !== true; ) {
    const claim = claimIfWritable(directory);
    if (claim.kind === 'claimed') {
      claim.ownership.release();
      return null;
    }
    const address = readAddress(directory);
    const transport = address === null ? null : await connectWebSocket(address).catch(() => null);
    if (transport !== null) return connectContract(engineContract, transport);
    if (claim.kind === 'unwritable') return null;
    // Its owner has the claim but has not published its address yet.
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  throw new WattrunError(
    'engine/unreachable',
    'Another Wattrun owns this machine and does not answer.',
    'Quit it (or end the process that holds engine.lock in the data directory) and try again.',
  );
}

export interface EngineNeeds {
  /** 0: it does not look for sources. */
  readonly probeLimitMs?: number;
  /** True where nothing has to be kept: then it works where nothing can be. */
  readonly isRecordOptional?: boolean;
}

const secondLookMs = 1200;

/** Throws 'projects/not-found' for one that no run belongs to. */
export function assertProject(store: Pick<Store, 'listRuns'>, project: string | undefined): void {
  if (project !== undefined && !store.listRuns().some(({ record }) => record.project === project))
    throw new WattrunError('projects/not-found', `There is no project ${project}.`, 'List them with: wattrun projects');
}

/** For a second look, so that sources which need two (load, counters) have a number to show. */
export const untilSecondLook = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, secondLookMs));

/** Runs `work` against the living engine, or against one opened for it that takes no samples of its own accord longer than needed. */
export async function withEngine<T>(
  context: CliContext,
  work: (client: Client<EngineContract>) => Promise<T>,
  { probeLimitMs = 0, isRecordOptional = false }: EngineNeeds = {},
): Promise<T> {
  const living = await connectOwner(context.directory);
  if (living !== null) return work(living).finally(() => living.close());
  try {
    return await withOwnEngine(context, work, { probeLimitMs, store: null });
  } catch (error) {
    if (!isRecordOptional || !isUnwritable(error)) throw error;
    return withOwnEngine(context, work, { probeLimitMs, store: forgettingStore(context) });
  }
}

/** `store` null: the record, which is claimed. */
async function withOwnEngine<T>(
  context: CliContext,
  work: (client: Client<EngineContract>) => Promise<T>,
  { probeLimitMs, store }: { readonly probeLimitMs: number; readonly store: Store | null },
): Promise<T> {
  const { version, directory, environment, log } = context;
  const ownership = store === null ? claimOwnership(directory) : null;
  const options = { version, directory, environment, log, onSetAside: tellSetAside(context) };
  const engine = createLocalEngine(store === null ? options : { ...options, store });
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
