import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '../design/button.tsx';
import { arrangeCharts, useChosenCharts } from './charts-store.ts';

/** Turns the arranging of the charts on and off. */
export function ArrangeButton(): ReactNode {
  const { t } = useTranslation('charts');
  const isArranging = useChosenCharts((state) => state.isArranging);
  return (
    <Button
      icon="layout"
      aria-label={t('arrange')}
      title={t('arrange')}
      aria-pressed={isArranging}
      onClick={() => arrangeCharts(!isArranging)}
    />
  );
}
