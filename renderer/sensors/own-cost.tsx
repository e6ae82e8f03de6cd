import { formatMemory } from '../../shared/format/memory.ts';
import { formatNumber, missing } from '../../shared/format/number-text.ts';
import { valueText } from '../../shared/format/quantity.ts';
import type { LiveState } from '../../shared/model/live.ts';
import { percentFromRatio } from '../../shared/units.ts';
import { useLocale } from '../i18n/use-locale.ts';
import { useWords } from '../i18n/use-words.ts';

/** What the monitor itself takes from the machine it watches. */
export function OwnCost({ live }: { readonly live: LiveState | null }) {
  const { t } = useWords();
  const locale = useLocale();
  const cpu = live?.overhead.cpuRatio ?? null;
  return (
    <>
      <div className="hd tp">
        <h2>{t('sensors.cost.title')}</h2>
      </div>
      <dl className="dl">
        <dt>{t('sensors.cost.cpu')}</dt>
        <dd>
          {cpu === null ? missing : t('sensors.cost.ofCore', { share: formatNumber(percentFromRatio(cpu), 1, locale) })}
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
