import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { formatMemory } from '../../shared/format/memory.ts';
import { formatUnitPrice } from '../../shared/format/money.ts';
import { digitDecimals, formatNumber } from '../../shared/format/number-text.ts';
import { quantityText } from '../../shared/format/quantity.ts';
import { provenances } from '../../shared/model/domain.ts';
import type { LiveState } from '../../shared/model/live.ts';
import { percentFromRatio } from '../../shared/units.ts';
import { useRegionName } from '../carbon/use-region-names.ts';
import { useConnection, useLive } from '../connection/connection-context.tsx';
import { EvidenceMark } from '../design/evidence.tsx';
import { GapSwatch } from '../design/key-swatch.tsx';
import { Sign } from '../design/sign.tsx';
import { useLocale } from '../i18n/use-locale.ts';

/** Sampling, sources, the key to the evidence marks, factor and price in use, Wattrun's own cost. */
export function StatusBar(): ReactNode {
  const { t } = useTranslation();
  const live = useLive();
  return (
    <footer className="foot">
      <SamplingState />
      {live !== null && (
        <span className="hide-n">
          {t('status.sources', { answering: live.sources.answering, count: live.sources.expected })}
        </span>
      )}
      <span className="row keys">
        {provenances.map((provenance) => (
          <span key={provenance} className="row">
            <EvidenceMark provenance={provenance} />
            <span aria-hidden="true">{t(`evidence.short.${provenance}`)}</span>
          </span>
        ))}
        <span className="row">
          <GapSwatch />
          <span>{t('evidence.none')}</span>
        </span>
      </span>
      <span className="grow" />
      {live !== null && <Standing live={live} />}
    </footer>
  );
}

function SamplingState(): ReactNode {
  const { t } = useTranslation();
  const locale = useLocale();
  const { status } = useConnection();
  const periodSeconds = useLive()?.periodSeconds ?? null;
  const isSampling = status === 'connected' && periodSeconds !== null;
  const words = (): string => {
    if (status === 'connecting') return t('status.connecting');
    if (!isSampling) return t('status.notSampling');
    const rate = 1 / periodSeconds;
    if (rate < 1) return t('status.samplingSlow', { seconds: formatNumber(periodSeconds, 0, locale) });
    return t('status.sampling', { rate: formatNumber(rate, Number.isInteger(rate) ? 0 : 1, locale) });
  };
  return (
    <span className="row">
      <span className={isSampling ? 'ok' : status === 'lost' ? 'crit' : 'q'}>
        <Sign name={isSampling ? 'disc' : status === 'lost' ? 'cross' : 'ring'} />
      </span>
      <span>{words()}</span>
    </span>
  );
}

function Standing({ live }: { readonly live: LiveState }): ReactNode {
  const { t } = useTranslation();
  const locale = useLocale();
  const { factor, price, overhead } = live;
  // What an engine that is gone took is nothing it takes now.
  const isAlive = useConnection().status === 'connected';
  const year = factor.intensityYear === null ? '' : ` ${factor.intensityYear}`;
  const nameOf = useRegionName();
  const cpu = overhead.cpuRatio === null ? null : formatNumber(percentFromRatio(overhead.cpuRatio), 1, locale);
  const memory = overhead.memoryBytes === null ? null : quantityText(formatMemory(overhead.memoryBytes, { locale }));
  return (
    <>
      <span className="hide-n" title={factor.intensitySource}>
        {t('status.factor', {
          region: `${nameOf(factor.region, factor.regionName)}${year}`,
          intensity: formatNumber(factor.intensityGramsCO2ePerKwh, 0, locale),
          pue: formatNumber(factor.pue, digitDecimals(factor.pue, 3), locale),
        })}
      </span>
      {price !== null && (
        <span className="hide-n">
          {t('status.price', { price: formatUnitPrice(price.pricePerKwh, { locale, currency: price.currency }) })}
        </span>
      )}
      {isAlive && cpu !== null && (
        <span>{memory === null ? t('status.overhead', { cpu }) : t('status.overheadMemory', { cpu, memory })}</span>
      )}
    </>
  );
}
