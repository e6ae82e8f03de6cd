import type { RunUse } from '../attribution/attribute.ts';
import type { CpuTimes, Machine } from '../machine/machine.ts';
import { createRunCurve, type RunCurve } from '../progress/run-curve.ts';
import type { RunRecord } from '../store/records.ts';
import { rootsOf } from './root-process.ts';
import { createRunLedger, type RunLedger } from './run-ledger.ts';
import { createRoot, isThere, lookAtRoots, type RootsLook, type RunProcesses } from './run-roots.ts';
import { countLook, emptyAccount } from './tree-account.ts';

/** A run that is on, or ended and waiting for the readings that cover its end. */
export interface ActiveRun extends RunProcesses {
  record: RunRecord;
  readonly ledger: RunLedger;
  curve: RunCurve;
  /** Monotonic. Earlier than it was once an earlier run has been merged into this one. */
  startMs: number;
  endMs: number | null;
  /** Monotonic: when a stretch of its energy began last, with the run or with a mark. */
  lastCutMs: number;
  cpuShare: number;
  /** Nothing was left of its processes at the last look. */
  isTreeGone: boolean;
  isStopAsked: boolean;
  /** It may turn out to be none. */
  isProvisional: boolean;
}

export function createActiveRun(record: RunRecord, startMs: number, ledger: RunLedger = createRunLedger()): ActiveRun {
  const roots = rootsOf(record);
  const pids = new Set(roots.map(({ pid }) => pid));
  const isCommand = record.foundBy === 'command';
  return {
    record,
    ledger,
    curve: createRunCurve(startMs),
    startMs,
    endMs: null,
    lastCutMs: startMs,
    // A command is the run: all that its tree ever used is the run's.
    roots: roots.map((root) => createRoot(root, isCommand)),
    pids,
    previousPids: pids,
    account: emptyAccount,
    countedCpuSeconds: isCommand && record.durationSeconds === 0 ? 0 : null,
    cpuBeforeSeconds: isCommand ? 0 : (ledger.cpuSeconds ?? 0),
    cpuShare: 0,
    isTreeGone: false,
    isStopAsked: record.stoppedBy !== null,
    isProvisional: false,
  };
}

/** Below this much busy time between two looks the kernel's 10 ms ticks say too little: the share before is kept. */
const leastBusySeconds = 0.03;

export interface CpuShares {
  /** Looks at the trees between two updates, where these are far apart: what ends in between has been seen. */
  look(runs: readonly ActiveRun[]): void;
  update(runs: readonly ActiveRun[]): void;
  /** Busy share of all CPUs between the last two looks, 0…1; null before the second. */
  loadRatio(): number | null;
}

/** Follows the process trees of runs and what share of the CPU's busy time each had. */
export function createCpuShares(machine: Machine): CpuShares {
  let last: CpuTimes | null = machine.readCpuTimes();
  let loadRatio: number | null = null;

  /** Null where nothing of its processes can be seen. */
  function lookAt(run: ActiveRun, runs: readonly ActiveRun[]): RootsLook | null {
    const look = lookAtRoots(run, machine, runs);
    if (look === null) return null;
    run.isTreeGone = false;
    run.ledger.peakMemoryBytes = Math.max(run.ledger.peakMemoryBytes ?? 0, look.residentBytes);
    run.account = countLook(run.account, look);
    for (const root of look.roots) root.isCounted = true;
    const used = run.account.usedSeconds;
    // Of what it used before this engine, its processes no longer tell all.
    if (run.countedCpuSeconds === null)
      run.cpuBeforeSeconds = Math.max(run.cpuBeforeSeconds, (run.ledger.cpuSeconds ?? 0) - used);
    run.ledger.cpuSeconds = run.cpuBeforeSeconds + used;
    return look;
  }

  function noteUnseen(run: ActiveRun): void {
    // What it used up to this look may still be its own; from the next one on nothing is.
    if (run.isTreeGone) run.cpuShare = 0;
    run.isTreeGone = !run.roots.some((root) => isThere(root, machine.hasProcess));
  }

  function updateRun(run: ActiveRun, runs: readonly ActiveRun[], busySeconds: number): void {
    if (run.roots.length === 0) return;
    const look = run.endMs === null ? lookAt(run, runs) : null;
    if (look !== null) {
      run.previousPids = run.pids;
      run.pids = look.pids;
    } else if (run.endMs === null) noteUnseen(run);
    const before = run.countedCpuSeconds;
    const shared = run.account.sharedSeconds;
    // One that is gone, or over, may have been seen since the last update.
    if (look === null && (before === null || shared <= before)) return;
    if (before !== null && busySeconds < leastBusySeconds) return;
    if (before !== null) run.cpuShare = Math.min(1, (shared - before) / busySeconds);
    run.countedCpuSeconds = shared;
  }

  return {
    look(runs) {
      for (const run of runs) {
        const look = run.roots.length > 0 && run.endMs === null ? lookAt(run, runs) : null;
        // Until the next update these are all of this time's.
        if (look !== null) run.pids = new Set([...run.pids, ...look.pids]);
      }
    },
    update(runs) {
      const times = machine.readCpuTimes();
      const busySeconds = times === null || last === null ? 0 : times.busySeconds - last.busySeconds;
      for (const run of runs) updateRun(run, runs, busySeconds);
      const totalSeconds = times === null || last === null ? 0 : times.totalSeconds - last.totalSeconds;
      if (totalSeconds > 0) loadRatio = Math.min(1, Math.max(0, busySeconds / totalSeconds));
      if (busySeconds >= leastBusySeconds || last === null) last = times;
    },
    loadRatio: () => loadRatio,
  };
}

/** Whether a process is, or was at the tick before, one of the run's. */
export const isOfRun = ({ pids, previousPids }: ActiveRun, pid: number): boolean =>
  pids.has(pid) || previousPids.has(pid);

/** What attribution asks of a run, for one domain's interval. `smShare`: of its processes there, undefined where it has none. */
export function useOf(run: ActiveRun, domainId: string, smShare: number | null | undefined): RunUse {
  return {
    runId: run.record.id,
    startMs: run.startMs,
    endMs: run.endMs,
    cpuShare: run.cpuShare,
    takesRest: run.record.rootPid === null,
    smShares: smShare === undefined ? noShares : new Map([[domainId, smShare]]),
  };
}

const noShares: RunUse['smShares'] = new Map();
