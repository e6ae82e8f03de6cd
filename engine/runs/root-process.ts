import type { Machine } from '../machine/machine.ts';
import type { RunRecord } from '../store/records.ts';

/** A process that a run stands on, told from any later one with its pid. */
export interface RootProcess {
  readonly pid: number;
  /** As in `ProcessFacts`; null where nothing tells it: then whatever has the pid is it. */
  readonly startedTicks: number | null;
}

/** The process that has the pid now. */
export const rootProcessOf = (machine: Pick<Machine, 'readProcess'>, pid: number): RootProcess => ({
  pid,
  startedTicks: machine.readProcess(pid)?.startedTicks ?? null,
});

/** Whether it lives, and not another one that was given its pid. */
export const isAlive = (
  machine: Pick<Machine, 'readProcess' | 'hasProcess'>,
  { pid, startedTicks }: RootProcess,
): boolean =>
  startedTicks === null ? machine.hasProcess(pid) : machine.readProcess(pid)?.startedTicks === startedTicks;

/** Processes that are one run together. */
export const membersOf = ({ rootPid, memberPids }: Pick<RunRecord, 'rootPid' | 'memberPids'>): readonly number[] =>
  rootPid === null ? memberPids : [rootPid, ...memberPids];

/** Those, each told from any later one with its pid. */
export const rootsOf = (record: Pick<RunRecord, 'rootPid' | 'memberPids' | 'startedTicks'>): readonly RootProcess[] =>
  membersOf(record).map((pid) => ({ pid, startedTicks: record.startedTicks[pid] ?? null }));
