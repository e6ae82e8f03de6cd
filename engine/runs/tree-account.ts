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

/** Another run's root below one of this run's processes. */
export interface Excluded {
  readonly parentPid: number;
  /** What that run has used so far. */
  readonly usedSeconds: number;
}

interface KnownExcluded extends Excluded {
  /** What this run had counted of it, and of what hangs below it, before it was the other's. */
  readonly earlierSeconds: number;
}

/**
 * CPU time of processes over their lives. Each one's own time is counted as it is told. What a parent collects of a child that has ended is counted as far as
 * it was not told while the child lived: nothing is counted twice, and nothing is lost where a child ends long before it is collected, or is collected by nobody.
 */
export interface TreeAccount {
  readonly known: ReadonlyMap<number, Counted>;
  /** By their pids, as of the last look. */
  readonly excluded: ReadonlyMap<number, KnownExcluded>;
  readonly usedSeconds: number;
  /** The same with what runs share divided among them. */
  readonly sharedSeconds: number;
}

export const emptyAccount: TreeAccount = { known: new Map(), excluded: new Map(), usedSeconds: 0, sharedSeconds: 0 };

export interface TreeLook {
  /** Parents before their children. */
  readonly processes: readonly TreeProcess[];
  readonly excluded: ReadonlyMap<number, Excluded>;
  /** New ones among these were there before: what they used until now is not counted. */
  readonly earlier: ReadonlySet<number>;
  /** How many runs have a process for theirs, where it is more than one. */
  readonly sharers: ReadonlyMap<number, number>;
}

const totalOf = ({ ownSeconds, collectedSeconds, awaitedSeconds }: Counted): number =>
  ownSeconds + collectedSeconds + awaitedSeconds;

/** Takes a look in. Pure; rule: docs/methodology.md, 'A run's share'. */
export function countLook(account: TreeAccount, look: TreeLook): TreeAccount {
  const living = new Map(look.processes.map((process) => [process.pid, process]));
  const { awaited, earlier } = whatEnded(account, look, living);
  const known = new Map<number, Counted>();
  let { usedSeconds, sharedSeconds } = account;
  /** Excluded until now: what hangs below was there before. */
  const back = new Set([...account.excluded.keys()].filter((pid) => living.has(pid)));
  for (const { pid, parentPid, startedTicks, ownSeconds, collectedSeconds } of look.processes) {
    const before = account.known.get(pid);
    let awaitedSeconds = 0;
    let newSeconds = 0;
    if (before !== undefined && before.startedTicks === startedTicks) {
      awaitedSeconds = awaited.get(pid) ?? 0;
      const expectedSeconds = awaitedSeconds + before.awaitedSeconds;
      const moreSeconds = Math.max(0, collectedSeconds - before.collectedSeconds);
      newSeconds = Math.max(0, ownSeconds - before.ownSeconds) + Math.max(0, moreSeconds - expectedSeconds);
      // One may be gone and its time not yet told of when its parent was looked at; at the look after, it never will be.
      awaitedSeconds = Math.min(awaitedSeconds, Math.max(0, expectedSeconds - moreSeconds));
    } else {
      if (back.has(parentPid)) back.add(pid);
      if (!look.earlier.has(pid) && !back.has(pid)) newSeconds = ownSeconds + collectedSeconds;
    }
    usedSeconds += newSeconds;
    sharedSeconds += newSeconds / (look.sharers.get(pid) ?? 1);
    known.set(pid, { parentPid, startedTicks, ownSeconds, collectedSeconds, awaitedSeconds });
  }
  const excluded = new Map<number, KnownExcluded>();
  for (const [pid, one] of look.excluded) excluded.set(pid, { ...one, earlierSeconds: earlier.get(pid) ?? 0 });
  return { known, excluded, usedSeconds, sharedSeconds };
}

/**
 * Of processes that were there at the last look and are not now: what those that may have collected them are expected to tell of again, and what now hangs
 * below an excluded one.
 */
function whatEnded(
  account: TreeAccount,
  look: TreeLook,
  living: ReadonlyMap<number, TreeProcess>,
): { readonly awaited: ReadonlyMap<number, number>; readonly earlier: ReadonlyMap<number, number> } {
  const awaited = new Map<number, number>();
  const earlier = new Map<number, number>();
  const add = (to: Map<number, number>, pid: number, seconds: number): void =>
    void to.set(pid, (to.get(pid) ?? 0) + seconds);
  const isStill = (pid: number, { startedTicks }: Counted): boolean => living.get(pid)?.startedTicks === startedTicks;
  /** Goes up to the next one that is there, or is excluded now. */
  function hand(firstPid: number, seconds: number): void {
    for (let pid = firstPid; ; ) {
      const above = account.known.get(pid);
      const to = look.excluded.has(pid) ? earlier : above !== undefined && isStill(pid, above) ? awaited : null;
      if (to !== null) add(to, pid, seconds);
      if (to !== null || above === undefined) return;
      pid = above.parentPid;
    }
  }
  for (const [pid, counted] of account.known) {
    if (isStill(pid, counted)) continue;
    hand(look.excluded.has(pid) ? pid : counted.parentPid, totalOf(counted));
  }
  for (const [pid, one] of account.excluded) {
    if (living.has(pid)) continue;
    if (look.excluded.has(pid)) add(earlier, pid, one.earlierSeconds);
    else hand(one.parentPid, one.earlierSeconds + one.usedSeconds);
  }
  return { awaited, earlier };
}

/** Of two sets of processes that are one from now on. */
export const mergeTrees = (a: TreeAccount, b: TreeAccount): TreeAccount => ({
  known: new Map([...a.known, ...b.known]),
  excluded: new Map([...a.excluded, ...b.excluded]),
  usedSeconds: a.usedSeconds + b.usedSeconds,
  sharedSeconds: a.sharedSeconds + b.sharedSeconds,
});
