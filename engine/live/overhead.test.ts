import { expect, it } from 'vitest';
import { createFakeClock } from '../clock/fake-clock.ts';
import type { Machine } from '../machine/machine.ts';
import { createOverhead } from './overhead.ts';

it('is the monitor’s own CPU time and that of its tools, without the command it wraps, as shares and as watts', () => {
  const clock = createFakeClock(1_700_000_000_000);
  const world = { own: 0, tree: 0, wrapped: 0, busy: 0 };
  const machine = {
    readTree: (pid: number) => ({
      cpuSeconds: pid === 77 ? world.wrapped : world.tree,
      residentBytes: 0,
      pids: new Set([1, 77]),
    }),
    readCpuTimes: () => ({ busySeconds: world.busy, totalSeconds: 0 }),
  } as unknown as Machine;
  const overhead = createOverhead({
    clock,
    machine,
    foreignPids: () => [77, 99],
    activeCpuWatts: () => 50,
    own: { pid: 1, cpuSeconds: () => world.own, residentBytes: () => 1024 },
  });
  expect(overhead.read()).toEqual({ cpuRatio: null, toolsCpuRatio: null, powerWatts: null, memoryBytes: 1024 });
  clock.advance(10_000);
  // 0.2 s own, 0.1 s of tools, 9 s of the wrapped command, 10 s busy in all: 50 W × 0.3 / 10 = 1.5 W.
  Object.assign(world, { own: 0.2, tree: 9.3, wrapped: 9, busy: 10 });
  const read = overhead.read();
  expect(read.cpuRatio).toBeCloseTo(0.02, 9);
  expect(read.toolsCpuRatio).toBeCloseTo(0.01, 9);
  expect(read.powerWatts).toBeCloseTo(1.5, 9);
});
