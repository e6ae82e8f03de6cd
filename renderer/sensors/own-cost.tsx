import { formatMemory } from '../../shared/format/memory.ts';
import { formatNumber, missing } from '../../shared/format/number-text.ts';
import { formatPower } from '../../shared/format/power.ts';
import { type Quantity, valueText } from '../../shared/format/quantity.ts';
import type { LiveState } from '../../shared/model/live.ts';
import { percentFromRatio } from '../../shared/units.ts';
import { useLocale } from '../i18n/use-locale.ts';
import { useWords } from '../i18n/use-words.ts';

/** A monitor draws fractions of a watt: two decimals under 10 W. */
const formatSmallPower = (powerWatts: number, locale: string): Quantity =>
  powerWatts < 10
    ? { value: formatNumber(powerWatts, 2, locale), unit: 'W', band: null }
    : formatPower(powerWatts, { locale });

/** What the monitor itself takes from the machine it watches. */
export function OwnCost({ live }: { readonly live: LiveState | null }) {
  const { t } = useWords();
  const locale = useLocale();
  const { cpuRatio = null, toolsCpuRatio = null, powerWatts = null } = live?.overhead ?? {};
  const ofCore = (ratio: number | null): string =>
    ratio === null ? missing : t('sensors.cost.ofCore', { share: formatNumber(percentFromRatio(ratio), 1, locale) });
  return (
    <>
      <div className="hd tp">
        <h2>{t('sensors.cost.title')}</h2>
      </div>
      <dl className="dl">
        <dt>{t('sensors.cost.cpu')}</dt>
        <dd>{ofCore(cpuRatio)}</dd>
        <dt>{t('sensors.cost.tools')}</dt>
        <dd title={t('sensors.cost.toolsHint')}>{ofCore(toolsCpuRatio)}</dd>
        <dt>{t('sensors.cost.power')}</dt>
        <dd title={t('sensors.cost.powerHint')}>
          {powerWatts === null ? missing : valueText(formatSmallPower(powerWatts, locale))}
        </dd>
        <dt>{t('sensors.cost.memory')}</dt>
        <dd>{valueText(formatMemory(live?.overhead.memoryBytes ?? null, { locale }))}</dd>
        <dt>{t('sensors.cost.disk')}</dt>
        <dd>{valueText(formatMemory(live?.storage.sizeBytes ?? null, { locale }))}</dd>
        <dt>{t('sensors.cost.sampling')}</dt>
        <dd>
          {live === null
            ? missing
            : t('sensors.cost.every', {
                seconds: formatNumber(live.periodSeconds, live.periodSeconds < 1 ? 1 : 0, locale),
              })}
        </dd>
      </dl>
    </>
  );
}
