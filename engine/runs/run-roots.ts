import type { Machine, TreeProcess } from '../machine/machine.ts';
import type { RunRecord } from '../store/records.ts';
import type { RootProcess } from './root-process.ts';
import type { Excluded, TreeAccount, TreeLook } from './tree-account.ts';

/** A process whose tree belongs to a run. */
export interface RunRoot extends RootProcess {
  /** All that its tree ever used is the run's, what it used before the first look too. */
  readonly isWhole: boolean;
  isCounted: boolean;
  isGone: boolean;
}

/** What a run knows of its processes. */
export interface RunProcesses {
  /** Processes whose trees it is; none for a run that takes the machine's unclaimed use. The first is `record.rootPid`. */
  roots: readonly RunRoot[];
  /** Processes of its tree at this tick and the one before: a process that just ended still used what was read since. */
  pids: ReadonlySet<number>;
  previousPids: ReadonlySet<number>;
  account: TreeAccount;
  /** Its part of CPU time at the last look that it was given energy by; null before the first one at a tree that was there before the run or this engine. */
  countedCpuSeconds: number | null;
  /** Its CPU time from before this engine, or of runs merged into it. */
  cpuBeforeSeconds: number;
}

export const createRoot = ({ pid, startedTicks }: RootProcess, isWhole: boolean): RunRoot => ({
  pid,
  startedTicks,
  isWhole,
  isCounted: false,
  isGone: false,
});

/** Whether it was there at the last look; one that nothing tells from later ones is there while its pid is. */
export const isThere = (root: RunRoot, hasProcess: (pid: number) => boolean): boolean =>
  root.startedTicks === null ? hasProcess(root.pid) : !root.isGone;

export interface RootsLook extends TreeLook {
  readonly pids: ReadonlySet<number>;
  readonly residentBytes: number;
  /** Those whose trees were read. */
  readonly roots: readonly RunRoot[];
}

/** Reads the trees of a run's roots. Null when none of them is left. What hangs below a root of another run of `runs` is that run's. */
export function lookAtRoots(run: OwnedProcesses, machine: Machine, runs: readonly OwnedProcesses[]): RootsLook | null {
  const others = othersRoots(run, runs);
  const except = new Set(others.keys());
  const processes = new Map<number, TreeProcess>();
  const excluded = new Map<number, Excluded>();
  const earlier = new Set<number>();
  const sharers = new Map<number, number>();
  const pids = new Set<number>();
  const roots: RunRoot[] = [];
  let residentBytes = 0;
  for (const root of run.roots) {
    if (root.isGone) continue;
    const tree = machine.readTree(root.pid, except);
    const isAnother =
      root.startedTicks !== null && tree?.rootStartedTicks != null && tree.rootStartedTicks !== root.startedTicks;
    // A pid that has no start time to be known by may come back to a run that somebody else ends.
    root.isGone = root.startedTicks !== null && (tree === null || isAnother);
    // What that one draws is not the run's.
    if (isAnother) forgetPid(run, root.pid);
    if (tree === null || isAnother) continue;
    roots.push(root);
    const owners = 1 + (others.get(root.pid)?.length ?? 0);
    // A rank may hang below its launcher: what is there already is not the run's twice.
    if (!pids.has(root.pid)) residentBytes += tree.residentBytes;
    for (const pid of tree.pids) pids.add(pid);
    for (const process of tree.processes) {
      processes.set(process.pid, process);
      if (!root.isWhole && !root.isCounted) earlier.add(process.pid);
      if (owners > 1) sharers.set(process.pid, owners);
    }
    for (const [pid, parentPid] of tree.excluded)
      excluded.set(pid, { parentPid, usedSeconds: others.get(pid)?.[0]?.account.usedSeconds ?? 0 });
  }
  // A root of this run that hangs below another of its own is no other run's there.
  for (const { pid } of roots) excluded.delete(pid);
  return pids.size === 0
    ? null
    : { processes: [...processes.values()], excluded, earlier, sharers, pids, residentBytes, roots };
}

function forgetPid(run: RunProcesses, pid: number): void {
  run.pids = new Set([...run.pids].filter((one) => one !== pid));
  run.previousPids = new Set([...run.previousPids].filter((one) => one !== pid));
}

type OwnedProcesses = RunProcesses & { readonly record: Pick<RunRecord, 'foundBy'>; readonly endMs: number | null };

/**
 * Other runs by the pids of their roots: their trees are theirs, though they may hang below a process of this run, and shared where both have the same root. A
 * run that was found gives way to one that was started above it.
 */
function othersRoots(run: OwnedProcesses, runs: readonly OwnedProcesses[]): ReadonlyMap<number, OwnedProcesses[]> {
  const others = new Map<number, OwnedProcesses[]>();
  for (const other of runs) {
    if (other === run || (run.record.foundBy !== 'process' && other.record.foundBy === 'process')) continue;
    for (const root of other.roots) {
      const isOwn = run.roots.some(({ pid }) => pid === root.pid);
      if (root.isGone || (isOwn && other.endMs !== null)) continue;
      others.set(root.pid, [...(others.get(root.pid) ?? []), other]);
    }
  }
  return others;
}
