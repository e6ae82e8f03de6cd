import { describe, expect, it } from 'vitest';
import { exampleRun } from '../../tests/examples.ts';
import { createFakeMachine, fakeTree } from '../machine/fake-machine.ts';
import { type Machine, type TreeUse, unknownProcesses } from '../machine/machine.ts';
import { type ActiveRun, createActiveRun, createCpuShares, useOf } from './active-run.ts';

/** A machine whose CPU times and process trees are what the test says. */
function createWorld() {
  const world = { busySeconds: 100, trees: new Map<number, TreeUse>(), pids: new Set<number>() };
  const machine: Machine = {
    facts: () => Promise.reject(new Error('not asked for')),
    readCpuTimes: () => ({ busySeconds: world.busySeconds, totalSeconds: 1000 }),
    readMemoryUsedBytes: () => null,
    readTree: (pid) => world.trees.get(pid) ?? null,
    hasProcess: (pid) => world.pids.has(pid),
    hasAllPids: () => false,
    readBootMs: () => null,
    ...unknownProcesses,
  };
  const setTree = (pid: number, cpuSeconds: number, residentBytes = 1000): void => {
    world.trees.set(pid, fakeTree(pid, cpuSeconds, [pid, pid + 1], residentBytes));
  };
  return { world, machine, setTree };
}

const runWith = (rootPid: number | null): ActiveRun => createActiveRun(exampleRun({ id: `run${rootPid}`, rootPid }), 0);

describe('the share of CPU time', () => {
  it('is that of the tree in the time that any CPU was busy', () => {
    const { world, machine, setTree } = createWorld();
    const run = runWith(10);
    const shares = createCpuShares(machine);
    // The machine was busy for 8 s of CPU time, 2 s of it in the tree; then for 4 s, 3 s of it in the tree.
    world.busySeconds = 108;
    setTree(10, 2, 5000);
    shares.update([run]);
    expect(run.cpuShare).toBe(0.25);
    world.busySeconds = 112;
    setTree(10, 5, 3000);
    shares.update([run]);
    expect(run.cpuShare).toBe(0.75);
    expect([run.ledger.cpuSeconds, run.ledger.peakMemoryBytes]).toEqual([5, 5000]);
  });

  it('is kept over a moment too short to tell, and what was used in it counts the next time', () => {
    const { world, machine, setTree } = createWorld();
    const run = runWith(10);
    const shares = createCpuShares(machine);
    world.busySeconds = 108;
    setTree(10, 2);
    shares.update([run]);
    // 20 ms of busy time are two ticks of the kernel.
    world.busySeconds = 108.02;
    setTree(10, 2.02);
    shares.update([run]);
    expect(run.cpuShare).toBe(0.25);
    // 4 s busy since 108 s, 2 s of it in the tree since it had 2 s.
    world.busySeconds = 112;
    setTree(10, 4);
    shares.update([run]);
    expect(run.cpuShare).toBe(0.5);
  });

  it('is never more than the whole, and never less than nothing', () => {
    const { world, machine, setTree } = createWorld();
    const run = runWith(10);
    const shares = createCpuShares(machine);
    world.busySeconds = 101;
    setTree(10, 5);
    shares.update([run]);
    expect(run.cpuShare).toBe(1);
    // A child ended whose time its parent has not collected: the sum falls.
    world.busySeconds = 103;
    setTree(10, 1);
    shares.update([run]);
    expect(run.cpuShare).toBe(0);
  });

  it('of a process that was there before leaves out what it used until then', () => {
    const { world, machine, setTree } = createWorld();
    const run = createActiveRun(exampleRun({ rootPid: 10, foundBy: 'manual' }), 0);
    const shares = createCpuShares(machine);
    // A thousand seconds of CPU time before the run began; since then 1 s of the 4 s that any CPU was busy.
    world.busySeconds = 104;
    setTree(10, 1000);
    shares.update([run]);
    expect([run.cpuShare, run.ledger.cpuSeconds]).toEqual([0, 0]);
    world.busySeconds = 108;
    setTree(10, 1001);
    shares.update([run]);
    expect([run.cpuShare, run.ledger.cpuSeconds]).toEqual([0.25, 1]);
  });

  it('of a command that another engine began leaves out what was used before, but counts it as the run’s time', () => {
    const { world, machine, setTree } = createWorld();
    const run = createActiveRun(exampleRun({ rootPid: 10, durationSeconds: 500 }), 0);
    const shares = createCpuShares(machine);
    world.busySeconds = 104;
    setTree(10, 1000);
    shares.update([run]);
    expect([run.cpuShare, run.ledger.cpuSeconds]).toEqual([0, 1000]);
  });

  it('is that of no run above it, nor that of two, where one run is started inside another', () => {
    const world = createFakeMachine();
    for (const [pid, parentPid] of [
      [10, 1],
      [20, 10],
      [30, 20],
    ] as const)
      world.add({ pid, parentPid, command: 'python train.py' });
    const runs = [10, 20, 20].map((rootPid, i) => createActiveRun(exampleRun({ id: `run${i}`, rootPid }), 0));
    const shares = createCpuShares(world.machine);
    shares.update(runs);
    // 1 s of the outer one's, 3 s of what hangs below, which two runs were started on.
    world.work(10, 1);
    world.work(20, 1);
    world.work(30, 2);
    shares.update(runs);
    expect(runs.map(({ cpuShare }) => cpuShare)).toEqual([0.25, 0.375, 0.375]);
    expect(runs.map(({ pids }) => [...pids])).toEqual([[10], [20, 30], [20, 30]]);
  });

  it('is shared only where both runs have the same process, not in all of one that has more', () => {
    const world = createFakeMachine();
    const ranks = [10, 20, 30, 40];
    for (const pid of ranks) world.add({ pid, command: 'python train.py' });
    const job = createActiveRun(exampleRun({ id: 'job', rootPid: 10, memberPids: ranks.slice(1) }), 0);
    const other = createActiveRun(exampleRun({ id: 'other', rootPid: 40 }), 0);
    const shares = createCpuShares(world.machine);
    shares.update([job, other]);
    for (const pid of ranks) world.work(pid, 1);
    shares.update([job, other]);
    expect([job.cpuShare, other.cpuShare]).toEqual([0.875, 0.125]);
    expect([job.ledger.cpuSeconds, other.ledger.cpuSeconds]).toEqual([4, 1]);
  });

  it('follows the processes of a tree, and remembers those of the look before', () => {
    const { world, machine, setTree } = createWorld();
    const run = runWith(10);
    setTree(10, 1);
    createCpuShares(machine).update([run]);
    expect([[...run.previousPids], [...run.pids]]).toEqual([[10], [10, 11]]);
    world.trees.clear();
    createCpuShares(machine).update([run]);
    expect([...run.pids]).toEqual([10, 11]);
  });

  it('is what was seen between two updates, where all of it ended before the second', () => {
    const { world, machine, setTree } = createWorld();
    const [run, over] = [runWith(10), runWith(20)];
    const shares = createCpuShares(machine);
    setTree(10, 0);
    setTree(20, 0);
    shares.update([run, over]);
    setTree(10, 3);
    setTree(20, 1);
    shares.look([run, over]);
    world.trees.clear();
    over.endMs = 5000;
    world.busySeconds = 108;
    shares.update([run, over]);
    expect([run.cpuShare, over.cpuShare]).toEqual([3 / 8, 1 / 8]);
    // What it had on a GPU since is its own too.
    expect(run.pids).toEqual(new Set([10, 11]));
    world.busySeconds = 112;
    shares.update([run, over]);
    expect(run.cpuShare).toBe(0);
  });

  it('of a tree that is gone is nothing from the second look on, and what it was once it is there again', () => {
    const { world, machine, setTree } = createWorld();
    const run = runWith(10);
    const shares = createCpuShares(machine);
    const seenAt = (busySeconds: number): number => {
      world.busySeconds = busySeconds;
      shares.update([run]);
      return run.cpuShare;
    };
    setTree(10, 2);
    expect(seenAt(108)).toBe(0.25);
    world.trees.clear();
    // It may have used all of that before it ended.
    expect(seenAt(112)).toBe(0.25);
    expect([seenAt(116), seenAt(120)]).toEqual([0, 0]);
    setTree(10, 6);
    expect(seenAt(124)).toBeGreaterThan(0);
  });

  it('stays where its processes are there and cannot be looked at', () => {
    const { world, machine, setTree } = createWorld();
    const run = runWith(10);
    const shares = createCpuShares(machine);
    setTree(10, 2);
    world.busySeconds = 108;
    shares.update([run]);
    world.trees.clear();
    world.pids.add(10);
    for (world.busySeconds = 112; world.busySeconds < 124; world.busySeconds += 4) shares.update([run]);
    expect(run.cpuShare).toBe(0.25);
  });

  it('is not asked for by a run without a process', () => {
    const { machine } = createWorld();
    const run = runWith(null);
    createCpuShares(machine).update([run]);
    expect([run.cpuShare, run.ledger.cpuSeconds]).toEqual([0, null]);
  });
});

describe('what a run used', () => {
  it('has its SM share of the GPUs where it has a process, known or not', () => {
    expect(useOf(runWith(10), 'gpu:1', 0.5)).toMatchObject({ runId: 'run10', takesRest: false });
    expect(useOf(runWith(10), 'gpu:1', 0.5).smShares).toEqual(new Map([['gpu:1', 0.5]]));
    expect(useOf(runWith(10), 'gpu:1', null).smShares).toEqual(new Map([['gpu:1', null]]));
    expect(useOf(runWith(10), 'gpu:1', undefined).smShares.size).toBe(0);
  });

  it('is the rest for a run without a process of its own', () => {
    expect(useOf(runWith(null), 'gpu:1', undefined).takesRest).toBe(true);
  });
});
