import type { TreeProcess } from '../machine/machine.ts';

/** A process as it was counted last. */
interface Counted {
  readonly parentPid: number;
  readonly startedTicks: number | null;
  readonly ownSeconds: number;
  readonly collectedSeconds: number;
  /** Time of ended children that is counted already, and that it may be told of having collected at its next look. */
  readonly awaitedSeconds: number;
}

/**
 * CPU time of processes over their lives. Each one's own time is counted as it is told. What a parent collects of a child that has ended is counted as far as
 * it was not told while the child lived: nothing is counted twice, and nothing is lost where a child ends long before it is collected, or is collected by nobody.
 */
export interface TreeAccount {
  readonly known: ReadonlyMap<number, Counted>;
  /** Pids left out at the last look, by their parents. */
  readonly left: ReadonlyMap<number, number>;
  readonly usedSeconds: number;
}

export const emptyAccount: TreeAccount = { known: new Map(), left: new Map(), usedSeconds: 0 };

export interface TreeLook {
  /** Parents before their children. */
  readonly processes: readonly TreeProcess[];
  readonly left: ReadonlyMap<number, number>;
  /** New ones among these were there before: what they used until now is not counted. */
  readonly earlier: ReadonlySet<number>;
}

/** Takes a look in. Pure; rule: docs/methodology.md, 'A run's share'. */
export function countLook(account: TreeAccount, look: TreeLook): TreeAccount {
  const living = new Map(look.processes.map((process) => [process.pid, process]));
  const isStill = (pid: number, { startedTicks }: Counted): boolean => living.get(pid)?.startedTicks === startedTicks;
  const awaited = new Map<number, number>();
  /** Whoever collected it: the next one above it that is left. */
  function awaitAbove(parentPid: number, seconds: number): void {
    let pid = parentPid;
    for (let above = account.known.get(pid); above !== undefined; above = account.known.get(pid)) {
      if (look.left.has(pid)) return;
      if (isStill(pid, above)) {
        awaited.set(pid, (awaited.get(pid) ?? 0) + seconds);
        return;
      }
      pid = above.parentPid;
    }
  }
  for (const [pid, counted] of account.known)
    if (!isStill(pid, counted) && !look.left.has(pid))
      awaitAbove(counted.parentPid, counted.ownSeconds + counted.collectedSeconds + counted.awaitedSeconds);
  // All of what is collected with one that was left out may be its own, of which nothing is known here.
  for (const [pid, parentPid] of account.left)
    if (!look.left.has(pid) && !living.has(pid)) awaitAbove(parentPid, Number.POSITIVE_INFINITY);
  const known = new Map<number, Counted>();
  let { usedSeconds } = account;
  /** Left out until now: what hangs below was there before. */
  const back = new Set([...account.left.keys()].filter((pid) => living.has(pid)));
  for (const process of look.processes) {
    const { pid, parentPid, startedTicks, ownSeconds, collectedSeconds } = process;
    const before = account.known.get(pid);
    let awaitedSeconds = 0;
    if (before !== undefined && before.startedTicks === startedTicks) {
      awaitedSeconds = awaited.get(pid) ?? 0;
      const expectedSeconds = awaitedSeconds + before.awaitedSeconds;
      const moreSeconds = Math.max(0, collectedSeconds - before.collectedSeconds);
      usedSeconds += Math.max(0, ownSeconds - before.ownSeconds) + Math.max(0, moreSeconds - expectedSeconds);
      // One may be gone and its time not yet told of when its parent was looked at; at the look after, it never will be.
      awaitedSeconds = Math.min(awaitedSeconds, Math.max(0, expectedSeconds - moreSeconds));
    } else {
      if (back.has(parentPid)) back.add(pid);
      if (!look.earlier.has(pid) && !back.has(pid)) usedSeconds += ownSeconds + collectedSeconds;
    }
    known.set(pid, { parentPid, startedTicks, ownSeconds, collectedSeconds, awaitedSeconds });
  }
  return { known, left: look.left, usedSeconds };
}

/** Of two sets of processes that are one from now on. */
export const mergeTrees = (a: TreeAccount, b: TreeAccount): TreeAccount => ({
  known: new Map([...a.known, ...b.known]),
  left: new Map([...a.left, ...b.left]),
  usedSeconds: a.usedSeconds + b.usedSeconds,
});
