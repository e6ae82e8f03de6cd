import { type ReactNode, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { LiveState } from '../../shared/model/live.ts';
import { msFromSeconds } from '../../shared/units.ts';
import { useNow } from '../app/use-now.ts';
import { axisUnit } from '../charts/axis-text.ts';
import type { TimeChartProps } from '../charts/chart-model.ts';
import { TimeChart } from '../charts/time-chart.tsx';
import { valueAxis } from '../charts/value-axis.ts';
import { FailedState } from '../design/empty-state.tsx';
import { Select } from '../design/select.tsx';
import { seriesColor } from '../design/series.ts';
import { formatDuration } from '../format/duration.ts';
import { formatWattsColumn } from '../format/power.ts';
import { useLocale } from '../i18n/use-locale.ts';
import { statisticsOf } from './history-columns.ts';
import { deviceLayers, deviceSeriesAsked, machineKey, runLayers, runSeriesAsked, windowRuns } from './power-layers.ts';
import type { WindowControl } from './time-window.ts';
import { useHistory } from './use-history.ts';
import { usePowerLimits } from './use-power-limits.ts';
import { useSentence } from './use-sentence.ts';
import { windowEvents } from './window-events.ts';

interface PowerSectionProps extends WindowControl {
  readonly live: LiveState;
  readonly isStale: boolean;
}

type By = 'run' | 'device';
/** About one bucket a pixel of the usual plot. */
const buckets = 720;

/** Power over time: whose it is, or which device's; the total in ink. */
export function PowerSection({ live, isStale, window, onRange, onReset }: PowerSectionProps): ReactNode {
  const { t } = useTranslation();
  const locale = useLocale();
  const [by, setBy] = useState<By>('run');
  const [knownRuns, setKnownRuns] = useState<ReturnType<typeof windowRuns>>([]);
  const asked = by === 'run' ? runSeriesAsked(knownRuns) : deviceSeriesAsked(live.devices);
  const result = useHistory(window, { maxPoints: buckets, series: asked });
  const runs = useMemo(() => windowRuns(result.history, live), [result.history, live]);
  // The first answer tells which runs the window holds; only then can their series be asked for.
  if (runs.map(identity).join() !== knownRuns.map(identity).join()) setKnownRuns(runs);
  const limits = usePowerLimits();
  const sentenceOf = useSentence();
  const range = useGrowingRange(result.range, isStale && window.kind === 'live');

  const { columns } = result;
  const machine = columns?.byKey.get(machineKey);
  const statistics =
    columns === null || machine === undefined ? null : statisticsOf(machine, columns.timesMs, result.range);
  const events = windowEvents({ history: result.history, columns, machineKey, range, live });
  const words = { noRun: t('live.power.noRun'), rest: t('live.power.rest') };
  const series =
    columns === null
      ? []
      : by === 'run'
        ? runLayers(columns, runs, { devices: live.devices, words })
        : deviceLayers(columns, live.devices);
  const chart: TimeChartProps = {
    timesMs: columns?.timesMs ?? [],
    ...range,
    unit: 'watts',
    isStacked: true,
    series,
    ...(machine === undefined ? {} : { total: { label: t('live.power.total'), ...machine } }),
    gaps: events.gaps.map((gap) =>
      gap.isPartial === true ? { ...gap, label: t('live.power.atLeast', { device: gap.label }) } : gap,
    ),
    runs: runs
      .filter((run) => run.fromMs <= range.toMs && (run.toMs ?? range.toMs) >= range.fromMs)
      .map((run) => ({ ...run, color: seriesColor(run.colorIndex), toMs: run.toMs ?? live.atMs })),
    alerts: events.alerts,
    marks: events.marks,
    limits,
    isLive: window.kind === 'live' && !isStale,
    onRange,
    onReset,
    ariaSentence: sentenceOf({
      what: t(by === 'run' ? 'live.power.whatByRun' : 'live.power.whatByDevice'),
      window,
      statistics,
      nowWatts: machine?.mean.at(-1) ?? null,
      gaps: events.gaps.filter((gap) => gap.isPartial !== true),
    }),
  };
  const { word } = axisUnit('watts', valueAxis(chart).max);
  return (
    <section className="power-sec sec" aria-label={t('live.power.heading')}>
      <div className="hd">
        <h2>{t('live.power.heading')}</h2>
        <span className="u">{word}</span>
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
          {columns?.isReduced === true && columns.bucketSeconds >= 10 && (
            <span className="only-w">
              {t('live.power.point', { duration: formatDuration(columns.bucketSeconds, { locale }) })}
            </span>
          )}
          {statistics !== null && (
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
          )}
        </div>
      </div>
      <div className="ch">
        {result.error !== null && columns === null ? (
          <FailedState what="chart" error={result.error} onRetry={result.retry} />
        ) : (
          <TimeChart {...chart} />
        )}
      </div>
    </section>
  );
}

const identity = (run: { id: string; gpuIds: readonly string[] }): string => [run.id, ...run.gpuIds].join(' ');

/** While the engine is gone the window still moves on, so that what nobody reads grows at its right. */
function useGrowingRange(
  range: { fromMs: number; toMs: number },
  isGrowing: boolean,
): { fromMs: number; toMs: number } {
  const nowMs = useNow(isGrowing);
  if (!isGrowing) return range;
  const step = msFromSeconds(1);
  const toMs = Math.max(range.toMs, Math.floor(nowMs / step) * step);
  return { fromMs: toMs - (range.toMs - range.fromMs), toMs };
}
