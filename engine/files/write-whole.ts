import { type FileHandle, lstat, open, realpath, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { WattrunError } from '../../shared/contract/errors.ts';

export type FilePieces = Iterable<string | Uint8Array> | AsyncIterable<string | Uint8Array>;

/**
 * Writes beside and renames, so that the name never stands for half a file; what is there already stays whole until then. Aborted: nothing is left. A device or a pipe is
 * written to as it is. Throws 'store/full' or 'store/unwritable'.
 */
export async function writeWhole(path: string, pieces: FilePieces, signal?: AbortSignal): Promise<void> {
  try {
    const target = await realpath(path).catch(() => path);
    const there = await stat(target).catch(() => null);
    if (there?.isDirectory() === true)
      throw new WattrunError('store/unwritable', `${path} is a folder.`, 'Give the name of a file in it.');
    if (there !== null && !there.isFile()) return await writeTo(await open(target, 'w'), pieces, signal);
    const temporary = join(dirname(target), `.${basename(target).slice(0, 200)}.${process.pid}.part`);
    try {
      await refuseLink(temporary);
      await writeTo(await open(temporary, 'w', there?.mode), pieces, signal);
      await rename(temporary, target);
    } catch (error) {
      await rm(temporary, { force: true }).catch(() => undefined);
      throw error;
    }
  } catch (error) {
    throw writeErrorFrom(error, path);
  }
}

/** In a folder that others write to, a link under our temporary name would lead elsewhere. */
async function refuseLink(path: string): Promise<void> {
  const there = await lstat(path).catch(() => null);
  if (there !== null) await rm(path, { force: true });
}

/** Characters of a piece that are encoded at once, each of three bytes at most (a surrogate pair has four for two). */
const roomCharacters = 64 * 1024;

/** Encoded into the same room over and over: a buffer for each of thousands of pieces would lie about until the collector comes. */
async function writeText(file: FileHandle, text: string, room: Buffer): Promise<void> {
  for (let at = 0; at < text.length; ) {
    let end = Math.min(text.length, at + roomCharacters);
    // A pair is not cut in two.
    if (end < text.length && /[\uD800-\uDBFF]/.test(text.charAt(end - 1))) end -= 1;
    const length = room.write(text.slice(at, end));
    for (let written = 0; written < length; )
      written += (await file.write(room, written, length - written)).bytesWritten;
    at = end;
  }
}

async function writeTo(file: FileHandle, pieces: FilePieces, signal: AbortSignal | undefined): Promise<void> {
  const room = Buffer.allocUnsafe(roomCharacters * 3);
  try {
    for await (const piece of pieces) {
      signal?.throwIfAborted();
      if (typeof piece === 'string') await writeText(file, piece, room);
      else await file.appendFile(piece);
    }
    signal?.throwIfAborted();
    // A pipe or a device has nothing to bring to a disk.
    if ((await file.stat()).isFile()) await file.sync();
  } finally {
    await file.close();
  }
}

/** 'store/full' or 'store/unwritable' for what the file system says; anything else as it is. */
export function writeErrorFrom(error: unknown, path: string): unknown {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (error instanceof WattrunError || !/^E[A-Z]+$/.test(code)) return error;
  if (code === 'ENOSPC' || code === 'EDQUOT')
    return new WattrunError('store/full', `There is no room for ${path}.`, 'Free some space, or choose another disk.');
  return new WattrunError('store/unwritable', `${path} cannot be written (${code}).`, 'Choose another folder.');
}
