import { useTranslation } from 'react-i18next';

const namespaces = ['alerts', 'rules', 'views', 'app'] as const;

/** The words of rules, budgets and destinations, and those of the pages where these have none. */
export function useAlertWords() {
  return useTranslation(namespaces, { nsMode: 'fallback' });
}

export type AlertWords = ReturnType<typeof useAlertWords>['t'];
