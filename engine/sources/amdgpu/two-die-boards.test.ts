import { describe, expect, it } from 'vitest';
import type { GpuProcess } from '../source.ts';
import { firstDiesOf, usersOfBoard } from './two-die-boards.ts';

const using = (pid: number, smRatio: number | null, memoryUsedBytes: number | null = null): GpuProcess => ({
  pid,
  name: null,
  memoryUsedBytes,
  smRatio,
});

describe('firstDiesOf', () => {
  it.each([
    ['four boards, the first die before the second', 'FSFSFSFS', [null, 0, null, 2, null, 4, null, 6]],
    ['the second die before the first', 'SFSF', [1, null, 3, null]],
    ['a card of one die beside a board', 'FFS', [null, null, 1]],
    ['a second die alone', 'S', [null]],
    ['cards of one die', 'FF', [null, null]],
  ])('pairs %s', (_, dies, expected) => {
    expect(firstDiesOf([...dies].map((die) => die === 'S'))).toEqual(expected);
  });
});

describe('usersOfBoard', () => {
  it('gives a process half of what it has of each die, and the memory of both', () => {
    // 7 has 60 % of the first die and 20 % of the second: 40 % of the board; 8 all of the second: half of the board.
    const first = { processes: [using(7, 0.6, 100)], processesAtMs: 5 };
    const second = { processes: [using(7, 0.2, 50), using(8, 1)], processesAtMs: 5 };
    expect(usersOfBoard(first, second)).toEqual({
      processes: [using(7, 0.4, 150), using(8, 0.5)],
      processesAtMs: 5,
    });
  });

  it('tells nothing where one of them does not', () => {
    const none = { processes: null, processesAtMs: null };
    expect(usersOfBoard({ processes: [using(7, 1)], processesAtMs: 5 }, none)).toEqual(none);
    expect(
      usersOfBoard({ processes: [using(7, null)], processesAtMs: 5 }, { processes: [using(7, 0.5)], processesAtMs: 5 }),
    ).toEqual({
      processes: [using(7, null)],
      processesAtMs: 5,
    });
  });
});
