import { WattrunError } from '../../shared/contract/errors.ts';
import type { StoppedBy } from '../../shared/model/run.ts';
import type { Clock } from '../clock/clock.ts';
import type { Machine } from '../machine/machine.ts';
import type { LearnedFacts } from '../sources/source.ts';
import type { ActiveRun } from './active-run.ts';
import { readPausedRuns, writePausedRuns } from './paused-runs.ts';
import { lookAtRoots } from './run-roots.ts';

export type ControlSignal = 'SIGSTOP' | 'SIGCONT' | 'SIGTERM' | 'SIGKILL';

export interface RunControlOptions {
  readonly machine: Machine;
  readonly clock: Clock;
  readonly runs: () => readonly ActiveRun[];
  readonly learned: LearnedFacts;
  /** Sends a signal; throws where it cannot. Absent: this engine's runs have no processes of this machine. */
  readonly signal: ((pid: number, signal: ControlSignal) => void) | null;
  /** This process: neither it nor what it hangs below is ever signalled. */
  readonly ownPid: number;
  readonly onChanged: (runId: string) => void;
}

/** Holds, resumes and ends the processes of runs: of this user's alone. Each resolves with what came of it, in words. */
export interface RunControl {
  pause(runId: string): Promise<string>;
  resume(runId: string): Promise<string>;
  /** SIGTERM, then SIGKILL for what is left after ten seconds. The record keeps which alert said so. */
  stop(runId: string, by: StoppedBy): Promise<string>;
  isPaused(runId: string): boolean;
}

interface Target {
  readonly pid: number;
  readonly startedTicks: number;
}

const graceMs = 10_000;
const pollMs = 200;
/** A process that is held begins no others: after so many looks the tree stands still. */
const mostLooks = 5;

export function createRunControl(options: RunControlOptions): RunControl {
  const { machine, clock, learned } = options;
  const paused = new Set(readPausedRuns(learned));

  function activeRun(runId: string): ActiveRun {
    const run = options.runs().find((one) => one.record.id === runId && one.endMs === null);
    if (run === undefined) throw new WattrunError('runs/not-running', `Run ${runId} is not running.`);
    return run;
  }

  function ancestors(): ReadonlySet<number> {
    const pids = new Set<number>();
    for (let pid = options.ownPid; pid > 1 && !pids.has(pid); pid = machine.readProcess(pid)?.parentPid ?? 0)
      pids.add(pid);
    return pids;
  }

  /** Processes of the run that are this user's, the oldest first. Throws where there is none that may be touched. */
  function targets(run: ActiveRun): readonly Target[] {
    if (options.signal === null)
      throw new WattrunError('runs/not-controllable', `${run.record.name} has no processes on this machine.`);
    const own = ancestors();
    const look = lookAtRoots(run, machine, options.runs());
    const facts = [...(look?.pids ?? [])].flatMap((pid) => machine.readProcess(pid) ?? []);
    const ours = facts.filter(({ pid, isOurs }) => isOurs && pid > 1 && !own.has(pid));
    if (ours.length === 0)
      throw new WattrunError(
        'runs/not-controllable',
        `None of the processes of ${run.record.name} is this user’s to hold or end.`,
      );
    return ours.toSorted((a, b) => a.startedTicks - b.startedTicks);
  }

  const isSame = ({ pid, startedTicks }: Target): boolean => machine.readProcess(pid)?.startedTicks === startedTicks;

  /** To those that are still who they were; gives how many it reached. */
  function send(all: readonly Target[], signal: ControlSignal): number {
    let reached = 0;
    for (const target of all) {
      if (!isSame(target)) continue;
      try {
        options.signal?.(target.pid, signal);
        reached++;
      } catch {
        // Ended in between, or not permitted: the count tells.
      }
    }
    return reached;
  }

  function notePaused(runId: string, isPaused: boolean): void {
    if (isPaused) paused.add(runId);
    else paused.delete(runId);
    writePausedRuns(learned, paused);
    options.onChanged(runId);
  }

  /** Until no process is left that was not sent to: a tree may grow while it is walked. */
  function sendToTree(run: ActiveRun, signal: ControlSignal): ReadonlyMap<number, Target> {
    const sent = new Map<number, Target>();
    for (let look = 0; look < mostLooks; look++) {
      const fresh = targets(run).filter(({ pid }) => !sent.has(pid));
      if (fresh.length === 0) break;
      send(fresh, signal);
      for (const target of fresh) sent.set(target.pid, target);
    }
    return sent;
  }

  async function until(all: readonly Target[], limitMs: number): Promise<readonly Target[]> {
    let left = all.filter(isSame);
    for (let waitedMs = 0; left.length > 0 && waitedMs < limitMs; waitedMs += pollMs) {
      await clock.sleep(pollMs);
      left = left.filter(isSame);
    }
    return left;
  }

  return {
    isPaused: (runId) => paused.has(runId),
    async pause(runId) {
      const run = activeRun(runId);
      const sent = sendToTree(run, 'SIGSTOP');
      notePaused(runId, true);
      return `${run.record.name} is paused: ${processes(sent.size)} held.`;
    },
    async resume(runId) {
      const run = activeRun(runId);
      const sent = sendToTree(run, 'SIGCONT');
      notePaused(runId, false);
      return `${run.record.name} goes on: ${processes(sent.size)}.`;
    },
    async stop(runId, by) {
      const run = activeRun(runId);
      const { name } = run.record;
      const all = targets(run);
      // What was asked first is why it ends.
      if (!run.isStopAsked) run.record = { ...run.record, stoppedBy: by };
      run.isStopAsked = true;
      send(all, 'SIGTERM');
      // What is held cannot act on it.
      send(all, 'SIGCONT');
      if (paused.has(runId)) notePaused(runId, false);
      const left = await until(all, graceMs);
      if (left.length === 0) return `${name} was stopped: ${processes(all.length)} ended.`;
      send(left, 'SIGKILL');
      return `${name} was stopped: ${processes(all.length - left.length)} ended, ${processes(left.length)} killed after ${graceMs / 1000} s.`;
    },
  };
}

const processes = (count: number): string => (count === 1 ? '1 process' : `${count} processes`);
