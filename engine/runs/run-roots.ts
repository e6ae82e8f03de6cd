import type { Machine } from '../machine/machine.ts';
import type { RootProcess } from './root-process.ts';

/** A process whose tree belongs to a run. */
export interface RunRoot extends RootProcess {
  /** What its tree had used before the run began; null until the first look. */
  earlierCpuSeconds: number | null;
  /** The most its tree was seen to have used: a child that ended uncollected takes its time along. */
  cpuSeconds: number;
  isGone: boolean;
}

/** What a run knows of its processes. */
export interface RunProcesses {
  /** Processes whose trees it is; none for a run that takes the machine's unclaimed use. The first is `record.rootPid`. */
  roots: readonly RunRoot[];
  /** Processes of its tree at this tick and the one before: a process that just ended still used what was read since. */
  pids: ReadonlySet<number>;
  previousPids: ReadonlySet<number>;
  /** Its CPU time at the last look that counted; null before the first one at a tree that was there before the run or this engine. */
  countedCpuSeconds: number | null;
  /** Its CPU time from before this engine, or of runs merged into it. */
  cpuBeforeSeconds: number;
}

export const createRoot = ({ pid, startedTicks }: RootProcess, earlierCpuSeconds: number | null): RunRoot => ({
  pid,
  startedTicks,
  earlierCpuSeconds,
  cpuSeconds: 0,
  isGone: false,
});

/** Whether it was there at the last look; one that nothing tells from later ones is there while its pid is. */
export const isLeft = (root: RunRoot, hasProcess: (pid: number) => boolean): boolean =>
  root.startedTicks === null ? hasProcess(root.pid) : !root.isGone;

/** CPU time of a run's trees since it began, those that are gone included. */
export const usedCpuSeconds = (run: Pick<RunProcesses, 'roots'>): number =>
  run.roots.reduce((sum, root) => sum + Math.max(0, root.cpuSeconds - (root.earlierCpuSeconds ?? root.cpuSeconds)), 0);

export interface RootsLook {
  readonly pids: ReadonlySet<number>;
  readonly residentBytes: number;
}

/** Reads the trees of a run's roots. Null when none of them is left. What hangs below a pid of `except` is another run's. */
export function lookAtRoots(run: RunProcesses, machine: Machine, except: ReadonlySet<number>): RootsLook | null {
  const pids = new Set<number>();
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
    for (const pid of tree.pids) pids.add(pid);
    residentBytes += tree.residentBytes;
    root.earlierCpuSeconds ??= tree.cpuSeconds;
    root.cpuSeconds = Math.max(root.cpuSeconds, tree.cpuSeconds);
  }
  return pids.size === 0 ? null : { pids, residentBytes };
}

function forgetPid(run: RunProcesses, pid: number): void {
  run.pids = new Set([...run.pids].filter((one) => one !== pid));
  run.previousPids = new Set([...run.previousPids].filter((one) => one !== pid));
}

/** Gives a run other roots; the CPU time of those it no longer has stays its own. */
export function replaceRoots(run: RunProcesses, roots: readonly RunRoot[]): void {
  const before = usedCpuSeconds(run);
  run.roots = roots;
  const leftSeconds = before - usedCpuSeconds(run);
  run.cpuBeforeSeconds += leftSeconds;
  if (run.countedCpuSeconds !== null) run.countedCpuSeconds -= leftSeconds;
}

/** Pids that are roots of other runs: their trees are theirs, though they may hang below a process of this run. */
export const rootsOfOthers = (run: RunProcesses, runs: readonly RunProcesses[]): ReadonlySet<number> =>
  new Set(
    runs
      .filter((other) => other !== run)
      .flatMap((other) => other.roots.filter((root) => !root.isGone).map((root) => root.pid)),
  );
