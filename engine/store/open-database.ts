import { closeSync, existsSync, lstatSync, mkdirSync, openSync, renameSync, rmSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { WattrunError } from '../../shared/contract/errors.ts';
import { canShareMemory } from './room.ts';
import { migrate } from './schema.ts';

export interface OpenedDatabase {
  readonly database: DatabaseSync;
  /** Where a corrupt record was put aside; null in the usual case. */
  readonly setAside: string | null;
}

const busyTimeoutMs = 5000;
/** A record up to this size is checked at every opening: some 3 ms a MiB. A larger one only after a statement found it damaged. */
const mostCheckedBytes = 16 * 1024 ** 2;
/** Beside a record that a statement found damaged. */
const suspicionOf = (path: string): string => `${path}.suspect`;

export interface OpenOptions {
  readonly nowMs: number;
  /** Nobody else has the record open: it may be put aside. */
  readonly isOwned: boolean;
}

/**
 * Opens or makes the record. A database that SQLite cannot read, or that is damaged within, is put aside under a dated name, never deleted, and a new one begun.
 * Throws WattrunError 'store/full', 'store/unwritable' and 'store/corrupt' with the path and what to do.
 */
export function openDatabase(path: string, { nowMs, isOwned }: OpenOptions): OpenedDatabase {
  if (path !== ':memory:') makeDirectory(dirname(path));
  try {
    return { database: open(path, isOwned), setAside: null };
  } catch (error) {
    if (!isCorrupt(error) || !isOwned) throw openingError(error, path);
    const setAside = `${path}.corrupt-${new Date(nowMs).toISOString().replaceAll(':', '')}`;
    // With its write-ahead log, which holds what was recorded last.
    for (const suffix of ['', '-wal', '-shm'])
      if (existsSync(path + suffix)) renameSync(path + suffix, setAside + suffix);
    rmSync(suspicionOf(path), { force: true });
    return { database: open(path, isOwned), setAside };
  }
}

/** Has the record checked when it is opened next, whatever its size. */
export function suspectDamage(path: string): void {
  if (path === ':memory:') return;
  try {
    closeSync(openSync(suspicionOf(path), 'a'));
  } catch {
    // The disk does not take it; the error itself is told in any case.
  }
}

function open(path: string, isOwned: boolean): DatabaseSync {
  // Another process that has it open has made room.
  if (isOwned && path !== ':memory:' && !canShareMemory(dirname(path))) throw full(path);
  const database = new DatabaseSync(path, { timeout: busyTimeoutMs });
  try {
    // FULL: a commit is on the disk before the next second's begins, so that a power cut costs at most that second.
    database.exec(
      'PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; PRAGMA wal_autocheckpoint = 2000;',
    );
    migrate(database);
    if (isOwned && path !== ':memory:') assertSound(database, path);
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

/** Throws what SQLite finds wrong within the file. */
function assertSound(database: DatabaseSync, path: string): void {
  const isSuspect = existsSync(suspicionOf(path));
  if (!isSuspect && statSync(path).size > mostCheckedBytes) return;
  const found = String(database.prepare('PRAGMA quick_check(1)').get()?.quick_check);
  if (found !== 'ok') throw new Error(`malformed: ${found}`);
  if (isSuspect) rmSync(suspicionOf(path), { force: true });
}

/** One folder after another: mkdir's own recursion never ends below one that is there and takes none, as /proc. Throws WattrunError 'store/unwritable'. */
export function makeDirectory(directory: string): void {
  try {
    const missing: string[] = [];
    for (let at = resolve(directory); !existsSync(at); at = dirname(at)) {
      // A drive that is not there.
      if (dirname(at) === at) throw new Error(`there is no ${at}`);
      missing.unshift(at);
    }
    for (const folder of missing) makeFolder(folder);
    if (!statSync(directory).isDirectory()) throw new Error('it is a file');
  } catch (error) {
    throw unwritable(directory, error);
  }
}

function makeFolder(folder: string): void {
  try {
    mkdirSync(folder, { mode: 0o700 });
  } catch (error) {
    // Another process may have made it meanwhile.
    if (existsSync(folder)) return;
    if (lstatSync(folder, { throwIfNoEntry: false })?.isSymbolicLink())
      throw new Error(`${folder} is a link to nowhere`);
    throw error;
  }
}

const isCorrupt = (error: unknown): boolean =>
  error instanceof Error && /file is not a database|malformed/i.test(error.message);

function unwritable(directory: string, error: unknown): WattrunError {
  const why = error instanceof Error ? error.message : String(error);
  return new WattrunError(
    'store/unwritable',
    `Wattrun cannot write its data at ${directory} (${why}).`,
    `Make that folder writable (chown "$USER" or chmod u+w), or choose another with WATTRUN_HOME=/path.`,
  );
}

const full = (path: string): WattrunError =>
  new WattrunError(
    'store/full',
    `Nothing more can be recorded: the disk of ${dirname(path)} is full.`,
    'Free some space: recording goes on then.',
  );

/** As `storeErrorFrom` has it, for what is not open yet: nothing of it goes on by itself. */
export function openingError(error: unknown, path: string): Error {
  const known = storeErrorFrom(error, path);
  if (!(known instanceof WattrunError && known.code === 'store/full')) return known;
  return new WattrunError(known.code, known.message, 'Free some space, then try again.');
}

/** What `createSqliteStore` and the claim to the sampling throw where the record may still be read. */
export const isUnwritable = (error: unknown): boolean =>
  error instanceof WattrunError && (error.code === 'store/full' || error.code === 'store/unwritable');

/** SQLITE_IOERR_SHMSIZE: no room for the file that readers and writers share, of which SQLite says 'disk I/O error' and no more. */
const noRoomForShared = 4874;

/** Errors of SQLite, and of files beside the record, by what a person can do about them. */
export function storeErrorFrom(error: unknown, path: string): Error {
  if (error instanceof WattrunError) return error;
  const message = error instanceof Error ? error.message : String(error);
  const number = error instanceof Error && 'errcode' in error ? Number(error.errcode) : 0;
  if (/database or disk is full|^ENOSPC|^EDQUOT/i.test(message) || number === noRoomForShared) return full(path);
  if (/malformed|not a database/i.test(message))
    return new WattrunError(
      'store/corrupt',
      `The record at ${path} is damaged (${message}).`,
      'Restart Wattrun: the damaged file is kept beside a new one.',
    );
  if (/readonly|read-only|unable to open|permission|attempt to write/i.test(message))
    return unwritable(dirname(path), error);
  return error instanceof Error ? error : new Error(message);
}
