import type { ParsedPayload } from '../../shared/contract/contract.ts';
import type { EngineContract } from '../../shared/contract/engine-contract.ts';
import { WattrunError } from '../../shared/contract/errors.ts';
import type { CarbonFactor, Price } from '../../shared/model/run.ts';
import type { Clock } from '../clock/clock.ts';
import type { Timeline } from '../clock/timeline.ts';
import type { Pipeline } from '../measuring/pipeline.ts';
import type { Round } from '../sampler/sampler.ts';
import type { GapRecord, RunRecord } from '../store/records.ts';
import type { Store } from '../store/store.ts';
import { type ActiveRun, createActiveRun } from './active-run.ts';
import { closeInterrupted } from './interrupted.ts';
import { createRunId } from './run-id.ts';
import { createRunLedger, runTotals } from './run-ledger.ts';

export type StartRun = ParsedPayload<EngineContract, 'runs.start'>;
export interface EndRun {
  readonly exitCode: number | null;
  readonly status: 'finished' | 'failed' | 'stopped' | null;
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
  readonly isSimulated: boolean;
  readonly onChanged: (runIds: readonly string[]) => void;
  readonly write: (work: () => void) => void;
}

export interface RunBook {
  active(): readonly ActiveRun[];
  start(request: StartRun): Promise<RunRecord>;
  /** Ends a run and resolves when the readings that cover its end are in, or after 2.5 s. */
  stop(runId: string, end: EndRun): Promise<void>;
  /** Takes on a run that another engine left open and whose process lives. */
  adopt(runId: string): void;
  /** Closes runs that an engine which is gone left open, at their last sample. */
  closeStale(except: ReadonlySet<string>): readonly string[];
  update(runId: string, change: (record: RunRecord) => RunRecord): RunRecord;
  find(runId: string): ActiveRun | undefined;
}

const coverTimeoutMs = 2500;
const coverPollMs = 100;
const colorCount = 8;

export function createRunBook(options: RunBookOptions): RunBook {
  const { store, clock, timeline } = options;
  let runs: readonly ActiveRun[] = [];

  function recordOf(request: StartRun, startMs: number): RunRecord {
    const id = request.runId ?? createRunId();
    if (store.readRun(id) !== null) throw new WattrunError('contract/invalid', `There is already a run ${id}.`);
    const { project = null, tags, command = null, cwd = null, gitCommit = null, pid = null, foundBy } = request;
    return {
      id,
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
      startedMs: timeline.unixFromMonotonic(startMs),
      endedMs: null,
      durationSeconds: 0,
      rootPid: pid,
      isSimulated: options.isSimulated,
      colorIndex: freeColor(runs),
      notes: '',
      factor: options.factor(),
      price: options.price(),
    };
  }

  /** Reads until every domain's account reaches the run's end; what does not answer by then gets a gap. */
  async function coverEnd(endMs: number): Promise<readonly GapRecord[]> {
    await options.tick({ isEdge: true });
    // A round that was under way already was read before the end: once more, at once, for every millisecond later costs accuracy.
    if (!options.pipeline().isCovered(endMs))
      await options.tick({ only: options.pipeline().behind(endMs), isEdge: true });
    const deadlineMs = clock.monotonicMs() + coverTimeoutMs;
    while (!options.pipeline().isCovered(endMs) && clock.monotonicMs() < deadlineMs) {
      await clock.sleep(coverPollMs);
      await options.tick({ only: options.pipeline().behind(endMs) });
    }
    options.pipeline().attributeAll();
    return options.pipeline().closeAccounts(endMs);
  }

  function activeRun(runId: string): ActiveRun {
    const run = runs.find((one) => one.record.id === runId);
    if (run !== undefined) return run;
    const stored = store.readRun(runId);
    if (stored === null)
      throw new WattrunError('runs/not-found', `There is no run ${runId}.`, 'List them with: wattrun runs');
    throw new WattrunError('runs/not-running', `${stored.record.name} is not running: it is ${stored.record.status}.`);
  }

  return {
    active: () => runs,
    async start(request) {
      const startMs = clock.monotonicMs();
      const run = createActiveRun(recordOf(request, startMs), startMs);
      store.insertRun(run.record, runTotals(run.ledger, new Map(), 0));
      runs = [...runs, run];
      // A reading at its start: what was drawn before is not the run's.
      await options.tick({ isEdge: true });
      // A round that was under way already was read before the start: once more.
      if (!options.pipeline().isCovered(startMs)) await options.tick({ isEdge: true });
      options.onChanged([run.record.id]);
      return run.record;
    },
    async stop(runId, end) {
      const run = activeRun(runId);
      if (run.endMs !== null) throw new WattrunError('runs/not-running', `${run.record.name} is being closed already.`);
      run.endMs = clock.monotonicMs();
      const gaps = await coverEnd(run.endMs);
      const status = run.isStopAsked
        ? 'stopped'
        : (end.status ?? (end.exitCode === null ? 'stopped' : end.exitCode === 0 ? 'finished' : 'failed'));
      run.record = {
        ...run.record,
        status,
        exitCode: end.exitCode,
        endedMs: timeline.unixFromMonotonic(run.endMs),
        durationSeconds: (run.endMs - run.startMs) / 1000,
      };
      runs = runs.filter((one) => one !== run);
      options.write(() => {
        store.putGaps(gaps);
        store.putRun(options.pipeline().progressOf(run));
      });
      options.onChanged([runId]);
    },
    adopt(runId) {
      const stored = store.readRun(runId);
      if (stored === null) return;
      const startMs = timeline.monotonicFromUnix(stored.record.startedMs);
      const ledger = createRunLedger();
      for (const { domain, totals } of store.readRunDomains(runId)) ledger.domains.set(domain.id, totals);
      Object.assign(ledger, {
        peakWatts: stored.totals.peakWatts,
        cpuSeconds: stored.totals.cpuSeconds,
        peakMemoryBytes: stored.totals.peakMemoryBytes,
      });
      runs = [...runs, createActiveRun({ ...stored.record, status: 'running', endedMs: null }, startMs, ledger)];
      const fromMs = stored.lastSampleMs ?? stored.record.startedMs;
      const toMs = clock.unixMs();
      store.putGaps(
        [...ledger.domains.keys()].map((domainId) => ({ domainId, fromMs, toMs, reason: 'restart' as const })),
      );
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
    find: (runId) => runs.find((one) => one.record.id === runId),
  };
}

/** The first colour that no running run has; where all are taken, the one of the oldest run. */
function freeColor(active: readonly ActiveRun[]): number {
  const taken = active.map((run) => run.record.colorIndex);
  const free = Array.from({ length: colorCount }, (_, i) => i).find((color) => !taken.includes(color));
  return free ?? active.length % colorCount;
}

/** The script's name without its folder and ending, as people call a run: 'python train.py --lr 1' is 'train'. */
export function nameOf(command: readonly string[] | null): string | null {
  if (command === null) return null;
  const script = command.find((word) => /\.(py|sh|ipynb|js|ts|jl|R)$/.test(word)) ?? command[0] ?? '';
  const module = command.includes('-m') ? command[command.indexOf('-m') + 1] : undefined;
  const base = (module ?? script).split(/[\\/]/).at(-1) ?? '';
  return base.replace(/\.(py|sh|ipynb|js|ts|jl|R)$/, '').slice(0, 200) || null;
}
