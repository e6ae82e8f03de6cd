import { cut } from './cut-text.ts';
import { textSize } from './drawing.ts';
import type { Palette } from './palette.ts';
import { hatchBox } from './plugins.ts';

/** What is written around a chart that leaves the app. */
export interface PictureFacts {
  readonly title: string;
  readonly unit: string;
  /** Under the title, a line each: which machine or run, when, between which bounds. */
  readonly lines: readonly string[];
  /** Said in the warning colour, such as that every number is made up; null: nothing. */
  readonly warning: string | null;
  readonly legend: readonly LegendEntry[];
  /** At the foot, in the order of their weight: how the values came about, who drew this and when. */
  readonly sources: readonly string[];
}

export interface LegendEntry {
  readonly label: string;
  readonly sign:
    | { readonly kind: 'area'; readonly color: string }
    | { readonly kind: 'line'; readonly color: string; readonly dash: readonly number[] }
    | { readonly kind: 'ring'; readonly color: string }
    | { readonly kind: 'gap' };
}

const edgePx = 24;
const titleSize = 15;
const linePx = 16;
const signPx = 20;
const gapPx = 16;
/** More names than this are counted, not listed. */
const mostEntries = 40;

type Measure = (text: string, font: string) => number;

interface Placed<T> {
  readonly item: T;
  readonly left: number;
  readonly top: number;
}

export interface Sheet {
  readonly widthPx: number;
  readonly heightPx: number;
  readonly chart: { readonly left: number; readonly top: number; readonly widthPx: number; readonly heightPx: number };
  /** Draws all but the chart. */
  draw(context: CanvasRenderingContext2D): void;
}

interface SheetInputs {
  readonly facts: PictureFacts;
  readonly palette: Palette;
  readonly measure: Measure;
  readonly widthPx: number;
  readonly chartHeightPx: number;
  /** '{{count}} more', for names that have no room. */
  readonly more: (count: number) => string;
}

/** The picture's places from the top down: title, lines, chart, legend, sources. */
export function layOutSheet({ facts, palette, measure, widthPx, chartHeightPx, more }: SheetInputs): Sheet {
  const font = `${textSize}px ${palette.font}`;
  const roomPx = widthPx - 2 * edgePx;
  const wide = (text: string): number => measure(text, font);
  const head = facts.lines.flatMap((line) => wrapped(line.split(' '), { roomPx, wide, joint: ' ' }));
  const warning = facts.warning === null ? [] : wrapped(facts.warning.split(' '), { roomPx, wide, joint: ' ' });
  const foot = wrapped(facts.sources, { roomPx, wide, joint: ' · ' });
  const shown = facts.legend.slice(0, mostEntries);
  const hidden = facts.legend.length - shown.length;

  const headTop = edgePx + 24;
  const chartTop = headTop + (head.length + warning.length) * linePx + 8;
  const legendTop = chartTop + chartHeightPx + 12;
  const legend = flowed(shown, { roomPx, top: legendTop, wide: ({ label }) => signPx + 6 + wide(label) });
  const legendBottom = legend.length === 0 ? legendTop - 12 : (legend.at(-1)?.top ?? legendTop) + linePx;
  const moreTop = legendBottom + (hidden > 0 ? linePx : 0);
  const footTop = moreTop + 12;
  const heightPx = Math.ceil(footTop + foot.length * linePx + edgePx - 4);

  function draw(context: CanvasRenderingContext2D): void {
    context.save();
    context.fillStyle = palette.color('bg');
    context.fillRect(0, 0, widthPx, heightPx);
    context.textBaseline = 'middle';
    context.textAlign = 'left';
    const write = (text: string, color: string, at: { left: number; top: number }): void => {
      context.fillStyle = palette.color(color);
      context.fillText(text, at.left, at.top + linePx / 2);
    };
    const titleFont = `600 ${titleSize}px ${palette.font}`;
    const unitPx = facts.unit === '' ? 0 : wide(facts.unit) + 8;
    const title = cut(facts.title, roomPx - unitPx, (text) => measure(text, titleFont));
    context.font = titleFont;
    write(title, 'ink', { left: edgePx, top: edgePx - 2 });
    context.font = font;
    write(facts.unit, 'ink-3', { left: edgePx + measure(title, titleFont) + 8, top: edgePx });
    for (const [index, line] of head.entries()) write(line, 'ink-2', { left: edgePx, top: headTop + index * linePx });
    context.font = `600 ${font}`;
    for (const [index, line] of warning.entries())
      write(line, 'warn', { left: edgePx, top: headTop + (head.length + index) * linePx });
    context.font = font;
    for (const { item, left, top } of legend) {
      drawSign(context, item.sign, { left: edgePx + left, top, palette });
      write(item.label, 'ink-2', { left: edgePx + left + signPx + 6, top });
    }
    if (hidden > 0) write(more(hidden), 'ink-3', { left: edgePx, top: legendBottom });
    for (const [index, line] of foot.entries()) write(line, 'ink-3', { left: edgePx, top: footTop + index * linePx });
    context.restore();
  }

  return {
    widthPx,
    heightPx,
    chart: { left: edgePx - 8, top: chartTop, widthPx: roomPx + 16, heightPx: chartHeightPx },
    draw,
  };
}

function drawSign(
  context: CanvasRenderingContext2D,
  sign: LegendEntry['sign'],
  { left, top, palette }: { left: number; top: number; palette: Palette },
): void {
  const middle = top + linePx / 2;
  context.save();
  switch (sign.kind) {
    case 'area':
      context.fillStyle = palette.color(sign.color);
      context.fillRect(left, middle - 5, signPx, 10);
      break;
    case 'line':
      context.strokeStyle = palette.color(sign.color);
      context.lineWidth = 2;
      context.setLineDash([...sign.dash]);
      context.beginPath();
      context.moveTo(left, middle);
      context.lineTo(left + signPx, middle);
      context.stroke();
      break;
    case 'ring':
      context.strokeStyle = palette.color(sign.color);
      context.lineWidth = 1.3;
      context.beginPath();
      context.arc(left + signPx / 2, middle, 3, 0, 2 * Math.PI);
      context.stroke();
      break;
    case 'gap':
      hatchBox(context, { left, top: middle - 5, width: signPx, height: 10 }, palette);
      break;
  }
  context.restore();
}

interface WrapRoom {
  readonly roomPx: number;
  readonly wide: (text: string) => number;
  readonly joint: string;
}

/** Parts on as few lines as hold them; a part that is longer than a line is cut. */
export function wrapped(parts: readonly string[], { roomPx, wide, joint }: WrapRoom): readonly string[] {
  const lines: string[] = [];
  for (const part of parts.filter((each) => each !== '')) {
    const last = lines.at(-1);
    const longer = last === undefined ? part : last + joint + part;
    if (last !== undefined && wide(longer) <= roomPx) lines[lines.length - 1] = longer;
    else lines.push(cut(part, roomPx, wide));
  }
  return lines;
}

function flowed<T>(
  items: readonly T[],
  { roomPx, top, wide }: { roomPx: number; top: number; wide: (item: T) => number },
): readonly Placed<T>[] {
  let left = 0;
  let line = top;
  return items.map((item) => {
    const width = Math.min(roomPx, wide(item));
    if (left > 0 && left + width > roomPx) {
      left = 0;
      line += linePx;
    }
    const placed = { item, left, top: line };
    left += width + gapPx;
    return placed;
  });
}
