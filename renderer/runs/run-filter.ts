import type { RunStatus, RunSummary } from '../../shared/model/run.ts';

/** What the runs table is narrowed to. Empty text, null and an empty list hide nothing. */
export interface RunFilters {
  readonly text: string;
  readonly project: string | null;
  readonly statuses: readonly RunStatus[];
}

export const noFilters: RunFilters = { text: '', project: null, statuses: [] };

/** How many of the three filters hide something. */
export function activeFilterCount(filters: RunFilters): number {
  return [filters.text.trim() !== '', filters.project !== null, filters.statuses.length > 0].filter(Boolean).length;
}

/** Each word must be found in the run's name, project, tags, command, devices or id; case does not matter. */
export function filterRuns(runs: readonly RunSummary[], filters: RunFilters): readonly RunSummary[] {
  const words = filters.text.toLowerCase().split(/\s+/).filter(Boolean);
  return runs.filter((run) => {
    if (filters.project !== null && run.project !== filters.project) return false;
    if (filters.statuses.length > 0 && !filters.statuses.includes(run.status)) return false;
    if (words.length === 0) return true;
    const text = searchText(run);
    return words.every((word) => text.includes(word));
  });
}

export function projectsOf(runs: readonly RunSummary[]): readonly string[] {
  const projects = new Set(runs.map((run) => run.project).filter((project) => project !== null));
  return [...projects].sort((a, b) => a.localeCompare(b));
}

/** 'bf16', 'lr=3e-4': a tag as it is shown; its key alone where it has no value. */
export function tagTexts(tags: Readonly<Record<string, string>>): readonly string[] {
  return Object.entries(tags).map(([key, value]) => (value === '' || value === 'true' ? key : `${key}=${value}`));
}

/** The value alone, 'bf16' for precision=bf16: for a narrow column, with the whole tag in its tip. */
export function shortTagTexts(tags: Readonly<Record<string, string>>): readonly string[] {
  return Object.entries(tags).map(([key, value]) => (value === '' || value === 'true' ? key : value));
}

function searchText(run: RunSummary): string {
  const command = run.command?.join(' ') ?? '';
  return [run.name, run.project ?? '', ...tagTexts(run.tags), command, run.devices, run.id].join('\n').toLowerCase();
}
