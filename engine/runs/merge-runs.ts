import { WattrunError } from '../../shared/contract/errors.ts';
import type { RunAccounting } from '../../shared/model/carbon.ts';
import type { Clock } from '../clock/clock.ts';
import type { Timeline } from '../clock/timeline.ts';
import { createRunCurve } from '../progress/run-curve.ts';
import type { RunRecord, RunTotals } from '../store/records.ts';
import type { Store } from '../store/store.ts';
import type { ActiveRun } from './active-run.ts';
import { mergeAccounts } from './merged-account.ts';
import { type MergePart, mergeDomains, mergeRecords, type Totals } from './merged-sums.ts';
import { beganMs } from './run-breaks.ts';
import { createRunLedger, type RunLedger, runTotals } from './run-ledger.ts';
import { mergeTrees } from './tree-account.ts';

export interface MergeContext {
  readonly store: Store;
  readonly clock: Clock;
  readonly timeline: Timeline;
  readonly active: readonly ActiveRun[];
}

/** A run as it stands, on record or still on. */
interface Part extends MergePart {
  readonly active: ActiveRun | undefined;
  readonly totals: RunTotals;
  readonly accounting: RunAccounting | null;
}

/**
 * Makes runs one, under the first one's id: on record, and as one that is on if one of them was. `absorbed` are those that are on no more as themselves.
 * Throws 'runs/not-found', 'runs/not-mergeable'.
 */
export function mergeRuns(
  context: MergeContext,
  intoId: string,
  ids: readonly string[],
): { readonly record: RunRecord; readonly absorbed: readonly ActiveRun[] } {
  const { store, clock, timeline } = context;
  const otherIds = [...new Set(ids)].filter((id) => id !== intoId);
  const parts = [intoId, ...otherIds].map((id) => partOf(context, id));
  for (const part of parts) assertMergeable(part.record, part.active);
  const [into, ...others] = parts;
  if (into === undefined || others.length === 0)
    throw new WattrunError('runs/not-mergeable', 'It takes two different runs to make one.');
  const records = others.map((part) => part.record);
  const sum = mergeRecords(into.record, records, timeline.unixFromMonotonic(clock.monotonicMs()));
  const domains = mergeDomains(parts, store.domainEnergy);
  const ledger = mergedLedger(parts, domains);
  const known = new Map(store.listDomains().map((domain) => [domain.id, domain]));
  const totals = runTotals(ledger, known, sum.durationSeconds);
  const record = { ...sum, ...mergeAccounts([into, ...others], totals.totalJoules) };
  store.mergeRuns({ record, totals, domains }, otherIds);
  const active = parts.flatMap((part) => part.active ?? []);
  const host = into.active ?? active[0];
  if (host === undefined) return { record, absorbed: [] };
  const absorbed = active.filter((run) => run !== host);
  const startMs = Math.min(host.startMs, beganMs(record, timeline));
  // What the others had is in no piece of its own.
  host.curve = createRunCurve(clock.monotonicMs());
  absorbRuns(host, absorbed, { record, domains, startMs, endedCpuSeconds: endedCpuSeconds(parts) });
  Object.assign(host.ledger, { peakWatts: ledger.peakWatts, peakMemoryBytes: ledger.peakMemoryBytes });
  return { record, absorbed };
}

function partOf({ store, clock, active: runs }: MergeContext, runId: string): Part {
  const active = runs.find((one) => one.record.id === runId);
  const stored = store.readRun(runId);
  if (stored === null)
    throw new WattrunError('runs/not-found', `There is no run ${runId}.`, 'List them with: wattrun runs');
  const record = active?.record ?? stored.record;
  const domains =
    active?.ledger.domains ?? new Map(store.readRunDomains(runId).map(({ domain, totals }) => [domain.id, totals]));
  const untilMs = active === undefined ? (record.endedMs ?? record.startedMs) : clock.unixMs();
  return { active, record, domains, untilMs, totals: stored.totals, accounting: stored.accounting };
}

const endedCpuSeconds = (parts: readonly Part[]): number =>
  parts.reduce((sum, part) => sum + (part.active === undefined ? (part.totals.cpuSeconds ?? 0) : 0), 0);

function mergedLedger(parts: readonly Part[], domains: Totals): RunLedger {
  const cpuSeconds = parts.map((part) => (part.active === undefined ? part.totals : part.active.ledger).cpuSeconds);
  return {
    ...createRunLedger(),
    domains: new Map(domains),
    peakWatts: largest(parts.map((part) => part.active?.ledger.peakWatts ?? part.totals.peakWatts)),
    cpuSeconds: cpuSeconds.every((seconds) => seconds === null)
      ? null
      : cpuSeconds.reduce<number>((sum, seconds) => sum + (seconds ?? 0), 0),
    // They need not have had their most together.
    peakMemoryBytes: largest(parts.map((part) => part.active?.ledger.peakMemoryBytes ?? part.totals.peakMemoryBytes)),
  };
}

const largest = (values: readonly (number | null)[]): number | null =>
  values.reduce((most, value) => (value === null || (most !== null && most >= value) ? most : value), null);

/** Makes `host`, which is on, all that the merged run is; `others` are those of the rest that are on. */
function absorbRuns(
  host: ActiveRun,
  others: readonly ActiveRun[],
  merged: {
    readonly record: RunRecord;
    readonly domains: Totals;
    readonly startMs: number;
    readonly endedCpuSeconds: number;
  },
): void {
  host.record = merged.record;
  host.startMs = merged.startMs;
  for (const [id, totals] of merged.domains) host.ledger.domains.set(id, totals);
  host.cpuBeforeSeconds += merged.endedCpuSeconds + others.reduce((sum, run) => sum + run.cpuBeforeSeconds, 0);
  host.ledger.cpuSeconds = [host, ...others].reduce(
    (sum, run) => sum + (run.ledger.cpuSeconds ?? 0),
    merged.endedCpuSeconds,
  );
  for (const other of others) {
    for (const [id, watts] of other.ledger.watts) host.ledger.watts.set(id, (host.ledger.watts.get(id) ?? 0) + watts);
    for (const id of other.ledger.unread) host.ledger.unread.add(id);
    host.roots = [...host.roots, ...other.roots];
    host.account = mergeTrees(host.account, other.account);
    host.pids = new Set([...host.pids, ...other.pids]);
    host.previousPids = new Set([...host.previousPids, ...other.previousPids]);
    host.cpuShare += other.cpuShare;
    host.countedCpuSeconds =
      host.countedCpuSeconds === null || other.countedCpuSeconds === null
        ? null
        : host.countedCpuSeconds + other.countedCpuSeconds;
  }
}

/** Throws 'runs/not-mergeable' unless it has ended, or is one that was found. */
function assertMergeable(record: RunRecord, active: ActiveRun | undefined): void {
  if (active !== undefined && active.endMs !== null)
    throw new WattrunError('runs/not-mergeable', `${record.name} is being closed.`, 'Try again in a moment.');
  if (active === undefined && record.status === 'running')
    throw new WattrunError(
      'runs/not-mergeable',
      `${record.name} goes on while nothing measures it.`,
      'Start the app or `wattrun serve` first.',
    );
  if (active !== undefined && record.foundBy !== 'process')
    throw new WattrunError(
      'runs/not-mergeable',
      `${record.name} is running and was not found by its processes.`,
      'Merge it once it has ended.',
    );
}
