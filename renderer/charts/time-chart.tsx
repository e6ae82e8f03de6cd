import { type Chart, Chart as ChartClass } from 'chart.js';
import zoomPlugin from 'chartjs-plugin-zoom';
import { type ReactNode, useCallback, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { formatExactDuration } from '../../shared/format/duration.ts';
import { secondsFromMs } from '../../shared/units.ts';
import { useLocale } from '../i18n/use-locale.ts';
import type { ChartGap, TimeChartProps } from './chart-model.ts';
import { chartOptions, type LineOptions } from './chart-options.ts';
import { CrosshairLayer } from './crosshair-layer.tsx';
import { drawQueue } from './draw-queue.ts';
import { endLabelWide } from './drawing.ts';
import { limitAnnotations } from './limit-annotations.ts';
import { type Palette, usePalette } from './palette.ts';
import { hatchPattern } from './plugins.ts';
import { lastValue } from './series-plugin.ts';
import { setDrawing, timeChartPlugins } from './time-chart-plugins.ts';
import { useChartKeys } from './use-chart-keys.ts';
import { zoomOptions } from './zoom-options.ts';

ChartClass.register(zoomPlugin);

/** Lines or stacked areas over time, with gaps hatched, run lanes, alerts, limits, the live edge and a crosshair. */
export function TimeChart(props: TimeChartProps & { readonly hasTip?: boolean }): ReactNode {
  const { t } = useTranslation();
  const locale = useLocale();
  const palette = usePalette();
  const canvas = useRef<HTMLCanvasElement>(null);
  const [chart, setChart] = useState<Chart<'line'> | null>(null);
  const latest = useRef(props);
  latest.current = props;
  /** While a hand is on the chart its range is the hand's, not ours. */
  const heldUntilMs = useRef(0);
  const [drawnTimes, setDrawnTimes] = useState(0);
  const gapLabel = useCallback(
    (gap: ChartGap): string => {
      const duration = formatExactDuration(secondsFromMs(gap.toMs - gap.fromMs), { locale });
      return gap.label ?? t('chart.noReading', { duration });
    },
    [t, locale],
  );

  useEffect(() => {
    if (canvas.current === null) return;
    const made = new ChartClass<'line'>(canvas.current, {
      type: 'line',
      data: { datasets: [] },
      options: { animation: false, responsive: true, maintainAspectRatio: false, events: [] },
      plugins: timeChartPlugins,
    });
    setChart(made);
    return () => {
      drawQueue.remove(made);
      made.destroy();
      setChart(null);
    };
  }, []);

  // Each new set of props is one redraw: they change together, once a second while live.
  useEffect(() => {
    if (chart === null) return;
    setDrawing(chart, {
      props,
      palette,
      hatch: hatchPattern(chart.ctx, palette),
      gapLabel,
      liveValue: lastValue(props),
    });
    drawQueue.add(chart, () => {
      if (performance.now() < heldUntilMs.current) return;
      redraw(chart, { props, palette, locale, latest, heldUntilMs });
      setDrawnTimes((times) => times + 1);
    });
  }, [chart, props, palette, locale, gapLabel]);

  useEffect(() => {
    if (chart === null) return;
    const observer = new ResizeObserver(() => {
      redraw(chart, { props: latest.current, palette, locale, latest, heldUntilMs });
      setDrawnTimes((times) => times + 1);
    });
    observer.observe(chart.canvas);
    return () => observer.disconnect();
  }, [chart, palette, locale]);

  const keys = useChartKeys(latest, chart);
  return (
    <div className="tc" style={props.height === undefined ? undefined : { height: props.height }}>
      <div className="tc-fit">
        <canvas
          ref={canvas}
          role="img"
          aria-label={props.ariaSentence}
          tabIndex={0}
          onDoubleClick={() => props.onReset?.()}
          {...keys}
        />
      </div>
      {chart !== null && (
        <CrosshairLayer chart={chart} props={props} drawnTimes={drawnTimes} hasTip={props.hasTip !== false} />
      )}
    </div>
  );
}

interface RedrawInputs {
  readonly props: TimeChartProps;
  readonly palette: Palette;
  readonly locale: string;
  readonly latest: { readonly current: TimeChartProps };
  readonly heldUntilMs: { current: number };
}

function redraw(chart: Chart<'line'>, { props, palette, locale, latest, heldUntilMs }: RedrawInputs): void {
  const options: LineOptions = chartOptions({
    props,
    palette,
    locale,
    widthPx: chart.width,
    wide: endLabelWide(chart.ctx, palette),
  });
  options.plugins = {
    annotation: { annotations: limitAnnotations(props, palette) },
    zoom: zoomOptions({
      palette,
      isEnabled: props.onRange !== undefined,
      hold: (milliseconds) => {
        heldUntilMs.current = performance.now() + milliseconds;
      },
      onRange: (fromMs, toMs) => latest.current.onRange?.(fromMs, toMs),
    }),
  };
  chart.options = options;
  chart.update('none');
}
