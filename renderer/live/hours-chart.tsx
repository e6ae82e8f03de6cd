import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { energyInUnit, energyUnitForColumn } from '../../shared/format/energy.ts';
import { formatNumber, threeDigitDecimals } from '../../shared/format/number-text.ts';
import { useLocale } from '../i18n/use-locale.ts';

interface HoursChartProps {
  readonly hourlyJoules: readonly (number | null)[];
  readonly atMs: number;
}

const height = 56;
const hours = 24;
const labelled = [0, 6, 12, 18, 24] as const;

/** Energy hour by hour today; the running hour in ink. An hour without readings has no bar, not a low one. */
export function HoursChart({ hourlyJoules, atMs }: HoursChartProps): ReactNode {
  const { t } = useTranslation();
  const locale = useLocale();
  const most = Math.max(...hourlyJoules.map((joules) => joules ?? 0));
  const unit = energyUnitForColumn(hourlyJoules);
  const current = new Date(atMs).getHours();
  const shown = energyInUnit(most, unit);
  const mostText = formatNumber(shown, Math.max(0, threeDigitDecimals(shown)), locale);
  return (
    <div className="hours">
      <div className="l">{t('live.figures.hours', { unit })}</div>
      <svg
        viewBox={`0 0 ${hours * 10} ${height}`}
        preserveAspectRatio="none"
        role="img"
        aria-label={t('live.figures.hoursSentence', { most: mostText, unit })}
      >
        <path d={`M0 ${height - 0.5}H${hours * 10}`} className="hours-base" />
        {hourlyJoules.slice(0, hours).map((joules, hour) => {
          if (joules === null || most <= 0) return null;
          const tall = Math.max(1, (joules / most) * (height - 4));
          return (
            <rect
              // biome-ignore lint/suspicious/noArrayIndexKey: an hour of the day is its own key
              key={hour}
              x={hour * 10 + 0.5}
              y={height - 1 - tall}
              width={8}
              height={tall}
              className={hour === current ? 'hour now' : 'hour'}
            />
          );
        })}
      </svg>
      <div className="hours-axis" aria-hidden="true">
        {labelled.map((hour) => (
          <span key={hour}>{hour}</span>
        ))}
      </div>
    </div>
  );
}
