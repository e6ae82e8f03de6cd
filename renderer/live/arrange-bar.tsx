import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '../design/button.tsx';
import { type ChosenChart, isDefault, mostCharts, withOneMore } from './chart-layout.ts';
import { arrangeCharts, chooseCharts, resetCharts } from './charts-store.ts';

/** Adds, puts back, and ends the arranging. */
export function ArrangeBar({ charts }: { readonly charts: readonly ChosenChart[] }): ReactNode {
  const { t } = useTranslation('charts');
  const isFull = charts.length >= mostCharts;
  return (
    <div className="ab" role="toolbar" aria-label={t('arranging')}>
      <b>{t('arranging')}</b>
      <span className="q cut">{t('moveHow')}</span>
      <span className="grow" />
      {isFull && <span className="q">{t('most', { count: mostCharts })}</span>}
      <Button size="small" icon="plus" disabled={isFull} onClick={() => chooseCharts(withOneMore)}>
        {t('add')}
      </Button>
      <Button size="small" disabled={isDefault(charts)} onClick={resetCharts}>
        {t('reset')}
      </Button>
      <Button size="small" look="primary" onClick={() => arrangeCharts(false)}>
        {t('done')}
      </Button>
    </div>
  );
}
