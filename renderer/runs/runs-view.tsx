import { useDeferredValue, useEffect, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { formatNumber } from '../../shared/format/number-text.ts';
import { Page } from '../app/page.tsx';
import { TopBar } from '../app/top-bar.tsx';
import { useDay } from '../app/use-now.ts';
import { useRequest } from '../connection/use-request.ts';
import { Button } from '../design/button.tsx';
import { FailedState, LoadingBars } from '../design/empty-state.tsx';
import { useLocale } from '../i18n/use-locale.ts';
import { useWords } from '../i18n/use-words.ts';
import { StartRunDialog } from '../live/start-run-dialog.tsx';
import { ImportDialog } from '../reports/import-dialog.tsx';
import { ExportMenu } from './export-menu.tsx';
import { NoRuns } from './no-runs.tsx';
import { activeFilterCount, filterRuns, projectsOf, tagsOf } from './run-filter.ts';
import './runs.css';
import { rememberOrder, selectOnly, useRunsView } from './runs-store.ts';
import { useSortedRuns } from './runs-table.tsx';
import { RunsToolbar } from './runs-toolbar.tsx';
import { ShownRuns } from './shown-runs.tsx';
import { usePausedRuns } from './use-paused-runs.ts';
import { useTableKeys } from './use-table-keys.ts';

/** As many runs as one answer may hold. */
const mostRuns = 10_000;
const noRuns: readonly [] = [];

/** Every run on record, with what each took. */
export function RunsView() {
  const { t } = useWords();
  const asked = useRequest('runs.list', { limit: mostRuns }, { refreshOn: ['runs.changed'] });
  // The field shows each letter at once; thousands of rows follow when there is time.
  const filters = useDeferredValue(useRunsView((state) => state.filters));
  const stored = asked.data?.runs ?? noRuns;
  const dayMs = useDay();
  const pausedIds = usePausedRuns();
  // biome-ignore lint/correctness/useExhaustiveDependencies: the last days are others after midnight
  const shown = useMemo(
    () => filterRuns(stored, filters, { nowMs: Date.now(), pausedIds }),
    [stored, filters, pausedIds, dayMs],
  );
  const projects = useMemo(() => projectsOf(stored), [stored]);
  const projectNames = useMemo(() => projects.flatMap(({ value }) => (value === '' ? [] : [value])), [projects]);
  const tags = useMemo(() => tagsOf(stored), [stored]);
  // Sorted by what is on record: rows keep their place while live figures grow.
  const { table, sorted } = useSortedRuns(shown);
  // The arrow in the head moves at once, the rows after it. More or fewer runs are no new order: they are shown at once.
  const before = useDeferredValue(sorted);
  const ordered = before.length === sorted.length ? before : sorted;
  const scroller = useRef<HTMLDivElement>(null);
  const textField = useRef<HTMLDivElement>(null);
  const topExport = useRef<HTMLButtonElement>(null);
  const selectionExport = useRef<HTMLButtonElement>(null);
  useTableKeys({ sorted: ordered, scroller, textField, selectionExport, topExport });
  useForgottenSelection(asked.data === null ? null : stored);
  useEffect(() => rememberOrder(ordered.map((run) => run.id)), [ordered]);
  const { t: r } = useTranslation('reports');
  const [isStarting, setIsStarting] = useState(false);
  const [isImporting, setIsImporting] = useState(false);
  const isEmpty = asked.data !== null && stored.length === 0;
  const filterCount = activeFilterCount(filters);
  return (
    <>
      <TopBar
        title={t('runs.title')}
        lead={!isEmpty && asked.data !== null && <Count shown={shown.length} total={asked.data.total} />}
      >
        <Button icon="plus" onClick={() => setIsStarting(true)}>
          {t('live.running.start')}
        </Button>
        <Button icon="import" title={r('import.title')} onClick={() => setIsImporting(true)}>
          <span className="btn-word">{r('import.button')}</span>
        </Button>
        <ExportMenu
          runIds={filterCount > 0 ? ordered.map((run) => run.id) : null}
          isDisabled={ordered.length === 0}
          buttonRef={topExport}
        />
      </TopBar>
      <Page className="fill">
        {asked.error !== null && asked.data === null ? (
          <FailedState what="table" error={asked.error} onRetry={asked.retry} />
        ) : asked.data === null ? (
          <LoadingBars widths={[96, 88, 92, 80, 90]} />
        ) : isEmpty ? (
          <NoRuns />
        ) : (
          <div className="rl">
            <RunsToolbar projects={projects} tags={tags} textField={textField} />
            <ShownRuns
              table={table}
              ordered={ordered}
              hiddenCount={stored.length - ordered.length}
              filterCount={filterCount}
              scroller={scroller}
              dayMs={dayMs}
              selectionExport={selectionExport}
              projects={projectNames}
            />
          </div>
        )}
      </Page>
      {isImporting && <ImportDialog onClose={() => setIsImporting(false)} />}
      {isStarting && <StartRunDialog onClose={() => setIsStarting(false)} />}
    </>
  );
}

function Count({ shown, total }: { readonly shown: number; readonly total: number }) {
  const { t } = useWords();
  const locale = useLocale();
  const texts = { shown: formatNumber(shown, 0, locale), total: formatNumber(total, 0, locale) };
  return <span className="q">{shown === total ? texts.total : t('runs.count', texts)}</span>;
}

/** Runs that are gone, by whomever's hand, are selected no more. */
function useForgottenSelection(stored: readonly { readonly id: string }[] | null): void {
  useEffect(() => {
    if (stored === null) return;
    const known = new Set(stored.map((run) => run.id));
    const { selectedIds } = useRunsView.getState();
    const kept = [...selectedIds].filter((id) => known.has(id));
    if (kept.length < selectedIds.size) selectOnly(kept);
  }, [stored]);
}
