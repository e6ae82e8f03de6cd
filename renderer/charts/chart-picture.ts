import { BasicPlatform, Chart as ChartClass } from 'chart.js';
import type { ChartGap, TimeChartProps } from './chart-model.ts';
import { chartOptions } from './chart-options.ts';
import { endLabelWide } from './drawing.ts';
import { limitAnnotations } from './limit-annotations.ts';
import { datasetsOf, endsPlugin, type MetricChartProps, optionsOf } from './metric-chart.tsx';
import { type Palette, type PictureTheme, picturePalette } from './palette.ts';
import { layOutSheet, type PictureFacts } from './picture-sheet.ts';
import { createSvgPen } from './svg-context.ts';
import { xmlText } from './svg-text.ts';
import { setDrawing, timeChartPlugins } from './time-chart-plugins.ts';

/** A chart as it is drawn now, with what has to be said of it where nobody sees the app around it. */
export interface ChartPicture {
  readonly facts: PictureFacts;
  readonly chart:
    | { readonly kind: 'time'; readonly props: TimeChartProps; readonly gapLabel: (gap: ChartGap) => string }
    | { readonly kind: 'metric'; readonly props: MetricChartProps };
  readonly locale: string;
  readonly more: (count: number) => string;
}

const widthPx = 1000;
const chartHeightPx = 360;
/** Pixels of a PNG for each of the drawing: sharp in a document and on a dense screen. */
const pngScale = 2;

interface Canvas {
  readonly width: number;
  readonly height: number;
  getContext(kind: '2d'): CanvasRenderingContext2D | null;
}

interface ChartPlace {
  readonly picture: ChartPicture;
  readonly palette: Palette;
  readonly canvas: Canvas;
  readonly scale: number;
}

/** Draws the chart alone on the canvas, at once, with the same axes and plugins as on the screen; gone again once closed. */
function drawChart({ picture: { chart, locale }, palette, canvas, scale }: ChartPlace): { close(): void } {
  // Anew each time: chart.js writes into what it is given.
  const base = () => ({
    animation: false as const,
    responsive: false,
    devicePixelRatio: scale,
    events: [],
    plugins: { zoom: false as unknown as object },
  });
  const made = new ChartClass<'line'>(canvas as unknown as HTMLCanvasElement, {
    type: 'line',
    platform: BasicPlatform,
    data: { datasets: [] },
    options: base(),
    plugins: chart.kind === 'time' ? timeChartPlugins : [endsPlugin(() => ({ props: chart.props, palette }))],
  });
  if (chart.kind === 'time') {
    // What is faint on a small chart of many is said in full where it stands alone.
    const props = { ...chart.props, isSmall: false, isLive: false };
    const options = chartOptions({
      props,
      palette,
      locale,
      widthPx: made.width,
      wide: endLabelWide(made.ctx, palette),
    });
    setDrawing(made, { props, palette, hatch: 'lines', gapLabel: chart.gapLabel, liveValue: null });
    made.options = {
      ...options,
      ...base(),
      plugins: { ...base().plugins, annotation: { annotations: limitAnnotations(props, palette) } },
    };
  } else {
    made.options = { ...optionsOf(chart.props, palette, locale), ...base() };
    // Without it chart.js hands its lines over as a Path2D, which tells nobody what is in it.
    made.data.datasets = datasetsOf(chart.props, palette).map((dataset) => ({ ...dataset, segment: {} }));
  }
  made.update('none');
  return { close: () => made.destroy() };
}

function createMeasure(): (text: string, font: string) => number {
  const pen = document.createElement('canvas').getContext('2d');
  return (text, font) => {
    if (pen === null) return 6 * text.length;
    pen.font = font;
    return pen.measureText(text).width;
  };
}

function sheetFor(picture: ChartPicture, palette: Palette, measure: (text: string, font: string) => number) {
  return layOutSheet({ facts: picture.facts, palette, measure, widthPx, chartHeightPx, more: picture.more });
}

/** The chart as an SVG document: lines, areas and words, no pixels in it. */
export function renderSvg(picture: ChartPicture, theme: PictureTheme): string {
  const palette = picturePalette(theme);
  const measure = createMeasure();
  const sheet = sheetFor(picture, palette, measure);
  const around = createSvgPen({ widthPx: sheet.widthPx, heightPx: sheet.heightPx, idPrefix: 's', measure });
  sheet.draw(around.context);
  const { left, top, widthPx: chartWidth, heightPx: chartHeight } = sheet.chart;
  const inner = createSvgPen({ widthPx: chartWidth, heightPx: chartHeight, idPrefix: 'c', measure });
  const canvas = { width: chartWidth, height: chartHeight, getContext: () => inner.context };
  const drawn = drawChart({ picture, palette, canvas, scale: 1 });
  const body = inner.body();
  drawn.close();
  const { facts } = picture;
  const described = [...facts.lines, ...(facts.warning === null ? [] : [facts.warning]), ...facts.sources];
  return `<?xml version="1.0" encoding="UTF-8"?>
<svg xmlns="http://www.w3.org/2000/svg" width="${sheet.widthPx}" height="${sheet.heightPx}" viewBox="0 0 ${sheet.widthPx} ${sheet.heightPx}" role="img" font-family="${xmlText(palette.font.replaceAll('"', "'"))}">
<title>${xmlText(facts.title)}</title>
<desc>${xmlText(described.join('\n'))}</desc>
${around.body()}
<g transform="translate(${left} ${top})">
${body}
</g>
</svg>
`;
}

/** The same as pixels, two for each of the drawing's. */
export async function renderPng(picture: ChartPicture, theme: PictureTheme): Promise<Blob> {
  const palette = picturePalette(theme);
  const sheet = sheetFor(picture, palette, createMeasure());
  const canvas = document.createElement('canvas');
  canvas.width = sheet.widthPx * pngScale;
  canvas.height = sheet.heightPx * pngScale;
  const context = canvas.getContext('2d');
  if (context === null) throw new Error('This page has no canvas to draw on.');
  context.scale(pngScale, pngScale);
  sheet.draw(context);
  const inner = document.createElement('canvas');
  const { left, top, widthPx: chartWidth, heightPx: chartHeight } = sheet.chart;
  inner.width = chartWidth;
  inner.height = chartHeight;
  const drawn = drawChart({ picture, palette, canvas: inner, scale: pngScale });
  context.drawImage(inner, left, top, chartWidth, chartHeight);
  drawn.close();
  return new Promise((resolve, reject) =>
    canvas.toBlob((blob) => (blob === null ? reject(new Error('The picture is empty.')) : resolve(blob)), 'image/png'),
  );
}
