import { readFileSync } from 'node:fs';
import { bytesFromKibibytes } from '../../shared/units.ts';
import type { CpuTimes } from './machine.ts';

/** USER_HZ: fixed at 100 on every Linux that Node runs on (`getconf CLK_TCK`). */
export const ticksPerSecond = 100;
const pageBytes = 4096;

export interface ProcessStat {
  readonly pid: number;
  readonly parentPid: number;
  /** utime + stime + cutime + cstime: its own CPU time and that of the children it has reaped. */
  readonly cpuSeconds: number;
  readonly residentBytes: number;
  /** Since boot. */
  readonly startedTicks: number;
  readonly threads: number;
  /** A thread of another process: it has a pid of its own, and its process's parent. */
  readonly isThread: boolean;
  /** A zombie: it has ended, and its parent has not asked how. */
  readonly isEnded: boolean;
}

/** A number of the kernel's: whole, not negative, of at most 20 digits (2^64 has 20). NaN for anything else. */
const countOf = (word: string | undefined): number =>
  word !== undefined && /^\d{1,20}$/.test(word) ? Number(word) : Number.NaN;

/** `/proc/<pid>/stat`; the command in parentheses may itself hold blanks and parentheses. Null when the line is cut short or has anything but a count there. */
export function parseProcessStat(text: string): ProcessStat | null {
  const open = text.indexOf('(');
  const close = text.lastIndexOf(')');
  if (open < 0 || close < open) return null;
  const fields = text
    .slice(close + 2)
    .trim()
    .split(' ');
  const pid = countOf(text.slice(0, open).trim());
  const [parentPid, utime, stime, cutime, cstime, threads, startedTicks] = [1, 11, 12, 13, 14, 17, 19].map((i) =>
    countOf(fields[i]),
  );
  // The one that may be below zero: it is summed up over processors, each a little behind.
  const residentPages = fields[21]?.startsWith('-') ? 0 : countOf(fields[21]);
  const values = [pid, parentPid, utime, stime, cutime, cstime, threads, startedTicks, residentPages];
  if (!values.every((value) => value !== undefined && Number.isFinite(value))) return null;
  const ticks = (utime ?? 0) + (stime ?? 0) + (cutime ?? 0) + (cstime ?? 0);
  return {
    pid,
    parentPid: parentPid ?? 0,
    cpuSeconds: ticks / ticksPerSecond,
    residentBytes: residentPages * pageBytes,
    startedTicks: startedTicks ?? 0,
    threads: threads ?? 0,
    // exit_signal: what its parent is sent at its end, which a thread's is not.
    isThread: fields[35] === '-1',
    // A first thread that ended before the others shows the same letter.
    isEnded: /^[ZXx]/.test(fields[0] ?? '') && (threads ?? 0) <= 1,
  };
}

/**
 * First line of `/proc/stat`. Busy leaves out idle and iowait; guest time is already inside user time. Steal passed while another guest had the core: in
 * all time, not in ours. Null for anything but counts.
 */
export function parseCpuTimes(text: string): CpuTimes | null {
  const line = text.split('\n', 1)[0] ?? '';
  if (!line.startsWith('cpu ')) return null;
  const ticks = line.trim().split(/\s+/).slice(1).map(countOf);
  const [user = Number.NaN, nice = 0, system = 0, idle = Number.NaN, iowait = 0, irq = 0, softirq = 0, steal = 0] =
    ticks;
  const busy = user + nice + system + irq + softirq;
  const total = busy + idle + iowait + steal;
  return Number.isFinite(total) ? { busySeconds: busy / ticksPerSecond, totalSeconds: total / ticksPerSecond } : null;
}

/** `/proc/meminfo`: total less available, as `free` shows it. */
export function parseMemoryUsedBytes(text: string): number | null {
  const kibibytes = (key: string): number =>
    Number(new RegExp(`^${key}:\\s+(\\d{1,15}) kB`, 'm').exec(text)?.[1] ?? Number.NaN);
  const used = kibibytes('MemTotal') - kibibytes('MemAvailable');
  return Number.isFinite(used) ? bytesFromKibibytes(Math.max(0, used)) : null;
}

export function readText(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return null;
  }
}
