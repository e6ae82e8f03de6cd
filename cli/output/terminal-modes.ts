import type { Libc } from './libc.ts';

/** Keeps a terminal set as a command wants it. */
export interface TerminalModes {
  /** Looks whether the command has set its terminal anew. */
  follow(): void;
  /** Our job was stopped, and somebody else had the terminal meanwhile. */
  resume(): void;
  /** As it was before the command. */
  restore(): void;
}

/** A program that sets its terminal and prints nothing, as one that asks for a password, is seen after this long. */
export const followMs = 200;

/**
 * Programs that fill the screen (curses) set the terminal that they write to: no echo, each key at once. The keys come from ours, which therefore is set likewise.
 * `theirs`: our end of the command's terminal; `fd`: the user's.
 */
export function followTerminal(libc: Libc, theirs: number, fd: number): TerminalModes {
  const before = libc.modesOf(fd);
  const first = libc.modesOf(theirs);
  let applied = first;

  function follow(): void {
    const now = libc.modesOf(theirs);
    if (now === null || applied === null || isSame(now, applied)) return;
    applied = now;
    if (first !== null && before !== null && isSame(now, first)) libc.setModes(fd, before);
    else libc.setModes(fd, now);
  }

  return {
    follow,
    resume() {
      applied = first;
      follow();
    },
    restore() {
      if (first !== null && before !== null && applied !== null && !isSame(applied, first)) libc.setModes(fd, before);
      applied = first;
    },
  };
}

const isSame = (a: Uint8Array, b: Uint8Array): boolean => Buffer.compare(a, b) === 0;
