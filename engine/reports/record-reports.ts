import type { RunFilter } from '../../shared/contract/engine-contract.ts';
import { WattrunError } from '../../shared/contract/errors.ts';
import type { RunReport, RunSummary } from '../../shared/model/run.ts';
import { createCalibrationBook } from '../calibration/calibration-book.ts';
import { runWall } from '../calibration/run-wall.ts';
import { readPausedRuns } from '../runs/paused-runs.ts';
import { lastMsOf } from '../runs/run-breaks.ts';
import { readCpuCalibration } from '../sources/cpu-model/cpu-calibration.ts';
import type { RunProgress, RunRecord } from '../store/records.ts';
import type { Store, StoredRun } from '../store/store.ts';
import type { ExportRun } from './export-format.ts';
import { runReport, runSummary } from './run-report.ts';
import { type TrackedRuns, trackRuns } from './tracked-runs.ts';

const kindOrder = ['gpu', 'module', 'cpu', 'dram', 'platform', 'wall', 'other'];

/** A run's report from the record; `unrecorded`: what is known of it beyond that, while nothing can be written. Throws 'runs/not-found'. */
export function reportFromStore(store: Store, runId: string, unrecorded: RunProgress | null = null): RunReport {
  const stored = store.readRun(runId);
  if (stored === null)
    throw new WattrunError('runs/not-found', `There is no run ${runId}.`, 'List them with: wattrun runs');
  const { accounting } = stored;
  const { record, totals } = unrecorded ?? stored;
  const toMs = lastMsOf(record);
  const known =
    unrecorded === null
      ? store.readRunDomains(runId)
      : store.listDomains().flatMap((domain) => {
          const domainTotals = unrecorded.domains.get(domain.id);
          return domainTotals === undefined ? [] : [{ domain, totals: domainTotals }];
        });
  const domains = [...known].sort(
    (a, b) => kindOrder.indexOf(a.domain.kind) - kindOrder.indexOf(b.domain.kind) || a.domain.index - b.domain.index,
  );
  const learned = { read: store.readLearned, write: () => {} };
  return runReport({
    record,
    totals,
    accounting,
    domains,
    isPaused: isPaused(record, readPausedRuns(learned)),
    wall: runWall(
      { record, totals, domains },
      { book: createCalibrationBook(learned), ends: readCpuCalibration(learned) },
    ),
    gaps: store.listGaps(record.startedMs, toMs),
    marks: store.listMarks(runId),
    alerts: store
      .listAlerts({ fromMs: record.startedMs, toMs })
      .filter((entry) => entry.runIds.includes(runId) && !entry.isTest),
  });
}

export function listSummaries(
  store: Store,
  filter: RunFilter,
): { readonly runs: RunSummary[]; readonly total: number } {
  const text = filter.text?.toLowerCase() ?? '';
  const found = store
    .listRuns()
    .filter(
      ({ record }) =>
        (filter.project == null || record.project === filter.project) &&
        (filter.status == null || filter.status.includes(record.status)) &&
        (filter.sinceMs == null || record.startedMs >= filter.sinceMs) &&
        (filter.untilMs == null || record.startedMs < filter.untilMs) &&
        (filter.tags ?? []).every((tag) => hasTag(record, tag)) &&
        (text === '' || searchText(record).includes(text)),
    );
  const listed = found.slice(0, filter.limit ?? found.length);
  const paused = readPausedRuns({ read: store.readLearned });
  return { runs: listed.map((stored) => summaryOf(stored, paused)), total: found.length };
}

/** Throws 'runs/not-found'. */
export function summaryFromStore(store: Store, runId: string): RunSummary {
  const stored = store.readRun(runId);
  if (stored === null) throw new WattrunError('runs/not-found', `There is no run ${runId}.`);
  return summaryOf(stored, readPausedRuns({ read: store.readLearned }));
}

const summaryOf = ({ record, totals, accounting }: StoredRun, paused: ReadonlySet<string>): RunSummary => ({
  ...runSummary(record, totals, accounting),
  isPaused: isPaused(record, paused),
});

/** One that ended while it was held is paused no more. */
const isPaused = ({ id, status }: RunRecord, paused: ReadonlySet<string>): boolean =>
  status === 'running' && paused.has(id);

function hasTag({ tags }: RunRecord, wanted: string): boolean {
  if (Object.hasOwn(tags, wanted)) return true;
  const at = wanted.indexOf('=');
  const key = wanted.slice(0, at);
  return at > 0 && Object.hasOwn(tags, key) && tags[key] === wanted.slice(at + 1);
}

const searchText = (run: RunRecord): string =>
  [run.id, run.name, run.project ?? '', run.command?.join(' ') ?? '', ...Object.entries(run.tags).flat()]
    .join('\n')
    .toLowerCase();

/** Runs for an export, each read when its turn comes. `runIds` null: all, or all of a project, oldest first. */
export function exportRuns(store: Store, runIds: readonly string[] | null, project: string | null = null): TrackedRuns {
  const ids =
    runIds ??
    store
      .listRuns()
      .filter(({ record }) => project === null || record.project === project)
      .map(({ record }) => record.id)
      .reverse();
  return trackRuns(readRuns(store, ids), ids.length);
}

function* readRuns(store: Store, ids: readonly string[]): Generator<ExportRun, undefined> {
  for (const id of ids) yield { report: reportFromStore(store, id), timeSeries: () => store.timeSeries(id) };
  return undefined;
}

/** The run that a person means: an id, a unique prefix of one, a name, or 'last'. Throws 'runs/not-found' or 'runs/ambiguous'. */
export function resolveRunId(store: Store, words: string): string {
  const runs = store.listRuns().map(({ record }) => record);
  if (words === 'last' && runs[0] !== undefined) return runs[0].id;
  const exact = runs.find((run) => run.id === words) ?? runs.find((run) => run.name === words);
  if (exact !== undefined) return exact.id;
  const prefixed = words === '' ? [] : runs.filter((run) => run.id.startsWith(words));
  const [only, second] = prefixed;
  if (only === undefined)
    throw new WattrunError(
      'runs/not-found',
      words === 'last' ? 'There are no runs yet.' : `There is no run ${words}.`,
      'List them with: wattrun runs',
    );
  if (second !== undefined)
    throw new WattrunError(
      'runs/ambiguous',
      `${words} could be ${prefixed.length} runs: ${prefixed
        .slice(0, 4)
        .map((run) => run.id)
        .join(', ')}.`,
    );
  return only.id;
}
