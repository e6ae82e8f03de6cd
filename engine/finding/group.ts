import { secondsFromMs } from '../../shared/units.ts';
import type { GitState } from '../machine/git-state.ts';
import type { Machine, ProcessFacts } from '../machine/machine.ts';
import type { ActiveRun } from '../runs/active-run.ts';
import { createRoot } from '../runs/run-roots.ts';
import { rootKey, type Verdict } from './classify.ts';
import type { OpenFoundRun } from './found-record.ts';
import type { UseSample } from './sustained-use.ts';

export type Training = Extract<Verdict, { kind: 'training' }>;

interface GroupRoot {
  readonly pid: number;
  readonly startedTicks: number;
  /** Pids above it. */
  readonly ancestors: ReadonlySet<number>;
}

/** Processes that are one run, or may turn out to be. */
export interface Group {
  /** What it was found by: processes on a GPU, or a command line that the user's rule names. */
  readonly by: 'gpu' | 'rule';
  readonly training: Training;
  readonly keys: Set<string>;
  roots: readonly GroupRoot[];
  /** Those on a GPU now. */
  readonly members: Set<number>;
  /** Every process that was, by when it began, as long as it lives: it carries the run on when its launcher is gone. */
  readonly seen: Map<number, number>;
  /** Null while nothing is measured: it idles, and waits to be busy. */
  run: ActiveRun | null;
  isPromoted: boolean;
  samples: readonly UseSample[];
  lastBusyMs: number;
  /** CPU time at the last look, for what idles under the rule. */
  lastCpu: { readonly atMs: number; readonly cpuSeconds: number } | null;
  git: GitState | null;
}

export function createGroup(by: Group['by'], training: Training, chain: readonly ProcessFacts[], nowMs: number): Group {
  const group: Group = {
    by,
    training,
    keys: new Set(training.keys),
    roots: [],
    members: new Set(),
    seen: new Map(),
    run: null,
    isPromoted: false,
    samples: [],
    lastBusyMs: nowMs,
    lastCpu: null,
    git: null,
  };
  joinGroup(group, training, chain);
  return group;
}

/** Makes a process and its launch part of a group. Of roots that hang below one another only the highest stays one. */
export function joinGroup(group: Group, training: Training, chain: readonly ProcessFacts[]): void {
  const root = training.launch.at(-1);
  if (root === undefined) return;
  for (const key of training.keys) group.keys.add(key);
  const pids = chain.map((facts) => facts.pid);
  const ancestors = new Set(pids.slice(pids.indexOf(root.pid) + 1));
  const isInside = group.roots.some((one) => one.pid === root.pid || ancestors.has(one.pid));
  if (isInside) return;
  group.roots = [
    ...group.roots.filter((one) => !one.ancestors.has(root.pid)),
    { pid: root.pid, startedTicks: root.startedTicks, ancestors },
  ];
  if (group.run !== null) syncRoots(group, group.run);
}

/** Gives the run the group's roots, keeping what is known of those it has. */
export function syncRoots(group: Group, run: ActiveRun): void {
  const known = new Map(run.roots.map((root) => [root.pid, root]));
  run.roots = group.roots.map((root) => known.get(root.pid) ?? createRoot(root, false));
}

/** Whether a process belongs to it: by what its launcher says, or because it hangs below, or above, one of its roots. */
export function isOfGroup(group: Group, training: Training, chain: readonly ProcessFacts[]): boolean {
  const root = training.launch.at(-1);
  return (
    training.keys.some((key) => group.keys.has(key)) ||
    group.roots.some(
      (one) =>
        (root !== undefined && one.ancestors.has(root.pid)) ||
        chain.some((facts) => facts.pid === one.pid && facts.startedTicks === one.startedTicks),
    )
  );
}

/** Makes processes that lost their launcher roots of their own. */
export function addOrphans(group: Group, run: ActiveRun, orphans: readonly (readonly [number, number])[]): void {
  const gone = new Set(run.roots.filter((root) => root.isGone).map((root) => root.pid));
  group.roots = [
    ...group.roots.filter((root) => !gone.has(root.pid)),
    ...orphans.map(([pid, startedTicks]) => ({ pid, startedTicks, ancestors: new Set<number>() })),
  ];
  for (const [pid, startedTicks] of orphans) group.keys.add(rootKey({ pid, startedTicks }));
  syncRoots(group, run);
}

/** The group of a run that another engine found, as far as it is known again. */
export function adoptedGroup(
  run: ActiveRun,
  open: OpenFoundRun,
  {
    chain,
    verdict,
    nowMs,
  }: { readonly chain: readonly ProcessFacts[]; readonly verdict: Verdict; readonly nowMs: number },
): Group {
  const launch = chain.slice(0, 1);
  const isSession = verdict.kind === 'training' && verdict.isSession;
  const group = createGroup(
    'gpu',
    { kind: 'training', isLikely: true, isSession, launch, keys: open.keys },
    chain,
    nowMs,
  );
  group.roots = open.roots.map((root) => ({ ...root, ancestors: new Set<number>() }));
  group.run = run;
  group.isPromoted = true;
  return group;
}

/** Makes all of another group part of one; their runs are one already. */
export function fuseGroups(into: Group, other: Group): void {
  for (const key of other.keys) into.keys.add(key);
  for (const [pid, startedTicks] of other.seen) into.seen.set(pid, startedTicks);
  for (const pid of other.members) into.members.add(pid);
  into.roots = [...into.roots, ...other.roots];
}

/** Half a core: what a program does that waits, beside what one does that trains. */
const busyCores = 0.5;

/** Whether it had half a core since the last look; null at the first one. */
export function isBusyOnCpu(group: Group, machine: Machine, nowMs: number): boolean | null {
  const before = group.lastCpu;
  const { run } = group;
  const cpuSeconds =
    run === null
      ? (machine.readTree(group.roots[0]?.pid ?? 0)?.cpuSeconds ?? null)
      : run.cpuBeforeSeconds + run.account.usedSeconds;
  group.lastCpu = cpuSeconds === null ? null : { atMs: nowMs, cpuSeconds };
  if (before === null || cpuSeconds === null || nowMs <= before.atMs || cpuSeconds < before.cpuSeconds) return null;
  return cpuSeconds - before.cpuSeconds >= busyCores * secondsFromMs(nowMs - before.atMs);
}

/** All that its processes are known by. */
export const keysOf = ({
  keys,
  roots,
}: {
  readonly keys: Iterable<string>;
  readonly roots: readonly Pick<GroupRoot, 'pid' | 'startedTicks'>[];
}): readonly string[] => [...keys, ...roots.map(rootKey)];

/** What the next engine would go by, should this one be killed; none for what is no run yet. */
export const openRunOf = ({ run, isPromoted, roots, keys }: Group): readonly OpenFoundRun[] =>
  run === null || !isPromoted
    ? []
    : [
        {
          runId: run.record.id,
          roots: roots.map(({ pid, startedTicks }) => ({ pid, startedTicks })),
          keys: [...keys],
        },
      ];
