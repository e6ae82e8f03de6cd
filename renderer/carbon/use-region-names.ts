import { useCallback } from 'react';
import { useRequest } from '../connection/use-request.ts';
import { useLocale } from '../i18n/use-locale.ts';
import { regionNameIn } from './region-name.ts';

/** Names of places by code in the language shown; what the engine wrote where a code is not of the table. Asks only where English will not do. */
export function useRegionName(): (code: string, fallback: string) => string {
  const locale = useLocale();
  const isForeign = locale.startsWith('zh');
  const regions = useRequest('carbon.regions', {}, { isEnabled: isForeign }).data?.regions;
  return useCallback(
    (code, fallback) => {
      const region = regions?.find((one) => one.code === code);
      return region === undefined ? fallback : regionNameIn(locale, region);
    },
    [regions, locale],
  );
}
