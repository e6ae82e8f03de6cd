import { useMemo } from 'react';
import { formatPower } from '../../shared/format/power.ts';
import { valueText } from '../../shared/format/quantity.ts';
import type { ChartLimit } from '../charts/chart-model.ts';
import { useRequest } from '../connection/use-request.ts';
import { useLocale } from '../i18n/use-locale.ts';

/** Limits of the enabled power rules on the whole machine, for the dashed lines. */
export function usePowerLimits(): readonly ChartLimit[] {
  const locale = useLocale();
  const { data } = useRequest('alerts.list', {}, { refreshOn: ['alerts.changed'] });
  return useMemo(() => {
    const values = (data?.rules ?? [])
      .filter((rule) => rule.isEnabled && rule.scope.kind === 'machine')
      .map((rule) => rule.params.limitWatts)
      .filter((value) => typeof value === 'number');
    return [...new Set(values)].map((value) => ({
      value,
      label: valueText(formatPower(value, { locale, style: 'tight' })),
    }));
  }, [data, locale]);
}
