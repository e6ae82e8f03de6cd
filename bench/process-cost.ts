import { readdirSync, readFileSync } from 'node:fs';
import { bytesFromKibibytes } from '../shared/units.ts';

/** What a process of this machine has used so far, from /proc: Linux only. Sizes in bytes. */
export interface ProcessCost {
  /** Its own threads, to the nanosecond. */
  readonly cpuSeconds: number;
  /** Its descendants, those alive and those it has waited for: tools that a source calls. */
  readonly childrenCpuSeconds: number;
  /** `VmRSS`: with what it shares with others, as tools show it. */
  readonly residentBytes: number;
  /** `Pss`: what it shares is counted by its part. */
  readonly proportionalBytes: number;
  readonly writtenBytes: number;
}

/** USER_HZ: what /proc/PID/stat counts in on every Linux that Node runs on. */
const ticksPerSecond = 100;
const nanosecondsPerSecond = 1e9;

/** Fields of /proc/PID/stat after the name, which may hold spaces and brackets: [0] is the state, [11] to [14] the CPU times. */
function statFields(pid: number): readonly string[] {
  const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
  return text.slice(text.lastIndexOf(') ') + 2).split(' ');
}

const ticks = (fields: readonly string[], from: number, to: number): number =>
  fields.slice(from, to).reduce((sum, field) => sum + Number(field), 0) / ticksPerSecond;

/** Time on a CPU of every living thread; `stat` rounds down to 10 ms, which is a tenth of what is measured here. */
function threadsCpuSeconds(pid: number): number {
  return readdirSync(`/proc/${pid}/task`).reduce((sum, thread) => {
    const [nanoseconds = '0'] = readFileSync(`/proc/${pid}/task/${thread}/schedstat`, 'utf8').split(' ');
    return sum + Number(nanoseconds) / nanosecondsPerSecond;
  }, 0);
}

function childrenOf(pid: number): readonly number[] {
  return readdirSync(`/proc/${pid}/task`).flatMap((thread) =>
    readFileSync(`/proc/${pid}/task/${thread}/children`, 'utf8').split(' ').filter(Boolean).map(Number),
  );
}

/** CPU time below a process: what it has waited for, and the same of each child that lives. */
function descendantsCpuSeconds(pid: number): number {
  return childrenOf(pid).reduce(
    (sum, child) => {
      try {
        return sum + ticks(statFields(child), 11, 13) + descendantsCpuSeconds(child);
      } catch {
        // Ended between the listing and the look; its time is its parent's from now on.
        return sum;
      }
    },
    ticks(statFields(pid), 13, 15),
  );
}

/** The number after `name:` in a file of /proc, in the unit of that file. */
function numberIn(pid: number, file: string, name: string): number {
  const text = readFileSync(`/proc/${pid}/${file}`, 'utf8');
  return Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(text)?.[1] ?? Number.NaN);
}

/** Throws where the process is gone. */
export function readProcessCost(pid: number): ProcessCost {
  return {
    cpuSeconds: threadsCpuSeconds(pid),
    childrenCpuSeconds: descendantsCpuSeconds(pid),
    residentBytes: bytesFromKibibytes(numberIn(pid, 'status', 'VmRSS')),
    proportionalBytes: bytesFromKibibytes(numberIn(pid, 'smaps_rollup', 'Pss')),
    writtenBytes: numberIn(pid, 'io', 'write_bytes'),
  };
}

export const countProcesses = (): number => readdirSync('/proc').filter((name) => /^\d+$/.test(name)).length;
