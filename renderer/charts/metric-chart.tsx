import {
  Chart as ChartClass,
  type ChartDataset,
  LinearScale,
  LineController,
  LineElement,
  type Plugin,
  PointElement,
} from 'chart.js';
import { type ReactNode, useEffect, useRef } from 'react';
import { useLocale } from '../i18n/use-locale.ts';
import { valueLabels } from './axis-text.ts';
import { cssColor } from './css-color.ts';
import { textSize } from './drawing.ts';
import { spreadLabels } from './layout.ts';
import { rangeTicks } from './metric-axis.ts';
import { type Palette, usePalette } from './palette.ts';

ChartClass.register(LineController, LineElement, PointElement, LinearScale);

export interface MetricPlace {
  /** Along the chart, in the unit of the axis. */
  readonly x: number;
  readonly y: number;
}

export interface MetricCurve {
  readonly key: string;
  readonly label: string;
  /** A token. */
  readonly color: string;
  readonly dash: readonly number[];
  readonly points: readonly MetricPlace[];
  /** Bounds of the last point's x; null where they are not known. */
  readonly bounds: { readonly low: number; readonly high: number } | null;
}

export interface MetricChartProps {
  readonly curves: readonly MetricCurve[];
  /** Ends of other runs, hollow and grey. */
  readonly others: readonly MetricPlace[];
  /** Corners of the dotted step: ascending in x, each better than the one before. */
  readonly front: readonly MetricPlace[];
  readonly ariaSentence: string;
}

/** Curves of a metric along the energy, a dot with its bounds at each end, others' ends and the front of them all. */
export function MetricChart(props: MetricChartProps): ReactNode {
  const canvas = useRef<HTMLCanvasElement>(null);
  const chart = useRef<ChartClass<'line'> | null>(null);
  const palette = usePalette();
  const locale = useLocale();
  const drawn = useRef({ props, palette });
  drawn.current = { props, palette };

  useEffect(() => {
    if (canvas.current === null) return;
    const made = new ChartClass<'line'>(canvas.current, {
      type: 'line',
      data: { datasets: [] },
      options: { animation: false, responsive: true, maintainAspectRatio: false, events: [] },
      plugins: [endsPlugin(() => drawn.current)],
    });
    chart.current = made;
    return () => {
      made.destroy();
      chart.current = null;
    };
  }, []);

  useEffect(() => {
    if (chart.current === null) return;
    chart.current.options = optionsOf(props, palette, locale);
    chart.current.data.datasets = datasetsOf(props, palette);
    chart.current.update('none');
  }, [props, palette, locale]);

  return (
    <div className="tc">
      <div className="tc-fit">
        <canvas ref={canvas} role="img" aria-label={props.ariaSentence} />
      </div>
    </div>
  );
}

const common = { pointRadius: 0, pointHitRadius: 0, fill: false, tension: 0 } as const;

export function datasetsOf(
  { curves, others, front }: MetricChartProps,
  palette: Palette,
): ChartDataset<'line', MetricPlace[]>[] {
  return [
    {
      ...common,
      data: [...front],
      stepped: 'before',
      borderColor: palette.color('ink'),
      borderWidth: 1,
      borderDash: [1, 2],
    },
    {
      ...common,
      data: [...others],
      showLine: false,
      pointRadius: 3,
      pointBorderColor: palette.color('none'),
      pointBackgroundColor: palette.color('bg'),
      pointBorderWidth: 1.3,
    },
    ...curves.map(({ points, color, dash }) => ({
      ...common,
      data: [...points],
      borderColor: palette.color(color),
      borderWidth: 1.6,
      borderDash: [...dash],
    })),
  ];
}

export function optionsOf({ curves, others, front }: MetricChartProps, palette: Palette, locale: string) {
  const places = [...curves.flatMap(({ points }) => points), ...others, ...front];
  const highs = curves.flatMap(({ bounds }) => bounds?.high ?? []);
  const xAxis = rangeTicks(0, Math.max(0, ...highs, ...places.map(({ x }) => x)));
  const ys = places.map(({ y }) => y);
  const yAxis = rangeTicks(Math.min(...ys), Math.max(...ys));
  const scale = (axis: { readonly min: number; readonly max: number; readonly values: readonly number[] }) => {
    const labels = valueLabels(axis.values, 1, locale);
    return {
      type: 'linear' as const,
      min: axis.min,
      max: axis.max,
      border: { display: false },
      grid: { color: palette.color('grid'), drawTicks: false },
      ticks: {
        color: palette.color('ink-3'),
        font: { family: palette.font, size: textSize, lineHeight: '16px' },
        autoSkip: false,
        maxRotation: 0,
        padding: 4,
        callback: (_: unknown, index: number) => labels[index] ?? '',
      },
      afterBuildTicks(built: { ticks: { value: number }[] }) {
        built.ticks = axis.values.map((value) => ({ value }));
      },
    };
  };
  return {
    animation: false as const,
    parsing: false as const,
    normalized: true,
    responsive: true,
    maintainAspectRatio: false,
    events: [],
    layout: { padding: { top: 12, right: 40, bottom: 0, left: 4 } },
    scales: { x: scale(xAxis), y: scale(yAxis) },
  };
}

/** Dot, whisker and label at the end of each curve. */
export function endsPlugin(
  drawnNow: () => { readonly props: MetricChartProps; readonly palette: Palette },
): Plugin<'line'> {
  return {
    id: 'metricEnds',
    afterDatasetsDraw(chart) {
      const { props, palette } = drawnNow();
      const { x, y } = chart.scales;
      if (x === undefined || y === undefined) return;
      const { ctx } = chart;
      const ends = props.curves
        .flatMap((curve) => {
          const last = curve.points.at(-1);
          return last === undefined
            ? []
            : [{ curve, left: x.getPixelForValue(last.x), top: y.getPixelForValue(last.y) }];
        })
        .sort((a, b) => a.top - b.top);
      const labelTops = spreadLabels(
        ends.map(({ top }) => top - 9),
        12,
        chart.chartArea.bottom,
      );
      ctx.save();
      ctx.font = `600 ${textSize}px ${palette.font}`;
      ctx.textBaseline = 'middle';
      for (const [index, { curve, left, top }] of ends.entries()) {
        ctx.strokeStyle = palette.color('ink');
        ctx.lineWidth = 1;
        ctx.beginPath();
        if (curve.bounds !== null) {
          const [low, high] = [x.getPixelForValue(curve.bounds.low), x.getPixelForValue(curve.bounds.high)];
          ctx.moveTo(low, top);
          ctx.lineTo(high, top);
          for (const cap of [low, high]) {
            ctx.moveTo(cap, top - 4);
            ctx.lineTo(cap, top + 4);
          }
        }
        ctx.stroke();
        ctx.fillStyle = palette.color(curve.color);
        ctx.beginPath();
        ctx.arc(left, top, 3.5, 0, Math.PI * 2);
        ctx.fill();
        ctx.fillStyle = palette.color(`color-mix(in oklab, ${cssColor(curve.color)} 62%, var(--ink))`);
        ctx.fillText(curve.label, left + 8, labelTops[index] ?? top);
      }
      ctx.restore();
    },
  };
}
