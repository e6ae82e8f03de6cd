import { useTranslation } from 'react-i18next';

/** The words of steps, epochs and tokens. */
export function useProgressWords() {
  return useTranslation(['progress', 'app']);
}
