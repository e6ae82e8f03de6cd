import { describe, expect, it } from 'vitest';
import { exampleGpu, exampleReading, exampleRun } from '../../tests/examples.ts';
import { createFakeClock } from '../clock/fake-clock.ts';
import { createFakeMachine } from '../machine/fake-machine.ts';
import { createDomainState, type DomainState } from '../measuring/domain-state.ts';
import { createActiveRun } from '../runs/active-run.ts';
import type { GpuProcess } from '../sources/source.ts';
import { createGpuProcesses } from './gpu-processes.ts';

const process = (pid: number, smRatio: number | null, change: Partial<GpuProcess> = {}): GpuProcess => ({
  pid,
  name: null,
  memoryUsedBytes: 1e9,
  smRatio,
  ...change,
});

function gpuWith(
  processes: readonly GpuProcess[] | null,
  change: { readonly watts?: number; readonly idleWatts?: number; readonly cannotBeSplit?: string } = {},
): DomainState {
  const domain = exampleGpu({ cannotBeSplit: change.cannotBeSplit ?? null });
  const state = createDomainState(domain, 0);
  const { watts = 300, idleWatts = 100 } = change;
  state.reading = exampleReading(0, { domain, powerWatts: watts, idleWatts, processes });
  return state;
}

function setUp(states: readonly DomainState[]) {
  const clock = createFakeClock(1_700_000_000_000, 0);
  const fake = createFakeMachine();
  fake.add({ pid: 7, command: 'python train.py' });
  fake.add({ pid: 70, parentPid: 7, command: 'python loader' });
  fake.add({ pid: 8, command: 'jupyter' });
  const run = createActiveRun(exampleRun({ id: 'a', rootPid: 7 }), 0);
  const table = createGpuProcesses({ clock, machine: fake.machine, states: () => states, runs: () => [run] });
  return { clock, fake, read: () => table.read() };
}

describe('the processes on GPUs', () => {
  it('have the GPU’s power as runs would: the idle part equally, the rest by SM share', () => {
    const { read } = setUp([gpuWith([process(7, 0.6), process(8, 0.2)])]);
    // 100 W idle: 50 W each; of the other 200 W three quarters and one.
    expect(read().processes).toMatchObject([
      {
        pid: 7,
        runId: 'a',
        command: 'python train.py',
        user: 'kai',
        powerWatts: expect.closeTo(200, 9),
        splitBy: 'sm-share',
      },
      { pid: 8, runId: null, command: 'jupyter', powerWatts: expect.closeTo(100, 9), splitBy: 'sm-share' },
    ]);
  });

  it('that are a run’s own have its words and its beginning where the machine tells of none', () => {
    const { read, fake } = setUp([gpuWith([process(7, 1, { name: 'python' })])]);
    fake.end(7);
    const { command, startedMs } = exampleRun();
    expect(read().processes).toMatchObject([{ command: command?.join(' '), startedAtMs: startedMs }]);
  });

  it('share equally, and are marked so, where the driver does not tell', () => {
    const { read } = setUp([gpuWith([process(7, null), process(8, null)])]);
    expect(read().processes.map(({ powerWatts, splitBy }) => [powerWatts, splitBy])).toEqual([
      [150, 'equal'],
      [150, 'equal'],
    ]);
  });

  it('have no power of their own on a GPU that cannot be split', () => {
    const { read } = setUp([gpuWith([process(7, null), process(8, null)], { cannotBeSplit: 'MIG' })]);
    expect(read().processes.map(({ powerWatts, splitBy }) => [powerWatts, splitBy])).toEqual([
      [null, 'none'],
      [null, 'none'],
    ]);
  });

  it('have their CPU time with what hangs below them, from the second look on', () => {
    const { read, clock, fake } = setUp([gpuWith([process(7, 0.6), process(8, 0)])]);
    expect(read().processes.map(({ cpuCores }) => cpuCores)).toEqual([null, null]);
    clock.advance(2000);
    fake.work(7, 1);
    fake.work(70, 2);
    expect(read().processes.map(({ cpuCores }) => cpuCores)).toEqual([1.5, 0]);
    // A second look at once says what the first one said.
    fake.work(7, 5);
    expect(read().processes.map(({ cpuCores }) => cpuCores)).toEqual([1.5, 0]);
  });

  it('are named by the driver where they are none of this machine, and GPUs that tell none are named', () => {
    const { read } = setUp([gpuWith([process(999, 1, { name: 'python3' })]), gpuWith(null)]);
    const { processes, untold } = read();
    expect(processes).toMatchObject([{ pid: 999, command: 'python3', user: null, startedAtMs: null, cpuCores: null }]);
    expect(untold).toEqual([exampleGpu().label]);
  });

  it('are none where a GPU is lost', () => {
    const lost = gpuWith([process(7, 1)]);
    lost.reading = exampleReading(0, { domain: lost.domain, missing: { reason: 'lost', note: '' }, processes: null });
    expect(setUp([lost]).read()).toMatchObject({ processes: [], untold: [] });
  });
});
