import { copyFileSync, existsSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { pathToFileURL } from 'node:url';
import { storeErrorFrom } from './open-database.ts';
import { sampleColumns } from './recent-samples.ts';
import { canShareMemory } from './room.ts';
import { migrate, schemaVersion } from './schema.ts';

export interface ReadDatabase {
  readonly database: DatabaseSync;
  close(): void;
}

const busyTimeoutMs = 5000;

/**
 * The record where it can be read and not written: on a full disk, on one that is mounted for reading, in another's folder. Throws WattrunError 'store/…' where it
 * cannot be read either.
 */
export function openForReading(path: string): ReadDatabase {
  try {
    return openInPlace(path) ?? openCopy(path);
  } catch (error) {
    throw storeErrorFrom(error, path);
  }
}

/** Null where its write-ahead log cannot be read in place, and where it was written by an older Wattrun: it is brought up to date first. */
function openInPlace(path: string): ReadDatabase | null {
  const shared = canShareMemory(dirname(path)) ? openNow(path) : null;
  const database = shared ?? (hasLog(path) ? null : openNow(unchanging(path)));
  if (database === null) return null;
  try {
    if (Number(database.prepare('PRAGMA user_version').get()?.user_version) < schemaVersion) {
      database.close();
      return null;
    }
    migrate(database);
    // What waits to be put in its place is read beside the rest. Sorting may need no disk either.
    database.exec(`PRAGMA temp_store = MEMORY;
      CREATE TEMP VIEW samples AS SELECT ${sampleColumns} FROM main.samples UNION ALL SELECT ${sampleColumns} FROM main.recent_samples;
      CREATE TEMP TABLE recent_samples AS SELECT ${sampleColumns} FROM main.recent_samples WHERE false;`);
    return { database, close: () => database.close() };
  } catch (error) {
    if (database.isOpen) database.close();
    throw error;
  }
}

/** Null where SQLite has no room, or may not, set down what readers and writers of a write-ahead log agree by. */
function openNow(path: string | URL): DatabaseSync | null {
  const database = new DatabaseSync(path, { readOnly: true, timeout: busyTimeoutMs });
  try {
    database.prepare('SELECT count(*) FROM sqlite_schema').get();
    return database;
  } catch (error) {
    database.close();
    const { code } = storeErrorFrom(error, String(path)) as { readonly code?: string };
    if (code === 'store/full' || code === 'store/unwritable') return null;
    throw error;
  }
}

/** Read without its log, which SQLite then does not look for. */
function unchanging(path: string): URL {
  const url = pathToFileURL(path);
  url.searchParams.set('immutable', '1');
  return url;
}

const hasLog = (path: string): boolean => existsSync(`${path}-wal`) && statSync(`${path}-wal`).size > 0;

/** With what its log holds, in a folder of its own. */
function openCopy(path: string): ReadDatabase {
  const folder = mkdtempSync(join(tmpdir(), 'wattrun-read-'));
  const remove = (): void => rmSync(folder, { recursive: true, force: true });
  try {
    const copy = join(folder, 'wattrun.db');
    for (const ending of ['', '-wal']) if (existsSync(path + ending)) copyFileSync(path + ending, copy + ending);
    const database = new DatabaseSync(copy);
    migrate(database);
    return {
      database,
      close() {
        database.close();
        remove();
      },
    };
  } catch (error) {
    remove();
    throw error;
  }
}
