import { type SortingState, useTable } from '@tanstack/react-table';
import { type RefObject, useMemo } from 'react';
import { energyInUnit } from '../../shared/format/energy.ts';
import { currencySymbol } from '../../shared/format/money.ts';
import { formatNumber } from '../../shared/format/number-text.ts';
import type { RunSummary } from '../../shared/model/run.ts';
import { Icon } from '../design/icon.tsx';
import { Checkbox } from '../design/switch.tsx';
import { useLocale } from '../i18n/use-locale.ts';
import { useWords } from '../i18n/use-words.ts';
import { useRowWindow } from './row-window.ts';
import { type RunColumnId, runColumns, runTableFeatures } from './run-columns.ts';
import { RunRow } from './run-row.tsx';
import { type RunTableScale, rowTexts, scaleOf } from './run-row-text.ts';
import { selectOnly, useRunsView } from './runs-store.ts';

const rowHeight = 24;
const columnCount = 15;

/** The runs in the order the user sorted them by. */
export function useSortedRuns(runs: readonly RunSummary[]) {
  const sorting = useRunsView((state) => state.sorting);
  const data = useMemo(() => [...runs], [runs]);
  const table = useTable({
    features: runTableFeatures,
    columns: runColumns,
    data,
    getRowId: (run: RunSummary) => run.id,
    state: { sorting },
    onSortingChange: (change: SortingState | ((before: SortingState) => SortingState)) =>
      useRunsView.setState((state) => ({ sorting: typeof change === 'function' ? change(state.sorting) : change })),
    enableSortingRemoval: false,
    enableMultiSort: true,
  });
  const rows = table.getRowModel().rows;
  const sorted = useMemo(() => rows.map((row) => row.original), [rows]);
  return { table, sorted };
}

type RunTable = ReturnType<typeof useSortedRuns>['table'];

interface RunsTableProps {
  readonly table: RunTable;
  readonly sorted: readonly RunSummary[];
  readonly scroller: RefObject<HTMLDivElement | null>;
  readonly dayMs: number;
}

export function RunsTable({ table, sorted, scroller, dayMs }: RunsTableProps) {
  const { t } = useWords();
  const locale = useLocale();
  const selectedIds = useRunsView((state) => state.selectedIds);
  const focusedId = useRunsView((state) => state.focusedId);
  const renamedId = useRunsView((state) => state.renamedId);
  const hiddenColumns = useRunsView((state) => state.hiddenColumns);
  const scale = useMemo(() => scaleOf(sorted), [sorted]);
  const texts = useMemo(() => rowTexts(sorted, scale, locale), [sorted, scale, locale]);
  const idsText = sorted.map((run) => run.id).join('\n');
  const orderedIds = useMemo(() => idsText.split('\n'), [idsText]);
  const { from, to } = useRowWindow(scroller, sorted.length, rowHeight);
  return (
    <table
      className={['tb d rt', ...hiddenColumns.map((column) => `no-${column}`)].join(' ')}
      aria-label={t('runs.title')}
      aria-rowcount={sorted.length + 1}
    >
      <Columns />
      <RunsTableHead table={table} sorted={sorted} scale={scale} />
      <tbody>
        {from > 0 && <Spacer rows={from} />}
        {sorted.slice(from, to).map((run, index) => (
          <RunRow
            key={run.id}
            run={run}
            text={texts[from + index] ?? emptyText}
            axisJoules={scale.axisJoules}
            currency={scale.currency}
            locale={locale}
            dayMs={dayMs}
            rowIndex={from + index + 2}
            isSelected={selectedIds.has(run.id)}
            isFocused={focusedId === run.id}
            isRenamed={renamedId === run.id}
            orderedIds={orderedIds}
          />
        ))}
        {to < sorted.length && <Spacer rows={sorted.length - to} />}
      </tbody>
    </table>
  );
}

const emptyText = { energy: '', energyTail: '', energyBand: null, emissions: '', emissionsTail: '' };

function Spacer({ rows }: { readonly rows: number }) {
  return (
    <tr className="spacer">
      <td colSpan={columnCount} style={{ height: rows * rowHeight }} />
    </tr>
  );
}

function Columns() {
  return (
    <colgroup>
      <col className="w-select" />
      <col className="w-status" />
      <col className="w-name" />
      <col className="w-project c-project" />
      <col className="w-devices c-devices" />
      <col className="w-started" />
      <col className="w-duration" />
      <col className="w-energy" />
      <col className="w-band" />
      <col className="w-bar c-bar" />
      <col className="w-evidence" />
      <col className="w-emissions" />
      <col className="w-cost c-cost" />
      <col className="w-power c-power" />
      <col className="w-seen" />
    </colgroup>
  );
}

function RunsTableHead({
  table,
  sorted,
  scale,
}: Pick<RunsTableProps, 'table' | 'sorted'> & { readonly scale: RunTableScale }) {
  const { t } = useWords();
  const locale = useLocale();
  const selectedIds = useRunsView((state) => state.selectedIds);
  const selectedCount = sorted.filter((run) => selectedIds.has(run.id)).length;
  const isAll = selectedCount > 0 && selectedCount === sorted.length;
  const axisEnd = energyInUnit(scale.axisJoules, scale.energyUnit);
  const axisText = formatNumber(axisEnd, Number.isInteger(axisEnd) ? 0 : 2 - Math.ceil(Math.log10(axisEnd)), locale);
  const cost = scale.currency === null ? t('runs.column.cost') : currencySymbol({ locale, currency: scale.currency });
  const sortable = { table };
  return (
    <thead>
      <tr aria-rowindex={1}>
        <th scope="col">
          <Checkbox
            label={t('runs.selectAll')}
            state={isAll ? true : selectedCount > 0 ? 'some' : false}
            onChange={() => selectOnly(isAll ? [] : sorted.map((run) => run.id))}
          />
        </th>
        <SortHead {...sortable} id="status" label={t('runs.column.status')} />
        <SortHead {...sortable} id="name" label={t('runs.column.name')} />
        <SortHead {...sortable} id="project" label={t('runs.column.project')} className="c-project" />
        <SortHead {...sortable} id="devices" label={t('runs.column.devices')} className="c-devices" />
        <SortHead {...sortable} id="started" label={t('runs.column.started')} />
        <SortHead {...sortable} id="duration" label={t('runs.column.duration')} className="n" />
        <SortHead {...sortable} id="energy" label={scale.energyUnit} title={t('runs.column.energy')} className="n" />
        <th scope="col" title={t('runs.column.band')} className="pmc">
          ±
        </th>
        <th scope="col" className="c-bar">
          <span className="ax" aria-hidden="true">
            <span>0</span>
            <span>{axisText}</span>
          </span>
        </th>
        <th scope="col" className="c-evidence" title={t('runs.column.evidence')}>
          <span className="vh">{t('runs.column.evidence')}</span>
        </th>
        <SortHead
          {...sortable}
          id="emissions"
          label={scale.emissionsUnit}
          title={t('runs.column.emissions')}
          className="n"
        />
        <SortHead {...sortable} id="cost" label={cost} title={t('runs.column.cost')} className="n c-cost" />
        <SortHead {...sortable} id="power" label={t('runs.column.power')} className="n c-power" />
        <SortHead
          {...sortable}
          id="seen"
          label={t('runs.column.seen')}
          title={t('runs.column.seenLong')}
          className="n"
        />
      </tr>
    </thead>
  );
}

interface SortHeadProps {
  readonly table: RunTable;
  readonly id: RunColumnId;
  readonly label: string;
  readonly title?: string;
  readonly className?: string;
}

function SortHead({ table, id, label, title, className = '' }: SortHeadProps) {
  const column = table.getColumn(id);
  const direction = column?.getIsSorted() ?? false;
  const sort = direction === false ? 'none' : direction === 'asc' ? 'ascending' : 'descending';
  return (
    <th scope="col" aria-sort={sort} title={title} className={direction === false ? className : `${className} srt`}>
      <button type="button" className="sort" onClick={column?.getToggleSortingHandler()}>
        {label}
        {direction !== false && <Icon name={direction === 'asc' ? 'arrow-up' : 'arrow-down'} />}
      </button>
    </th>
  );
}
