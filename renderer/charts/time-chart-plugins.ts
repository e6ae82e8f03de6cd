import { type Chart, Chart as ChartClass, LinearScale, LineController, type Plugin } from 'chart.js';
import annotationPlugin from 'chartjs-plugin-annotation';
import type { Drawing } from './drawing.ts';
import { marksPlugin } from './marks-plugin.ts';
import { endLabelsPlugin, gapsPlugin, lanesPlugin, liveEdgePlugin } from './plugins.ts';
import { seriesPlugin } from './series-plugin.ts';

ChartClass.register(LineController, LinearScale, annotationPlugin);

const drawings = new WeakMap<Chart, Drawing>();
const drawingOf = (chart: Chart): Drawing | undefined => drawings.get(chart);

/** What a chart's plugins draw from at its next update. */
export const setDrawing = (chart: Chart, drawing: Drawing): void => void drawings.set(chart, drawing);

/** Everything that a chart over time draws beside its axes and limits, on the screen and in a picture alike. */
export const timeChartPlugins = [
  gapsPlugin,
  seriesPlugin,
  lanesPlugin,
  marksPlugin,
  endLabelsPlugin,
  liveEdgePlugin,
].map((create) => create(drawingOf)) as Plugin<'line'>[];
