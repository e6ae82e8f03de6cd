import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { TreeProcess } from '../machine/machine.ts';
import { countLook, emptyAccount, type TreeAccount, type TreeLook } from './tree-account.ts';

/** pid, parent, own seconds, collected seconds. */
type Line = readonly [pid: number, parentPid: number, ownSeconds: number, collectedSeconds?: number];

const processOf = ([pid, parentPid, ownSeconds, collectedSeconds = 0]: Line): TreeProcess => ({
  pid,
  parentPid,
  startedTicks: pid,
  ownSeconds,
  collectedSeconds,
  isEnded: false,
});
const look = (lines: readonly Line[], more: Partial<TreeLook> = {}): TreeLook => ({
  processes: lines.map(processOf),
  excluded: new Map(),
  earlier: new Set(),
  sharers: new Map(),
  ...more,
});
/** What is counted in each of the looks. */
function counts(looks: readonly TreeLook[]): readonly number[] {
  let account: TreeAccount = emptyAccount;
  return looks.map((one) => {
    const before = account.usedSeconds;
    account = countLook(account, one);
    return Number((account.usedSeconds - before).toFixed(9));
  });
}

describe('the CPU time of a tree', () => {
  it('is that of its processes as it grows, and of a new one all it had', () =>
    expect(
      counts([
        look([[1, 0, 2]]),
        look([
          [1, 0, 3],
          [2, 1, 0.5],
        ]),
        look([
          [1, 0, 3],
          [2, 1, 1.5],
        ]),
      ]),
    ).toEqual([2, 1.5, 1]));

  it('goes on where a child has ended and nobody has collected it yet', () => {
    // Two workers of 4 s and 6 s; the first is collected after the second has ended: 4 s and 6 s arrive at the parent later.
    const looks = [
      look([
        [1, 0, 0],
        [2, 1, 4],
        [3, 1, 4],
      ]),
      look([
        [1, 0, 0],
        [2, 1, 4],
        [3, 1, 5],
      ]),
      look([
        [1, 0, 0],
        [2, 1, 4],
        [3, 1, 6],
      ]),
      look([[1, 0, 0, 10]]),
    ];
    expect(counts(looks)).toEqual([8, 1, 1, 0]);
  });

  it('has what a child used between the last look at it and its end', () =>
    expect(
      counts([
        look([
          [1, 0, 0],
          [2, 1, 4],
        ]),
        look([[1, 0, 0, 4.7]]),
      ]),
    ).toEqual([4, 0.7]));

  it('has what children used that no look saw', () =>
    expect(counts([look([[1, 0, 0]]), look([[1, 0, 0, 3]])])).toEqual([0, 3]));

  it('goes on where children are collected by nobody', () => {
    const looks = [
      look([
        [1, 0, 0],
        [2, 1, 4],
        [3, 1, 1],
      ]),
      look([
        [1, 0, 0.5],
        [3, 1, 2],
      ]),
      look([
        [1, 0, 1],
        [3, 1, 3],
      ]),
      // A later child's time, collected, is not taken for that of the one before.
      look([[1, 0, 1, 5]]),
    ];
    expect(counts(looks)).toEqual([5, 1.5, 1.5, 2]);
  });

  it('has time that is told a look after its child was gone once', () => {
    // The child was collected between the look at its parent and the one at it.
    const looks = [
      look([
        [1, 0, 0],
        [2, 1, 4],
      ]),
      look([[1, 0, 0]]),
      look([[1, 0, 0, 4.5]]),
    ];
    expect(counts(looks)).toEqual([4, 0, 0.5]);
  });

  it('counts once what goes up over several that end together', () => {
    const looks = [
      look([
        [1, 0, 1],
        [2, 1, 1],
        [3, 2, 5],
      ]),
      look([[1, 0, 1, 7]]),
    ];
    expect(counts(looks)).toEqual([7, 1]);
  });

  it('is not misled by another process of the same pid', () => {
    const other: TreeLook = {
      ...look([]),
      processes: [processOf([1, 0, 0, 4]), { ...processOf([2, 1, 1]), startedTicks: 77 }],
    };
    expect(
      counts([
        look([
          [1, 0, 0],
          [2, 1, 4],
        ]),
        other,
      ]),
    ).toEqual([4, 1]);
  });

  it('leaves out what was used before the first look, where that is not the run’s', () =>
    expect(
      counts([
        look(
          [
            [1, 0, 100, 50],
            [2, 1, 7],
          ],
          { earlier: new Set([1, 2]) },
        ),
        look([[1, 0, 101, 57.5]]),
      ]),
    ).toEqual([0, 1.5]));

  it('leaves out another run below it: while it lasts, what is collected of it, and what it had when it is its own again', () => {
    const other = (usedSeconds: number): Partial<TreeLook> => ({
      excluded: new Map([[2, { parentPid: 1, usedSeconds }]]),
    });
    const looks = [
      look([
        [1, 0, 1],
        [2, 1, 1],
        [3, 2, 1],
      ]),
      look([[1, 0, 2]], other(10)),
      look([[1, 0, 3]], other(40)),
      // Its process and its child are there again, 40 s later.
      look([
        [1, 0, 4],
        [2, 1, 21],
        [3, 2, 21],
      ]),
      look([
        [1, 0, 4],
        [2, 1, 22],
        [3, 2, 21],
      ]),
    ];
    expect(counts(looks)).toEqual([3, 1, 1, 1, 1]);
    // It ends, and so does a child of this run's own: 2 s that were its own before, 40 s of the other's, 5 s of the child's, 3 s of them seen.
    const ends = [
      look([
        [1, 0, 1],
        [2, 1, 1],
        [3, 2, 1],
        [5, 1, 3],
      ]),
      look(
        [
          [1, 0, 2],
          [5, 1, 3],
        ],
        other(10),
      ),
      look(
        [
          [1, 0, 2],
          [5, 1, 3],
        ],
        other(40),
      ),
      look([[1, 0, 3, 47]]),
    ];
    expect(counts(ends)).toEqual([6, 1, 0, 3]);
  });

  it('is shared where several runs have a process for theirs', () => {
    const sharers = new Map([[2, 2]]);
    const lines: readonly Line[] = [
      [1, 0, 4],
      [2, 1, 6],
    ];
    expect(countLook(emptyAccount, look(lines, { sharers }))).toMatchObject({ usedSeconds: 10, sharedSeconds: 7 });
  });

  it('is, at every look, all that was used where each child is collected at any time after its end', () => {
    const event = fc.record({
      kind: fc.constantFrom('fork', 'work', 'work', 'end', 'collect', 'look'),
      of: fc.nat(30),
      seconds: fc.integer({ min: 1, max: 50 }).map((count) => count / 10),
    });
    fc.assert(
      fc.property(fc.array(event, { maxLength: 80 }), (events) => {
        const kernel = createKernel();
        let account: TreeAccount = emptyAccount;
        for (const { kind, of, seconds } of events) {
          if (kind !== 'look') kernel[kind](of, seconds);
          else {
            account = countLook(account, look(kernel.lines()));
            // All of those that are there, and what has been collected: what an unseen child had and nobody has collected is there too.
            expect(account.usedSeconds).toBeCloseTo(kernel.usedSeconds(), 6);
          }
        }
      }),
      { numRuns: 500 },
    );
  });
});

/** Processes below pid 1, which lives, and never ends. A parent ends only when it has collected all its children. */
function createKernel() {
  interface Entry {
    readonly pid: number;
    readonly parentPid: number;
    ownSeconds: number;
    collectedSeconds: number;
    isEnded: boolean;
  }
  let entries: Entry[] = [{ pid: 1, parentPid: 0, ownSeconds: 0, collectedSeconds: 0, isEnded: false }];
  let nextPid = 2;
  let used = 0;
  const pick = (of: number, isFit: (entry: Entry) => boolean): Entry | undefined => {
    const fit = entries.filter(isFit);
    return fit[of % Math.max(1, fit.length)];
  };
  const hasChildren = ({ pid }: Entry): boolean => entries.some((entry) => entry.parentPid === pid);
  return {
    fork(of: number): void {
      const parent = pick(of, ({ isEnded }) => !isEnded);
      if (parent !== undefined)
        entries.push({ pid: nextPid++, parentPid: parent.pid, ownSeconds: 0, collectedSeconds: 0, isEnded: false });
    },
    work(of: number, seconds: number): void {
      const one = pick(of, ({ isEnded }) => !isEnded);
      if (one === undefined) return;
      one.ownSeconds += seconds;
      used += seconds;
    },
    end(of: number): void {
      const one = pick(of, (entry) => entry.pid !== 1 && !entry.isEnded && !hasChildren(entry));
      if (one !== undefined) one.isEnded = true;
    },
    collect(of: number): void {
      const one = pick(of, ({ isEnded }) => isEnded);
      const parent = entries.find(({ pid }) => pid === one?.parentPid);
      if (one === undefined || parent === undefined) return;
      parent.collectedSeconds += one.ownSeconds + one.collectedSeconds;
      entries = entries.filter((entry) => entry !== one);
    },
    lines: (): readonly Line[] =>
      entries.map(({ pid, parentPid, ownSeconds, collectedSeconds }) => [pid, parentPid, ownSeconds, collectedSeconds]),
    usedSeconds: () => used,
  };
}
