import { constants, openSync, writeSync } from 'node:fs';
import { ReadStream } from 'node:tty';
import { keyReaders, readsFrom } from './key-readers.ts';
import type { Libc } from './libc.ts';

/** Hands keys to programs that want them from the terminal that a command writes to. */
export interface Keyboard {
  /** Looks who wants keys there. Called often. */
  follow(): void;
  close(): void;
}

export interface KeyboardOptions {
  readonly libc: Libc;
  /** The command's terminal: our end, and its path. */
  readonly ours: number;
  readonly name: string;
  /** The user's terminal. */
  readonly fd: number;
}

/** Who sets a terminal opens it before or just after: then it is looked for this many times, this far apart. A program that takes keys from elsewhere is let be. */
const mostLooks = 5;
const lookEveryMs = 200;

/**
 * A pager reads its keys from the terminal that its stderr names, and there nobody types: what is typed at the user's is written to it, for as long as the
 * terminal is set to give each key at once and a program has it open to read. All others read from the user's terminal themselves, as they would without us.
 */
export function lendKeyboard({ libc, ours, name, fd }: KeyboardOptions): Keyboard {
  let modes: Uint8Array | null = libc.modesOf(ours);
  let looksLeft = 0;
  let lookedMs = Number.NEGATIVE_INFINITY;
  let reader: number | null = null;
  let keys: ReadStream | null = null;

  function begin(pid: number): void {
    // The path is opened anew: whoever else holds the user's terminal is not to find it non-blocking.
    const stream = new ReadStream(openSync(`/proc/self/fd/${fd}`, constants.O_RDONLY | constants.O_NOCTTY));
    reader = pid;
    keys = stream;
    // With the terminal that is gone, keys are too; the command is told by it itself.
    stream.on('error', end);
    stream.on('data', (bytes: Buffer) => {
      try {
        writeSync(ours, bytes);
      } catch {
        // Nobody takes them: as on a terminal whose reader is busy, what does not fit is lost.
      }
    });
  }

  function end(): void {
    keys?.destroy();
    keys = null;
    reader = null;
  }

  return {
    follow() {
      const now = libc.modesOf(ours);
      if (now === null) return end();
      if (modes === null || Buffer.compare(now, modes) !== 0) looksLeft = mostLooks;
      modes = now;
      if (!libc.isByKey(now)) {
        looksLeft = 0;
        return end();
      }
      const nowMs = performance.now();
      if (looksLeft < mostLooks && nowMs - lookedMs < lookEveryMs) return;
      lookedMs = nowMs;
      if (reader !== null) {
        if (readsFrom(reader, name)) {
          looksLeft = 0;
          return;
        }
        end();
        // The next may have set the terminal as this one had it, between two of our looks.
        looksLeft = mostLooks;
      }
      if (looksLeft === 0) return;
      looksLeft--;
      // From the background, reading would stop us.
      const found = libc.isInForeground(fd) ? keyReaders(name)[0] : undefined;
      if (found === undefined) return;
      try {
        begin(found);
      } catch {
        // A terminal that cannot be opened by its path: the pager waits, as it would for a keyboard that is not there.
        end();
      }
    },
    close: end,
  };
}
