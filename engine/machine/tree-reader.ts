import { forgetKernelFile, isKernels, mostKernelCharacters, readKernelFile } from './kernel-files.ts';
import type { TreeUse } from './machine.ts';
import { listNames, type ProcessStat, parseProcessStat, readText } from './procfs.ts';

/** A tree as it was walked: its processes with their parents, those among them that are excluded, the newest pid there was before, and whether that one may be there only now. */
interface WalkedTree {
  newestPid: number | null;
  isNewestToCome: boolean;
  readonly except: ReadonlySet<number>;
  readonly parents: Map<number, number>;
  looks: number;
}

/** So many new pids more than there are processes in a tree are not asked one by one whose children they are: a walk costs less. */
const moreNewPids = 8;
/** So often a tree is looked at between two walks, even where nothing seems to have begun. */
const mostLooks = 30;
const mostTrees = 32;

export type TreeReader = (rootPid: number, except?: ReadonlySet<number>) => TreeUse | null;

/**
 * Process trees by `/proc/<pid>/task/<tid>/children`: of the tree alone, not of every process of the machine. Between two walks its processes' times are all
 * that is read, and of the few processes that have begun since anywhere (up to the last word of /proc/loadavg) whose children they are. It is walked anew when
 * many have, when one of its own has ended that had children or has another parent, and now and then.
 */
export function createTreeReader(procfsRoot: string): TreeReader {
  const walked = new Map<number, WalkedTree>();
  const statPath = (pid: number): string => `${procfsRoot}/${pid}/stat`;

  function readStat(pid: number): ProcessStat | null {
    const text = readKernelFile(statPath(pid));
    return text === null ? null : parseProcessStat(text);
  }

  function forget(pid: number): void {
    forgetKernelFile(statPath(pid));
    forgetKernelFile(childrenPath(procfsRoot, pid, pid));
  }

  /** Null where it has to be walked: it is not what it was. */
  function lookAgain(tree: WalkedTree, rootPid: number, newestPid: number): TreeUse | null {
    if (tree.looks >= mostLooks || !addNew(tree, rootPid, newestPid)) return null;
    const stats: ProcessStat[] = [];
    for (const pid of tree.parents.keys()) {
      const stat = readStat(pid);
      if (stat === null || (stat.isEnded && pid === rootPid)) {
        if (pid === rootPid || [...tree.parents.values()].includes(pid)) return null;
        tree.parents.delete(pid);
        forget(pid);
        continue;
      }
      if (stat.parentPid !== tree.parents.get(pid)) return null;
      stats.push(stat);
    }
    tree.looks++;
    return sumOf(stats, rootPid, tree.except);
  }

  /**
   * Takes on processes that have begun since; false where too many have. Pids are given in their order, so that parents come before children. The newest is
   * asked twice where it was not there: it may have had its number and not begun yet.
   */
  function addNew(tree: WalkedTree, rootPid: number, newestPid: number): boolean {
    const before = tree.newestPid ?? 0;
    if (newestPid < before || newestPid - before > tree.parents.size + moreNewPids) return false;
    let isNewestToCome = false;
    for (let pid = tree.isNewestToCome ? before : before + 1; pid <= newestPid; pid++) {
      if (tree.parents.has(pid)) continue;
      const stat = parseProcessStat(readText(statPath(pid)) ?? '');
      isNewestToCome = stat === null && pid > before;
      const isOurs = stat !== null && !stat.isThread && tree.parents.has(stat.parentPid);
      if (isOurs && (stat.parentPid === rootPid || !tree.except.has(stat.parentPid)))
        tree.parents.set(pid, stat.parentPid);
    }
    tree.newestPid = newestPid;
    tree.isNewestToCome = isNewestToCome;
    return true;
  }

  function walk(rootPid: number, except: ReadonlySet<number>): readonly ProcessStat[] {
    const found = new Map<number, ProcessStat>();
    const queue = [rootPid];
    for (let pid = queue.pop(); pid !== undefined; pid = queue.pop()) {
      if (found.has(pid)) continue;
      const stat = readStat(pid);
      if (stat === null) continue;
      found.set(pid, stat);
      if (!stat.isEnded && (pid === rootPid || !except.has(pid))) queue.push(...childPids(procfsRoot, stat));
    }
    return [...found.values()];
  }

  function keep(rootPid: number, tree: WalkedTree | null): void {
    const before = walked.get(rootPid);
    walked.delete(rootPid);
    if (tree !== null) walked.set(rootPid, tree);
    for (const pid of before?.parents.keys() ?? []) if (!tree?.parents.has(pid)) forget(pid);
    if (tree === null) forget(rootPid);
    const oldest = walked.size > mostTrees ? walked.keys().next().value : undefined;
    if (oldest !== undefined) keep(oldest, null);
  }

  return (rootPid, except = noPids) => {
    const newestPid = isKernels(`${procfsRoot}/`) ? parseNewestPid(readKernelFile(`${procfsRoot}/loadavg`)) : null;
    const known = walked.get(rootPid);
    const isKnown = newestPid !== null && known !== undefined && isSameSet(known.except, except);
    const again = isKnown ? lookAgain(known, rootPid, newestPid) : null;
    if (again !== null) return again;
    const stats = walk(rootPid, except);
    const parents = new Map(stats.map((stat) => [stat.pid, stat.parentPid]));
    const tree = sumOf(stats, rootPid, except);
    keep(rootPid, tree === null ? null : { newestPid, isNewestToCome: true, except, parents, looks: 0 });
    return tree;
  };
}

const noPids: ReadonlySet<number> = new Set();

const isSameSet = (a: ReadonlySet<number>, b: ReadonlySet<number>): boolean =>
  a === b || (a.size === b.size && [...a].every((one) => b.has(one)));

/** Null where none of them lives. */
function sumOf(stats: readonly ProcessStat[], rootPid: number, except: ReadonlySet<number>): TreeUse | null {
  const processes: ProcessStat[] = [];
  const excluded = new Map<number, number>();
  const pids = new Set<number>();
  let cpuSeconds = 0;
  let residentBytes = 0;
  let rootStartedTicks: number | null = null;
  for (const stat of stats) {
    if (stat.pid !== rootPid && except.has(stat.pid)) {
      excluded.set(stat.pid, stat.parentPid);
      continue;
    }
    processes.push(stat);
    cpuSeconds += stat.ownSeconds + stat.collectedSeconds;
    if (stat.isEnded) continue;
    pids.add(stat.pid);
    residentBytes += stat.residentBytes;
    if (stat.pid === rootPid) rootStartedTicks = stat.startedTicks;
  }
  return pids.size === 0 ? null : { processes, excluded, cpuSeconds, residentBytes, pids, rootStartedTicks };
}

/** The last word of `/proc/loadavg`: the pid that was given away last, to a process or a thread. Null where a sandbox says 0. */
export function parseNewestPid(text: string | null): number | null {
  const word = /\s(\d{1,10})\s*$/.exec(text ?? '')?.[1];
  return word === undefined || Number(word) === 0 ? null : Number(word);
}

const childrenPath = (procfsRoot: string, pid: number, thread: number | string): string =>
  `${procfsRoot}/${pid}/task/${thread}/children`;

/** A process of one thread has that thread's children: it is not asked which threads it has. */
function childPids(procfsRoot: string, { pid, threads }: ProcessStat): readonly number[] {
  const path = childrenPath(procfsRoot, pid, pid);
  const kept = readKernelFile(path);
  const first = parsePids(kept !== null && kept.length >= mostKernelCharacters ? readText(path) : kept);
  return threads === 1 ? first : [...first, ...childPidsOfOthers(procfsRoot, pid)];
}

function childPidsOfOthers(procfsRoot: string, pid: number): readonly number[] {
  const first = String(pid);
  return listNames(`${procfsRoot}/${first}/task`).flatMap((thread) =>
    thread === first ? [] : parsePids(readText(childrenPath(procfsRoot, pid, thread))),
  );
}

const parsePids = (text: string | null): readonly number[] =>
  (text ?? '')
    .split(' ')
    .filter((word) => word.trim() !== '')
    .map(Number);
