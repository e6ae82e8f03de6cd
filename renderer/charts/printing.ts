import { Chart } from 'chart.js';
import { flushSync } from 'react-dom';
import { drawQueue } from './draw-queue.ts';
import { themeSetEvent } from './palette.ts';

/** Dots of a printed chart for each of its pixels on the screen: 96 a inch are seen on paper. */
const printedPixelRatio = 3;

/** Paper is white: whatever is printed, by the button, the browser's own command or into a file, is drawn light, and its charts finely. */
export function keepPrintable(): void {
  let shown: string | null = null;
  const usual = Chart.defaults.devicePixelRatio;
  const draw = (theme: string): void => {
    document.documentElement.dataset.theme = theme;
    flushSync(() => void document.dispatchEvent(new Event(themeSetEvent)));
    drawQueue.flush();
  };
  const resize = (): void => {
    for (const chart of Object.values(Chart.instances)) chart.resize(chart.width, chart.height);
  };
  addEventListener('beforeprint', () => {
    if (shown !== null) return;
    shown = document.documentElement.dataset.theme ?? 'light';
    Chart.defaults.devicePixelRatio = printedPixelRatio;
    draw('light');
    resize();
  });
  addEventListener('afterprint', () => {
    if (shown === null) return;
    Chart.defaults.devicePixelRatio = usual;
    draw(shown);
    shown = null;
    resize();
  });
}
