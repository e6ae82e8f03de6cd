import { write } from 'node:fs';
import type { Readable } from 'node:stream';

const isCode = (error: unknown, ...codes: readonly string[]): boolean =>
  codes.includes((error as NodeJS.ErrnoException).code ?? '');

/** Another program may have made the terminal non-blocking: then it says when it is full. */
const retryMs = 5;

/**
 * Writes whole, in a thread of Node's pool: a reader that has stopped (a pager, a terminal on hold) must not stop the sampling. Rejects with EPIPE where nobody
 * reads any more.
 */
async function writeAll(fd: number, bytes: Uint8Array): Promise<void> {
  for (let from = 0; from < bytes.length; ) {
    from += await new Promise<number>((resolve, reject) => {
      write(fd, bytes, from, bytes.length - from, null, (error, written) => {
        if (error === null) resolve(written);
        else if (isCode(error, 'EAGAIN')) setTimeout(resolve, retryMs, 0);
        else reject(error);
      });
    });
  }
}

export interface Tee {
  /** Resolves when all is written, or nobody reads. */
  readonly ended: Promise<void>;
  /** Takes no more than what is there already: others may hold the other end for as long as they like. */
  leave(): void;
}

/**
 * Copies every byte from a stream to a file descriptor, in order, none read before the one before it is written, and shows it to `onBytes`. Where nobody reads the
 * copy any more, the source is closed: who writes to it learns so as it would have.
 */
export function teeOutput(source: Readable, fd: number, onBytes: (bytes: Uint8Array) => void): Tee {
  let isLeft = false;
  async function copy(): Promise<void> {
    try {
      for await (const chunk of source) {
        onBytes(chunk as Uint8Array);
        await writeAll(fd, chunk as Uint8Array);
        if (isLeft && source.readableLength === 0) break;
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
      if (source.readableLength === 0) source.destroy();
    },
  };
}
