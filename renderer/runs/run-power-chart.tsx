import { memo, useMemo, useState } from 'react';
import { formatExactDuration } from '../../shared/format/duration.ts';
import { formatFullMoment } from '../../shared/format/moment.ts';
import { formatPower } from '../../shared/format/power.ts';
import { valueText } from '../../shared/format/quantity.ts';
import type { RunReport } from '../../shared/model/run.ts';
import { secondsFromMs } from '../../shared/units.ts';
import { axisUnit } from '../charts/axis-text.ts';
import type { ChartSeries, TimeChartProps } from '../charts/chart-model.ts';
import { extentOf } from '../charts/columns.ts';
import { withoutIdleBuckets } from '../charts/idle-buckets.ts';
import { markLabel } from '../charts/mark-label.ts';
import { TimeChart } from '../charts/time-chart.tsx';
import { valueAxis } from '../charts/value-axis.ts';
import { usePeriodSeconds } from '../connection/connection-context.tsx';
import { useRequest } from '../connection/use-request.ts';
import { Button } from '../design/button.tsx';
import { FailedState } from '../design/empty-state.tsx';
import { seriesColor } from '../design/series.ts';
import { ChartMenu } from '../exports/chart-menu.tsx';
import { useLocale } from '../i18n/use-locale.ts';
import { useWords } from '../i18n/use-words.ts';
import { markName, shownMarks } from '../progress/shown-marks.ts';
import { energyLine } from './energy-line.ts';
import { domainFill } from './run-domain-color.ts';
import { unseenSpans } from './run-events.ts';
import { evidenceOf } from './run-evidence.ts';
import { powerQuery, stackedDomains, type TimeSpan } from './run-history-query.ts';

interface RunPowerChartProps {
  readonly report: RunReport;
  readonly span: TimeSpan;
  /** Null while the whole run is shown. */
  readonly zoom: TimeSpan | null;
  readonly onZoom: (zoom: TimeSpan | null) => void;
}

const buckets = 800;
const emptyColumn: readonly null[] = [];

/** The run's power over its whole time, a layer a device, with marks, alerts and what nobody saw. */
function RunPowerChartView({ report, span, zoom, onZoom }: RunPowerChartProps) {
  const { t } = useWords();
  const locale = useLocale();
  const shown = zoom ?? span;
  const domains = useMemo(() => stackedDomains(report.energy.domains), [report.energy.domains]);
  const asked = useRequest('history.query', powerQuery(report.run.id, domains, shown, buckets));
  const periodSeconds = usePeriodSeconds();
  const history = useMemo(
    () => (asked.data === null ? null : withoutIdleBuckets(asked.data, periodSeconds)),
    [asked.data, periodSeconds],
  );
  const chart = useMemo((): TimeChartProps => {
    const columns = new Map(history?.series.map((series) => [series.key, series]));
    const color = seriesColor(report.run.colorIndex);
    const series = domains.map(
      (domain): ChartSeries => ({
        key: domain.id,
        label: domain.label,
        color: domainFill(domain, report.energy.domains, color),
        kind: 'area',
        mean: columns.get(domain.id)?.mean ?? emptyColumn,
      }),
    );
    const total = columns.get('total');
    return {
      timesMs: history?.timesMs ?? [],
      ...shown,
      unit: 'watts',
      isStacked: true,
      series,
      ...(total === undefined ? {} : { total: { label: t('run.power.total'), ...total } }),
      gaps: unseenSpans(report.energy.domains),
      alerts: report.alerts.map((alert) => ({
        id: alert.id,
        label: alert.rule,
        level: alert.level,
        atMs: Date.parse(alert.firedAt),
      })),
      marks: shownMarks(report.marks).map((mark) => ({
        atMs: Date.parse(mark.at),
        label: markLabel(mark.kind, markName(mark)),
      })),
      ariaSentence: '',
      onRange: (fromMs, toMs) => onZoom({ fromMs, toMs }),
      onReset: () => onZoom(null),
    };
  }, [history, domains, report, shown, onZoom, t]);
  const extent = chart.total === undefined ? null : extentOf([chart.total.mean]);
  const watts = (value: number): string => valueText(formatPower(value, { locale }));
  const sentence =
    extent === null
      ? t('run.power.sentenceEmpty')
      : t('run.power.sentence', {
          name: report.run.name,
          duration: formatExactDuration(secondsFromMs(shown.toMs - shown.fromMs), { locale }),
          min: watts(extent.min),
          max: watts(extent.max),
        });
  return (
    <section className="pw sec">
      <div className="hd">
        <h2>{t('run.power.title')}</h2>
        <span className="u">{axisUnit('watts', valueAxis(chart).max).word}</span>
        <span className="q">{t('run.power.byDomain')}</span>
        <div className="r">
          {history?.isReduced === true && (
            <span>{t('run.power.point', { duration: formatExactDuration(history.bucketSeconds, { locale }) })}</span>
          )}
          {zoom !== null && (
            <Button size="small" onClick={() => onZoom(null)}>
              {t('run.power.whole')}
            </Button>
          )}
          <ChartMenu
            heading={t('run.power.title')}
            title={`${t('run.power.title')}: ${report.run.name}`}
            chart={{ kind: 'time', props: chart }}
            bucketSeconds={history?.bucketSeconds ?? null}
            isReduced={history?.isReduced ?? false}
            evidence={evidenceOf(report)}
            lines={[energyLine(report, t, locale)]}
          />
        </div>
      </div>
      <div className="ch">
        {asked.error !== null && history === null ? (
          <FailedState what="chart" error={asked.error} onRetry={asked.retry} />
        ) : (
          <TimeChart {...chart} ariaSentence={sentence} />
        )}
      </div>
      <ShowAsTable chart={chart} />
    </section>
  );
}

export const RunPowerChart = memo(RunPowerChartView);

const tableRows = 60;

/** The chart's numbers for whom a picture does not help; folded away until asked for. */
function ShowAsTable({ chart }: { readonly chart: TimeChartProps }) {
  const { t } = useWords();
  const locale = useLocale();
  const [isOpen, setIsOpen] = useState(false);
  const every = Math.max(1, Math.ceil(chart.timesMs.length / tableRows));
  return (
    <details className="as-table" onToggle={(event) => setIsOpen(event.currentTarget.open)}>
      <summary>{t('run.power.asTable')}</summary>
      {isOpen && (
        <table className="tb d">
          <thead>
            <tr>
              <th scope="col">{t('run.power.time')}</th>
              <th scope="col" className="n">
                {t('run.power.total')} W
              </th>
            </tr>
          </thead>
          <tbody>
            {chart.timesMs.map((atMs, index) =>
              index % every === 0 ? (
                <tr key={atMs}>
                  <td>{formatFullMoment(atMs, { locale, hasSeconds: true })}</td>
                  <td className="n">{formatPower(chart.total?.mean[index] ?? null, { locale }).value}</td>
                </tr>
              ) : null,
            )}
          </tbody>
        </table>
      )}
    </details>
  );
}
