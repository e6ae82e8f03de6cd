import { existsSync, statSync } from 'node:fs';
import type { DatabaseSync } from 'node:sqlite';
import { WattrunError } from '../../shared/contract/errors.ts';
import { createAlertQueries } from './alert-queries.ts';
import { createCarbonQueries } from './carbon-queries.ts';
import { createDestinationQueries } from './destination-queries.ts';
import { createHistoryQueries } from './history-queries.ts';
import { createMarkQueries } from './mark-queries.ts';
import { openDatabase, storeErrorFrom, suspectDamage } from './open-database.ts';
import { openForReading } from './open-for-reading.ts';
import { createRows, parseDomain } from './rows.ts';
import { createRunMerging } from './run-merging.ts';
import { createRunQueries } from './run-queries.ts';
import { spanEnergy } from './span-energy.ts';
import type { Store } from './store.ts';
import { createTickWriter } from './tick-writer.ts';

export interface SqliteStoreOptions {
  /** A file, or ':memory:'. */
  readonly path: string;
  readonly nowMs: number;
  /** False while another process may have it open: then it is never put aside. */
  readonly isOwned?: boolean;
  readonly onSetAside?: (path: string) => void;
}

/** The record in one SQLite file (node:sqlite, WAL). */
export function createSqliteStore(options: SqliteStoreOptions): Store {
  const { path, nowMs, isOwned = true } = options;
  const { database, setAside } = openDatabase(path, { nowMs, isOwned });
  if (setAside !== null) options.onSetAside?.(setAside);
  try {
    return withStoreErrors(storeOver(database, path));
  } catch (error) {
    database.close();
    throw toldError(error, path);
  }
}

/** The record as it is, for reading alone; what would write fails. For where `createSqliteStore` throws 'store/full' or 'store/unwritable'. */
export function createReadingStore(path: string): Store {
  const { database, close } = openForReading(path);
  try {
    return withStoreErrors({ ...storeOver(database, path), close });
  } catch (error) {
    close();
    throw toldError(error, path);
  }
}

function storeOver(database: DatabaseSync, path: string): Store {
  const rows = createRows(database, path);
  const runs = createRunQueries(rows);
  const writer = createTickWriter(rows, runs.putRun);
  return {
    path,
    writeTick: (tick) => rows.inTransaction(() => writer.writeTick(tick)),
    writeRunSamples: (ticks) => rows.inTransaction(() => writer.writeRunSamples(ticks)),
    addRunSamples: (ticks) => rows.inTransaction(() => writer.addRunSamples(ticks)),
    putGaps: (gaps) => rows.inTransaction(() => gaps.forEach(writer.writeGap)),
    putDomain(domain) {
      const number = rows.domainNumber(domain.id);
      database.prepare('UPDATE domains SET json = ? WHERE id = ?').run(JSON.stringify(domain), number);
    },
    listDomains: () =>
      database
        .prepare('SELECT json FROM domains')
        .all()
        .flatMap((row) => parseDomain(row.json) ?? []),
    ...runs,
    ...createMarkQueries(rows),
    ...createRunMerging(rows, runs.putRun),
    ...createHistoryQueries(rows),
    ...createAlertQueries(rows),
    ...createDestinationQueries(rows),
    spanEnergy: (fromMs, toMs) => spanEnergy(rows, fromMs, toMs),
    ...createCarbonQueries(rows),
    sizeBytes: () => fileSize(path),
    close: () => database.close(),
  };
}

function toldError(error: unknown, path: string): Error {
  const known = storeErrorFrom(error, path);
  if (known instanceof WattrunError && known.code === 'store/corrupt') suspectDamage(path);
  return known;
}

/** Whatever a store does, its errors say where the record lies and what to do. */
function withStoreErrors(store: Store): Store {
  const guarded = Object.entries(store).map(([name, member]: [string, unknown]) => [
    name,
    typeof member !== 'function'
      ? member
      : (...args: unknown[]): unknown => {
          try {
            return member(...args);
          } catch (error) {
            throw toldError(error, store.path);
          }
        },
  ]);
  return {
    ...(Object.fromEntries(guarded) as Store),
    *timeSeries(runId) {
      try {
        yield* store.timeSeries(runId);
      } catch (error) {
        throw toldError(error, store.path);
      }
    },
  };
}

function fileSize(path: string): number | null {
  if (path === ':memory:') return null;
  try {
    return statSync(path).size + (existsSync(`${path}-wal`) ? statSync(`${path}-wal`).size : 0);
  } catch {
    return null;
  }
}
