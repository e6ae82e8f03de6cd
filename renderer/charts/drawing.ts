import type { Chart } from 'chart.js';
import type { ChartGap, TimeChartProps } from './chart-model.ts';
import type { Palette } from './palette.ts';

/** What the plugins draw from: set anew before each update of the chart. */
export interface Drawing {
  readonly props: TimeChartProps;
  readonly palette: Palette;
  /** What fills a gap; 'lines' in a picture, whose hatching is drawn line by line. */
  readonly hatch: CanvasPattern | 'lines' | null;
  readonly gapLabel: (gap: ChartGap) => string;
  /** Last height of the line that the live dot rides on; null: no dot. */
  readonly liveValue: number | null;
}

export type DrawingOf = (chart: Chart) => Drawing | undefined;

/** Pixels of every word on a canvas, as in the styles. */
export const textSize = 11;

export const endLabelFont = (palette: Palette): string => `500 ${textSize}px ${palette.font}`;

/** Pixels that an end label takes where it is drawn. */
export const endLabelWide =
  (context: CanvasRenderingContext2D, palette: Palette): ((text: string) => number) =>
  (text) => {
    context.save();
    context.font = endLabelFont(palette);
    const { width } = context.measureText(text);
    context.restore();
    return width;
  };
