import { describe, expect, it } from 'vitest';
import { exampleRun, exampleTotals } from '../../tests/examples.ts';
import type { ProcessFacts } from '../machine/machine.ts';
import type { RunRecord } from '../store/records.ts';
import { createSqliteStore } from '../store/sqlite-store.ts';
import { livingApiRuns } from './living-runs.ts';

const nowMs = 1_000_000_000;
/** Booted 1000 s ago. */
const machineWith = (startedSecondsAfterBoot: Readonly<Record<number, number>>) => ({
  readBootMs: () => 1_000_000,
  readProcess: (pid: number) => {
    const seconds = startedSecondsAfterBoot[pid];
    return seconds === undefined ? null : ({ pid, startedTicks: seconds * 100 } as ProcessFacts);
  },
});
/** Began 500 s after boot, which is 500 s ago. */
const storeWith = (...changes: readonly Partial<RunRecord>[]) => {
  const store = createSqliteStore({ path: ':memory:', nowMs: 0 });
  for (const [i, change] of changes.entries())
    store.insertRun(
      exampleRun({ id: `run${i}`, status: 'running', foundBy: 'api', startedMs: nowMs - 500_000, ...change }),
      exampleTotals(),
    );
  return store;
};

describe('a run that a program began', () => {
  it('is living while its process is', () => {
    const store = storeWith({ rootPid: 7 }, { rootPid: 8 });
    expect(livingApiRuns(store, machineWith({ 7: 400 }), nowMs)).toEqual(['run0']);
  });

  it('is not, where its pid is another program’s now', () => {
    // That one began 600 s after boot, 100 s after the run did.
    expect(livingApiRuns(storeWith({ rootPid: 7 }), machineWith({ 7: 600 }), nowMs)).toEqual([]);
  });

  it('is living with any of its job’s processes, when ever that joined', () => {
    const store = storeWith({ rootPid: 7, job: 'slurm:1.0', memberPids: [9] });
    expect(livingApiRuns(store, machineWith({ 9: 700 }), nowMs)).toEqual(['run0']);
  });

  it('is left to others where it was wrapped or found, and where processes cannot be looked at', () => {
    const store = storeWith({ rootPid: 7, foundBy: 'command' }, { rootPid: 7, foundBy: 'process' }, { rootPid: 8 });
    expect(livingApiRuns(store, machineWith({ 7: 400 }), nowMs)).toEqual([]);
    expect(livingApiRuns(store, { readBootMs: () => null, readProcess: () => null }, nowMs)).toEqual([]);
  });
});
