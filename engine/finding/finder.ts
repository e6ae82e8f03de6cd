import type { Settings } from '../../shared/model/settings.ts';
import type { Clock } from '../clock/clock.ts';
import type { GitState } from '../machine/git-state.ts';
import type { Machine } from '../machine/machine.ts';
import type { ActiveRun } from '../runs/active-run.ts';
import type { RunBook } from '../runs/run-book.ts';
import type { LearnedFacts, SourceReading } from '../sources/source.ts';
import type { RunRecord } from '../store/records.ts';
import type { Store } from '../store/store.ts';
import { readChain } from './chain.ts';
import { classify, rootKey } from './classify.ts';
import { createFoundRecord, livingFoundRuns } from './found-record.ts';
import { createGpuLists } from './gpu-lists.ts';
import {
  addOrphans,
  adoptedGroup,
  createGroup,
  fuseGroups,
  type Group,
  isBusyOnCpu,
  isOfGroup,
  joinGroup,
  keysOf,
  openRunOf,
  syncRoots,
} from './group.ts';
import { folderName, identityOf } from './identity.ts';
import { createRuleWatch, type RuleState } from './rule-watch.ts';
import { isSustained, sustainedMs } from './sustained-use.ts';
import { createWrappedProcesses } from './wrapped-processes.ts';

export interface FinderOptions {
  readonly clock: Clock;
  readonly machine: Machine;
  readonly runs: RunBook;
  readonly store: Pick<Store, 'listOpenRuns' | 'readRun' | 'readLearned'>;
  readonly learned: LearnedFacts;
  readonly settings: () => Settings;
  /** This program's own. */
  readonly enginePid: number;
  readonly readGit: (directory: string) => Promise<GitState | null>;
  readonly log: (message: string) => void;
}

/** Finds training that nobody wrapped, by its processes. */
export interface Finder {
  /** After each round of readings. */
  step(readings: readonly SourceReading[]): void;
  /** Takes on found runs whose processes outlived the engine that found them; gives their ids. */
  adopt(): ReadonlySet<string>;
  /** Throws 'runs/not-found', 'runs/not-dismissable'. */
  dismiss(runId: string): void;
  /** Throws 'runs/not-found', 'runs/not-mergeable'. */
  merge(intoId: string, ids: readonly string[]): RunRecord;
  ruleState(): RuleState;
}

/** A process that holds a GPU and idles is not measured as if it were a run for longer than this. */
const patienceMs = 60_000;
/** A notebook lives on: its run ends when it has done nothing for so long. */
const sessionIdleMs = 60_000;
const gitTimeoutMs = 2000;
/** How often the CPU time of a process under the rule is looked at that has idled so far. */
const restingLookMs = 5000;

/**
 * Reads of a process only what it is, and only once: when a GPU first names its pid. From then on it is a number in a set, until no GPU names it any
 * more.
 */
export function createFinder(options: FinderOptions): Finder {
  const { clock, machine, runs, settings } = options;
  const lists = createGpuLists();
  /** What pids on a GPU are; null: nothing of ours. */
  const known = new Map<number, Group | null>();
  /** Pids that were passed over because they only draw: should one compute, it is looked at anew. */
  const passedOver = new Set<number>();
  const wrapped = createWrappedProcesses(runs, options.store);
  const groups = new Set<Group>();
  const record = createFoundRecord(options.learned);
  const rule = createRuleWatch(machine, clock, options.log);

  const isActiveElsewhere = (pid: number): boolean =>
    runs
      .active()
      .some((run) => run.endMs === null && run.pids.has(pid) && ![...groups].some((group) => group.run === run));

  /** Python may train on the engine that draws; a program of nobody's list that only draws is a game or a window. */
  function isDrawing({ isLikely }: Group['training'], pids: Iterable<number>): boolean {
    if (isLikely) return false;
    const onlyDrawing = lists.onlyDrawing();
    return [...pids].every((pid) => onlyDrawing.has(pid));
  }

  /** The group that a process is of, made if it must be; null where it is no training, or somebody else's. */
  function groupOf(pid: number, by: Group['by'], nowMs: number): Group | null {
    const chain = readChain(machine, pid);
    const verdict = classify(chain, options.enginePid);
    const own = chain[0];
    if (own === undefined) return null;
    const training = by === 'rule' ? rule.widen(chain, verdict) : verdict;
    if (training.kind !== 'training') return null;
    if (by === 'gpu' && isDrawing(training, [pid])) {
      passedOver.add(pid);
      return null;
    }
    if (wrapped.take(pid, chain) || chain.some((facts) => isActiveElsewhere(facts.pid))) return null;
    if (record.isDismissed([...training.keys, ...chain.map(rootKey)])) return null;
    const found = [...groups].find((group) => isOfGroup(group, training, chain));
    const group = found ?? createGroup(by, training, chain, nowMs);
    if (found !== undefined) joinGroup(found, training, chain);
    else if (by === 'gpu') begin(group);
    groups.add(group);
    group.seen.set(pid, own.startedTicks);
    // Its tree is read with the next round; what is measured until then is already its run's.
    if (group.run !== null) group.run.pids = new Set([...group.run.pids, pid]);
    return group;
  }

  /** Measures it from now on, as what may be a run. */
  function begin(group: Group): void {
    const [root] = group.roots;
    if (root === undefined) return;
    const identity = identityOf(group.training.launch, group.training.isSession);
    const project = group.git === null ? identity.cwd : group.git.topFolder;
    const run = runs.startFound({ ...identity, project: folderName(project), root });
    group.run = run;
    group.isPromoted = false;
    group.samples = [];
    syncRoots(group, run);
    if (identity.cwd !== null && group.git === null) askGit(group, identity.cwd);
  }

  /** Its folder may lie on a file server that hangs: the run does not wait. */
  function askGit(group: Group, directory: string): void {
    const stop = new AbortController();
    const late = clock.sleep(gitTimeoutMs, stop.signal).then(() => null);
    Promise.race([options.readGit(directory).catch(() => null), late]).then((git) => {
      stop.abort();
      group.git = git ?? group.git;
    });
  }

  function promote(group: Group, run: ActiveRun): void {
    group.isPromoted = true;
    // First what a next engine would go by: this one may be killed between the two.
    saveOpen();
    const { git } = group;
    runs.promote(
      run.record.id,
      {
        project: git === null ? run.record.project : folderName(git.topFolder),
        gitCommit: git?.commit ?? null,
      },
      group.training.launch[0]?.pid ?? null,
    );
  }

  function dropRun(group: Group): void {
    if (group.run !== null && !group.isPromoted) runs.drop(group.run.record.id);
    group.run = null;
    group.isPromoted = false;
    group.samples = [];
    // By the next time it may stand at another commit.
    group.git = null;
  }

  function forget(group: Group): void {
    if (!group.isPromoted) dropRun(group);
    groups.delete(group);
    // Should a pid be another process's by now, it is looked at anew.
    for (const [pid, of] of known) if (of === group) known.delete(pid);
  }

  function passOver(group: Group): void {
    forget(group);
    for (const pid of group.members) {
      known.set(pid, null);
      passedOver.add(pid);
    }
  }

  function isBusy(group: Group, nowMs: number): boolean | null {
    if (group.by === 'gpu' || group.members.size > 0) return lists.isBusy(group.members);
    return isBusyOnCpu(group, machine, nowMs);
  }

  /** One that is not a run yet: it becomes one, waits, or is let go. */
  function followCandidate(group: Group, nowMs: number): void {
    const isGone = group.run?.roots.every((root) => root.isGone) === true;
    const isOff = group.by === 'gpu' && group.members.size === 0;
    const pids = [...group.members, ...group.roots.map((root) => root.pid)];
    if (isGone || isOff || pids.some(isActiveElsewhere)) {
      forget(group);
      return;
    }
    if (group.by === 'gpu' && isDrawing(group.training, group.members)) {
      passOver(group);
      return;
    }
    const isResting = group.run === null && nowMs - group.lastBusyMs > sustainedMs;
    if (isResting && group.by === 'rule' && nowMs - (group.lastCpu?.atMs ?? 0) < restingLookMs) return;
    const busy = isBusy(group, nowMs);
    if (group.run === null) {
      if (group.by === 'rule' && machine.readTree(group.roots[0]?.pid ?? 0) === null) {
        forget(group);
        return;
      }
      if (busy === false || (busy === null && group.by === 'rule')) return;
      begin(group);
      group.lastCpu = null;
    }
    group.samples = [...group.samples, { atMs: nowMs, isBusy: busy }];
    const { run } = group;
    if (run === null) return;
    if (isSustained(group.samples, nowMs, group.training.isLikely)) promote(group, run);
    else if (nowMs - run.startMs > patienceMs) {
      dropRun(group);
      group.lastCpu = null;
    }
  }

  /** A run: it goes on for as long as a process of it lives, and a notebook for as long as it does something. */
  function followRun(group: Group, run: ActiveRun, nowMs: number): void {
    if (runs.find(run.record.id) !== run) {
      // Somebody ended it while its processes go on: they have had their run.
      record.dismiss(keysOf(group));
      forget(group);
      return;
    }
    if (run.endMs !== null) return;
    keepOrphans(group, run);
    // Or somebody has started a run of their own on what it hangs below.
    const isTakenOver = group.roots.every((root) => isActiveElsewhere(root.pid));
    if (isTakenOver || run.roots.every((root) => root.isGone)) {
      end(run);
      forget(group);
      return;
    }
    if (!group.training.isSession) return;
    if (isBusy(group, nowMs) !== false) group.lastBusyMs = nowMs;
    if (nowMs - group.lastBusyMs <= sessionIdleMs) return;
    end(run);
    dropRun(group);
  }

  function end(run: ActiveRun): void {
    // Whose child it was knows how it ended; nobody tells us.
    runs
      .stop(run.record.id, { exitCode: null, status: 'finished', endedAtMs: null })
      .catch((error: unknown) => options.log(`${run.record.name} could not be closed: ${String(error)}`));
  }

  /** Processes that were on a GPU and lost the launcher they hung below are roots from now on. */
  function keepOrphans(group: Group, run: ActiveRun): void {
    const inTree = run.roots.every((root) => root.isGone) ? new Set<number>() : run.pids;
    const orphans: (readonly [number, number])[] = [];
    for (const [pid, startedTicks] of group.seen) {
      if (inTree.has(pid)) continue;
      const tree = machine.readTree(pid);
      const isSame = tree !== null && (tree.rootStartedTicks === null || tree.rootStartedTicks === startedTicks);
      if (!isSame) group.seen.delete(pid);
      else if (!isActiveElsewhere(pid)) orphans.push([pid, startedTicks]);
    }
    if (orphans.length > 0) addOrphans(group, run, orphans);
  }

  function lookAtGpus(nowMs: number): void {
    const listed = lists.pids();
    const onlyDrawing = passedOver.size > 0 ? lists.onlyDrawing() : passedOver;
    for (const pid of known.keys()) {
      if (listed.has(pid) && (!passedOver.has(pid) || onlyDrawing.has(pid))) continue;
      known.get(pid)?.members.delete(pid);
      known.delete(pid);
      passedOver.delete(pid);
      wrapped.forget(pid);
    }
    for (const pid of wrapped.takeLeft()) if (known.get(pid) === null) known.delete(pid);
    for (const pid of listed) {
      if (known.has(pid)) continue;
      const group = groupOf(pid, 'gpu', nowMs);
      known.set(pid, group);
      group?.members.add(pid);
    }
  }

  function follow(nowMs: number): void {
    for (const group of [...groups]) {
      if (group.isPromoted && group.run !== null) followRun(group, group.run, nowMs);
      else if (settings().isFindingRuns) followCandidate(group, nowMs);
      else forget(group);
    }
  }

  function saveOpen(): void {
    record.putOpenRuns([...groups].flatMap(openRunOf));
  }

  return {
    step(readings) {
      const nowMs = clock.monotonicMs();
      lists.take(readings);
      // What is listed while nothing is to be found is looked at anew when it is.
      if (settings().isFindingRuns) {
        lookAtGpus(nowMs);
        for (const pid of rule.matches(settings().cpuRunPattern)) groupOf(pid, 'rule', nowMs);
      } else {
        known.clear();
        passedOver.clear();
        wrapped.clear();
        rule.matches(null);
      }
      follow(nowMs);
      saveOpen();
    },
    adopt() {
      if (!settings().isFindingRuns) return new Set();
      const living = livingFoundRuns(options.store, machine);
      for (const open of living.values()) {
        runs.adopt(open.runId, open.roots);
        const run = runs.find(open.runId);
        if (run === undefined) continue;
        const chain = readChain(machine, open.roots[0]?.pid ?? 0);
        groups.add(
          adoptedGroup(run, open, { chain, verdict: classify(chain, options.enginePid), nowMs: clock.monotonicMs() }),
        );
      }
      return new Set(living.keys());
    },
    dismiss(runId) {
      const group = [...groups].find((one) => one.isPromoted && one.run?.record.id === runId);
      runs.dismiss(runId);
      const open = group ?? record.openRun(runId);
      if (open !== undefined) record.dismiss(keysOf(open));
      if (group !== undefined) forget(group);
    },
    merge(intoId, ids) {
      const parts = [...groups].filter(
        (group) => group.isPromoted && [intoId, ...ids].includes(group.run?.record.id ?? ''),
      );
      const merged = runs.merge(intoId, ids);
      const host = runs.find(intoId);
      const [first, ...rest] = parts;
      if (first === undefined || host === undefined) return merged;
      for (const group of rest) {
        fuseGroups(first, group);
        groups.delete(group);
        for (const [pid, of] of known) if (of === group) known.set(pid, first);
      }
      first.run = host;
      return merged;
    },
    ruleState: () => rule.state(),
  };
}
