import type { Chart, ChartType, Plugin, Scale } from 'chart.js';
import { cssColor } from './chart-datasets.ts';
import type { ChartGap, TimeChartProps } from './chart-model.ts';
import { laneGap, laneHeight, laneRows, markHeight, maxLaneRows, spreadLabels } from './layout.ts';
import type { Palette } from './palette.ts';

/** What the plugins draw from: set anew before each update of the chart. */
export interface Drawing {
  readonly props: TimeChartProps;
  readonly palette: Palette;
  readonly hatch: CanvasPattern | null;
  readonly gapLabel: (gap: ChartGap) => string;
  /** Last height of the line that the live dot rides on; null: no dot. */
  readonly liveValue: number | null;
}

export type DrawingOf = (chart: Chart) => Drawing | undefined;

const textSize = 11;

/** Hatched at 45°, one line each 6 px. */
export function hatchPattern(context: CanvasRenderingContext2D, palette: Palette): CanvasPattern | null {
  const tile = document.createElement('canvas');
  const ratio = devicePixelRatio;
  const size = Math.round(8 * ratio);
  tile.width = size;
  tile.height = size;
  const pen = tile.getContext('2d');
  if (pen === null) return null;
  pen.fillStyle = palette.color('gap');
  pen.fillRect(0, 0, size, size);
  pen.strokeStyle = palette.color('hatch');
  pen.lineWidth = ratio;
  pen.beginPath();
  for (const shift of [-size, 0, size]) {
    pen.moveTo(shift, size);
    pen.lineTo(shift + size, 0);
  }
  pen.stroke();
  const pattern = context.createPattern(tile, 'repeat');
  pattern?.setTransform(new DOMMatrix().scale(1 / ratio));
  return pattern;
}

/** Hatching under the data, the label over it. */
export function gapsPlugin(drawingOf: DrawingOf): Plugin<ChartType> {
  return {
    id: 'gaps',
    beforeDatasetsDraw(chart) {
      const drawing = drawingOf(chart);
      const x = chart.scales.x;
      if (drawing?.hatch === null || drawing === undefined || x === undefined) return;
      const { ctx, chartArea } = chart;
      ctx.save();
      ctx.fillStyle = drawing.hatch;
      for (const gap of drawing.props.gaps ?? []) {
        const [left, right] = clampedSpan(x, gap, chart);
        if (right > left && gap.isPartial !== true)
          ctx.fillRect(left, chartArea.top, Math.max(3, right - left), chartArea.height);
      }
      ctx.restore();
    },
    afterDatasetsDraw(chart) {
      const drawing = drawingOf(chart);
      const x = chart.scales.x;
      if (drawing === undefined || x === undefined || drawing.props.isSmall === true) return;
      let freeFrom = chart.chartArea.left;
      for (const gap of drawing.props.gaps ?? []) {
        const [left, right] = clampedSpan(x, gap, chart);
        if (right - left <= 8) continue;
        const end = drawBoxedText(chart, drawing, { text: drawing.gapLabel(gap), x: (left + right) / 2, freeFrom });
        if (end !== null) freeFrom = end + 4;
      }
    },
  };
}

function clampedSpan(x: Scale, span: { fromMs: number; toMs: number }, chart: Chart): readonly [number, number] {
  const clamp = (pixel: number): number => Math.min(chart.chartArea.right, Math.max(chart.chartArea.left, pixel));
  return [clamp(x.getPixelForValue(span.fromMs)), clamp(x.getPixelForValue(span.toMs))];
}

/** A boxed label near the bottom of the plot; gives its right end, null where it would cover the one before. */
function drawBoxedText(
  chart: Chart,
  { palette }: Drawing,
  at: { text: string; x: number; freeFrom: number },
): number | null {
  const { ctx, chartArea } = chart;
  ctx.save();
  ctx.font = `${textSize}px ${palette.font}`;
  const width = ctx.measureText(at.text).width + 12;
  const left = Math.min(chartArea.right - width, Math.max(chartArea.left, at.x - width / 2));
  const top = chartArea.bottom - 24;
  const isFree = left >= at.freeFrom && width <= chartArea.width;
  if (isFree) {
    ctx.fillStyle = palette.color('raised');
    ctx.strokeStyle = palette.color('line-2');
    ctx.beginPath();
    ctx.roundRect(Math.round(left) + 0.5, top + 0.5, width, 16, 2);
    ctx.fill();
    ctx.stroke();
    ctx.fillStyle = palette.color('ink-2');
    ctx.textBaseline = 'middle';
    ctx.fillText(at.text, left + 6, top + 9);
  }
  ctx.restore();
  return isFree ? left + width : null;
}

/** Run lanes above the plot: the run's colour at 20 %, its name inside, '‹' where it began earlier. */
export function lanesPlugin(drawingOf: DrawingOf): Plugin<ChartType> {
  return {
    id: 'lanes',
    afterDraw(chart) {
      const drawing = drawingOf(chart);
      const x = chart.scales.x;
      if (drawing === undefined || x === undefined) return;
      const { ctx } = chart;
      const { props, palette } = drawing;
      ctx.save();
      ctx.font = `${textSize}px ${palette.font}`;
      ctx.textBaseline = 'middle';
      for (const [row, lanes] of laneRows(props.runs ?? [])
        .slice(0, maxLaneRows)
        .entries())
        for (const lane of lanes) {
          const [left, right] = clampedSpan(x, { fromMs: lane.fromMs, toMs: lane.toMs ?? props.toMs }, chart);
          const top = 6 + row * (laneHeight + laneGap);
          if (right - left < 1) continue;
          const color = cssColor(lane.color);
          ctx.fillStyle = palette.color(`color-mix(in oklab, ${color} 20%, var(--mix))`);
          ctx.fillRect(left, top, right - left, laneHeight);
          const isCut = lane.fromMs < props.fromMs;
          ctx.fillStyle = palette.color(lane.color);
          if (!isCut) ctx.fillRect(left, top, 2, laneHeight);
          ctx.save();
          ctx.beginPath();
          ctx.rect(left, top, right - left - 2, laneHeight);
          ctx.clip();
          ctx.fillStyle = palette.color('ink-2');
          ctx.fillText(isCut ? `‹ ${lane.name}` : lane.name, left + 6, top + laneHeight / 2 + 0.5);
          ctx.restore();
        }
      ctx.restore();
    },
  };
}

/** Triangles and words above the plot, each with its line through it; faint lines alone in small charts. */
export function marksPlugin(drawingOf: DrawingOf): Plugin<ChartType> {
  return {
    id: 'marks',
    afterDatasetsDraw(chart) {
      const drawing = drawingOf(chart);
      const x = chart.scales.x;
      if (drawing === undefined || x === undefined) return;
      const { ctx } = chart;
      const { props, palette } = drawing;
      const isSmall = props.isSmall === true;
      const inside = (atMs: number): boolean => atMs >= props.fromMs && atMs <= props.toMs;
      const pixel = (atMs: number): number => Math.round(x.getPixelForValue(atMs)) + 0.5;
      const alerts = (props.alerts ?? []).filter((alert) => inside(alert.atMs));
      const taken: Span[] = alerts.map((alert) => ({ from: pixel(alert.atMs) - 5, to: pixel(alert.atMs) + 5 }));
      ctx.save();
      ctx.font = `${textSize}px ${palette.font}`;
      ctx.textBaseline = 'middle';
      for (const alert of alerts.toReversed()) {
        const at = pixel(alert.atMs);
        const color = palette.color(alertColors[alert.level]);
        drawMarkLine(chart, at, { color, isSmall, dash: [] });
        if (isSmall) continue;
        drawTriangle(chart, at, color);
        drawMarkWord(chart, drawing, { text: alert.label, beside: [at + 8, at - 8], taken });
      }
      for (const mark of (props.marks ?? []).filter((each) => inside(each.atMs))) {
        const at = pixel(mark.atMs);
        drawMarkLine(chart, at, { color: palette.color('ink-3'), isSmall, dash: [1, 3] });
        if (!isSmall) drawMarkWord(chart, drawing, { text: mark.label, center: at, taken });
      }
      ctx.restore();
    },
  };
}

interface Span {
  readonly from: number;
  readonly to: number;
}

const alertColors = { note: 'accent', warning: 'warn-mark', critical: 'crit' } as const;

function drawMarkLine(chart: Chart, at: number, look: { color: string; isSmall: boolean; dash: number[] }): void {
  const { ctx, chartArea } = chart;
  ctx.strokeStyle = look.color;
  ctx.globalAlpha = look.isSmall ? 0.45 : 1;
  ctx.lineWidth = 1;
  ctx.setLineDash(look.dash);
  ctx.beginPath();
  ctx.moveTo(at, chartArea.top - (look.isSmall || look.dash.length > 0 ? 0 : 3));
  ctx.lineTo(at, chartArea.bottom);
  ctx.stroke();
  ctx.setLineDash([]);
  ctx.globalAlpha = 1;
}

function drawTriangle({ ctx, chartArea }: Chart, at: number, color: string): void {
  const y = chartArea.top - markHeight / 2;
  ctx.fillStyle = color;
  ctx.beginPath();
  ctx.moveTo(at, y - 5);
  ctx.lineTo(at + 5, y + 4);
  ctx.lineTo(at - 5, y + 4);
  ctx.fill();
}

/** Writes where there is room: right of the sign, left of it, or centred over its line; else nothing. */
function drawMarkWord(
  chart: Chart,
  { palette }: Drawing,
  word: { text: string; beside?: readonly [number, number]; center?: number; taken: Span[] },
): void {
  const { ctx, chartArea } = chart;
  const width = ctx.measureText(word.text).width;
  const lefts = word.beside === undefined ? [(word.center ?? 0) - width / 2] : [word.beside[0], word.beside[1] - width];
  const left = lefts.find(
    (from) =>
      from >= chartArea.left - 8 &&
      from + width <= chartArea.right &&
      word.taken.every((span) => span.to + 2 < from || span.from - 2 > from + width),
  );
  if (left === undefined) return;
  word.taken.push({ from: left, to: left + width });
  ctx.fillStyle = palette.color('ink-2');
  ctx.fillText(word.text, left, chartArea.top - markHeight / 2);
}

/** 'G0' at the right end of each line, 12 px apart. */
export function endLabelsPlugin(drawingOf: DrawingOf): Plugin<ChartType> {
  return {
    id: 'endLabels',
    afterDatasetsDraw(chart) {
      const drawing = drawingOf(chart);
      const y = chart.scales.y;
      if (drawing === undefined || y === undefined) return;
      const { ctx, chartArea } = chart;
      const { props, palette } = drawing;
      const ends = props.series
        .flatMap((series) => {
          const value = series.mean.findLast((each) => each !== null);
          if (series.endLabel === undefined || value === undefined || value === null) return [];
          return [{ at: y.getPixelForValue(value), text: series.endLabel, color: series.color }];
        })
        .toSorted((a, b) => a.at - b.at);
      const positions = spreadLabels(
        ends.map((end) => end.at),
        12,
        chartArea.bottom,
      );
      ctx.save();
      ctx.font = `500 ${textSize}px ${palette.font}`;
      ctx.textBaseline = 'middle';
      for (const [index, end] of ends.entries()) {
        const color = cssColor(end.color);
        ctx.fillStyle = palette.color(`color-mix(in oklab, ${color} 62%, var(--ink))`);
        ctx.fillText(end.text, chartArea.right + 8, positions[index] ?? end.at);
      }
      ctx.restore();
    },
  };
}

/** Green edge and dot at the right end: only while it is now. */
export function liveEdgePlugin(drawingOf: DrawingOf): Plugin<ChartType> {
  return {
    id: 'liveEdge',
    afterDatasetsDraw(chart) {
      const drawing = drawingOf(chart);
      const y = chart.scales.y;
      if (drawing?.props.isLive !== true || y === undefined) return;
      const { ctx, chartArea } = chart;
      const right = Math.round(chartArea.right) + 0.5;
      ctx.save();
      ctx.strokeStyle = drawing.palette.color('ok');
      ctx.lineWidth = 1;
      ctx.beginPath();
      ctx.moveTo(right, chartArea.top);
      ctx.lineTo(right, chartArea.bottom);
      ctx.stroke();
      if (drawing.liveValue !== null) {
        ctx.fillStyle = drawing.palette.color('ok');
        ctx.strokeStyle = drawing.palette.color('mix');
        ctx.lineWidth = 1.5;
        ctx.beginPath();
        ctx.arc(right - 0.5, y.getPixelForValue(drawing.liveValue), 3.5, 0, Math.PI * 2);
        ctx.fill();
        ctx.stroke();
      }
      ctx.restore();
    },
  };
}
