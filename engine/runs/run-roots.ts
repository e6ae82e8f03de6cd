import type { Machine } from '../machine/machine.ts';
import type { ActiveRun } from './active-run.ts';

/** A process whose tree belongs to a run. */
export interface RunRoot {
  readonly pid: number;
  /** As in `ProcessFacts`; null where it was not asked for: then whatever has the pid is it. */
  readonly startedTicks: number | null;
  /** What its tree had used before the run began; null until the first look. */
  earlierCpuSeconds: number | null;
  /** The most its tree was seen to have used: a child that ended uncollected takes its time along. */
  cpuSeconds: number;
  isGone: boolean;
}

export const createRoot = (pid: number, startedTicks: number | null, earlierCpuSeconds: number | null): RunRoot => ({
  pid,
  startedTicks,
  earlierCpuSeconds,
  cpuSeconds: 0,
  isGone: false,
});

/** CPU time of a run's trees since it began, those that are gone included. */
export const usedCpuSeconds = (run: Pick<ActiveRun, 'roots'>): number =>
  run.roots.reduce((sum, root) => sum + Math.max(0, root.cpuSeconds - (root.earlierCpuSeconds ?? root.cpuSeconds)), 0);

export interface RootsLook {
  readonly pids: ReadonlySet<number>;
  readonly residentBytes: number;
}

/** Reads the trees of a run's roots. Null when none of them is left. What hangs below a pid of `except` is another run's. */
export function lookAtRoots(run: ActiveRun, machine: Machine, except: ReadonlySet<number>): RootsLook | null {
  const pids = new Set<number>();
  let residentBytes = 0;
  for (const root of run.roots) {
    if (root.isGone) continue;
    const tree = machine.readTree(root.pid, except);
    const isAnother =
      root.startedTicks !== null && tree?.rootStartedTicks != null && tree.rootStartedTicks !== root.startedTicks;
    // A pid that has no start time to be known by may come back to a run that somebody else ends.
    root.isGone = root.startedTicks !== null && (tree === null || isAnother);
    if (tree === null || isAnother) continue;
    for (const pid of tree.pids) pids.add(pid);
    residentBytes += tree.residentBytes;
    root.earlierCpuSeconds ??= tree.cpuSeconds;
    root.cpuSeconds = Math.max(root.cpuSeconds, tree.cpuSeconds);
  }
  return pids.size === 0 ? null : { pids, residentBytes };
}

/** Gives a run other roots; the CPU time of those it no longer has stays its own. */
export function replaceRoots(run: ActiveRun, roots: readonly RunRoot[]): void {
  const before = usedCpuSeconds(run);
  run.roots = roots;
  const leftSeconds = before - usedCpuSeconds(run);
  run.cpuBeforeSeconds += leftSeconds;
  if (run.countedCpuSeconds !== null) run.countedCpuSeconds -= leftSeconds;
}

/** Pids that are roots of other runs: their trees are theirs, though they may hang below a process of this run. */
export const rootsOfOthers = (run: ActiveRun, runs: readonly ActiveRun[]): ReadonlySet<number> =>
  new Set(
    runs
      .filter((other) => other !== run)
      .flatMap((other) => other.roots.filter((root) => !root.isGone).map((root) => root.pid)),
  );
