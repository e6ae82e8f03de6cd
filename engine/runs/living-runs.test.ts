import { describe, expect, it } from 'vitest';
import { exampleRun, exampleTotals } from '../../tests/examples.ts';
import type { ProcessFacts } from '../machine/machine.ts';
import type { RunRecord } from '../store/records.ts';
import { createSqliteStore } from '../store/sqlite-store.ts';
import { livingRuns } from './living-runs.ts';

const nowMs = 1_000_000_000;
/** Booted 1000 s ago. */
const machineWith = (startedSecondsAfterBoot: Readonly<Record<number, number>>) => ({
  readBootMs: () => 1_000_000,
  hasProcess: (pid: number) => startedSecondsAfterBoot[pid] !== undefined,
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

describe('a run that a program began, or a command', () => {
  it('is living while its process is', () => {
    const store = storeWith({ rootPid: 7 }, { rootPid: 8 });
    expect(livingRuns(store, machineWith({ 7: 400 }), nowMs)).toEqual(['run0']);
  });

  it('is not, where its pid is another program’s now', () => {
    // That one began 600 s after boot, 100 s after the run did.
    expect(livingRuns(storeWith({ rootPid: 7 }), machineWith({ 7: 600 }), nowMs)).toEqual([]);
  });

  it('is not, where its process began at another moment than the one that has its pid', () => {
    // Both began 400 s after boot, before the run, and a second apart.
    const store = storeWith({ rootPid: 7, startedTicks: { 7: 40_000 } }, { rootPid: 8, startedTicks: { 8: 40_100 } });
    expect(livingRuns(store, machineWith({ 7: 400, 8: 400 }), nowMs)).toEqual(['run0']);
  });

  it('is living with any of its job’s processes, when ever that joined', () => {
    const store = storeWith({ rootPid: 7, job: 'slurm:1.0', memberPids: [9] });
    expect(livingRuns(store, machineWith({ 9: 700 }), nowMs)).toEqual(['run0']);
  });

  it('is living, of a command, while its process is', () => {
    const store = storeWith({ rootPid: 7, foundBy: 'command' }, { rootPid: 8, foundBy: 'command' });
    expect(livingRuns(store, machineWith({ 7: 400 }), nowMs)).toEqual(['run0']);
  });

  it('is left to others where it was found or begun by hand', () => {
    const store = storeWith({ rootPid: 7, foundBy: 'process' }, { rootPid: 7, foundBy: 'manual' });
    expect(livingRuns(store, machineWith({ 7: 400 }), nowMs)).toEqual([]);
  });

  it('is told by its pid alone where nothing tells when a process began, and only soon after it was measured last', () => {
    const store = storeWith(
      { rootPid: 7, startedMs: nowMs - 5000 },
      { rootPid: 7 },
      { rootPid: 8, startedMs: nowMs - 5000 },
    );
    const machine = { readBootMs: () => null, readProcess: () => null, hasProcess: (pid: number) => pid === 7 };
    expect(livingRuns(store, machine, nowMs)).toEqual(['run0']);
  });
});
