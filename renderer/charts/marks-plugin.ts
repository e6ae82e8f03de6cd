import type { Chart, ChartType, Plugin } from 'chart.js';
import { type Drawing, type DrawingOf, textSize } from './drawing.ts';
import { markHeight } from './layout.ts';

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
        if (!isSmall) drawMarkWord(chart, drawing, { text: mark.label, color: mark.color, center: at, taken });
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
  word: {
    text: string;
    color?: string | undefined;
    beside?: readonly [number, number];
    center?: number;
    taken: Span[];
  },
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
  ctx.fillStyle = palette.color(word.color ?? 'ink-2');
  ctx.fillText(word.text, left, chartArea.top - markHeight / 2);
}
