import type { Machine, TreeProcess } from '../machine/machine.ts';
import type { RunRecord } from '../store/records.ts';
import type { RootProcess } from './root-process.ts';
import type { TreeAccount, TreeLook } from './tree-account.ts';

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
  /** Its CPU time at the last look that was shared by; null before the first one at a tree that was there before the run or this engine. */
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
export const isLeft = (root: RunRoot, hasProcess: (pid: number) => boolean): boolean =>
  root.startedTicks === null ? hasProcess(root.pid) : !root.isGone;

export interface RootsLook extends TreeLook {
  readonly pids: ReadonlySet<number>;
  readonly residentBytes: number;
  /** Those whose trees were read. */
  readonly roots: readonly RunRoot[];
}

/** Reads the trees of a run's roots. Null when none of them is left. What hangs below a pid of `except` is another run's. */
export function lookAtRoots(run: RunProcesses, machine: Machine, except: ReadonlySet<number>): RootsLook | null {
  const processes = new Map<number, TreeProcess>();
  const left = new Map<number, number>();
  const earlier = new Set<number>();
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
    // A rank may hang below its launcher: what is there already is not the run's twice.
    if (!pids.has(root.pid)) residentBytes += tree.residentBytes;
    for (const pid of tree.pids) pids.add(pid);
    for (const process of tree.processes) {
      processes.set(process.pid, process);
      if (!root.isWhole && !root.isCounted) earlier.add(process.pid);
    }
    for (const [pid, parentPid] of tree.left) left.set(pid, parentPid);
  }
  return pids.size === 0 ? null : { processes: [...processes.values()], left, earlier, pids, residentBytes, roots };
}

function forgetPid(run: RunProcesses, pid: number): void {
  run.pids = new Set([...run.pids].filter((one) => one !== pid));
  run.previousPids = new Set([...run.previousPids].filter((one) => one !== pid));
}

type OwnedProcesses = RunProcesses & { readonly record: Pick<RunRecord, 'foundBy'> };

/**
 * Pids that are roots of other runs: their trees are theirs, though they may hang below a process of this run. A run that was found gives way to one that was
 * started above it.
 */
export const rootsOfOthers = (run: OwnedProcesses, runs: readonly OwnedProcesses[]): ReadonlySet<number> =>
  new Set(
    runs
      .filter((other) => other !== run && (run.record.foundBy === 'process' || other.record.foundBy !== 'process'))
      .flatMap((other) => other.roots.filter((root) => !root.isGone).map((root) => root.pid)),
  );

/** How many runs have a process of this one for their root too, itself among them. */
export const sharersOf = (run: RunProcesses, runs: readonly RunProcesses[]): number =>
  runs.filter((other) => other === run || other.roots.some(({ pid }) => run.roots.some((root) => root.pid === pid)))
    .length;
