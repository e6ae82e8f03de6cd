import { useMemo } from 'react';
import { formatExactDuration } from '../../shared/format/duration.ts';
import { formatPower } from '../../shared/format/power.ts';
import { valueText } from '../../shared/format/quantity.ts';
import type { History } from '../../shared/model/history.ts';
import { secondsFromMs } from '../../shared/units.ts';
import { axisUnit } from '../charts/axis-text.ts';
import type { ChartSeries, TimeChartProps } from '../charts/chart-model.ts';
import { extentOf } from '../charts/columns.ts';
import { CrosshairScope } from '../charts/crosshair.tsx';
import { withoutIdleBuckets } from '../charts/idle-buckets.ts';
import { TimeChart } from '../charts/time-chart.tsx';
import { valueAxis } from '../charts/value-axis.ts';
import { usePeriodSeconds } from '../connection/connection-context.tsx';
import { FailedState } from '../design/empty-state.tsx';
import { ChartMenu } from '../exports/chart-menu.tsx';
import { useLocale } from '../i18n/use-locale.ts';
import { useWords } from '../i18n/use-words.ts';
import { energyLine } from '../runs/energy-line.ts';
import { spanOf } from '../runs/run-history-query.ts';
import { alignPower } from './aligned-power.ts';
import type { ComparedRun } from './compared-run.ts';
import { type Answered, useRequests } from './use-requests.ts';

interface PowerOverlayProps {
  readonly runs: readonly ComparedRun[];
  /** Where a run that goes on ends for now. */
  readonly nowMs: number;
  readonly turn: number;
  readonly onRetry: () => void;
}

const buckets = 600;

/** The power of all runs over each other, each from its own start. */
export function PowerOverlay({ runs, nowMs, turn, onRetry }: PowerOverlayProps) {
  const { t } = useWords();
  const locale = useLocale();
  const spans = runs.map(({ report }) => spanOf(report.run, nowMs));
  const longestMs = Math.max(1, ...spans.map(({ fromMs, toMs }) => toMs - fromMs));
  const answers = useRequests(
    'history.query',
    runs.map(({ id }, index) => {
      const { fromMs = 0, toMs = 1 } = spans[index] ?? {};
      // As many buckets as its part of the axis has room for, so that all have about the same length.
      const maxPoints = Math.max(2, Math.ceil((buckets * (toMs - fromMs)) / longestMs));
      const of = { kind: 'run' as const, runId: id };
      return { fromMs, toMs, maxPoints, series: [{ key: 'total', of, quantity: 'powerWatts' as const }] };
    }),
    { keys: runs.map(({ id }) => id), turn },
  );
  const failed = answers.find((answer) => answer !== null && answer.data === null)?.error ?? null;
  const periodSeconds = usePeriodSeconds();
  const chart = useMemo(
    () => overlayChart(runs, answers, { longestMs, periodSeconds }),
    [runs, answers, longestMs, periodSeconds],
  );
  const sentence = chart.series
    .flatMap((series) => {
      const extent = extentOf([series.mean]);
      const watts = (value: number): string => valueText(formatPower(value, { locale }));
      return extent === null
        ? []
        : [t('compare.power.between', { name: series.label, min: watts(extent.min), max: watts(extent.max) })];
    })
    .join('; ');
  return (
    <section className="cp-power sec">
      <div className="hd">
        <h2>{t('run.power.title')}</h2>
        <span className="u">{axisUnit('watts', valueAxis(chart).max).word}</span>
        <span className="q">{t('compare.power.aligned')}</span>
        <div className="r">
          <ChartMenu
            title={t('run.power.title')}
            chart={{ kind: 'time', props: chart }}
            lines={runs.map(({ report }) => energyLine(report, t, locale))}
          />
        </div>
      </div>
      <div className="ch">
        {failed !== null && chart.series.length === 0 ? (
          <FailedState what="chart" error={failed} onRetry={onRetry} />
        ) : (
          <CrosshairScope>
            <TimeChart
              {...chart}
              ariaSentence={t('compare.power.sentence', {
                duration: formatExactDuration(secondsFromMs(longestMs), { locale }),
                runs: sentence,
              })}
            />
          </CrosshairScope>
        )}
      </div>
    </section>
  );
}

type HistoryAnswers = readonly (Answered<History> | null)[];

/** A line for each run that has a history, all counted from 0. */
function overlayChart(
  runs: readonly ComparedRun[],
  answers: HistoryAnswers,
  { longestMs, periodSeconds }: { readonly longestMs: number; readonly periodSeconds: number },
): TimeChartProps {
  const aligned = alignPower(
    runs.map(({ report }, index) => {
      const history = answers[index]?.data ?? null;
      if (history === null) return null;
      return { startMs: Date.parse(report.run.startedAt), history: withoutIdleBuckets(history, periodSeconds) };
    }),
  );
  const series = runs.flatMap((run, index): readonly ChartSeries[] => {
    const column = aligned.columns[index] ?? null;
    if (column === null) return [];
    const { color, dash, label } = run;
    return [{ key: run.id, label, endLabel: label, color, dash, kind: 'line', width: 1.4, ...column }];
  });
  return {
    timesMs: aligned.elapsedMs,
    fromMs: 0,
    toMs: longestMs,
    isElapsed: true,
    unit: 'watts',
    series,
    ariaSentence: '',
  };
}
