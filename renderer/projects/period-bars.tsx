import { useState } from 'react';
import { formatDay } from '../../shared/format/moment.ts';
import type { ProjectPeriod, ProjectTotals } from '../../shared/model/project.ts';
import { Segmented } from '../design/segmented.tsx';
import { useLocale } from '../i18n/use-locale.ts';
import { joulesText } from './project-texts.ts';
import { useProjectWords } from './use-project-words.ts';

type Period = 'week' | 'month';

interface PeriodBarsProps {
  readonly weeks: readonly ProjectPeriod[];
  readonly months: readonly ProjectPeriod[];
  readonly totals: ProjectTotals;
}

/** Half a year of weeks, two years of months. */
const mostBars = { week: 26, month: 24 } as const satisfies Record<Period, number>;

/** Energy by week or month; each bar says its numbers to who points at it or listens. */
export function PeriodBars({ weeks, months, totals }: PeriodBarsProps) {
  const { t } = useProjectWords();
  const locale = useLocale();
  const [period, setPeriod] = useState<Period>('week');
  const bars = (period === 'week' ? weeks : months).slice(-mostBars[period]);
  const most = Math.max(0, ...bars.map(({ joules }) => joules));
  const nowMs = Date.now();
  // About six days are named: more would run into each other.
  const every = Math.max(1, Math.ceil(bars.length / 6));
  return (
    <div className="pj-sec">
      <header className="pj-head">
        <h3>{t('chart', { period: t(`period.${period}`) })}</h3>
        <span className="grow" />
        <Segmented
          size="small"
          label={t('by.label')}
          value={period}
          onChange={setPeriod}
          choices={[
            { value: 'week', label: t('by.week') },
            { value: 'month', label: t('by.month') },
          ]}
        />
      </header>
      <div className="pj-chart">
        <span className="pj-most" aria-hidden="true">
          {joulesText(most, totals, { locale })}
        </span>
        <ul className="pj-bars">
          {bars.map((bar, index) => {
            const day = formatDay(bar.fromMs, { locale, nowMs });
            const text = t('bar', { day, energy: joulesText(bar.joules, totals, { locale }), count: bar.runs });
            return (
              <li key={bar.fromMs} title={text}>
                <span className="vh">{text}</span>
                <div className="pj-track" aria-hidden="true">
                  <div className="pj-bar" style={{ height: `${most === 0 ? 0 : (bar.joules / most) * 100}%` }} />
                </div>
                <span className="pj-day" aria-hidden="true">
                  {index % every === 0 ? day : ''}
                </span>
              </li>
            );
          })}
        </ul>
      </div>
    </div>
  );
}
