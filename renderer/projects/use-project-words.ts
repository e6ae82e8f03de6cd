import { useTranslation } from 'react-i18next';

const namespaces = ['projects', 'views', 'app'] as const;

/** The words of the projects' page, and the other pages' where it has none. */
export function useProjectWords() {
  return useTranslation(namespaces, { nsMode: 'fallback' });
}
