import type { Chart, ChartType, Plugin } from 'chart.js';
import type { Column, TimeChartProps } from './chart-model.ts';
import { lineTrace, stackColumns, type Trace } from './columns.ts';
import { cssColor } from './css-color.ts';
import type { DrawingOf } from './drawing.ts';
import type { Palette } from './palette.ts';
import { columnRanges, isDashOn } from './pixel-columns.ts';

/** More points a pixel than this, and the line is drawn by what it covers of each column. */
const densePointsPerPixel = 0.6;

/** What covers more of a column than this is a jump of the line. */
const dashedUpToPx = 12;

interface Plot {
  readonly context: CanvasRenderingContext2D;
  readonly left: number;
  readonly right: number;
  readonly bottom: number;
  /** A picture keeps every point; the screen gets what a line covers of each of its columns. */
  readonly isPicture: boolean;
  yOf(value: number): number;
  /** A line in the chart's own units, in pixels; takes its arrays over. */
  onCanvas(trace: Trace): Trace;
}

interface Pen {
  readonly color: string;
  readonly width: number;
  readonly dash?: readonly number[];
}

/**
 * Lines and areas: drawn here and not by chart.js, whose thick dashed strokes through thousands of points cost the raster ten times as much. Under the gaps'
 * labels, the marks and the limits, over the hatching.
 */
export function seriesPlugin(drawingOf: DrawingOf): Plugin<ChartType> {
  return {
    id: 'series',
    beforeDatasetsDraw(chart) {
      const drawing = drawingOf(chart);
      const plot = drawing === undefined ? null : plotOf(chart, drawing.hatch === 'lines');
      if (drawing === undefined || plot === null) return;
      const { context } = plot;
      const { chartArea } = chart;
      context.save();
      context.beginPath();
      context.rect(chartArea.left, chartArea.top - 1, chartArea.width, chartArea.height + 2);
      context.clip();
      context.lineJoin = 'round';
      if (drawing.props.isStacked === true) drawStack(plot, drawing.props, drawing.palette);
      else for (const series of drawing.props.series) drawLine(plot, drawing.props, series, drawing.palette);
      context.restore();
    },
  };
}

function plotOf(chart: Chart, isPicture: boolean): Plot | null {
  const { x, y } = chart.scales;
  if (x === undefined || y === undefined || x.max <= x.min || y.max <= y.min) return null;
  const perX = x.width / (x.max - x.min);
  const perY = y.height / (y.max - y.min);
  const yOf = (value: number): number => y.bottom - (value - y.min) * perY;
  return {
    context: chart.ctx,
    left: x.left,
    right: x.right,
    bottom: y.bottom,
    isPicture,
    yOf,
    onCanvas({ xs, ys, length }) {
      for (let i = 0; i < length; i++) {
        xs[i] = x.left + ((xs[i] ?? 0) - x.min) * perX;
        ys[i] = yOf(ys[i] ?? Number.NaN);
      }
      return { xs, ys, length };
    },
  };
}

function drawLine(plot: Plot, props: TimeChartProps, series: TimeChartProps['series'][number], palette: Palette): void {
  const trace = plot.onCanvas(lineTrace(props.timesMs, series));
  if (series.kind === 'area')
    fillUnder(plot, trace, palette.color(`color-mix(in oklab, ${cssColor(series.color)} 22%, transparent)`));
  strokeLine(plot, trace, {
    color: palette.color(series.color),
    width: series.width ?? (series.kind === 'area' ? 1.5 : 1.3),
    dash: series.dash ?? [],
  });
}

/** Areas on each other, and the sum's own line in ink over them. */
function drawStack(plot: Plot, props: TimeChartProps, palette: Palette): void {
  const { timesMs, total } = props;
  const tops = stackColumns(
    props.series.map((series) => series.mean),
    total?.mean ?? null,
  ).map((mean) => plot.onCanvas(lineTrace(timesMs, { mean })));
  for (const [i, top] of tops.entries())
    fillBetween(plot, top, tops[i - 1] ?? null, palette.color(props.series[i]?.color ?? 'none'));
  for (const [i, top] of tops.entries())
    strokeLine(plot, top, { color: palette.color('mix'), width: props.series[i]?.isGroupTop === true ? 1.5 : 0.75 });
  if (total !== undefined) drawTotal(plot, props, total, palette);
}

/** What lies above the lowest limit is filled in the warning colour; dashed where it is a lower bound. */
function drawTotal(
  plot: Plot,
  props: TimeChartProps,
  total: NonNullable<TimeChartProps['total']>,
  palette: Palette,
): void {
  const inTime = lineTrace(props.timesMs, total);
  const partial = (props.gaps ?? []).filter((gap) => gap.isPartial === true);
  const isPartial = inTime.xs.map((atMs) => Number(partial.some((gap) => atMs > gap.fromMs && atMs < gap.toMs)));
  const trace = plot.onCanvas(inTime);
  const lowestLimit = Math.min(...(props.limits ?? []).map((limit) => limit.value));
  if (Number.isFinite(lowestLimit)) {
    plot.context.save();
    plot.context.beginPath();
    plot.context.rect(plot.left, 0, plot.right - plot.left, plot.yOf(lowestLimit));
    plot.context.clip();
    fillUnder(plot, trace, palette.color('color-mix(in oklab, var(--warn-mark) 75%, transparent)'));
    plot.context.restore();
  }
  const pen = { color: palette.color('ink'), width: 1.5 };
  if (partial.length === 0) {
    strokeLine(plot, trace, pen);
    return;
  }
  const only = (wanted: number): Trace => ({
    ...trace,
    ys: trace.ys.map((y, i) => (isPartial[i] === wanted ? y : Number.NaN)),
  });
  strokeLine(plot, only(0), pen);
  strokeLine(plot, only(1), { ...pen, dash: [4, 3] });
}

function strokeLine(plot: Plot, trace: Trace, pen: Pen): void {
  const { context } = plot;
  context.strokeStyle = pen.color;
  if (!plot.isPicture && trace.length > densePointsPerPixel * (plot.right - plot.left)) {
    strokeColumns(plot, trace, pen);
    return;
  }
  context.lineWidth = pen.width;
  context.setLineDash([...(pen.dash ?? [])]);
  context.beginPath();
  for (const stretch of stretchesOf(trace)) traceOn(context, trace, stretch);
  context.stroke();
  context.setLineDash([]);
}

function strokeColumns({ context, left, right }: Plot, trace: Trace, { width, dash = [] }: Pen): void {
  const columnWidth = 1 / devicePixelRatio;
  const first = Math.round(left * devicePixelRatio) / devicePixelRatio;
  const columns = { left: first, width: columnWidth, count: Math.ceil((right - first) / columnWidth) };
  const { tops, bottoms } = columnRanges(trace, columns, width);
  context.lineWidth = columnWidth;
  context.beginPath();
  for (let i = 0; i < columns.count; i++) {
    const top = tops[i] ?? Number.NaN;
    const bottom = bottoms[i] ?? top;
    // A jump is seen whatever the dash: half of it missing would look like a gap.
    const isOn = dash.length === 0 || bottom - top > dashedUpToPx || isDashOn(dash, i * columnWidth);
    if (Number.isNaN(top) || !isOn) continue;
    const x = first + (i + 0.5) * columnWidth;
    context.moveTo(x, top);
    context.lineTo(x, bottom);
  }
  context.stroke();
}

/** Down to the axis, stretch by stretch. */
function fillUnder(plot: Plot, trace: Trace, color: string): void {
  const { context } = plot;
  context.fillStyle = color;
  context.beginPath();
  for (const stretch of stretchesOf(trace)) {
    traceOn(context, trace, stretch);
    context.lineTo(trace.xs[stretch.to - 1] ?? 0, plot.bottom);
    context.lineTo(trace.xs[stretch.from] ?? 0, plot.bottom);
    context.closePath();
  }
  context.fill();
}

/** The floor is a line over the same times. */
function fillBetween(plot: Plot, top: Trace, floor: Trace | null, color: string): void {
  if (floor === null) {
    fillUnder(plot, top, color);
    return;
  }
  const { context } = plot;
  context.fillStyle = color;
  context.beginPath();
  for (const stretch of stretchesOf(top)) {
    traceOn(context, top, stretch);
    for (let i = stretch.to - 1; i >= stretch.from; i--) context.lineTo(floor.xs[i] ?? 0, floor.ys[i] ?? 0);
    context.closePath();
  }
  context.fill();
}

/** The points of a line from one hole to the next: `from` up to and without `to`. */
interface Stretch {
  readonly from: number;
  readonly to: number;
}

function traceOn(context: CanvasRenderingContext2D, { xs, ys }: Trace, { from, to }: Stretch): void {
  context.moveTo(xs[from] ?? 0, ys[from] ?? 0);
  for (let i = from + 1; i < to; i++) context.lineTo(xs[i] ?? 0, ys[i] ?? 0);
  // A single reading between two holes is seen too.
  if (to - from === 1) context.lineTo((xs[from] ?? 0) + 1, ys[from] ?? 0);
}

function stretchesOf({ ys, length }: Trace): readonly Stretch[] {
  const stretches: Stretch[] = [];
  let from = -1;
  for (let i = 0; i <= length; i++) {
    const isHole = i === length || Number.isNaN(ys[i] ?? Number.NaN);
    if (isHole && from >= 0) stretches.push({ from, to: i });
    if (isHole) from = -1;
    else if (from < 0) from = i;
  }
  return stretches;
}

/** The last value of the line the live dot rides on. */
export function lastValue(props: TimeChartProps): number | null {
  const column: Column | undefined = props.total?.mean ?? props.series[0]?.mean;
  if (props.total === undefined && props.series.length > 1) return null;
  return column?.at(-1) ?? null;
}
