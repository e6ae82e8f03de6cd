import { opendir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { MarkFileReader } from '../file-reader.ts';

export interface FoundFile {
  readonly path: string;
  readonly reader: MarkFileReader;
  readonly bornMs: number;
  readonly modifiedMs: number;
  readonly sizeBytes: number;
}

export interface Search {
  readonly files: readonly FoundFile[];
  /** False where there was more than is looked at. */
  readonly isWhole: boolean;
  /** So many were looked at. */
  readonly names: number;
}

/** A folder of a project holds a few hundred names; one of data holds millions, and is left at this many. */
const mostNames = 3000;
const mostDepth = 6;
const notLooked = /^(\.|node_modules$|site-packages$|__pycache__$|venv$|env$|data(sets?)?$)/;

/** Files of known kinds below a folder, the shallow before the deep. Links are not followed. What cannot be read is passed over. */
export async function findMarkFiles(
  folder: string,
  readers: readonly MarkFileReader[],
  signal: AbortSignal,
): Promise<Search> {
  const files: FoundFile[] = [];
  let names = 0;
  let level: readonly string[] = [folder];
  for (let depth = 0; depth <= mostDepth && level.length > 0; depth++) {
    const next: string[] = [];
    for (const directory of level) {
      if (signal.aborted || names > mostNames) return { files, isWhole: false, names };
      try {
        for await (const entry of await opendir(directory)) {
          if (++names > mostNames) break;
          const path = join(directory, entry.name);
          if (entry.isDirectory() && !notLooked.test(entry.name)) next.push(path);
          const reader = entry.isFile() ? readers.find((one) => one.isOwn(entry.name)) : undefined;
          if (reader === undefined) continue;
          files.push(await lookAtFile(path, reader));
        }
      } catch {
        // Gone, or not ours to read.
      }
    }
    level = next;
  }
  return { files, isWhole: names <= mostNames, names };
}

/** Files that were found before, as they are now; those that are gone are left out. */
export async function lookAgain(files: readonly FoundFile[]): Promise<readonly FoundFile[]> {
  const looked = await Promise.all(files.map(({ path, reader }) => lookAtFile(path, reader).catch(() => null)));
  return looked.filter((file) => file !== null);
}

async function lookAtFile(path: string, reader: MarkFileReader): Promise<FoundFile> {
  const { birthtimeMs, ctimeMs, mtimeMs, size } = await stat(path);
  return { path, reader, bornMs: birthtimeMs > 0 ? birthtimeMs : ctimeMs, modifiedMs: mtimeMs, sizeBytes: size };
}
