import { readdirSync, readFileSync } from 'node:fs';
import { bytesFromKibibytes } from '../../shared/units.ts';
import type { CpuTimes } from './machine.ts';

/** USER_HZ: fixed at 100 on every Linux that Node runs on (`getconf CLK_TCK`). */
export const ticksPerSecond = 100;
const pageBytes = 4096;

export interface ProcessStat {
  readonly pid: number;
  readonly parentPid: number;
  /** utime + stime. */
  readonly ownSeconds: number;
  /** cutime + cstime: of the children it has collected, with what these had collected. */
  readonly collectedSeconds: number;
  readonly residentBytes: number;
  /** Since boot. */
  readonly startedTicks: number;
  readonly threads: number;
  /** A thread of another process: it has a pid of its own, and its process's parent. */
  readonly isThread: boolean;
  /** A zombie: it has ended, and its parent has not asked how. */
  readonly isEnded: boolean;
}

/** Words of a line that are looked at. */
const mostWords = 36;
/** Where the words of the line in hand begin and end: a list of them for every process and second is most of what reading them allocates. */
const starts = new Uint32Array(mostWords);
const ends = new Uint32Array(mostWords);

/** Finds the words between two places of a text, each ended by one blank; gives how many. */
function findWords(text: string, from: number, to: number): number {
  let count = 0;
  for (let at = from; at < to && count < mostWords; ) {
    const blank = text.indexOf(' ', at);
    const end = blank < 0 || blank > to ? to : blank;
    starts[count] = at;
    ends[count] = end;
    count++;
    at = end + 1;
  }
  return count;
}

/** So many digits are a whole number exactly. */
const exactDigits = 15;

/** A number of the kernel's: whole, not negative, of at most 20 digits (2^64 has 20). NaN for anything else. */
function countBetween(text: string, from: number, to: number): number {
  if (to <= from || to - from > 20) return Number.NaN;
  let count = 0;
  for (let at = from; at < to; at++) {
    const digit = text.charCodeAt(at) - 48;
    if (digit < 0 || digit > 9) return Number.NaN;
    count = count * 10 + digit;
  }
  return to - from <= exactDigits ? count : Number(text.slice(from, to));
}

const countAt = (text: string, word: number): number => countBetween(text, starts[word] ?? 0, ends[word] ?? 0);

/** `/proc/<pid>/stat`; the command in parentheses may itself hold blanks and parentheses. Null when the line is cut short or has anything but a count there. */
export function parseProcessStat(text: string): ProcessStat | null {
  const open = text.indexOf('(');
  const close = text.lastIndexOf(')');
  if (open < 0 || close < open) return null;
  const pid = countBetween(text, 0, text.indexOf(' '));
  const count = findWords(text, close + 2, text.trimEnd().length);
  if (count <= 21) return null;
  const parentPid = countAt(text, 1);
  const ownTicks = countAt(text, 11) + countAt(text, 12);
  const collectedTicks = countAt(text, 13) + countAt(text, 14);
  const threads = countAt(text, 17);
  const startedTicks = countAt(text, 19);
  // The one that may be below zero: it is summed up over processors, each a little behind.
  const residentPages = text[starts[21] ?? 0] === '-' ? 0 : countAt(text, 21);
  if (!Number.isFinite(pid + parentPid + ownTicks + collectedTicks + threads + startedTicks + residentPages))
    return null;
  return {
    pid,
    parentPid,
    ownSeconds: ownTicks / ticksPerSecond,
    collectedSeconds: collectedTicks / ticksPerSecond,
    residentBytes: residentPages * pageBytes,
    startedTicks,
    threads,
    // exit_signal: what its parent is sent at its end, which a thread's is not.
    isThread: count > 35 && text.slice(starts[35], ends[35]) === '-1',
    // A first thread that ended before the others shows the same letter.
    isEnded: 'ZXx'.includes(text[starts[0] ?? 0] ?? ' ') && threads <= 1,
  };
}

/** Places of the line's numbers. */
const [user, nice, system, idle, iowait, irq, softirq, steal] = [0, 1, 2, 3, 4, 5, 6, 7] as const;

/**
 * First line of `/proc/stat`. Busy leaves out idle and iowait; guest time is already inside user time. Steal passed while another guest had the core: in
 * all time, not in ours. Null for anything but counts.
 */
export function parseCpuTimes(text: string): CpuTimes | null {
  if (!text.startsWith('cpu ')) return null;
  const newline = text.indexOf('\n');
  const end = newline < 0 ? text.length : newline;
  let from = 'cpu'.length;
  while (text[from] === ' ') from++;
  const count = findWords(text, from, end);
  // The kernels that tell least tell user, nice, system and idle.
  const ticks = (word: number): number => (word < count ? countAt(text, word) : word > idle ? 0 : Number.NaN);
  const busy = ticks(user) + ticks(nice) + ticks(system) + ticks(irq) + ticks(softirq);
  const total = busy + ticks(idle) + ticks(iowait) + ticks(steal);
  return Number.isFinite(total) ? { busySeconds: busy / ticksPerSecond, totalSeconds: total / ticksPerSecond } : null;
}

const totalLine = /^MemTotal:\s+(\d{1,15}) kB/m;
const availableLine = /^MemAvailable:\s+(\d{1,15}) kB/m;

/** `/proc/meminfo`: total less available, as `free` shows it. */
export function parseMemoryUsedBytes(text: string): number | null {
  const kibibytes = (line: RegExp): number => Number(line.exec(text)?.[1] ?? Number.NaN);
  const used = kibibytes(totalLine) - kibibytes(availableLine);
  return Number.isFinite(used) ? bytesFromKibibytes(Math.max(0, used)) : null;
}

export function readText(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return null;
  }
}

/** Names in a folder; none where it is not there or may not be read. */
export function listNames(path: string): readonly string[] {
  try {
    return readdirSync(path);
  } catch {
    return [];
  }
}
