import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { initialWindowState, parseWindowState, type WindowState } from './window-state.ts';

/** The window's state on disk: changed at once in memory, written a moment later. */
export interface WindowFile {
  read(): WindowState;
  change(patch: Partial<WindowState>): void;
  /** Resolves when the last change is on disk, or could not be written. */
  flush(): Promise<void>;
}

const writeDelayMs = 400;

export async function openWindowFile(path: string, log: (message: string) => void): Promise<WindowFile> {
  let state = await readFile(path, 'utf8').then(parseWindowState, () => initialWindowState);
  let timer: NodeJS.Timeout | null = null;
  let writing: Promise<void> = Promise.resolve();

  async function write(): Promise<void> {
    const temporary = `${path}.${process.pid}`;
    await mkdir(dirname(path), { recursive: true });
    await writeFile(temporary, `${JSON.stringify(state)}\n`);
    await rename(temporary, path);
  }

  function writeSoon(): Promise<void> {
    if (timer !== null) clearTimeout(timer);
    timer = null;
    // A place that cannot be kept is a nuisance, not a failure.
    writing = writing.then(write).catch((error: unknown) => log(`the window's place is not kept: ${String(error)}`));
    return writing;
  }

  return {
    read: () => state,
    change(patch) {
      state = { ...state, ...patch };
      timer ??= setTimeout(() => void writeSoon(), writeDelayMs);
    },
    flush: () => (timer === null ? writing : writeSoon()),
  };
}
