import { describe, expect, it } from 'vitest';
import type { RunProcesses } from '../runs/run-roots.ts';
import type { GpuProcess } from '../sources/source.ts';
import { createKnownUsers } from './known-users.ts';

const listed = (...pids: number[]): readonly GpuProcess[] =>
  pids.map((pid) => ({ pid, name: null, memoryUsedBytes: null, smRatio: null }));
const runs = [{ pids: new Set([10]) } as unknown as RunProcesses];
const machine = (pids: Iterable<number>, hasAllPids = false) => {
  const here = new Set(pids);
  return { here, hasProcess: (pid: number) => here.has(pid), hasAllPids: () => hasAllPids };
};

describe('the users of a GPU', () => {
  it.each([
    ['known where one of them is a process of this machine', listed(77, 1), true],
    ['known where one of them is a run’s', listed(10), true],
    ['known where there are none', [], true],
    ['not known where the driver does not tell', null, false],
    ['not known where it names pids of another namespace', listed(4000), false],
  ])('are %s', (_, processes, isKnown) =>
    expect(createKnownUsers(machine([1])).areOn('gpu:0', processes, runs)).toBe(isKnown),
  );

  it('are known where pids are the whole machine’s, whether a list names one that is there or not', () =>
    expect(createKnownUsers(machine([], true)).areOn('gpu:0', listed(4000), [])).toBe(true));

  it('are known still when the one that was there has ended and is listed on, and not once it is not', () => {
    const world = machine([77]);
    const users = createKnownUsers(world);
    expect(users.areOn('gpu:0', listed(77, 4000), [])).toBe(true);
    world.here.clear();
    expect([users.areOn('gpu:0', listed(77), []), users.areOn('gpu:1', listed(77), [])]).toEqual([true, false]);
    expect([users.areOn('gpu:0', listed(4000), []), users.areOn('gpu:0', listed(77), [])]).toEqual([false, false]);
  });
});
