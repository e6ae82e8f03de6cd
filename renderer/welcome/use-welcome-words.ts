import { useTranslation } from 'react-i18next';

const namespaces = ['welcome', 'views', 'app'] as const;

/** The words of the first start, and those of the pages where they say the same. */
export function useWelcomeWords() {
  return useTranslation(namespaces, { nsMode: 'fallback' });
}
