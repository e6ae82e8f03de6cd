import { type ReactNode, useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import type { LiveState } from '../../shared/model/live.ts';
import type { TimeChartProps } from '../charts/chart-model.ts';
import { usePalette } from '../charts/palette.ts';
import { useConnection, useLive } from '../connection/connection-context.tsx';
import { FailedState, LoadingBars } from '../design/empty-state.tsx';
import { seriesColor } from '../design/series.ts';
import { ArrangeBar } from './arrange-bar.tsx';
import { ArrangedCharts } from './arranged-charts.tsx';
import {
  chartSpecs,
  devicesOf,
  lineOf,
  placedDevices,
  seriesAsked,
  shownDevices,
  usualDevices,
} from './chart-lines.ts';
import { ChartTile } from './chart-tile.tsx';
import './charts.css';
import { arrangeCharts, useChosenCharts } from './charts-store.ts';
import { machineKey, windowRuns } from './power-layers.ts';
import { ReadOut } from './read-out.tsx';
import type { WindowControl } from './time-window.ts';
import { useHistory } from './use-history.ts';
import { useWindowWords } from './use-sentence.ts';
import { windowEvents } from './window-events.ts';

const buckets = 360;

/** The chosen charts of the chosen devices, one crosshair over all, and what it reads. */
export function ChartsView(control: WindowControl): ReactNode {
  const live = useLive();
  // Who comes back finds charts to look at, not a workbench.
  useEffect(() => () => arrangeCharts(false), []);
  if (live === null) return <LoadingBars widths={[48, 90, 72, 80]} />;
  return <ChosenCharts live={live} {...control} />;
}

function ChosenCharts({ live, window, onRange, onReset }: WindowControl & { readonly live: LiveState }): ReactNode {
  const { t } = useTranslation();
  const { status } = useConnection();
  const windowWords = useWindowWords();
  const isContrast = usePalette().theme === 'contrast';
  const { charts, isArranging } = useChosenCharts();
  const placed = placedDevices(live.devices);
  const usualCount = usualDevices(live.devices).length;
  const shown = shownDevices(charts, placed, usualCount);
  const result = useHistory(window, { maxPoints: buckets, series: seriesAsked(shown) });
  const { columns, range } = result;
  if (result.error !== null && columns === null)
    return <FailedState what="chart" error={result.error} onRetry={result.retry} />;
  const events = windowEvents({ history: result.history, columns, machineKey, range, live });
  const runs = windowRuns(result.history, live)
    .filter((run) => run.fromMs <= range.toMs && (run.toMs ?? range.toMs) >= range.fromMs)
    .map((run) => ({ ...run, color: seriesColor(run.colorIndex), toMs: run.toMs ?? live.atMs }));
  const isLive = window.kind === 'live' && status === 'connected';
  const shared = {
    runs,
    timesMs: columns?.timesMs ?? [],
    ...range,
    gaps: events.gaps,
    alerts: events.alerts,
    marks: events.marks,
    isLive,
    onRange,
    onReset,
  };
  return (
    <div className="lc">
      <div className="lc-charts">
        {isArranging && <ArrangeBar charts={charts} />}
        <ArrangedCharts charts={charts} isArranging={isArranging}>
          {(chart, place) => {
            const what = t(`live.six.${chart.name}`);
            const devices = devicesOf(chart, placed, usualCount);
            const props: TimeChartProps = {
              ...shared,
              isSmall: chart.width === 'half',
              unit: chartSpecs[chart.name].unit,
              series: devices.map((device) => lineOf(device, { name: chart.name, columns, isContrast })),
              ariaSentence: t('live.six.sentence', { what, count: devices.length, window: windowWords(window) }),
            };
            return (
              <ChartTile
                chosen={chart}
                place={place}
                count={charts.length}
                isArranging={isArranging}
                props={props}
                placed={placed}
                hasGpus={live.devices.some(({ domain }) => domain.kind === 'gpu')}
                bucketSeconds={columns?.bucketSeconds ?? null}
                isReduced={columns?.isReduced ?? false}
                evidence={live.machine.evidence}
              />
            );
          }}
        </ArrangedCharts>
      </div>
      <ReadOut
        placed={shown}
        columns={columns}
        events={events}
        history={result.history}
        range={range}
        isLive={isLive}
      />
    </div>
  );
}
