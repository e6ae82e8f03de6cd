import type { ChartOptions } from 'chart.js';
import { msFromSeconds } from '../../shared/units.ts';
import { axisUnit, timeLabel, valueLabels } from './axis-text.ts';
import type { TimeChartProps } from './chart-model.ts';
import { axisWidth, type ChartWidth, chartPadding } from './layout.ts';
import type { Palette } from './palette.ts';
import { edgedTimeTicks, hasDays, timeTicks } from './ticks.ts';
import { valueAxis } from './value-axis.ts';

interface OptionInputs extends ChartWidth {
  readonly props: TimeChartProps;
  readonly palette: Palette;
  readonly locale: string;
}

export type LineOptions = ChartOptions<'line'>;

/** Everything of the chart that follows from its data, size and theme. */
export function chartOptions({ props, palette, locale, widthPx, wide }: OptionInputs): LineOptions {
  const padding = chartPadding(props, { widthPx, wide });
  const font = { family: palette.font, size: 11, lineHeight: '16px' };
  const grid = palette.color('grid');
  const axis = valueAxis(props);
  const labels = valueLabels(axis.values, axisUnit(props.unit, axis.max).divisor, locale);
  const times = timeAxis(props, widthPx);
  const isBare = props.isBare === true;
  return {
    animation: false,
    parsing: false,
    normalized: true,
    responsive: true,
    maintainAspectRatio: false,
    events: [],
    layout: { padding: { top: padding.top, right: padding.right, bottom: 0, left: 0 } },
    scales: {
      x: {
        type: 'linear',
        min: props.fromMs,
        max: props.toMs,
        border: { display: false },
        grid: { color: grid, drawTicks: false, display: !isBare },
        ticks: {
          display: !isBare,
          color: palette.color('ink-3'),
          font,
          align: times.align,
          autoSkip: false,
          maxRotation: 0,
          padding: 3,
          callback: (value) => timeLabel(Number(value), props, locale),
        },
        afterBuildTicks(scale) {
          scale.ticks = times.values.map((value) => ({ value }));
        },
      },
      y: {
        type: 'linear',
        min: axis.min,
        max: axis.max,
        border: { display: false },
        grid: {
          color: (context) => (context.tick.value === axis.min ? palette.color('line-2') : grid),
          drawTicks: false,
          display: !isBare,
        },
        ticks: {
          display: !isBare,
          color: palette.color('ink-3'),
          font,
          padding: 8,
          autoSkip: false,
          callback: (_, index) => labels[index] ?? '',
        },
        afterBuildTicks(scale) {
          scale.ticks = axis.values.map((value) => ({ value }));
        },
        afterFit(scale) {
          scale.width = isBare ? 0 : axisWidth;
        },
      },
    },
  };
}

/** What '22 Nov' and '11月22日', or '14:30', take at most. */
const labelPx = { day: 56, clock: 32 };

/** Round times; in windows of a quarter of an hour and more both ends too. */
function timeAxis({ fromMs, toMs, isElapsed }: TimeChartProps, widthPx: number): TimeAxis {
  const plotPx = Math.max(80, widthPx - axisWidth);
  const count = Math.max(2, Math.min(7, Math.floor(plotPx / 72)));
  const offsetMinutes = isElapsed === true ? 0 : -new Date(toMs).getTimezoneOffset();
  if (isElapsed !== true && toMs - fromMs >= edgesFromMs) {
    const widest = hasDays(fromMs, toMs) ? labelPx.day : labelPx.clock;
    return { values: edgedTimeTicks(fromMs, toMs, { offsetMinutes, plotPx, labelPx: widest }), align: 'inner' };
  }
  const values = timeTicks(fromMs, toMs, { count, offsetMinutes });
  return { values, align: isElapsed === true ? 'inner' : 'center' };
}

const edgesFromMs = msFromSeconds(15 * 60);

interface TimeAxis {
  readonly values: readonly number[];
  /** 'inner' keeps the labels of both ends inside the plot. */
  readonly align: 'inner' | 'center';
}
