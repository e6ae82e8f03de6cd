import type { RunUse } from '../attribution/attribute.ts';
import type { Interval } from '../energy/meter.ts';
import type { CpuTimes, Machine } from '../machine/machine.ts';
import type { GpuProcess, SourceReading } from '../sources/source.ts';
import type { RunRecord } from '../store/records.ts';
import { createRunLedger, type RunLedger } from './run-ledger.ts';

/** A run that is on, or ended and waiting for the readings that cover its end. */
export interface ActiveRun {
  record: RunRecord;
  readonly ledger: RunLedger;
  /** Monotonic. */
  readonly startMs: number;
  endMs: number | null;
  /** Processes of its tree at this tick and the one before: a process that just ended still used what was read since. */
  pids: ReadonlySet<number>;
  previousPids: ReadonlySet<number>;
  /** CPU time of its tree at the last look; null before the first one at a tree that was there before the run or this engine. */
  cpuSeconds: number | null;
  /** What its tree had used before the run began: nothing for a command that the run is, else known at the first look. */
  earlierCpuSeconds: number | null;
  cpuShare: number;
  isStopAsked: boolean;
}

export function createActiveRun(record: RunRecord, startMs: number, ledger: RunLedger = createRunLedger()): ActiveRun {
  const pids = new Set(record.rootPid === null ? [] : [record.rootPid]);
  const isCommand = record.foundBy === 'command';
  return {
    record,
    ledger,
    startMs,
    endMs: null,
    pids,
    previousPids: pids,
    cpuSeconds: isCommand && record.durationSeconds === 0 ? 0 : null,
    earlierCpuSeconds: isCommand ? 0 : null,
    cpuShare: 0,
    isStopAsked: false,
  };
}

/** Below this much busy time between two looks the kernel's 10 ms ticks say too little: the share before is kept. */
const leastBusySeconds = 0.03;

/** Follows the process trees of runs and what share of the CPU's busy time each had. */
export function createCpuShares(machine: Machine): { update(runs: readonly ActiveRun[]): void } {
  let last: CpuTimes | null = machine.readCpuTimes();

  function updateRun(run: ActiveRun, busySeconds: number): void {
    if (run.record.rootPid === null || run.endMs !== null) return;
    const tree = machine.readTree(run.record.rootPid);
    if (tree === null) return;
    run.previousPids = run.pids;
    run.pids = tree.pids;
    run.ledger.peakMemoryBytes = Math.max(run.ledger.peakMemoryBytes ?? 0, tree.residentBytes);
    run.earlierCpuSeconds ??= tree.cpuSeconds;
    run.ledger.cpuSeconds = Math.max(run.ledger.cpuSeconds ?? 0, tree.cpuSeconds - run.earlierCpuSeconds);
    const before = run.cpuSeconds ?? tree.cpuSeconds;
    if (run.cpuSeconds !== null && busySeconds < leastBusySeconds) return;
    if (run.cpuSeconds !== null) run.cpuShare = Math.min(1, Math.max(0, tree.cpuSeconds - before) / busySeconds);
    run.cpuSeconds = Math.max(before, tree.cpuSeconds);
  }

  return {
    update(runs) {
      const times = machine.readCpuTimes();
      const busySeconds = times === null || last === null ? 0 : times.busySeconds - last.busySeconds;
      for (const run of runs) updateRun(run, busySeconds);
      if (busySeconds >= leastBusySeconds || last === null) last = times;
    },
  };
}

/** What attribution asks of the runs that are on, for one domain's interval. `processes`: those seen at the reading before and at this one. */
export function useOf(run: ActiveRun, interval: Interval, processes: readonly GpuProcess[] | null): RunUse {
  const own = (processes ?? []).filter((process) => run.pids.has(process.pid) || run.previousPids.has(process.pid));
  const smShares = new Map<string, number | null>();
  if (own.length > 0) {
    const known = own.every((process) => process.smRatio !== null);
    smShares.set(interval.domainId, known ? own.reduce((sum, process) => sum + (process.smRatio ?? 0), 0) : null);
  }
  return {
    runId: run.record.id,
    startMs: run.startMs,
    endMs: run.endMs,
    cpuShare: run.cpuShare,
    takesRest: run.record.rootPid === null,
    smShares,
  };
}

/**
 * Whether a GPU's list of processes tells its users: not when the driver gives none, and not when it names pids that are none of this machine's (a
 * container without the host's PID namespace).
 */
export function areUsersKnown(
  { processes }: Pick<SourceReading, 'processes'>,
  runs: readonly ActiveRun[],
  machine: Machine,
): boolean {
  if (processes === null) return false;
  const isOurs = (pid: number): boolean => runs.some((run) => run.pids.has(pid)) || machine.hasProcess(pid);
  return processes.length === 0 || processes.some((process) => isOurs(process.pid));
}
