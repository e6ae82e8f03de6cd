import { useTranslation } from 'react-i18next';

const namespaces = ['views', 'app'] as const;

/** The words of the pages beside Live, and the app's own where a page has none. */
export function useWords() {
  return useTranslation(namespaces, { nsMode: 'fallback' });
}
