import type { RunStatus, RunSummary } from '../../shared/model/run.ts';
import { type DateFilter, dateSpan, noDates } from './date-filter.ts';

/** As a run reads in the table: one that is going on may be held. */
export type ShownStatus = RunStatus | 'paused';

/** What the runs table is narrowed to. Empty text, null and an empty list hide nothing. */
export interface RunFilters {
  readonly text: string;
  /** '' stands for the runs of no project. */
  readonly project: string | null;
  /** As they are shown: 'lr=3e-4'. A run must have all of them. */
  readonly tags: readonly string[];
  readonly statuses: readonly ShownStatus[];
  readonly dates: DateFilter;
}

export const noFilters: RunFilters = { text: '', project: null, tags: [], statuses: [], dates: noDates };

/** How many of the filters hide something. */
export function activeFilterCount({ text, project, tags, statuses, dates }: RunFilters): number {
  const hasDates = dates.lastDays !== null || dates.from !== null || dates.to !== null;
  return [text.trim() !== '', project !== null, tags.length > 0, statuses.length > 0, hasDates].filter(Boolean).length;
}

/** What the filters ask that no record holds. */
export interface FilterMoment {
  readonly nowMs: number;
  /** Runs whose processes are held. */
  readonly pausedIds: ReadonlySet<string>;
}

/** Each word must be found in the run's name, project, tags, command, devices or id; case does not matter. Dates are those of its start, local. */
export function filterRuns(
  runs: readonly RunSummary[],
  filters: RunFilters,
  { nowMs, pausedIds }: FilterMoment,
): readonly RunSummary[] {
  const words = filters.text.toLowerCase().split(/\s+/).filter(Boolean);
  const { fromMs, toMs } = dateSpan(filters.dates, nowMs);
  const hasDates = fromMs !== null || toMs !== null;
  return runs.filter((run) => {
    if (filters.project !== null && (run.project ?? '') !== filters.project) return false;
    if (filters.statuses.length > 0 && !filters.statuses.includes(shownStatus(run, pausedIds))) return false;
    if (filters.tags.length > 0) {
      const tags = tagTexts(run.tags);
      if (!filters.tags.every((tag) => tags.includes(tag))) return false;
    }
    if (hasDates) {
      const startedMs = Date.parse(run.startedAt);
      if ((fromMs !== null && startedMs < fromMs) || (toMs !== null && startedMs >= toMs)) return false;
    }
    if (words.length === 0) return true;
    const text = searchText(run);
    return words.every((word) => text.includes(word));
  });
}

const shownStatus = ({ id, status }: RunSummary, pausedIds: ReadonlySet<string>): ShownStatus =>
  status === 'running' && pausedIds.has(id) ? 'paused' : status;

/** What runs can be narrowed by, and how many have it. */
export interface CountedChoice {
  readonly value: string;
  readonly count: number;
}

/** By the alphabet; those of no project, where there are any, last as ''. */
export function projectsOf(runs: readonly RunSummary[]): readonly CountedChoice[] {
  const counts = counted(runs.map((run) => run.project ?? ''));
  return [...counts.filter(({ value }) => value !== ''), ...counts.filter(({ value }) => value === '')];
}

/** Tags as they are shown, by the alphabet. */
export const tagsOf = (runs: readonly RunSummary[]): readonly CountedChoice[] =>
  counted(runs.flatMap((run) => tagTexts(run.tags)));

function counted(values: readonly string[]): readonly CountedChoice[] {
  const counts = new Map<string, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return [...counts]
    .map(([value, count]) => ({ value, count }))
    .sort((a, b) => a.value.localeCompare(b.value, undefined, { numeric: true }));
}

/** 'bf16', 'lr=3e-4': a tag as it is shown; its key alone where it has no value. */
export function tagTexts(tags: Readonly<Record<string, string>>): readonly string[] {
  return Object.entries(tags).map(([key, value]) => (value === '' || value === 'true' ? key : `${key}=${value}`));
}

/** The value alone, 'bf16' for precision=bf16: for a narrow column, with the whole tag in its tip. */
export function shortTagTexts(tags: Readonly<Record<string, string>>): readonly string[] {
  return Object.entries(tags).map(([key, value]) => (value === '' || value === 'true' ? key : value));
}

const searched = new WeakMap<RunSummary, string>();

/** Put together once a run: a table may hold thousands, and each letter typed asks all of them. */
function searchText(run: RunSummary): string {
  const text = searched.get(run) ?? makeSearchText(run);
  searched.set(run, text);
  return text;
}

function makeSearchText(run: RunSummary): string {
  const command = run.command?.join(' ') ?? '';
  return [run.name, run.project ?? '', ...tagTexts(run.tags), command, run.devices, run.id].join('\n').toLowerCase();
}
