import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { formatEmissionsWithBounds } from '../../shared/format/emissions.ts';
import { energyInUnit, energyUnitFor, formatEnergyWithBounds } from '../../shared/format/energy.ts';
import { formatClock } from '../../shared/format/moment.ts';
import { formatMoney, formatUnitPrice } from '../../shared/format/money.ts';
import { digitDecimals, formatNumber } from '../../shared/format/number-text.ts';
import { formatPower, formatPowerWithBounds } from '../../shared/format/power.ts';
import { valueText } from '../../shared/format/quantity.ts';
import { formatCoverage } from '../../shared/format/ratio.ts';
import type { LiveState } from '../../shared/model/live.ts';
import { hrefTo } from '../app/router.ts';
import { CleanerHoursHint } from '../carbon/cleaner-hours-hint.tsx';
import { useRegionName } from '../carbon/use-region-names.ts';
import { EvidenceBar, EvidenceMark, EvidenceWords } from '../design/evidence.tsx';
import { Figure, Missing } from '../design/figure.tsx';
import { GapSwatch } from '../design/key-swatch.tsx';
import { Tip } from '../design/tip.tsx';
import { Whisker } from '../design/whisker.tsx';
import { useLocale } from '../i18n/use-locale.ts';
import { EvidenceTip } from './evidence-tip.tsx';
import { HoursChart } from './hours-chart.tsx';

interface FiguresProps {
  readonly live: LiveState;
  /** The engine is gone: what was read is not what is. */
  readonly isStale: boolean;
}

const evidenceWidth = 168;

/** Power now, energy, money and emissions today, each with where it comes from and how sure it is. */
export function Figures({ live, isStale }: FiguresProps): ReactNode {
  const { t } = useTranslation();
  return (
    <section className="now-figs sec" aria-label={t('live.figures.section')}>
      {isStale ? <StalePower live={live} /> : <PowerFigure live={live} />}
      {!isStale && live.wall !== null && <WallFigure wall={live.wall} />}
      <EnergyFigure live={live} />
      <HoursChart hourlyJoules={live.today.hourlyJoules} atMs={live.atMs} />
      <CostFigure live={live} />
      <EmissionsFigure live={live} />
    </section>
  );
}

function PowerFigure({ live }: { readonly live: LiveState }): ReactNode {
  const { t } = useTranslation();
  const locale = useLocale();
  const { machine } = live;
  const shown = formatPowerWithBounds(machine, { locale, isLowerBound: machine.isLowerBound });
  if (machine.powerWatts === null)
    return (
      <Figure label={t('live.figures.power')} value={<Missing />} size="large">
        <div className="evw" />
        <div className="x">{t('live.figures.noReading')}</div>
      </Figure>
    );
  return (
    <Figure
      label={t('live.figures.power')}
      size="large"
      value={<Tip content={<EvidenceTip title={valueText(shown)} parts={machine.evidence} />}>{shown.value}</Tip>}
      {...(shown.unit === null ? {} : { unit: shown.unit })}
      plusMinus={shown.band}
    >
      <div className="evw">
        <EvidenceBar parts={machine.evidence} width={evidenceWidth} />
      </div>
      {machine.isLowerBound ? (
        <div className="x">
          <GapSwatch /> {t('live.figures.lowerBound')}
        </div>
      ) : (
        <div className="x">
          <EvidenceWords parts={machine.evidence} />
        </div>
      )}
    </Figure>
  );
}

/** The whole machine at its plug: read by a meter or estimated from a calibration; never in the sum beside it. */
function WallFigure({ wall }: { readonly wall: NonNullable<LiveState['wall']> }): ReactNode {
  const { t } = useTranslation();
  const locale = useLocale();
  const shown = formatPowerWithBounds(wall, { locale });
  return (
    <Figure
      label={t('live.figures.wall')}
      value={shown.value}
      {...(shown.unit === null ? {} : { unit: shown.unit })}
      plusMinus={shown.band}
    >
      <div className="x row tight">
        <EvidenceMark provenance={wall.isMeasured ? 'sensor' : 'model'} />
        {wall.meter ?? t(wall.isMeasured ? 'live.figures.wallMeasured' : 'live.figures.wallEstimated')}
      </div>
      <div className="x hide-n">{t('live.figures.wallBeside')}</div>
    </Figure>
  );
}

function StalePower({ live }: { readonly live: LiveState }): ReactNode {
  const { t } = useTranslation();
  const locale = useLocale();
  const power = valueText(formatPower(live.machine.powerWatts, { locale }));
  const time = formatClock(live.atMs, { locale, hasSeconds: true });
  return (
    <Figure label={t('live.figures.power')} value={<Missing />} size="large">
      <div className="evw" />
      <div className="x crit">{t('live.figures.lastPower', { power, time })}</div>
    </Figure>
  );
}

function EnergyFigure({ live }: { readonly live: LiveState }): ReactNode {
  const { t } = useTranslation();
  const locale = useLocale();
  const { energyJoules, lowJoules, highJoules, coverage, evidence } = live.today;
  if (energyJoules === null) return <Figure label={t('live.figures.energy')} value={<Missing />} size="large" />;
  const unit = energyUnitFor(energyJoules);
  const shown = formatEnergyWithBounds({ joules: energyJoules, lowJoules, highJoules }, { locale, unit });
  const end = (joules: number): string => {
    const value = energyInUnit(joules, unit);
    return formatNumber(value, Math.max(0, digitDecimals(value, 3)), locale);
  };
  const tip = <EvidenceTip title={valueText(shown)} parts={evidence} coverage={coverage} joules={energyJoules} />;
  return (
    <Figure
      label={t('live.figures.energy')}
      size="large"
      value={<Tip content={tip}>{shown.value}</Tip>}
      unit={unit}
      plusMinus={shown.band?.startsWith('±') === true ? shown.band : null}
    >
      <div className="evw">
        <EvidenceBar parts={evidence} width={evidenceWidth} />
      </div>
      <div className="x">
        {lowJoules !== null && highJoules !== null && highJoules > lowJoules ? (
          <Whisker
            low={lowJoules}
            value={energyJoules}
            high={highJoules}
            lowText={end(lowJoules)}
            highText={end(highJoules)}
          />
        ) : (
          t('live.figures.seen', { coverage: formatCoverage(coverage, { locale }) })
        )}
      </div>
    </Figure>
  );
}

function CostFigure({ live }: { readonly live: LiveState }): ReactNode {
  const { t } = useTranslation();
  const locale = useLocale();
  const { price } = live;
  if (price === null)
    return (
      <Figure label={t('live.figures.cost')} value={<Missing />}>
        <div className="x">
          <a href={hrefTo({ page: 'settings' })}>{t('live.figures.setPrice')}</a>
        </div>
      </Figure>
    );
  const money = { locale, currency: price.currency };
  return (
    <Figure label={t('live.figures.cost')} value={formatMoney(live.today.costAmount, money)}>
      <div className="x">{t('live.figures.pricePerKwh', { price: formatUnitPrice(price.pricePerKwh, money) })}</div>
    </Figure>
  );
}

function EmissionsFigure({ live }: { readonly live: LiveState }): ReactNode {
  const { t } = useTranslation();
  const nameOf = useRegionName();
  const locale = useLocale();
  const { factor, today } = live;
  const perJoule =
    today.energyJoules === null || today.energyJoules === 0
      ? null
      : (today.emissionsGramsCO2e ?? 0) / today.energyJoules;
  const bound = (joules: number | null): number | null =>
    joules === null || perJoule === null ? null : joules * perJoule;
  const shown = formatEmissionsWithBounds(
    {
      gramsCO2e: today.emissionsGramsCO2e,
      lowGramsCO2e: bound(today.lowJoules),
      highGramsCO2e: bound(today.highJoules),
    },
    { locale },
  );
  const intensity = formatNumber(factor.intensityGramsCO2ePerKwh, 0, locale);
  const isWorld = factor.region === 'WORLD';
  return (
    <Figure
      label={t('live.figures.emissions')}
      value={shown.unit === null ? <Missing /> : shown.value}
      {...(shown.unit === null ? {} : { unit: shown.unit })}
    >
      <div className="x" title={factor.intensitySource}>
        {isWorld ? t('live.figures.worldAverage', { intensity }) : t('live.figures.factor', { intensity })}
        {!isWorld && (
          <span className="hide-n">
            {t('live.figures.factorRegion', {
              region: nameOf(factor.region, factor.regionName),
              year: factor.intensityYear ?? '',
            })}
          </span>
        )}
      </div>
      <div className="x">
        <CleanerHoursHint atMs={live.atMs}>
          {isWorld ? (
            <a href={hrefTo({ page: 'settings' })}>{t('live.figures.chooseRegion')}</a>
          ) : (
            t('live.figures.pue', { pue: formatNumber(factor.pue, digitDecimals(factor.pue, 3), locale) })
          )}
        </CleanerHoursHint>
      </div>
    </Figure>
  );
}
