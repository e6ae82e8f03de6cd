import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { createLocalMachine } from './local-machine.ts';

describe('a process of this machine', () => {
  it.each([
    ['/proc', process.platform === 'linux'],
    ['no /proc, as on macOS and Windows', true],
  ])('is known to be there or not by %s', (root, isHere) => {
    if (!isHere) return;
    const machine = createLocalMachine(root === '/proc' ? root : join(import.meta.dirname, 'none'), '/sys');
    // The pids of Linux end at 2²², those of macOS and Windows are smaller.
    expect([machine.hasProcess(process.pid), machine.hasProcess(2 ** 22 + 1)]).toEqual([true, false]);
  });
});

it('is there too where another /proc is read that does not list it', () => {
  const machine = createLocalMachine(import.meta.dirname, '/sys');
  expect([machine.hasProcess(process.pid), machine.hasProcess(2 ** 22 + 1)]).toEqual([true, false]);
});

describe('the CPU times of this machine', () => {
  it.skipIf(process.platform !== 'linux')(
    'are read once for two who ask in the same moment, and anew after it',
    async () => {
      const machine = createLocalMachine('/proc', '/sys');
      const first = machine.readCpuTimes();
      expect(machine.readCpuTimes()).toBe(first);
      await delay(150);
      const second = machine.readCpuTimes();
      expect(second?.totalSeconds).toBeGreaterThan(first?.totalSeconds ?? Number.NaN);
    },
  );

  it('are what the file says now where it is not the kernel’s', () => {
    const root = mkdtempSync(join(tmpdir(), 'wattrun-cpu-times-'));
    const machine = createLocalMachine(root, '/sys');
    writeFileSync(join(root, 'stat'), 'cpu  100 0 0 900 0 0 0 0 0 0\n');
    const before = machine.readCpuTimes();
    writeFileSync(join(root, 'stat'), 'cpu  200 0 0 900 0 0 0 0 0 0\n');
    const after = machine.readCpuTimes();
    rmSync(root, { recursive: true });
    expect([before?.busySeconds, after?.busySeconds]).toEqual([1, 2]);
  });
});
