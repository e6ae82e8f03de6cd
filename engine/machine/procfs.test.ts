import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { parseCpuTimes, parseMemoryUsedBytes, parseProcessStat } from './procfs.ts';

const scratch = mkdtempSync(join(tmpdir(), 'wattrun-procfs-'));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

/** A line of /proc/PID/stat: parent 1, the four times in ticks, resident pages. */
const stat = (pid: number, name: string, ticks: readonly number[], pages: number): string =>
  `${pid} (${name}) S 1 ${pid} ${pid} 0 -1 4194560 100 200 3 4 ${ticks.join(' ')} 20 0 7 0 8800 123456789 ${pages} 18446744073709551615 1 1 0 0 0 0 0 16781312 134300162 0 0 0 17 3 0 0 0 0 0 0 0 0 0 0 0 0 0\n`;

describe('parseProcessStat', () => {
  it('tells its own CPU time and that of children it has collected', () => {
    // 1200 + 300 ticks of 10 ms = 15 s, 40 + 10 = 0.5 s; 2560 pages of 4096 bytes.
    expect(parseProcessStat(stat(4242, 'python', [1200, 300, 40, 10], 2560))).toEqual({
      pid: 4242,
      parentPid: 1,
      ownSeconds: 15,
      collectedSeconds: 0.5,
      residentBytes: 10_485_760,
      isThread: false,
      startedTicks: 8800,
      threads: 7,
      isEnded: false,
    });
  });

  it.each(['my (odd) name', ') R 1 1 (', 'a b c', '', '((', 'tmux: server'])('is not misled by the name %j', (name) => {
    expect(parseProcessStat(stat(7, name, [100, 0, 0, 0], 1))).toMatchObject({ pid: 7, parentPid: 1, ownSeconds: 1 });
  });

  it.each(['', '4242', '4242 (python', '4242 (python) S 1 2 3', ') 4242 ('])('is null for %j', (text) =>
    expect(parseProcessStat(text)).toBeNull(),
  );
});

describe('a line of /proc/PID/stat that no kernel writes', () => {
  const line = stat(4242, 'python', [1200, 300, 40, 10], 2560);

  it.each([
    ['a pid below zero', line.replace('4242 (', '-4242 (')],
    ['a parent below zero', line.replace('S 1 ', 'S -1 ')],
    ['CPU time below zero', line.replace(' 1200 ', ' -1200 ')],
    ['CPU time without end', line.replace(' 1200 ', ` ${'9'.repeat(400)} `)],
    ['a word for a number', line.replace(' 8800 ', ' 0x10 ')],
    ['no number between two blanks', line.replace(' 8800 ', '  ')],
  ])('is refused: %s', (_, text) => {
    expect(text).not.toBe(line);
    expect(parseProcessStat(text)).toBeNull();
  });

  it('is read where resident pages alone are below zero, as 0 bytes', () =>
    expect(parseProcessStat(stat(7, 'p', [100, 0, 0, 0], -3))).toMatchObject({ ownSeconds: 1, residentBytes: 0 }));
});

describe('parseCpuTimes', () => {
  it('counts user, nice, system and interrupts as busy, not idle, waiting and stolen time', () => {
    // user 100 + nice 20 + system 30 + irq 5 + softirq 5 = 160 ticks; idle 800 + iowait 40 + steal 300 on top: 1300. Guest 50 is inside user.
    const text = 'cpu  100 20 30 800 40 5 5 300 50 0\ncpu0 1 2 3 4 5 6 7 8 9 0\nintr 12345\n';
    expect(parseCpuTimes(text)).toEqual({ busySeconds: 1.6, totalSeconds: 13 });
  });

  it('reads the short lines of old kernels', () =>
    expect(parseCpuTimes('cpu 100 0 0 100\n')).toEqual({ busySeconds: 1, totalSeconds: 2 }));

  it.each([
    '',
    'cpu0 1 2 3 4',
    'cpu ',
    'cpu a b c d',
    'intr 1',
    'cpu 100 -1 0 100',
    'cpu 1 2 3 4 -5',
    'cpu 1e999 0 0 1',
  ])('is null for %j', (text) => expect(parseCpuTimes(text)).toBeNull());
});

describe('parseMemoryUsedBytes', () => {
  it('is total less available, as free shows it', () => {
    // 16,000,000 − 9,000,000 kB = 7,000,000 × 1024 bytes.
    const text = 'MemTotal:       16000000 kB\nMemFree:          500000 kB\nMemAvailable:    9000000 kB\n';
    expect(parseMemoryUsedBytes(text)).toBe(7_168_000_000);
  });

  it('is null, not 0, where a kernel does not tell what is available', () =>
    expect(parseMemoryUsedBytes('MemTotal: 16000000 kB\nMemFree: 500000 kB\n')).toBeNull());
});

it('takes no memory of hundreds of digits for a size', () =>
  expect(parseMemoryUsedBytes(`MemTotal: ${'9'.repeat(400)} kB\nMemAvailable: 1 kB\n`)).toBeNull());

it('throws for no text at all', () => {
  const line = fc.oneof(
    fc.string({ unit: 'grapheme' }),
    fc.string({ unit: fc.constantFrom('(', ')', ' ', '1', 'S', '\n') }),
  );
  fc.assert(
    fc.property(line, (text) => {
      for (const parsed of [parseProcessStat(text), parseCpuTimes(text), parseCpuTimes(`cpu ${text}`)])
        for (const value of Object.values(parsed ?? {})) expect(Number.isFinite(value)).toBe(true);
      const used = parseMemoryUsedBytes(text);
      expect(used === null || used >= 0).toBe(true);
    }),
  );
});
