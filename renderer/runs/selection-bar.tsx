import { type RefObject, useMemo } from 'react';
import { formatEmissionsWithBounds } from '../../shared/format/emissions.ts';
import { formatEnergyWithBounds } from '../../shared/format/energy.ts';
import { formatMoney } from '../../shared/format/money.ts';
import { quantityText, valueText } from '../../shared/format/quantity.ts';
import type { RunSummary } from '../../shared/model/run.ts';
import { CompareButton } from '../compare/compare-button.tsx';
import { Button } from '../design/button.tsx';
import { Keys } from '../design/menu.tsx';
import { Checkbox } from '../design/switch.tsx';
import { useLocale } from '../i18n/use-locale.ts';
import { ExportMenu } from './export-menu.tsx';
import { MergeRuns } from './merge-runs.tsx';
import { totalRuns } from './run-totals.ts';
import { renameInPlace, selectOnly, setTagging, useRunsView } from './runs-store.ts';
import { TagDialog } from './tag-dialog.tsx';
import { useDeleteRuns } from './use-delete-runs.ts';
import { useDismissRun } from './use-dismiss-run.ts';
import { useRecordWords } from './use-record-words.ts';

interface SelectionBarProps {
  readonly selected: readonly RunSummary[];
  readonly exportButton: RefObject<HTMLButtonElement | null>;
  /** Names of all projects there are. */
  readonly projects: readonly string[];
}

/** What is selected, its sums, and what can be done with it. */
export function SelectionBar({ selected, exportButton, projects }: SelectionBarProps) {
  const { t } = useRecordWords();
  const isTagging = useRunsView((state) => state.isTagging);
  const locale = useLocale();
  const totals = useMemo(() => totalRuns(selected), [selected]);
  const deleteRuns = useDeleteRuns();
  const dismiss = useDismissRun();
  const only = selected[0];
  const runIds = selected.map((run) => run.id);
  const sums = [
    quantityText(formatEnergyWithBounds(totals, { locale, isLowerBound: totals.isLowerBound })),
    valueText(formatEmissionsWithBounds(totals, { locale })),
    ...totals.costs.map(({ currency, amount }) => formatMoney(amount, { locale, currency })),
  ];
  return (
    <section className="selb" aria-label={t('runs.selection')}>
      <Checkbox label={t('runs.clearSelection')} state onChange={() => selectOnly([])} />
      <b className="nw">{t('runs.selected', { count: selected.length })}</b>
      <span className="s cut">{sums.join(' · ')}</span>
      <span className="grow" />
      {only !== undefined && selected.length === 1 && (
        <Button icon="note" title={t('run.rename')} onClick={() => renameInPlace(only.id)}>
          <span className="btn-word">{t('runs.rename')}</span>
        </Button>
      )}
      {only?.foundBy === 'process' && selected.length === 1 && (
        <Button
          icon="close"
          title={t('runs.dismiss.hint')}
          onClick={() => void dismiss(only.id, only.name).then((isDone) => isDone && selectOnly([]))}
        >
          <span className="btn-word">{t('runs.dismiss.button')}</span>
        </Button>
      )}
      <CompareButton runIds={runIds} />
      <MergeRuns selected={selected} />
      <ExportMenu runIds={runIds} buttonRef={exportButton} keyShown="E" />
      <Button icon="tag" title={t('tag.edit')} onClick={() => setTagging(true)}>
        <span className="btn-word">{t('tag.button')}</span> <Keys keys={['T']} />
      </Button>
      <Button
        look="danger"
        icon="trash"
        title={t('runs.delete')}
        onClick={() => void deleteRuns(runIds).then((isDone) => isDone && selectOnly([]))}
      >
        <span className="btn-word">{t('runs.delete')}</span>
      </Button>
      <Button look="ghost" icon="close" aria-label={t('runs.clearSelection')} onClick={() => selectOnly([])} />
      {isTagging && <TagDialog runs={selected} projects={projects} onClose={() => setTagging(false)} />}
    </section>
  );
}
