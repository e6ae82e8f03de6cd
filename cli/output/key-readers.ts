import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

/**
 * Processes of our session that have opened a terminal for reading alone, by its path: so does a pager that wants its keys from where it shows its pages. Who
 * was given the terminal to write to can read and write. None where there is no /proc.
 */
export function keyReaders(terminal: string): readonly number[] {
  const own = sessionOf('self');
  if (own === null) return [];
  return numbersIn('/proc').filter((pid) => sessionOf(pid) === own && readsFrom(pid, terminal));
}

/** Whether a process has a terminal open for reading alone. */
export function readsFrom(pid: number, terminal: string): boolean {
  return numbersIn(`/proc/${pid}/fd`).some((fd) => {
    try {
      if (readlinkSync(`/proc/${pid}/fd/${fd}`) !== terminal) return false;
      // O_ACCMODE of the flags, in octal: O_RDONLY is 0.
      const flags = /^flags:\s*(\d+)/m.exec(readFileSync(`/proc/${pid}/fdinfo/${fd}`, 'latin1'))?.[1];
      return flags !== undefined && (Number.parseInt(flags, 8) & 3) === 0;
    } catch {
      // Closed, or ended, meanwhile.
      return false;
    }
  });
}

/** Null where there is no such process, or no /proc. */
function sessionOf(pid: number | 'self'): number | null {
  try {
    // pid (comm) state ppid pgrp session …: a name may hold anything, brackets too.
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[3]);
  } catch {
    return null;
  }
}

/** Of processes of others nothing is known. */
function numbersIn(folder: string): readonly number[] {
  try {
    return readdirSync(folder)
      .filter((name) => /^\d+$/.test(name))
      .map(Number);
  } catch {
    return [];
  }
}
