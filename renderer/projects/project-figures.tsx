import { emissionsOfEnergy, formatEmissionsWithBounds } from '../../shared/format/emissions.ts';
import { energyLike, formatEnergyEnds, formatEnergyWithBounds } from '../../shared/format/energy.ts';
import type { Quantity } from '../../shared/format/quantity.ts';
import { differenceText } from '../../shared/format/ratio.ts';
import type { ProjectSummary } from '../../shared/model/project.ts';
import { Figure } from '../design/figure.tsx';
import { useLocale } from '../i18n/use-locale.ts';
import { costsText, shareText, trendKind } from './project-texts.ts';
import { useProjectWords } from './use-project-words.ts';

const unitOf = ({ unit }: Quantity): { readonly unit?: string } => (unit === null ? {} : { unit });

/** The project in six figures; what was lost beside what was used. */
export function ProjectFigures({ summary }: { readonly summary: ProjectSummary }) {
  const { t } = useProjectWords();
  const locale = useLocale();
  const { totals, loss, trend, runs } = summary;
  const energy = formatEnergyWithBounds(totals, { locale });
  const ends = formatEnergyEnds(totals, { locale });
  const emissions = formatEmissionsWithBounds(emissionsOfEnergy(totals.gramsCO2e, totals), { locale });
  const part = (joules: number | null): Quantity => formatEnergyWithBounds(energyLike(joules, totals), { locale });
  const recent = part(trend.recentJoules);
  const failed = part(loss.failedJoules);
  const idle = part(loss.idleJoules);
  const percent = trend.ratio === null ? '' : differenceText(trend.ratio - 1, { locale });
  return (
    <div className="pj-figs">
      <Figure size="medium" label={t('figure.energy')} value={energy.value} {...unitOf(energy)}>
        <div className="x">{ends === null ? t('noBounds') : `${ends.low} – ${ends.high}`}</div>
      </Figure>
      <Figure label={t('figure.emissions')} value={emissions.value} {...unitOf(emissions)}>
        <div className="x">{t('runs', { count: runs })}</div>
      </Figure>
      <Figure label={t('figure.cost')} value={costsText(totals.costs, { locale })}>
        <div className="x">{totals.costs.length === 0 ? t('noPrice') : ''}</div>
      </Figure>
      <Figure label={t('figure.trend')} value={recent.value} {...unitOf(recent)}>
        <div className="x">{t(`trend.${trendKind(trend)}`, { percent })}</div>
      </Figure>
      <Figure label={t('figure.failed')} value={failed.value} {...unitOf(failed)}>
        <div className={loss.failedRuns > 0 ? 'x crit' : 'x'}>
          {loss.failedRuns === 0
            ? t('failedNone')
            : t('failed', { count: loss.failedRuns, percent: shareText(loss.failedJoules, totals.joules, { locale }) })}
        </div>
      </Figure>
      <Figure label={t('figure.idle')} value={idle.value} {...unitOf(idle)}>
        <div className="x">
          {loss.idleJoules === null
            ? t('idleUnknown')
            : t('idleText', { percent: shareText(loss.idleJoules, totals.joules, { locale }) })}
        </div>
      </Figure>
    </div>
  );
}
