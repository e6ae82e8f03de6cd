import { join } from 'node:path';
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
