import { type RefObject, useMemo } from 'react';
import { formatEmissions } from '../../shared/format/emissions.ts';
import { formatEnergyWithBounds } from '../../shared/format/energy.ts';
import { formatMoney } from '../../shared/format/money.ts';
import { quantityText, valueText } from '../../shared/format/quantity.ts';
import type { RunSummary } from '../../shared/model/run.ts';
import { Button } from '../design/button.tsx';
import { Checkbox } from '../design/switch.tsx';
import { useLocale } from '../i18n/use-locale.ts';
import { useWords } from '../i18n/use-words.ts';
import { ExportMenu } from './export-menu.tsx';
import { totalRuns } from './run-totals.ts';
import { selectOnly } from './runs-store.ts';
import { useDeleteRuns } from './use-delete-runs.ts';

interface SelectionBarProps {
  readonly selected: readonly RunSummary[];
  readonly exportButton: RefObject<HTMLButtonElement | null>;
}

/** What is selected, its sums, and what can be done with it. */
export function SelectionBar({ selected, exportButton }: SelectionBarProps) {
  const { t } = useWords();
  const locale = useLocale();
  const totals = useMemo(() => totalRuns(selected), [selected]);
  const deleteRuns = useDeleteRuns();
  const runIds = selected.map((run) => run.id);
  const sums = [
    quantityText(formatEnergyWithBounds(totals, { locale, isLowerBound: totals.isLowerBound })),
    valueText(formatEmissions(totals.gramsCO2e, { locale })),
    ...totals.costs.map(({ currency, amount }) => formatMoney(amount, { locale, currency })),
  ];
  return (
    <section className="selb" aria-label={t('runs.selection')}>
      <Checkbox label={t('runs.clearSelection')} state onChange={() => selectOnly([])} />
      <b className="nw">{t('runs.selected', { count: selected.length })}</b>
      <span className="s cut">{sums.join(' · ')}</span>
      <span className="grow" />
      <ExportMenu runIds={runIds} buttonRef={exportButton} keyShown="E" />
      <Button
        look="danger"
        icon="trash"
        title={t('runs.delete')}
        onClick={() => void deleteRuns(runIds).then((isDone) => isDone && selectOnly([]))}
      >
        <span className="btn-word">{t('runs.delete')}</span>
      </Button>
      <Button look="ghost" icon="close" aria-label={t('runs.clearSelection')} onClick={() => selectOnly([])} />
    </section>
  );
}
