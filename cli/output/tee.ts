import { write } from 'node:fs';
import type { Readable } from 'node:stream';

const isCode = (error: unknown, ...codes: readonly string[]): boolean =>
  codes.includes((error as NodeJS.ErrnoException).code ?? '');

/** Another program may have made the terminal non-blocking: then it says when it is full. */
const retryMs = 5;

/** No place to write to now, or not so much; there may be again. A program that writes by itself is told so, and most go on. */
const noPlace = ['ENOSPC', 'EDQUOT', 'EFBIG'] as const;

/**
 * Writes whole, in a thread of Node's pool: a reader that has stopped (a pager, a terminal on hold) must not stop the sampling. False where there was no
 * place for all of it. Rejects with EPIPE where nobody reads any more.
 */
async function writeAll(fd: number, bytes: Uint8Array): Promise<boolean> {
  for (let from = 0; from < bytes.length; ) {
    const written = await new Promise<number | null>((resolve, reject) => {
      write(fd, bytes, from, bytes.length - from, null, (error, count) => {
        if (error === null) resolve(count);
        else if (isCode(error, 'EAGAIN')) setTimeout(resolve, retryMs, 0);
        else if (isCode(error, ...noPlace)) resolve(null);
        else reject(error);
      });
    });
    if (written === null) return false;
    from += written;
  }
  return true;
}

export interface Tee {
  /** Resolves when all is written, or nobody reads. */
  readonly ended: Promise<void>;
  /** Takes no more than what is there already: others may hold the other end for as long as they like. */
  leave(): void;
}

export interface TeeOptions {
  readonly onBytes: (bytes: Uint8Array) => void;
  /** With the first that there was no place for. */
  readonly onNoPlace: () => void;
  /** Others hold the other end still. All that was read is written, and the source is closed as soon as this returns. */
  readonly onLeft: () => void;
}

/**
 * Copies every byte from a stream to a file descriptor, in order, none read before the one before it is written, and shows it to `onBytes`. Where nobody reads the
 * copy any more, the source is closed: who writes to it learns so as it would have. What there is no place for on a disk that is full is left out, and the
 * source read on: a command is not to end of it.
 */
export function teeOutput(source: Readable, fd: number, { onBytes, onNoPlace, onLeft }: TeeOptions): Tee {
  let isLeft = false;
  let isWriting = false;
  let isWhole = true;
  /** In one turn, so that nothing is read between the last look and the end. */
  function leaveIfWritten(): boolean {
    if (!isLeft || isWriting || source.readableLength > 0 || source.destroyed) return false;
    onLeft();
    source.destroy();
    return true;
  }
  async function copy(): Promise<void> {
    try {
      for await (const chunk of source) {
        isWriting = true;
        onBytes(chunk as Uint8Array);
        const isWritten = await writeAll(fd, chunk as Uint8Array);
        if (isWhole && !isWritten) onNoPlace();
        isWhole &&= isWritten;
        isWriting = false;
        if (leaveIfWritten()) break;
      }
    } catch (error) {
      // The end of a terminal that all programs have closed; and nobody who reads.
      if (!isCode(error, 'EIO', 'EPIPE', 'ERR_STREAM_PREMATURE_CLOSE')) throw error;
    } finally {
      source.destroy();
    }
  }
  return {
    ended: copy(),
    leave() {
      isLeft = true;
      leaveIfWritten();
    },
  };
}
