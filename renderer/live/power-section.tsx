import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { formatDuration } from '../../shared/format/duration.ts';
import { formatWattsColumn } from '../../shared/format/power.ts';
import type { LiveState } from '../../shared/model/live.ts';
import { axisUnit } from '../charts/axis-text.ts';
import { TimeChart } from '../charts/time-chart.tsx';
import { valueAxis } from '../charts/value-axis.ts';
import { FailedState } from '../design/empty-state.tsx';
import { Select } from '../design/select.tsx';
import { ChartMenu } from '../exports/chart-menu.tsx';
import { useLocale } from '../i18n/use-locale.ts';
import type { WindowStatistics } from './history-columns.ts';
import type { WindowControl } from './time-window.ts';
import { type PowerBy, usePowerChart } from './use-power-chart.ts';

interface PowerSectionProps extends WindowControl {
  readonly live: LiveState;
  readonly isStale: boolean;
}

/** A bucket from so many seconds on is worth a word in the heading. */
const notableBucketSeconds = 10;

/** Power over time: whose it is, or which device's; the total in ink. */
export function PowerSection(props: PowerSectionProps): ReactNode {
  const { t } = useTranslation();
  const locale = useLocale();
  const [by, setBy] = useState<PowerBy>('run');
  const { chart, statistics, result } = usePowerChart({ ...props, by });
  const { columns, error, retry } = result;
  return (
    <section className="power-sec sec" aria-label={t('live.power.heading')}>
      <div className="hd">
        <h2>{t('live.power.heading')}</h2>
        <span className="u">{axisUnit('watts', valueAxis(chart).max).word}</span>
        <Select
          size="small"
          look="button"
          label={t('live.power.by')}
          value={by}
          onChange={setBy}
          choices={[
            { value: 'run', label: t('live.power.byRun') },
            { value: 'device', label: t('live.power.byDevice') },
          ]}
        />
        <div className="r">
          {columns?.isReduced === true && columns.bucketSeconds >= notableBucketSeconds && (
            <span className="only-w">
              {t('live.power.point', { duration: formatDuration(columns.bucketSeconds, { locale }) })}
            </span>
          )}
          {statistics !== null && <Statistics statistics={statistics} />}
          <ChartMenu
            title={t(by === 'run' ? 'live.power.whatByRun' : 'live.power.whatByDevice')}
            chart={{ kind: 'time', props: chart }}
            bucketSeconds={columns?.bucketSeconds ?? null}
            isReduced={columns?.isReduced ?? false}
            evidence={props.live.machine.evidence}
          />
        </div>
      </div>
      <div className="ch">
        {error !== null && columns === null ? (
          <FailedState what="chart" error={error} onRetry={retry} />
        ) : (
          <TimeChart {...chart} />
        )}
      </div>
    </section>
  );
}

function Statistics({ statistics }: { readonly statistics: WindowStatistics }): ReactNode {
  const { t } = useTranslation();
  const locale = useLocale();
  return (
    <>
      <span className="hide-n">
        {t('live.power.min')} {formatWattsColumn(statistics.min, { locale })}
      </span>
      <span className="hide-n">
        {t('live.power.mean')} {formatWattsColumn(statistics.mean, { locale })}
      </span>
      <span>
        {t('live.power.max')} {formatWattsColumn(statistics.max, { locale })} W
      </span>
    </>
  );
}
