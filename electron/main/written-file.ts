import { open, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { writeErrorFrom } from '../../engine/files/write-whole.ts';

/** A file that is written beside its place: its name never stands for half of it. */
export interface WrittenFile {
  append(content: string | Uint8Array): Promise<void>;
  /** Gives it its name. */
  finish(): Promise<void>;
  /** Nothing is left of it. */
  discard(): Promise<void>;
}

let parts = 0;

/** Each step throws 'store/full' or 'store/unwritable' and leaves nothing behind. */
export async function openWrittenFile(path: string): Promise<WrittenFile> {
  const temporary = join(dirname(path), `.${basename(path)}.${process.pid}-${++parts}.part`);
  const file = await open(temporary, 'w').catch((error: unknown) => {
    throw writeErrorFrom(error, path);
  });

  async function discard(): Promise<void> {
    await file.close().catch(() => undefined);
    await rm(temporary, { force: true }).catch(() => undefined);
  }

  async function orDiscard(act: () => Promise<void>): Promise<void> {
    try {
      await act();
    } catch (error) {
      await discard();
      throw writeErrorFrom(error, path);
    }
  }

  return {
    append: (content) => orDiscard(() => file.appendFile(content)),
    finish: () =>
      orDiscard(async () => {
        await file.sync();
        await file.close();
        await rename(temporary, path);
      }),
    discard,
  };
}
