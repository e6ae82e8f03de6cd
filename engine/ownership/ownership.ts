import { randomBytes } from 'node:crypto';
import { accessSync, chmodSync, constants, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { z } from 'zod';
import { makeDirectory, openingError } from '../store/open-database.ts';

/** How to reach the engine that owns the sampling: engine.json in the data directory, readable by its user alone. */
export const engineAddressSchema = z.object({ url: z.string(), token: z.string(), pid: z.number().int() });
export type EngineAddress = z.infer<typeof engineAddressSchema>;

export interface Ownership {
  /** Throws 'store/full' or 'store/unwritable'. */
  publish(address: EngineAddress): void;
  release(): void;
}

/**
 * Takes the sampling for this process, or null where another living process has it. The claim is a write lock on a small SQLite file, which the
 * operating system drops with the process, however it dies. It needs no room on the disk. Throws 'store/unwritable' where the directory cannot be written.
 */
export function claimOwnership(directory: string): Ownership | null {
  makeDirectory(directory);
  const addressPath = join(directory, 'engine.json');
  const lock = openLock(directory);
  if (lock === null) return null;
  return {
    publish(address) {
      const temporary = `${addressPath}.${process.pid}`;
      try {
        writeFileSync(temporary, `${JSON.stringify(address)}\n`, { mode: 0o600 });
        renameSync(temporary, addressPath);
      } catch (error) {
        rmSync(temporary, { force: true });
        throw openingError(error, addressPath);
      }
    },
    release() {
      rmSync(addressPath, { force: true });
      lock.exec('ROLLBACK');
      lock.close();
    },
  };
}

function openLock(directory: string): DatabaseSync | null {
  const path = join(directory, 'engine.lock');
  let lock: DatabaseSync | null = null;
  try {
    lock = new DatabaseSync(path, { timeout: 0 });
    // Without a right to write, SQLite takes no lock and says nothing.
    for (const place of [directory, path]) accessSync(place, constants.W_OK);
    // A journal in a file would need room, for a change that is never made.
    lock.exec('PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE');
    return lock;
  } catch (error) {
    lock?.close();
    if (error instanceof Error && /locked|busy/i.test(error.message)) return null;
    throw openingError(error, path);
  }
}

/** The token of this data directory, made once: a page that is open while the engine restarts can come back with the one it has. Throws as `publish` does. */
export function readToken(directory: string): string {
  const path = join(directory, 'token');
  try {
    const known = readFileSync(path, 'utf8').trim();
    if (/^[\w-]{32}$/.test(known)) return known;
  } catch {
    // None yet.
  }
  const token = randomBytes(24).toString('base64url');
  try {
    writeFileSync(path, `${token}\n`, { mode: 0o600 });
    // A file that was there keeps its mode through a write.
    chmodSync(path, 0o600);
  } catch (error) {
    throw openingError(error, path);
  }
  return token;
}

/** The address that the owner has published; null where there is none, or it is no such file. */
export function readAddress(directory: string): EngineAddress | null {
  try {
    const parsed = engineAddressSchema.safeParse(JSON.parse(readFileSync(join(directory, 'engine.json'), 'utf8')));
    return parsed.success ? parsed.data : null;
  } catch {
    return null;
  }
}
