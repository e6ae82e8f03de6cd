import { create } from 'zustand';
import { runColumnIds } from './run-columns.ts';
import { noFilters, type RunFilters } from './run-filter.ts';
import { type RunsMemory, recallRuns, rememberRuns } from './runs-memory.ts';

interface RunsViewState extends RunsMemory {
  readonly selectedIds: ReadonlySet<string>;
  /** The row the keys act on, and where an extended selection begins. */
  readonly focusedId: string | null;
  readonly anchorId: string | null;
  /** The run whose name is a field now. */
  readonly renamedId: string | null;
  /** Tags and project of the selected runs are being changed. */
  readonly isTagging: boolean;
  /** The runs as they were last shown, for stepping from one run's page to the next. */
  readonly orderedIds: readonly string[];
}

/** What the user set up in the runs table; it stays while a run is looked at, and how it is narrowed and sorted outlives the window. */
export const useRunsView = create<RunsViewState>(() => ({
  ...recallRuns(runColumnIds),
  selectedIds: new Set<string>(),
  focusedId: null,
  anchorId: null,
  renamedId: null,
  isTagging: false,
  orderedIds: [],
}));

useRunsView.subscribe((state, before) => {
  const isSame =
    state.filters === before.filters &&
    state.sorting === before.sorting &&
    state.hiddenColumns === before.hiddenColumns;
  if (!isSame) rememberRuns(state);
});

export function setFilters(change: Partial<RunFilters>): void {
  useRunsView.setState(({ filters }) => ({ filters: { ...filters, ...change } }));
}

export function clearFilters(): void {
  useRunsView.setState({ filters: noFilters });
}

export function selectOnly(selectedIds: Iterable<string>): void {
  useRunsView.setState({ selectedIds: new Set(selectedIds) });
}

export function toggleSelected(runId: string): void {
  useRunsView.setState(({ selectedIds }) => {
    const next = new Set(selectedIds);
    if (!next.delete(runId)) next.add(runId);
    return { selectedIds: next, focusedId: runId, anchorId: runId };
  });
}

/** Selects all from the anchor to this run, in the order shown. */
export function extendSelection(runId: string): void {
  useRunsView.setState(({ selectedIds, anchorId, orderedIds }) => {
    const to = orderedIds.indexOf(runId);
    const from = anchorId === null ? to : orderedIds.indexOf(anchorId);
    const start = from === -1 ? to : from;
    const range = orderedIds.slice(Math.min(start, to), Math.max(start, to) + 1);
    return { selectedIds: new Set([...selectedIds, ...range]), focusedId: runId, anchorId: anchorId ?? runId };
  });
}

export function focusRun(runId: string | null): void {
  useRunsView.setState({ focusedId: runId });
}

export function renameInPlace(runId: string | null): void {
  useRunsView.setState({ renamedId: runId });
}

export function setTagging(isTagging: boolean): void {
  useRunsView.setState({ isTagging });
}

export function toggleColumn(column: string): void {
  useRunsView.setState(({ hiddenColumns }) => ({
    hiddenColumns: hiddenColumns.includes(column)
      ? hiddenColumns.filter((other) => other !== column)
      : [...hiddenColumns, column],
  }));
}

export function rememberOrder(orderedIds: readonly string[]): void {
  useRunsView.setState({ orderedIds });
}
