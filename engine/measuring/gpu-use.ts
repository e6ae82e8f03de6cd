import { type ActiveRun, isOfRun } from '../runs/active-run.ts';
import type { UserList } from './user-lists.ts';

/** Whose processes may be on a GPU's lists. */
export interface ListedRuns {
  readonly runs: readonly ActiveRun[];
  /** Runs that were over before the interval began: their processes may still be on a list from before. */
  readonly ended: readonly ActiveRun[];
  readonly hasProcess: (pid: number) => boolean;
}

/**
 * How much of a GPU's SMs the run's processes used, as the mean over the lists of the time that it was on: one from before a run began, or after it ended, says
 * nothing of how much it used meanwhile. Null where the driver does not tell it of all of them, undefined where the run has none there. A process of several
 * runs is shared among them.
 */
export function smShareOf(
  run: ActiveRun,
  lists: readonly UserList[],
  runs: readonly ActiveRun[],
): number | null | undefined {
  const endMs = run.endMs ?? Number.POSITIVE_INFINITY;
  const own = lists.filter(({ askedAtMs }) => askedAtMs === null || (askedAtMs >= run.startMs && askedAtMs <= endMs));
  // A run may be so short that no list is of its time: those around it are all there is.
  return meanShare(run, own, runs) ?? meanShare(run, lists, runs);
}

const ownersOf = (pid: number, runs: readonly ActiveRun[]): number =>
  runs.length === 1 ? 1 : runs.filter((run) => isOfRun(run, pid)).length;

function meanShare(run: ActiveRun, lists: readonly UserList[], runs: readonly ActiveRun[]): number | null | undefined {
  let sum: number | undefined;
  for (const { processes } of lists)
    for (const { pid, smRatio } of processes ?? []) {
      if (!isOfRun(run, pid)) continue;
      if (smRatio === null) return null;
      sum = (sum ?? 0) + smRatio / Math.max(1, ownersOf(pid, runs));
    }
  return sum === undefined ? undefined : sum / lists.length;
}

/** A process may be listed for so long after its end was told. */
const lingerMs = 200;

/** The same of the processes that belong to no run, over all lists; null where the driver does not tell it of all of them. */
export function foreignSmShareOf(lists: readonly UserList[], { runs, ended, hasProcess }: ListedRuns): number | null {
  // One of a run's that has ended uses nothing, however long its driver lists it and its last share.
  const wasOfRun = (run: ActiveRun, pid: number, askedAtMs: number | null): boolean =>
    isOfRun(run, pid) && ((askedAtMs ?? 0) <= (run.endMs ?? 0) + lingerMs || !hasProcess(pid));

  let sum = 0;
  for (const { processes, askedAtMs } of lists)
    for (const { pid, smRatio } of processes ?? []) {
      if (runs.some((run) => isOfRun(run, pid)) || ended.some((run) => wasOfRun(run, pid, askedAtMs))) continue;
      if (smRatio === null) return null;
      sum += smRatio;
    }
  return sum / Math.max(1, lists.length);
}
