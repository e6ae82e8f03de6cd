import type { ReactNode } from 'react';
import { emissionsLike, formatEmissions, formatEmissionsWithBounds } from '../../shared/format/emissions.ts';
import { formatMoney, formatUnitPrice } from '../../shared/format/money.ts';
import { digitDecimals, formatNumber } from '../../shared/format/number-text.ts';
import { valueText } from '../../shared/format/quantity.ts';
import { formatShare } from '../../shared/format/ratio.ts';
import { sciScores } from '../../shared/format/sci-scores.ts';
import type { RunReport } from '../../shared/model/run.ts';
import { useLocale } from '../i18n/use-locale.ts';
import { useCarbonWords } from './use-carbon-words.ts';
import './carbon.css';

interface ReportProps {
  readonly report: RunReport;
}

/** What emissions and cost stand on, and what is kept apart from them. Nothing where all is one factor and one price. */
export function RunEmissionsSection({ report }: ReportProps) {
  const { t } = useCarbonWords();
  const { emissions, cost } = report;
  const isOverTime = emissions.byIntensity.some((share) => !share.isFallback);
  const hasPrices = (cost?.byPrice?.length ?? 0) > 0;
  const hasBeside = emissions.market !== null || emissions.embodied !== null || emissions.water !== null;
  if (!isOverTime && !hasPrices && !hasBeside) return null;
  return (
    <section className="sec dm" aria-label={t('run.title')}>
      <div className="hd">
        <h2>{t('run.title')}</h2>
      </div>
      {isOverTime && <IntensityTable report={report} />}
      {hasPrices && <PriceTable report={report} />}
      {(hasBeside || isOverTime) && <Beside report={report} />}
    </section>
  );
}

function IntensityTable({ report }: ReportProps) {
  const { t } = useCarbonWords();
  const locale = useLocale();
  return (
    <div className="dm-scroll">
      <table className="tb d co-t">
        <thead>
          <tr>
            <th scope="col">{t('run.standsOn')}</th>
            <th scope="col" className="n w-share">
              {t('run.share')}
            </th>
            <th scope="col" className="n w-rate">
              {t('run.intensity')}
            </th>
            <th scope="col" className="n w-grams">
              {t('run.grams')}
            </th>
          </tr>
        </thead>
        <tbody>
          {report.emissions.byIntensity.map((share) => (
            <tr key={`${share.source} ${share.kind} ${share.isEstimated}`}>
              <td className="cut" title={share.source}>
                {share.source}
                <span className="q">
                  {share.isFallback && ` · ${t('run.fallback')}`}
                  {share.isEstimated && ` · ${t('run.estimated')}`}
                  {share.kind === 'marginal' && ` · ${t('run.marginal')}`}
                </span>
              </td>
              <td className="n">{formatShare(share.energyRatio, { locale })} %</td>
              <td className="n">{formatNumber(share.intensityGramsCO2ePerKwh, 0, locale)}</td>
              <td className="n">
                {valueText(formatEmissionsWithBounds(emissionsLike(share.gramsCO2e, report.emissions), { locale }))}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function PriceTable({ report: { cost } }: ReportProps) {
  const { t } = useCarbonWords();
  const locale = useLocale();
  if (cost === null) return null;
  const money = { locale, currency: cost.currency };
  return (
    <div className="dm-scroll">
      <table className="tb d co-t" aria-label={t('run.prices')}>
        <thead>
          <tr>
            <th scope="col">{t('run.priceBand')}</th>
            <th scope="col" className="n w-share">
              {t('run.share')}
            </th>
            <th scope="col" className="n w-rate">
              {t('run.price')}
            </th>
            <th scope="col" className="n w-grams">
              {t('run.cost')}
            </th>
          </tr>
        </thead>
        <tbody>
          {(cost.byPrice ?? []).map(({ label, pricePerKwh, energyRatio, amount }) => (
            <tr key={`${label} ${pricePerKwh}`}>
              <td className="cut">{label === '' ? <span className="q">{t('run.priceOther')}</span> : label}</td>
              <td className="n">{formatShare(energyRatio, { locale })} %</td>
              <td className="n">{formatUnitPrice(pricePerKwh, money)}</td>
              <td className="n">{formatMoney(amount, money)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** Each by itself: none of these is in another's sum. */
function Beside({ report: { emissions } }: ReportProps) {
  const { t } = useCarbonWords();
  const locale = useLocale();
  const { market, embodied, water, sci } = emissions;
  return (
    <dl className="co-beside">
      <Fact label={t('run.location')} hint="">
        {valueText(formatEmissionsWithBounds(emissions, { locale }))}
      </Fact>
      {market !== null && (
        <Fact
          label={t('run.market')}
          hint={t('run.marketHint', {
            factor: formatNumber(market.intensityGramsCO2ePerKwh, 0, locale),
            source: market.source === '' ? '–' : market.source,
          })}
        >
          {valueText(formatEmissionsWithBounds(market, { locale }))}
        </Fact>
      )}
      {embodied !== null && (
        <Fact
          label={t('run.embodied')}
          hint={t('run.embodiedHint', {
            kilograms: formatNumber(embodied.kilogramsCO2e, 0, locale),
            share: formatShare(embodied.shareRatio, { locale }),
          })}
        >
          {valueText(formatEmissions(embodied.gramsCO2e, { locale }))}
        </Fact>
      )}
      {water !== null && (
        <Fact label={t('run.water')} hint={t('run.waterHint', { wue: formatNumber(water.litersPerKwh, 2, locale) })}>
          {water.liters === null
            ? '–'
            : `${formatNumber(water.liters, Math.max(0, digitDecimals(water.liters, 3)), locale)} L`}
        </Fact>
      )}
      {sci !== null && (
        <Fact label={t('run.sci')} hint={t(sci.isEmbodiedIncluded ? 'run.sciHint' : 'run.sciHintBare')}>
          {sciScores(sci, emissions)
            .map(
              ({ unit, score }) => `${valueText(formatEmissionsWithBounds(score, { locale }))} ${t(`run.per.${unit}`)}`,
            )
            .join(' · ')}
        </Fact>
      )}
    </dl>
  );
}

function Fact({
  label,
  hint,
  children,
}: {
  readonly label: string;
  readonly hint: string;
  readonly children: ReactNode;
}) {
  return (
    <div>
      <dt>{label}</dt>
      <dd>
        <b>{children}</b> {hint !== '' && <span className="q">{hint}</span>}
      </dd>
    </div>
  );
}
