import { memo, type RefObject, useMemo } from 'react';
import type { RunSummary } from '../../shared/model/run.ts';
import { useEngine, useLive } from '../connection/connection-context.tsx';
import { Button } from '../design/button.tsx';
import { EmptyState } from '../design/empty-state.tsx';
import { useWords } from '../i18n/use-words.ts';
import { withLiveFigures } from './live-summary.ts';
import { totalRuns } from './run-totals.ts';
import { clearFilters, useRunsView } from './runs-store.ts';
import { RunsTable, type RunTable } from './runs-table.tsx';
import { RunsTotalsLine } from './runs-totals-line.tsx';
import { SelectionBar } from './selection-bar.tsx';

interface ShownRunsProps {
  readonly table: RunTable;
  /** What the filters leave, as it is on record, in the order of the table. */
  readonly ordered: readonly RunSummary[];
  readonly hiddenCount: number;
  readonly filterCount: number;
  readonly scroller: RefObject<HTMLDivElement | null>;
  readonly dayMs: number;
  readonly selectionExport: RefObject<HTMLButtonElement | null>;
  /** Names of all projects there are. */
  readonly projects: readonly string[];
}

const noRuns: readonly [] = [];

/** Sums, rows and selection of the runs shown: what each reading moves on. The page around them stands still. */
export const ShownRuns = memo(function ShownRuns(props: ShownRunsProps) {
  const { table, ordered, scroller, dayMs } = props;
  const { t } = useWords();
  const liveRuns = useLive()?.runs ?? noRuns;
  const live = useMemo(() => withLiveFigures(ordered, liveRuns), [ordered, liveRuns]);
  const totals = useMemo(() => totalRuns(live), [live]);
  const isLost = useEngine().status === 'lost';
  return (
    <>
      <RunsTotalsLine totals={totals} />
      <section className={isLost ? 'tw lost' : 'tw'} ref={scroller} aria-label={t('runs.title')}>
        {live.length === 0 ? (
          <NoMatch hidden={props.hiddenCount} filters={props.filterCount} />
        ) : (
          <RunsTable table={table} ordered={ordered} live={live} scroller={scroller} dayMs={dayMs} />
        )}
      </section>
      <SelectedRuns runs={live} exportButton={props.selectionExport} projects={props.projects} />
    </>
  );
});

function NoMatch({ hidden, filters }: { readonly hidden: number; readonly filters: number }) {
  const { t } = useWords();
  return (
    <EmptyState
      title={t('runs.noMatch.title')}
      actions={
        <Button size="small" onClick={clearFilters}>
          {t('runs.filter.clear')}
        </Button>
      }
    >
      {t('runs.noMatch.hidden', { count: hidden })} {t('runs.noMatch.by', { count: filters })}
    </EmptyState>
  );
}

interface SelectedRunsProps {
  readonly runs: readonly RunSummary[];
  readonly exportButton: RefObject<HTMLButtonElement | null>;
  readonly projects: readonly string[];
}

function SelectedRuns({ runs, exportButton, projects }: SelectedRunsProps) {
  const selectedIds = useRunsView((state) => state.selectedIds);
  const selected = useMemo(
    () => (selectedIds.size === 0 ? noRuns : runs.filter((run) => selectedIds.has(run.id))),
    [runs, selectedIds],
  );
  if (selected.length === 0) return null;
  return <SelectionBar selected={selected} exportButton={exportButton} projects={projects} />;
}
