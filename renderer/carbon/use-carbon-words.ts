import { useTranslation } from 'react-i18next';

/** The words of factors, grid data, contracts and tariffs. */
export function useCarbonWords() {
  return useTranslation('carbon');
}
