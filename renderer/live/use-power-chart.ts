import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { LiveState } from '../../shared/model/live.ts';
import { msFromSeconds } from '../../shared/units.ts';
import { useNow } from '../app/use-now.ts';
import type { ChartSeries, TimeChartProps } from '../charts/chart-model.ts';
import { seriesColor } from '../design/series.ts';
import { statisticsOf, type WindowColumns, type WindowStatistics } from './history-columns.ts';
import {
  deviceLayers,
  deviceSeriesAsked,
  machineKey,
  runLayers,
  runSeriesAsked,
  type WindowRun,
  windowRuns,
} from './power-layers.ts';
import type { TimeRange, WindowControl } from './time-window.ts';
import { useHistory, type WindowHistory } from './use-history.ts';
import { usePowerLimits } from './use-power-limits.ts';
import { useSentence } from './use-sentence.ts';
import { windowEvents } from './window-events.ts';

export type PowerBy = 'run' | 'device';

interface PowerInputs extends WindowControl {
  readonly live: LiveState;
  readonly isStale: boolean;
  readonly by: PowerBy;
}

export interface PowerChart {
  readonly chart: TimeChartProps;
  readonly statistics: WindowStatistics | null;
  readonly result: WindowHistory;
}

/** About one bucket a pixel of the usual plot. */
const buckets = 720;

/** Everything the power chart draws: the stack, the total, what happened meanwhile. */
export function usePowerChart({ live, isStale, by, window, onRange, onReset }: PowerInputs): PowerChart {
  const { t } = useTranslation();
  const sentenceOf = useSentence();
  const limits = usePowerLimits();
  const { result, runs } = useWindowRuns({ live, by, window });
  const isLive = window.kind === 'live';
  const range = useGrowingRange(result.range, isStale && isLive);
  const layersOf = useLayers(live, by);

  const { columns } = result;
  const machine = columns?.byKey.get(machineKey);
  const statistics = columns === null || machine === undefined ? null : statisticsOf(machine, columns, result.range);
  const events = windowEvents({ history: result.history, columns, machineKey, range, live });
  const chart: TimeChartProps = {
    ...range,
    timesMs: columns?.timesMs ?? [],
    unit: 'watts',
    isStacked: true,
    series: columns === null ? [] : layersOf(columns, runs),
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
    isLive: isLive && !isStale,
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
  return { chart, statistics, result };
}

/** The first answer tells which runs the window holds; only then can their series be asked for. */
function useWindowRuns({ live, by, window }: Pick<PowerInputs, 'live' | 'by' | 'window'>): {
  readonly result: WindowHistory;
  readonly runs: readonly WindowRun[];
} {
  const [known, setKnown] = useState<readonly WindowRun[]>([]);
  const series = by === 'run' ? runSeriesAsked(known) : deviceSeriesAsked(live.devices);
  const result = useHistory(window, { maxPoints: buckets, series, isStacked: by === 'run' });
  const runs = useMemo(() => windowRuns(result.history, live, known), [result.history, live, known]);
  if (runs.map(identity).join() !== known.map(identity).join()) setKnown(runs);
  return { result, runs };
}

function useLayers(
  live: LiveState,
  by: PowerBy,
): (columns: WindowColumns, runs: readonly WindowRun[]) => ChartSeries[] {
  const { t } = useTranslation();
  const words = { noRun: t('live.power.noRun'), rest: t('live.power.rest') };
  return (columns, runs) =>
    by === 'run' ? runLayers(columns, runs, { devices: live.devices, words }) : deviceLayers(columns, live.devices);
}

const identity = (run: WindowRun): string => [run.id, ...run.gpuIds].join(' ');

/** While the engine is gone the window still moves on, so that what nobody reads grows at its right. */
function useGrowingRange(range: TimeRange, isGrowing: boolean): TimeRange {
  const nowMs = useNow(isGrowing);
  if (!isGrowing) return range;
  const step = msFromSeconds(1);
  const toMs = Math.max(range.toMs, Math.floor(nowMs / step) * step);
  return { fromMs: toMs - (range.toMs - range.fromMs), toMs };
}
