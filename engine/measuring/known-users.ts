import type { Machine } from '../machine/machine.ts';
import type { RunProcesses } from '../runs/run-roots.ts';
import type { GpuProcess } from '../sources/source.ts';

/** Whether the lists of GPUs' processes tell their users. */
export interface KnownUsers {
  /** Asked with every newest list of a GPU; `processes` null: its driver gives none. */
  areOn(domainId: string, processes: readonly GpuProcess[] | null, runs: readonly RunProcesses[]): boolean;
}

/**
 * In a container without the host's PID namespace a driver names pids that are none of this machine's, and its lists tell nothing. There, a list of which no
 * pid is this machine's, or was since it is listed, is not believed. Where pids are the whole machine's, one that is not there has ended or is hidden: it was
 * a user all the same.
 */
export function createKnownUsers(machine: Pick<Machine, 'hasProcess' | 'hasAllPids'>): KnownUsers {
  /** Pids that were this machine's, for as long as they are listed: by GPU. */
  const seen = new Map<string, ReadonlySet<number>>();
  return {
    areOn(domainId, processes, runs) {
      if (processes === null) return false;
      if (processes.length === 0 || machine.hasAllPids()) return true;
      const before = seen.get(domainId);
      const isOurs = (pid: number): boolean =>
        before?.has(pid) === true || runs.some((run) => run.pids.has(pid)) || machine.hasProcess(pid);
      const ours = new Set(processes.flatMap(({ pid }) => (isOurs(pid) ? [pid] : [])));
      seen.set(domainId, ours);
      return ours.size > 0;
    },
  };
}
