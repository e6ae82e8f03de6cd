import { memo, useMemo } from 'react';
import { formatGibibytes } from '../../shared/format/memory.ts';
import { formatShare } from '../../shared/format/ratio.ts';
import { formatTemperature } from '../../shared/format/temperature.ts';
import type { History } from '../../shared/model/history.ts';
import type { RunDomain, RunReport } from '../../shared/model/run.ts';
import { gibibytesFromBytes, percentFromRatio } from '../../shared/units.ts';
import type { ChartSeries, ChartUnit, Column, TimeChartProps } from '../charts/chart-model.ts';
import { withoutIdleBuckets } from '../charts/idle-buckets.ts';
import { TimeChart } from '../charts/time-chart.tsx';
import { usePeriodSeconds } from '../connection/connection-context.tsx';
import { useRequest } from '../connection/use-request.ts';
import { FailedState } from '../design/empty-state.tsx';
import { seriesColor } from '../design/series.ts';
import { ChartMenu } from '../exports/chart-menu.tsx';
import { useLocale } from '../i18n/use-locale.ts';
import { useWords } from '../i18n/use-words.ts';
import { unseenSpans } from './run-events.ts';
import {
  stateQuery,
  type TimeSpan,
  type WatchedDomains,
  type WatchedQuantity,
  watchedDomains,
} from './run-history-query.ts';

interface RunStateChartsProps {
  readonly report: RunReport;
  readonly span: TimeSpan;
  readonly onZoom: (zoom: TimeSpan | null) => void;
}

const buckets = 300;
const mostEndLabels = 4;

/** Use, memory and temperature of the run's GPUs, or of the processor and of the machine's memory where it has none. */
function RunStateChartsView({ report, span, onZoom }: RunStateChartsProps) {
  const { t } = useWords();
  const locale = useLocale();
  const watched = useMemo(() => watchedDomains(report.energy.domains), [report.energy.domains]);
  const asked = useRequest('history.query', stateQuery(watched, span, buckets), {
    isEnabled: watched.utilizationRatio.length > 0,
  });
  const periodSeconds = usePeriodSeconds();
  const history = useMemo(
    () => (asked.data === null ? null : withoutIdleBuckets(asked.data, periodSeconds)),
    [asked.data, periodSeconds],
  );
  const domains = watched.utilizationRatio;
  if (domains.length === 0) return null;
  if (asked.error !== null && asked.data === null)
    return <FailedState what="chart" error={asked.error} onRetry={asked.retry} />;
  const shared = { report, watched, history, span, onZoom };
  const gpu = domains[0]?.kind === 'gpu';
  return (
    <div className="three">
      <StateChart
        {...shared}
        quantity="utilizationRatio"
        unit="percent"
        title={gpu ? t('run.state.gpuUse') : t('run.state.cpuUse')}
        unitWord="%"
        note={noteOf(
          t('run.state.mean'),
          meanOf(domains, (domain) => domain.meanUtilizationRatio),
          (value) => formatShare(value, { locale }),
        )}
      />
      <StateChart
        {...shared}
        quantity="memoryUsedBytes"
        unit="gibibytes"
        title={t('run.state.memory')}
        unitWord="GiB"
        note={noteOf(
          t('run.state.peak'),
          mostOf(watched.memoryUsedBytes, (domain) => domain.peakMemoryUsedBytes),
          (value) => formatGibibytes(value, { locale }),
        )}
      />
      <StateChart
        {...shared}
        quantity="temperatureCelsius"
        unit="celsius"
        title={t('run.state.temperature')}
        unitWord="°C"
        note={noteOf(
          t('run.state.peak'),
          mostOf(domains, (domain) => domain.peakTemperatureCelsius),
          (value) => formatTemperature(value, { locale }),
        )}
      />
    </div>
  );
}

export const RunStateCharts = memo(RunStateChartsView);

interface StateChartProps extends RunStateChartsProps {
  readonly watched: WatchedDomains;
  readonly history: History | null;
  readonly quantity: WatchedQuantity;
  readonly unit: ChartUnit;
  readonly title: string;
  readonly unitWord: string;
  readonly note: string | null;
}

function StateChart(props: StateChartProps) {
  const { t } = useWords();
  const { report, watched, history, quantity, span, unit, onZoom } = props;
  const domains = watched[quantity];
  const chart = useMemo((): TimeChartProps => {
    const columns = new Map(history?.series.map((series) => [series.key, series.mean]));
    const color = seriesColor(report.run.colorIndex);
    const series = domains.map((domain): ChartSeries => {
      const mean = scaled(columns.get(`${quantity}/${domain.id}`) ?? [], quantity);
      const hasLabel = domains.length > 1 && domains.length <= mostEndLabels && mean.some((value) => value !== null);
      // 'GPU 4' → 'G4'.
      const label = domain.label.replace(/^(\p{L})\p{L}*\s*/u, '$1');
      return {
        key: domain.id,
        label: domain.label,
        color,
        kind: 'line',
        mean,
        width: domains.length > mostEndLabels ? 0.8 : 1.2,
        ...(hasLabel ? { endLabel: label } : {}),
      };
    });
    return {
      timesMs: history?.timesMs ?? [],
      ...span,
      unit,
      series,
      gaps: unseenSpans(report.energy.domains),
      isSmall: true,
      ariaSentence: '',
      onRange: (fromMs, toMs) => onZoom({ fromMs, toMs }),
      onReset: () => onZoom(null),
    };
  }, [history, domains, report, quantity, span, unit, onZoom]);
  const isEmpty = history !== null && chart.series.every((series) => series.mean.every((value) => value === null));
  return (
    <section>
      <div className="hd">
        <h2>{props.title}</h2>
        <span className="u">{props.unitWord}</span>
        <div className="r">
          {isEmpty ? null : props.note}
          {!isEmpty && (
            <ChartMenu
              heading={props.title}
              title={`${props.title}: ${report.run.name}`}
              chart={{ kind: 'time', props: chart }}
              bucketSeconds={history?.bucketSeconds ?? null}
              isReduced={history?.isReduced ?? false}
            />
          )}
        </div>
      </div>
      <div className="ch">
        {isEmpty ? (
          <p className="q none">{t('run.state.none')}</p>
        ) : (
          <TimeChart {...chart} ariaSentence={t('run.state.sentence', { what: props.title, count: domains.length })} />
        )}
      </div>
    </section>
  );
}

function scaled(column: Column, quantity: WatchedQuantity): Column {
  if (quantity === 'utilizationRatio') return column.map((ratio) => (ratio === null ? null : percentFromRatio(ratio)));
  if (quantity === 'memoryUsedBytes') return column.map((bytes) => (bytes === null ? null : gibibytesFromBytes(bytes)));
  return column;
}

type DomainFigure = (domain: RunDomain) => number | null;

function meanOf(domains: readonly RunDomain[], pick: DomainFigure): number | null {
  const known = domains.map(pick).filter((value) => value !== null);
  return known.length === 0 ? null : known.reduce((sum, value) => sum + value, 0) / known.length;
}

function mostOf(domains: readonly RunDomain[], pick: DomainFigure): number | null {
  const known = domains.map(pick).filter((value) => value !== null);
  return known.length === 0 ? null : Math.max(...known);
}

function noteOf(word: string, value: number | null, text: (value: number) => string): string | null {
  return value === null ? null : `${word} ${text(value)}`;
}
