import type { Chart, ChartType, Plugin, Scale } from 'chart.js';
import { cssColor } from './css-color.ts';
import { cut } from './cut-text.ts';
import { type Drawing, type DrawingOf, endLabelFont, endLabelWide, textSize } from './drawing.ts';
import { endLabelGap, laneRows, laneSizes, maxLaneRows, spreadLabels } from './layout.ts';
import type { Palette } from './palette.ts';

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

interface Box {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** The same hatching without a pattern. */
export function hatchBox(context: CanvasRenderingContext2D, box: Box, palette: Palette): void {
  const { left, top, width, height } = box;
  const bottom = top + height;
  context.save();
  context.fillStyle = palette.color('gap');
  context.fillRect(left, top, width, height);
  context.beginPath();
  context.rect(left, top, width, height);
  context.clip();
  context.strokeStyle = palette.color('hatch');
  context.lineWidth = 1;
  context.beginPath();
  for (let from = left - height; from < left + width; from += 8) {
    context.moveTo(from, bottom);
    context.lineTo(from + height, top);
  }
  context.stroke();
  context.restore();
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
      if (drawing.hatch !== 'lines') ctx.fillStyle = drawing.hatch;
      for (const gap of drawing.props.gaps ?? []) {
        const [left, right] = clampedSpan(x, gap, chart);
        if (right <= left || gap.isPartial === true) continue;
        const box = { left, top: chartArea.top, width: Math.max(3, right - left), height: chartArea.height };
        if (drawing.hatch === 'lines') hatchBox(ctx, box, drawing.palette);
        else ctx.fillRect(box.left, box.top, box.width, box.height);
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

/** Run lanes above the plot: the run's colour at 20 %, its name inside, '‹' where it began earlier; stripes alone over a small chart. */
export function lanesPlugin(drawingOf: DrawingOf): Plugin<ChartType> {
  return {
    id: 'lanes',
    afterDraw(chart) {
      const drawing = drawingOf(chart);
      const x = chart.scales.x;
      if (drawing === undefined || x === undefined) return;
      const { ctx } = chart;
      const { props, palette } = drawing;
      const { height, step } = laneSizes(props);
      ctx.save();
      ctx.font = `${textSize}px ${palette.font}`;
      ctx.textBaseline = 'middle';
      for (const [row, lanes] of laneRows(props.runs ?? [])
        .slice(0, maxLaneRows)
        .entries())
        for (const lane of lanes) {
          const [left, right] = clampedSpan(x, { fromMs: lane.fromMs, toMs: lane.toMs ?? props.toMs }, chart);
          const top = 6 + row * step;
          if (right - left < 1) continue;
          const color = cssColor(lane.color);
          const isStripe = props.isSmall === true;
          ctx.fillStyle = palette.color(isStripe ? lane.color : `color-mix(in oklab, ${color} 20%, var(--mix))`);
          ctx.fillRect(left, top, right - left, height);
          if (isStripe) continue;
          const isCut = lane.fromMs < props.fromMs;
          ctx.fillStyle = palette.color(lane.color);
          if (!isCut) ctx.fillRect(left, top, 2, height);
          ctx.save();
          ctx.beginPath();
          ctx.rect(left, top, right - left - 2, height);
          ctx.clip();
          ctx.fillStyle = palette.color('ink-2');
          ctx.fillText(isCut ? `‹ ${lane.name}` : lane.name, left + 6, top + height / 2 + 0.5);
          ctx.restore();
        }
      ctx.restore();
    },
  };
}

/** 'G0' at the right end of each line, 12 px apart, as much of it as has room. */
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
      const left = chartArea.right + endLabelGap;
      const wide = endLabelWide(ctx, palette);
      ctx.font = endLabelFont(palette);
      ctx.textBaseline = 'middle';
      for (const [index, end] of ends.entries()) {
        const color = cssColor(end.color);
        ctx.fillStyle = palette.color(`color-mix(in oklab, ${color} 62%, var(--ink))`);
        ctx.fillText(cut(end.text, chart.width - left, wide), left, positions[index] ?? end.at);
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
