import { formatDuration, formatExactDuration } from '../../shared/format/duration.ts';
import { formatEmissionsWithBounds } from '../../shared/format/emissions.ts';
import { formatEnergyEnds, formatEnergyWithBounds } from '../../shared/format/energy.ts';
import { formatFullMoment, formatMoment } from '../../shared/format/moment.ts';
import { formatMoney, formatUnitPrice } from '../../shared/format/money.ts';
import { formatNumber } from '../../shared/format/number-text.ts';
import { formatPower } from '../../shared/format/power.ts';
import { type Quantity, valueText } from '../../shared/format/quantity.ts';
import { formatCoverage } from '../../shared/format/ratio.ts';
import { isSummed } from '../../shared/model/domain.ts';
import { placeOf } from '../../shared/model/emissions-place.ts';
import type { RunReport } from '../../shared/model/run.ts';
import { secondsFromMs } from '../../shared/units.ts';
import { hrefTo } from '../app/router.ts';
import { useRegionName } from '../carbon/use-region-names.ts';
import { EvidenceBar } from '../design/evidence.tsx';
import { Figure } from '../design/figure.tsx';
import { GapSwatch } from '../design/key-swatch.tsx';
import { Whisker } from '../design/whisker.tsx';
import { useLocale } from '../i18n/use-locale.ts';
import { useWords } from '../i18n/use-words.ts';
import { EnergyTip } from './energy-tip.tsx';
import { evidenceOf } from './run-evidence.ts';
import { spanLines } from './run-span.ts';

interface RunFiguresProps {
  readonly report: RunReport;
  readonly nowMs: number;
}

/** The run in six figures; energy the largest, with where it comes from and how sure it is. */
export function RunFigures({ report, nowMs }: RunFiguresProps) {
  return (
    <section className="figs sec">
      <EnergyFigure report={report} />
      <EmissionsFigure report={report} />
      <CostFigure report={report} />
      <DurationFigure report={report} nowMs={nowMs} />
      <PowerFigure report={report} />
      <SeenFigure report={report} />
    </section>
  );
}

type ReportProps = Pick<RunFiguresProps, 'report'>;

const unitOf = (quantity: Quantity): { readonly unit?: string } =>
  quantity.unit === null ? {} : { unit: quantity.unit };

function EnergyFigure({ report }: ReportProps) {
  const { t } = useWords();
  const locale = useLocale();
  const { totalJoules, lowJoules, highJoules, coverage } = report.energy;
  const bounds = { joules: totalJoules, lowJoules, highJoules };
  const shown = formatEnergyWithBounds(bounds, { locale });
  const ends = formatEnergyEnds(bounds, { locale });
  const evidence = evidenceOf(report);
  const value =
    totalJoules === null ? (
      <span className="q">–</span>
    ) : (
      <EnergyTip energy={bounds} evidence={evidence} coverage={coverage}>
        {shown.value}
      </EnergyTip>
    );
  return (
    <Figure
      size="large"
      label={t('run.figure.energy')}
      value={value}
      {...unitOf(shown)}
      // Bounds that are no ± stand at the whisker's ends.
      plusMinus={ends === null || shown.band?.startsWith('±') === true ? shown.band : null}
    >
      <div className="evw">
        <EvidenceBar parts={evidence} width={176} />
      </div>
      <div className="x">
        {ends !== null && totalJoules !== null && lowJoules !== null && highJoules !== null ? (
          <Whisker
            low={lowJoules}
            value={totalJoules}
            high={highJoules}
            lowText={ends.low}
            highText={ends.high}
            width={112}
          />
        ) : (
          totalJoules === null && t('run.figure.noEnergy')
        )}
      </div>
    </Figure>
  );
}

function EmissionsFigure({ report }: ReportProps) {
  const { t } = useWords();
  const locale = useLocale();
  const { emissions } = report;
  const nameOf = useRegionName();
  const shown = formatEmissionsWithBounds(emissions, { locale });
  const intensity = formatNumber(emissions.intensityGramsCO2ePerKwh, 0, locale);
  const isWorld = emissions.region === 'WORLD' && emissions.byIntensity.every((share) => share.isFallback);
  return (
    <Figure label={t('run.figure.emissions')} value={shown.value} {...unitOf(shown)} plusMinus={shown.band}>
      <div className="x">
        {t('run.figure.factor', {
          intensity,
          place: placeOf(emissions, nameOf),
          year: emissions.intensityYear ?? '',
        })}
      </div>
      <div className="x">
        {t('run.figure.pue', { pue: formatNumber(emissions.pue, Number.isInteger(emissions.pue) ? 0 : 2, locale) })}
        {isWorld && (
          <>
            {' · '}
            <a href={hrefTo({ page: 'settings' })}>{t('run.figure.chooseRegion')}</a>
          </>
        )}
      </div>
    </Figure>
  );
}

function CostFigure({ report }: ReportProps) {
  const { t } = useWords();
  const locale = useLocale();
  const { cost } = report;
  if (cost === null)
    return (
      <Figure label={t('run.figure.cost')} value={<span className="q">–</span>}>
        <div className="x">
          <a href={hrefTo({ page: 'settings' })}>{t('runs.setPrice')}</a>
        </div>
      </Figure>
    );
  const options = { locale, currency: cost.currency };
  return (
    <Figure label={t('run.figure.cost')} value={formatMoney(cost.amount, options)}>
      <div className="x">{t('run.figure.perKwh', { price: formatUnitPrice(cost.pricePerKwh, options) })}</div>
    </Figure>
  );
}

function DurationFigure({ report, nowMs }: RunFiguresProps) {
  const { t } = useWords();
  const locale = useLocale();
  const { run } = report;
  const lines = (textOf: (atMs: number) => string): readonly string[] => {
    const started = textOf(Date.parse(run.startedAt));
    if (run.endedAt === null) return [t('run.figure.since', { started })];
    return spanLines(started, textOf(Date.parse(run.endedAt)));
  };
  return (
    <Figure
      label={t('run.figure.duration')}
      value={formatDuration(run.durationSeconds, { locale, isWhole: run.endedAt === null })}
    >
      {lines((atMs) => formatMoment(atMs, { locale, nowMs })).map((line) => (
        <div className="x on-screen" key={line}>
          {line}
        </div>
      ))}
      {lines((atMs) => formatFullMoment(atMs, { locale })).map((line) => (
        <div className="x on-paper" key={line}>
          {line}
        </div>
      ))}
    </Figure>
  );
}

function PowerFigure({ report }: ReportProps) {
  const { t } = useWords();
  const locale = useLocale();
  const mean = formatPower(report.energy.meanWatts, { locale });
  const peak = report.energy.peakWatts;
  return (
    <Figure label={t('run.figure.power')} value={mean.value} {...unitOf(mean)}>
      {peak !== null && (
        <div className="x">{t('run.figure.peak', { power: valueText(formatPower(peak, { locale })) })}</div>
      )}
    </Figure>
  );
}

function SeenFigure({ report }: ReportProps) {
  const { t } = useWords();
  const locale = useLocale();
  const { coverage, domains } = report.energy;
  // Of the device that was seen least: a mean over them would be nobody's time.
  const summed = domains.filter((domain) => isSummed(domain.kind));
  const leastCoverage = Math.min(coverage, ...summed.map((domain) => domain.coverage));
  const missingSeconds = (1 - leastCoverage) * report.run.durationSeconds;
  return (
    <Figure label={t('run.figure.seen')} value={formatCoverage(coverage, { locale })} unit="%">
      {missingSeconds >= secondsFromMs(1000) && (
        <div className="x">
          <GapSwatch /> {t('run.figure.missing', { duration: formatExactDuration(missingSeconds, { locale }) })}
        </div>
      )}
    </Figure>
  );
}
