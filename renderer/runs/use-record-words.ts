import { useTranslation } from 'react-i18next';

const namespaces = ['records', 'views', 'app'] as const;

/** The words of records: filters, tags, environments, print; and those of the pages where they say the same. */
export function useRecordWords() {
  return useTranslation(namespaces, { nsMode: 'fallback' });
}
