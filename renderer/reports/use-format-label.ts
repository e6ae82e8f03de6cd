import { useCallback } from 'react';
import { useTranslation } from 'react-i18next';
import type { ExportFormat } from '../../shared/contract/engine-contract.ts';

/** What a format is called in the language of the page; the engine's own words for one that the page does not know. */
export function useFormatLabel(): (format: ExportFormat) => string {
  const { t } = useTranslation('reports');
  return useCallback(({ id, label }) => t(`format.${id}`, { defaultValue: label }), [t]);
}
