import { describe, expect, it } from 'vitest';
import { exampleRun } from '../../tests/examples.ts';
import { type ActiveRun, createActiveRun } from '../runs/active-run.ts';
import { foreignSmShareOf, smShareOf } from './gpu-use.ts';
import type { UserList } from './user-lists.ts';

const listed = (askedAtMs: number | null, shares: Readonly<Record<number, number | null>>): UserList => ({
  askedAtMs,
  processes: Object.entries(shares).map(([pid, smRatio]) => ({
    pid: Number(pid),
    name: null,
    memoryUsedBytes: null,
    smRatio,
  })),
});

function runOf(pids: readonly number[], on: Partial<ActiveRun> = {}): ActiveRun {
  const run = createActiveRun(exampleRun({ id: `run${pids[0]}`, rootPid: pids[0] ?? null }), 0);
  return Object.assign(run, { pids: new Set(pids), previousPids: new Set<number>() }, on);
}

describe('how much of a GPU a run used', () => {
  const run = runOf([10, 11], { previousPids: new Set([12]) });

  it('adds up its processes, those that have just ended too, as their mean over the lists', () => {
    const lists = [listed(0, { 10: 0.3, 12: 0.2, 99: 0.5 }), listed(1000, { 10: 0.3, 11: 0.4 })];
    expect(smShareOf(run, lists, [run])).toBeCloseTo((0.5 + 0.7) / 2, 12);
  });

  it('is a part of what a process used that belongs to another run too', () => {
    expect(smShareOf(run, [listed(0, { 10: 0.3, 11: 0.4 })], [run, runOf([11])])).toBeCloseTo(0.3 + 0.2, 12);
  });

  it('is not known where the driver does not tell it of one process', () => {
    expect(smShareOf(run, [listed(0, { 10: 0.3, 11: null })], [run])).toBeNull();
  });

  it('is nothing where it has no process', () => {
    expect(smShareOf(run, [listed(0, { 99: 0.5 })], [run])).toBeUndefined();
    expect(smShareOf(run, [{ processes: null, askedAtMs: null }], [run])).toBeUndefined();
  });

  it('is not halved by a list from before its start or after its end', () => {
    const lists = [listed(900, { 7: 0.3 }), listed(2000, { 7: 0.3, 8: 0.6 }), listed(3000, { 7: 0.3 })];
    const other = runOf([7]);
    const short = runOf([8], { startMs: 1500, endMs: 2500 });
    const runs = [other, short];
    expect(smShareOf(other, lists, runs)).toBeCloseTo(0.3, 12);
    expect(smShareOf(short, lists, runs)).toBeCloseTo(0.6, 12);
    expect(smShareOf(runOf([7], { startMs: 950, endMs: 990 }), lists, runs)).toBeCloseTo(0.3, 12);
  });
});

describe('how much of a GPU the processes of no run used', () => {
  const run = runOf([10]);

  it('is their mean over the lists, and not known where one of them is not', () => {
    const listing = { runs: [run], ended: [], hasProcess: () => true };
    expect(foreignSmShareOf([listed(0, { 10: 0.3, 99: 0.4 }), listed(1000, { 10: 0.3 })], listing)).toBeCloseTo(
      0.2,
      12,
    );
    expect(foreignSmShareOf([listed(0, { 10: 0.3, 99: null })], listing)).toBeNull();
    expect(foreignSmShareOf([listed(0, { 10: null })], listing)).toBe(0);
  });

  it('leaves out the processes of a run that has ended, up to its end', () => {
    const ended = [runOf([20], { endMs: 1500 })];
    const lists = [listed(1000, { 10: 0.3, 20: 0.6 }), listed(2000, { 10: 0.3 })];
    const shareOf = (of: typeof lists, over: typeof ended, isAlive = true) =>
      foreignSmShareOf(of, { runs: [run], ended: over, hasProcess: () => isAlive });
    expect(shareOf(lists, ended)).toBe(0);
    expect(shareOf(lists, [])).toBeCloseTo(0.3, 12);
    const later = [listed(2000, { 20: 0.6 })];
    // One that goes on after its run was ended by hand is nobody's from then on.
    expect(shareOf(later, ended)).toBeCloseTo(0.6, 12);
    // One that has ended did nothing since, though its driver lists it on with its last share.
    expect(shareOf(later, ended, false)).toBe(0);
    expect(shareOf(later, [], false)).toBeCloseTo(0.6, 12);
  });
});
