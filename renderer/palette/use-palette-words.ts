import { useCallback } from 'react';
import { useTranslation } from 'react-i18next';
import type { Words } from './command.ts';

const namespaces = ['palette', 'views', 'app'] as const;

/** The words of commands and keys, and those of the pages where a command says what a page says. */
export function usePaletteWords(): Words {
  const { t } = useTranslation(namespaces, { nsMode: 'fallback' });
  return useCallback((key, values) => t(key, { ...values }), [t]);
}
