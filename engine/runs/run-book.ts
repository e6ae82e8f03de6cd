import type { ParsedPayload } from '../../shared/contract/contract.ts';
import type { EngineContract } from '../../shared/contract/engine-contract.ts';
import { WattrunError } from '../../shared/contract/errors.ts';
import type { RunAccounts } from '../../shared/model/carbon.ts';
import type { CarbonFactor, FoundBy, Price } from '../../shared/model/run.ts';
import type { MachineEnvironment, Program } from '../../shared/model/run-environment.ts';
import type { Clock } from '../clock/clock.ts';
import type { Timeline } from '../clock/timeline.ts';
import { soundProgram } from '../environment/program.ts';
import { completed, withProgram } from '../environment/run-environment.ts';
import { nameOf } from '../finding/run-name.ts';
import type { Machine } from '../machine/machine.ts';
import type { Pipeline } from '../measuring/pipeline.ts';
import { createRunCurve } from '../progress/run-curve.ts';
import type { Round } from '../sampler/sampler.ts';
import type { RunRecord, TickRecord } from '../store/records.ts';
import type { Store } from '../store/store.ts';
import { type ActiveRun, createActiveRun } from './active-run.ts';
import { closeInterrupted } from './interrupted.ts';
import { mergeRuns } from './merge-runs.ts';
import { createProvisionalRuns } from './provisional-runs.ts';
import { isAlive, membersOf, type RootProcess, rootProcessOf } from './root-process.ts';
import { beganMs } from './run-breaks.ts';
import { createRunId } from './run-id.ts';
import { createRunLedger, runTotals } from './run-ledger.ts';
import { createJobBook, joinRun, leaveRun, withTicks, worstExit } from './run-members.ts';
import { createRoot } from './run-roots.ts';
import { createRunShares } from './run-shares.ts';

export type StartRun = ParsedPayload<EngineContract, 'runs.start'>;
export interface EndRun {
  readonly exitCode: number | null;
  readonly status: 'finished' | 'failed' | 'stopped' | 'interrupted' | null;
  /** Wall clock; null: now. */
  readonly endedAtMs: number | null;
}

/** What is known of a run that nobody started. */
export interface FoundRun {
  readonly name: string | null;
  readonly project: string | null;
  readonly tags: Readonly<Record<string, string>>;
  readonly command: readonly string[];
  readonly cwd: string | null;
  readonly root: RootProcess;
}

export interface RunLabels {
  readonly runId: string;
  readonly project: string | null;
  readonly tags: Readonly<Record<string, string>>;
}

export interface RunBookOptions {
  readonly store: Store;
  readonly clock: Clock;
  readonly timeline: Timeline;
  readonly pipeline: () => Pipeline;
  /** An extra round of readings. */
  readonly tick: (round: Round) => Promise<void>;
  readonly hostName: () => string;
  readonly factor: () => CarbonFactor;
  readonly price: () => Price | null;
  readonly accounts: () => RunAccounts;
  readonly isSimulated: boolean;
  /** What is known of the machine by now. */
  readonly environment: () => MachineEnvironment;
  /** What a process brings along. */
  readonly readProgram: (pid: number) => Promise<Program | null>;
  readonly onChanged: (runIds: readonly string[]) => void;
  /** All that is measured of it is in its sums: it is about to be no active run any more. */
  readonly onSettled: (run: ActiveRun) => void;
  readonly machine: Pick<Machine, 'hasProcess' | 'readProcess'>;
  readonly onFailure: (error: unknown) => void;
  readonly write: (work: () => void) => void;
}

export interface RunBook {
  active(): readonly ActiveRun[];
  /** Those, and the provisional ones: all that energy is divided among. */
  measured(): readonly ActiveRun[];
  /** Throws 'runs/no-process' for a pid that no process has, unless the caller knows when it began: a short program may have ended before it is told of. */
  start(request: StartRun): Promise<RunRecord>;
  /** The id that a job's run has or is to have. */
  reserve(job: string, runId: string): string;
  /** Adds the caller to the running run of its job; null where there is none. */
  join(request: StartRun): RunRecord | null;
  /** A process leaves its run, which ends with the last one. One that is in it no more changes nothing. */
  leave(runId: string, pid: number, end: EndRun): Promise<void>;
  /** Ends runs whose processes are all gone without a word. */
  endDeserted(): void;
  /** Ends a run and resolves when the readings that cover its end are in, or after 2.5 s. Throws 'runs/not-found', 'runs/not-running'. */
  stop(runId: string, end: EndRun): Promise<void>;
  /** Begins a run that is measured from now on, but on no record before it is promoted. Gives its id. */
  startFound(found: FoundRun): ActiveRun;
  /** Makes a provisional run one like all others, from its first moment on. `programPid`: the process whose interpreter and variables are recorded. */
  promote(runId: string, change: Pick<RunRecord, 'project' | 'gitCommit'>, programPid: number | null): void;
  /** Forgets a provisional run. */
  drop(runId: string): void;
  /** A tick as it is to be written: without what is provisional. */
  hold(tick: TickRecord): TickRecord;
  /**
   * Ends a found run, if it is on, and puts it aside as deleted; what it goes on to draw belongs to no run. Throws 'runs/not-found',
   * 'runs/not-dismissable'.
   */
  dismiss(runId: string): void;
  /** Makes runs one, under the first one's id. Throws 'runs/not-found', 'runs/not-mergeable'. */
  merge(intoId: string, ids: readonly string[]): RunRecord;
  /** Writes down all that is known of the runs that are on, for whoever goes on measuring them: who is none yet has had no part in it. */
  settle(): void;
  /** Takes on a run that another engine left open and whose process lives. */
  adopt(runId: string, roots?: readonly RootProcess[]): void;
  /** Closes runs that an engine which is gone left open, at their last sample. */
  closeStale(except: ReadonlySet<string>): readonly string[];
  update(runId: string, change: (record: RunRecord) => RunRecord): RunRecord;
  /** Sets project and tags of the runs that are there, all or none; gives how many. */
  relabel(labels: readonly RunLabels[]): number;
  find(runId: string): ActiveRun | undefined;
}

const coverTimeoutMs = 2500;
const coverPollMs = 100;
/** A command that starts says so sooner than this; an older moment is not believed. */
const longestStartDelayMs = 5000;
/** An end that is told later than this is one of another clock. */
const longestEndDelayMs = 600_000;
const colorCount = 8;

export function createRunBook(options: RunBookOptions): RunBook {
  const { store, clock, timeline, machine } = options;
  const provisional = createProvisionalRuns();
  const shares = createRunShares({ ...options, provisional, active: () => runs });
  const jobs = createJobBook(clock);
  let runs: readonly ActiveRun[] = [];

  function recordOf(
    request: Omit<StartRun, 'foundBy' | 'pid'> & { readonly foundBy: FoundBy },
    root: RootProcess | null,
    startMs: number,
  ): RunRecord {
    const id = request.runId ?? createRunId();
    if (store.readRun(id) !== null) throw new WattrunError('contract/invalid', `There is already a run ${id}.`);
    const { project = null, tags, command = null, cwd = null, gitCommit = null, foundBy } = request;
    return {
      id,
      job: request.job ?? null,
      memberPids: [],
      startedTicks: root === null ? {} : withTicks({}, root),
      foundBy,
      project,
      command,
      cwd,
      gitCommit,
      name: request.name ?? nameOf(command) ?? `run ${id.slice(0, 4)}`,
      tags: tags ?? {},
      host: options.hostName(),
      status: 'running',
      exitCode: null,
      stoppedBy: null,
      startedMs: timeline.unixFromMonotonic(startMs),
      endedMs: null,
      durationSeconds: 0,
      rootPid: root?.pid ?? null,
      isSimulated: options.isSimulated,
      colorIndex: freeColor(runs),
      notes: '',
      breaks: [],
      factor: options.factor(),
      price: options.price(),
      accounts: options.accounts(),
      environment: withProgram(
        options.environment(),
        request.environment == null ? null : soundProgram(request.environment),
      ),
    };
  }

  /** Reads until every domain's account reaches the run's end; what does not answer by then gets a gap. */
  async function coverEnd(endMs: number): Promise<void> {
    await options.tick({ isEdge: true });
    // A round that was under way already was read before the end: once more, at once, for every millisecond later costs accuracy.
    if (!options.pipeline().isCovered(endMs))
      await options.tick({ only: options.pipeline().behind(endMs), isEdge: true });
    const deadlineMs = clock.monotonicMs() + coverTimeoutMs;
    while (!options.pipeline().isCovered(endMs) && clock.monotonicMs() < deadlineMs) {
      await clock.sleep(coverPollMs);
      await options.tick({ only: options.pipeline().behind(endMs) });
    }
  }

  /**
   * What waits for a list of processes is divided now, and every run's sums are written with it: nothing is known of it in memory alone. `ending` has what it
   * has for good.
   */
  function settle(ending: ActiveRun | null): void {
    const pipeline = options.pipeline();
    const divided = provisional.holdLate(pipeline.attributeAll());
    if (ending !== null) shares.close(ending.record.id);
    const gaps = ending === null || ending.endMs === null ? [] : pipeline.closeAccounts(ending.endMs);
    // As it is now: on a full disk it is written later, when a run that ends is none of those that are on any more.
    const progress = runs.map(pipeline.progressOf);
    // One by one: what has been written is not added again when the rest is tried once more.
    options.write(() => store.putGaps(gaps));
    options.write(() => store.addRunSamples(divided));
    for (const one of progress) options.write(() => store.putRun(one));
  }

  /** Its files may lie far away: the run does not wait for them. */
  function lookAtProgram(runId: string, pid: number): void {
    options.readProgram(pid).then(
      (program) => {
        const run = runs.find((one) => one.record.id === runId);
        const environment = run?.record.environment ?? null;
        if (program === null || run === undefined || environment === null) return;
        run.record = { ...run.record, environment: withProgram(environment, program) };
        const { record } = run;
        options.write(() => store.updateRun(record));
        options.onChanged([runId]);
      },
      // The run is measured all the same; what it was started with stays unknown.
      () => undefined,
    );
  }

  function activeRun(runId: string): ActiveRun {
    const run = runs.find((one) => one.record.id === runId);
    if (run !== undefined) return run;
    const stored = store.readRun(runId);
    if (stored === null)
      throw new WattrunError('runs/not-found', `There is no run ${runId}.`, 'List them with: wattrun runs');
    throw new WattrunError('runs/not-running', `${stored.record.name} is not running: it is ${stored.record.status}.`);
  }

  /** True where an engine has closed the run meanwhile for want of a word: how it ended is told now, when it ended stays as measured. */
  function tellEnd(runId: string, { exitCode, status }: EndRun): boolean {
    const record = runs.some((one) => one.record.id === runId) ? undefined : store.readRun(runId)?.record;
    if (record?.status !== 'interrupted' || record.exitCode !== null || exitCode === null) return false;
    store.updateRun({ ...record, exitCode, status: status ?? (exitCode === 0 ? 'finished' : 'failed') });
    options.onChanged([runId]);
    return true;
  }

  /** When a run ended by whoever saw it: it waits for its last marks, or for an engine that hung, before it tells. What is divided by then stays. */
  function endOf(run: ActiveRun, endedAtMs: number | null): number {
    const nowMs = clock.monotonicMs();
    const saidMs = endedAtMs === null ? nowMs : timeline.monotonicFromUnix(endedAtMs);
    if (saidMs > nowMs || saidMs < nowMs - longestEndDelayMs) return nowMs;
    const divided = [...run.ledger.domains.values()].flatMap(({ accountedToMs }) =>
      accountedToMs === null ? [] : timeline.monotonicFromUnix(accountedToMs),
    );
    return Math.min(nowMs, Math.max(run.startMs, saidMs, ...divided));
  }

  function assertProcess(pid: number | null): void {
    if (pid !== null && !machine.hasProcess(pid))
      throw new WattrunError('runs/no-process', `There is no process ${pid} on this machine.`);
  }

  async function stop(runId: string, end: EndRun): Promise<void> {
    if (tellEnd(runId, end)) return;
    const run = activeRun(runId);
    if (run.endMs !== null) throw new WattrunError('runs/not-running', `${run.record.name} is being closed already.`);
    run.endMs = endOf(run, end.endedAtMs);
    await coverEnd(run.endMs);
    const exitCode = worstExit(run.record.exitCode, end.exitCode);
    // One of its processes failed: then it did, whatever the last one says.
    const said = exitCode === end.exitCode ? end.status : null;
    run.record = {
      ...run.record,
      status: run.isStopAsked
        ? 'stopped'
        : (said ?? (exitCode === null ? 'stopped' : exitCode === 0 ? 'finished' : 'failed')),
      exitCode,
      endedMs: timeline.unixFromMonotonic(run.endMs),
      durationSeconds: (run.endMs - run.startMs) / 1000,
      environment: run.record.environment === null ? null : completed(run.record.environment, options.environment()),
    };
    settle(run);
    options.onSettled(run);
    runs = runs.filter((one) => one !== run);
    options.onChanged([runId]);
  }

  return {
    active: () => runs,
    measured: () => (provisional.list().length === 0 ? runs : [...runs, ...provisional.list()]),
    startFound({ root, command, tags, ...found }) {
      const startMs = clock.monotonicMs();
      const request = {
        ...found,
        command: [...command],
        tags: { ...tags },
        foundBy: 'process' as const,
      };
      const run = createActiveRun(recordOf(request, root, startMs), startMs);
      run.isProvisional = true;
      provisional.add(run);
      return run;
    },
    promote(runId, change, programPid) {
      const taken = provisional.take(runId);
      if (taken === null) return;
      const { run, held } = taken;
      run.record = { ...run.record, ...change, colorIndex: freeColor(runs) };
      run.isProvisional = false;
      runs = [...runs, run];
      const progress = options.pipeline().progressOf(run);
      // One by one: what has been written is not written again when the disk is full in between.
      options.write(() => store.insertRun(progress.record, progress.totals));
      options.write(() => store.putRun(progress));
      if (held.length > 0) options.write(() => store.writeRunSamples(held));
      options.onChanged([runId]);
      if (programPid !== null) lookAtProgram(runId, programPid);
    },
    drop: shares.withdraw,
    hold: provisional.hold,
    dismiss(runId) {
      const run = runs.find((one) => one.record.id === runId);
      const stored = store.readRun(runId);
      const record = run?.record ?? stored?.record;
      if (record === undefined) throw new WattrunError('runs/not-found', `There is no run ${runId}.`);
      if (record.foundBy !== 'process')
        throw new WattrunError(
          'runs/not-dismissable',
          `${record.name} was not found by its processes, so there is nothing to dismiss.`,
          'It can be deleted instead, in the app or on the page of `wattrun serve`.',
        );
      if (run !== undefined && run.endMs === null) {
        run.endMs = clock.monotonicMs();
        run.record = { ...record, status: 'stopped', endedMs: timeline.unixFromMonotonic(run.endMs) };
        shares.close(runId);
        options.onSettled(run);
        runs = runs.filter((one) => one !== run);
        const progress = options.pipeline().progressOf(run);
        options.write(() => store.putRun(progress));
      }
      // Left open by an engine that is gone, while no other has taken it on.
      if (run === undefined && record.status === 'running')
        store.updateRun({ ...record, status: 'stopped', endedMs: stored?.lastSampleMs ?? record.startedMs });
      options.write(() => void store.setDeleted([runId], clock.unixMs()));
      options.onChanged([runId]);
    },
    merge(intoId, ids) {
      for (const id of [intoId, ...ids]) shares.close(id);
      const { record, absorbed } = mergeRuns({ store, clock, timeline, active: runs }, intoId, ids);
      runs = runs.filter((run) => !absorbed.includes(run));
      options.onChanged([...new Set([intoId, ...ids])]);
      return record;
    },
    async start({ startedAtMs, pid = null, ...request }) {
      if (startedAtMs == null) assertProcess(pid);
      const nowMs = clock.monotonicMs();
      const saidMs = startedAtMs == null ? nowMs : timeline.monotonicFromUnix(startedAtMs);
      const dividedToMs = options.pipeline().dividedToMs();
      // What has been divided while its word was on the way is not its own any more.
      const startMs = Math.min(nowMs, saidMs < nowMs - longestStartDelayMs ? nowMs : Math.max(saidMs, dividedToMs));
      const root = pid === null ? null : rootProcessOf(machine, pid);
      const run = createActiveRun(recordOf(request, root, startMs), startMs);
      store.insertRun(run.record, runTotals(run.ledger, new Map(), 0));
      runs = [...runs, run];
      // A reading at its start: what was drawn before is not the run's.
      await options.tick({ isEdge: true });
      // A round that was under way already was read before the start: once more.
      if (!options.pipeline().isCovered(startMs)) await options.tick({ isEdge: true });
      options.onChanged([run.record.id]);
      if (request.environment == null && pid !== null) lookAtProgram(run.record.id, pid);
      return run.record;
    },
    stop,
    reserve: (job, runId) => jobs.reserve(job, runId, runs),
    join({ job, pid }) {
      const run = job == null ? undefined : runs.find((one) => one.record.job === job && one.endMs === null);
      if (run === undefined) return null;
      // A launcher that starts its ranks anew has killed the others, which said nothing: the run is not to wait for them at its end. One may have its pid again.
      const gone = run.roots.filter((root) => !isAlive(machine, root));
      for (const root of gone) if (root.pid !== pid || root.startedTicks !== null) leaveRun(run, root.pid, null);
      joinRun(run, pid == null ? null : rootProcessOf(machine, pid));
      const { record } = run;
      options.write(() => store.updateRun(record));
      options.onChanged([record.id]);
      return record;
    },
    async leave(runId, pid, end) {
      const run = runs.find((one) => one.record.id === runId);
      if (run === undefined && store.readRun(runId) === null) activeRun(runId);
      if (run === undefined || run.endMs !== null) return;
      if (membersOf(run.record).length === 1 && membersOf(run.record)[0] === pid) return stop(runId, end);
      leaveRun(run, pid, end.exitCode);
      const { record } = run;
      options.write(() => store.updateRun(record));
      options.onChanged([runId]);
    },
    endDeserted() {
      for (const { record } of jobs.deserted(runs, machine.hasProcess)) {
        const status = record.foundBy === 'manual' ? 'finished' : 'interrupted';
        stop(record.id, { exitCode: null, status, endedAtMs: null }).catch(options.onFailure);
      }
    },
    settle() {
      for (const { record } of provisional.list()) shares.withdraw(record.id);
      settle(null);
    },
    adopt(runId, roots) {
      const stored = store.readRun(runId);
      if (stored === null) return;
      const startMs = beganMs(stored.record, timeline);
      const ledger = createRunLedger();
      const keptMs = stored.lastSampleMs ?? stored.record.startedMs;
      for (const { domain, totals } of store.readRunDomains(runId))
        ledger.domains.set(domain.id, { ...totals, accountedToMs: totals.accountedToMs ?? keptMs });
      Object.assign(ledger, {
        peakWatts: stored.totals.peakWatts,
        cpuSeconds: stored.totals.cpuSeconds,
        peakMemoryBytes: stored.totals.peakMemoryBytes,
      });
      const run = createActiveRun({ ...stored.record, status: 'running', endedMs: null }, startMs, ledger);
      run.curve = createRunCurve(clock.monotonicMs());
      if (roots !== undefined) run.roots = roots.map((root) => createRoot(root, false));
      runs = [...runs, run];
    },
    closeStale: (except) => closeInterrupted(store, except),
    update(runId, change) {
      const run = runs.find((one) => one.record.id === runId);
      const before = run?.record ?? store.readRun(runId)?.record;
      if (before === undefined) throw new WattrunError('runs/not-found', `There is no run ${runId}.`);
      const record = change(before);
      if (run !== undefined) run.record = record;
      store.updateRun(record);
      options.onChanged([runId]);
      return record;
    },
    relabel(labels) {
      const changed = labels.flatMap(({ runId, project, tags }) => {
        const run = runs.find((one) => one.record.id === runId);
        const before = run?.record ?? store.readRun(runId)?.record;
        return before === undefined ? [] : [{ run, record: { ...before, project, tags: { ...tags } } }];
      });
      store.updateRuns(changed.map(({ record }) => record));
      for (const { run, record } of changed) if (run !== undefined) run.record = record;
      if (changed.length > 0) options.onChanged(changed.map(({ record }) => record.id));
      return changed.length;
    },
    find: (runId) => runs.find((one) => one.record.id === runId),
  };
}

/** The first colour that no running run has; where all are taken, the one of the oldest run. */
function freeColor(active: readonly ActiveRun[]): number {
  const taken = active.map((run) => run.record.colorIndex);
  const free = Array.from({ length: colorCount }, (_, i) => i).find((color) => !taken.includes(color));
  return free ?? active.length % colorCount;
}
