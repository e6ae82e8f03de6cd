import type { Clock } from '../clock/clock.ts';
import type { RunRecord } from '../store/records.ts';
import type { ActiveRun } from './active-run.ts';
import { membersOf, type RootProcess } from './root-process.ts';
import { createRoot, isThere } from './run-roots.ts';

/** A record's start times with one more. */
export const withTicks = (
  before: RunRecord['startedTicks'],
  { pid, startedTicks }: RootProcess,
): RunRecord['startedTicks'] => (startedTicks === null ? before : { ...before, [pid]: startedTicks });

/** Adds a rank to the run of its job. Where a command is the run, all that its tree ever used is the run's. */
export function joinRun(run: ActiveRun, process: RootProcess | null): void {
  if (process === null || membersOf(run.record).includes(process.pid)) return;
  const { pid } = process;
  run.roots = [...run.roots, createRoot(process, run.record.foundBy === 'command')];
  run.record = {
    ...run.record,
    ...(run.record.rootPid === null ? { rootPid: pid } : { memberPids: [...run.record.memberPids, pid] }),
    startedTicks: withTicks(run.record.startedTicks, process),
  };
  run.pids = new Set([...run.pids, pid]);
}

/** Takes a rank out of a run that goes on without it; its CPU time stays the run's. The worst exit code so far is the run's. */
export function leaveRun(run: ActiveRun, pid: number, exitCode: number | null): void {
  const [rootPid = null, ...memberPids] = membersOf(run.record).filter((member) => member !== pid);
  const { [pid]: _left, ...startedTicks } = run.record.startedTicks;
  run.roots = run.roots.filter((root) => root.pid !== pid);
  run.record = {
    ...run.record,
    rootPid,
    memberPids,
    startedTicks,
    exitCode: worstExit(run.record.exitCode, exitCode),
  };
}

/** The first that is no success; else whichever is known. */
export const worstExit = (before: number | null, next: number | null): number | null =>
  before !== null && before !== 0 ? before : (next ?? before);

/** An id that nobody starts a run under is free again after this long. */
const reservedMs = 60_000;
/** Processes that are gone without a word: their run ends after this long. */
const goneMs = 10_000;

export interface JobBook {
  /** The id of the job's run: the one that is on, or that the first of its ranks asked for. */
  reserve(job: string, runId: string, active: readonly ActiveRun[]): string;
  /** Runs of processes, none of which is left. One that was found is its finder's. */
  deserted(active: readonly ActiveRun[], hasProcess: (pid: number) => boolean): readonly ActiveRun[];
}

export function createJobBook(clock: Clock): JobBook {
  const reserved = new Map<string, { readonly runId: string; readonly atMs: number }>();
  const goneSinceMs = new WeakMap<ActiveRun, number>();
  return {
    reserve(job, runId, active) {
      const on = active.find((run) => run.record.job === job && run.endMs === null);
      if (on !== undefined) return on.record.id;
      const nowMs = clock.monotonicMs();
      for (const [key, { atMs }] of reserved) if (nowMs - atMs > reservedMs) reserved.delete(key);
      const before = reserved.get(job);
      if (before !== undefined) return before.runId;
      reserved.set(job, { runId, atMs: nowMs });
      return runId;
    },
    deserted(active, hasProcess) {
      const nowMs = clock.monotonicMs();
      return active.filter((run) => {
        const { job, foundBy } = run.record;
        if ((job === null && foundBy === 'process') || run.endMs !== null) return false;
        // Started: the reservation has done its work, and the next run of that name has an id of its own.
        if (job !== null) reserved.delete(job);
        if (run.roots.length === 0 || run.roots.some((root) => isThere(root, hasProcess))) {
          goneSinceMs.delete(run);
          return false;
        }
        // Nobody watches a process that a run was put on by hand: nobody will tell how it ended.
        if (foundBy === 'manual') return true;
        // A program that began its run itself may have ended without a word: killed, or by a way out that runs nothing. So may what watched a command.
        const sinceMs = goneSinceMs.get(run) ?? nowMs;
        goneSinceMs.set(run, sinceMs);
        return nowMs - sinceMs > goneMs;
      });
    },
  };
}
