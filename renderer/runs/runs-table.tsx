import { type SortingState, useTable } from '@tanstack/react-table';
import { type CSSProperties, memo, type RefObject, useMemo } from 'react';
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
import { longestEmissions, longestEnergy, type RunTableScale, scaleOf } from './run-row-text.ts';
import { selectOnly, useRunsView } from './runs-store.ts';

const rowHeight = 24;

/** The runs in the order the user sorted them by. Both stay the same until the runs or the order change. */
export function useSortedRuns(runs: readonly RunSummary[]) {
  const sorting = useRunsView((state) => state.sorting);
  const options = useMemo(
    () => ({
      features: runTableFeatures,
      columns: runColumns,
      data: [...runs],
      getRowId: (run: RunSummary) => run.id,
      state: { sorting },
      onSortingChange: (change: SortingState | ((before: SortingState) => SortingState)) =>
        useRunsView.setState((state) => ({ sorting: typeof change === 'function' ? change(state.sorting) : change })),
      enableSortingRemoval: false,
      enableMultiSort: true,
    }),
    [runs, sorting],
  );
  const table = useTable(options);
  const rows = table.getRowModel().rows;
  const sorted = useMemo(() => rows.map((row) => row.original), [rows]);
  return { table, sorted };
}

export type RunTable = ReturnType<typeof useSortedRuns>['table'];

interface RunsTableProps {
  readonly table: RunTable;
  /** As they are on record, in their order. */
  readonly ordered: readonly RunSummary[];
  /** The same, those that go on with their newest figures. */
  readonly live: readonly RunSummary[];
  readonly scroller: RefObject<HTMLDivElement | null>;
  readonly dayMs: number;
}

export function RunsTable({ table, ordered, live, scroller, dayMs }: RunsTableProps) {
  const { t } = useWords();
  const locale = useLocale();
  const hiddenColumns = useRunsView((state) => state.hiddenColumns);
  const scale = useScale(live);
  return (
    <table
      className={['tb d rt', ...hiddenColumns.map((column) => `no-${column}`)].join(' ')}
      style={roomFor(scale, locale)}
      aria-label={t('runs.title')}
      aria-rowcount={live.length + 1}
    >
      <Columns />
      <RunsTableHead table={table} ordered={ordered} scale={scale} />
      <RunRows runs={live} scale={scale} scroller={scroller} dayMs={dayMs} />
    </table>
  );
}

/** Digits of the columns' own widths, and what each one more takes. */
const usualDigits = { energy: 6, emissions: 7 };
const digitPx = 7;

/** What the longest numbers take beyond the columns' own widths. */
function roomFor(scale: RunTableScale, locale: string): CSSProperties {
  const energy = digitPx * Math.max(0, longestEnergy(scale, locale) - usualDigits.energy);
  const emissions = digitPx * Math.max(0, longestEmissions(scale, locale) - usualDigits.emissions);
  return {
    '--more-energy': `${energy}px`,
    '--more-emissions': `${emissions}px`,
    '--more': `${energy + emissions}px`,
  } as CSSProperties;
}

/** The same object for as long as it says the same: rows are drawn anew with it. */
function useScale(runs: readonly RunSummary[]): RunTableScale {
  const scale = useMemo(() => scaleOf(runs), [runs]);
  const text = JSON.stringify(scale);
  // biome-ignore lint/correctness/useExhaustiveDependencies: what it says is what it follows
  return useMemo(() => scale, [text]);
}

interface RunRowsProps extends Pick<RunsTableProps, 'scroller' | 'dayMs'> {
  readonly runs: readonly RunSummary[];
  readonly scale: RunTableScale;
}

/** The rows in sight. Of a change of the selection, of what goes on or of the position only the rows it is about are drawn. */
function RunRows({ runs, scale, scroller, dayMs }: RunRowsProps) {
  const locale = useLocale();
  const selectedIds = useRunsView((state) => state.selectedIds);
  const focusedId = useRunsView((state) => state.focusedId);
  const renamedId = useRunsView((state) => state.renamedId);
  const { from, to } = useRowWindow(scroller, runs.length, rowHeight);
  return (
    <tbody>
      {from > 0 && <Spacer rows={from} />}
      {runs.slice(from, to).map((run, index) => (
        <RunRow
          key={run.id}
          run={run}
          scale={scale}
          locale={locale}
          dayMs={dayMs}
          rowIndex={from + index + 2}
          isSelected={selectedIds.has(run.id)}
          isFocused={focusedId === run.id}
          isRenamed={renamedId === run.id}
        />
      ))}
      {to < runs.length && <Spacer rows={runs.length - to} />}
    </tbody>
  );
}

/** One cell: more than the columns that are shown would take width from them. */
function Spacer({ rows }: { readonly rows: number }) {
  return (
    <tr className="spacer">
      <td style={{ height: rows * rowHeight }} />
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
      <col className="w-emissions c-emissions" />
      <col className="w-cost c-cost" />
      <col className="w-power c-power" />
      <col className="w-seen" />
    </colgroup>
  );
}

interface RunsTableHeadProps extends Pick<RunsTableProps, 'table' | 'ordered'> {
  readonly scale: RunTableScale;
}

const RunsTableHead = memo(function RunsTableHead({ table, ordered, scale }: RunsTableHeadProps) {
  const { t } = useWords();
  const locale = useLocale();
  const axisEnd = energyInUnit(scale.axisJoules, scale.energyUnit);
  const axisText = formatNumber(axisEnd, Number.isInteger(axisEnd) ? 0 : 2 - Math.ceil(Math.log10(axisEnd)), locale);
  const cost = scale.currency === null ? t('runs.column.cost') : currencySymbol({ locale, currency: scale.currency });
  const sortable = { table };
  return (
    <thead>
      <tr aria-rowindex={1}>
        <th scope="col">
          <SelectAll ordered={ordered} />
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
          className="n c-emissions"
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
});

function SelectAll({ ordered }: Pick<RunsTableProps, 'ordered'>) {
  const { t } = useWords();
  const selectedIds = useRunsView((state) => state.selectedIds);
  const count = selectedIds.size === 0 ? 0 : ordered.filter((run) => selectedIds.has(run.id)).length;
  const isAll = count > 0 && count === ordered.length;
  return (
    <Checkbox
      label={t('runs.selectAll')}
      state={isAll ? true : count > 0 ? 'some' : false}
      onChange={() => selectOnly(isAll ? [] : ordered.map((run) => run.id))}
    />
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
