import { createI18n } from '../../../renderer/i18n/i18n.ts';
import '../../../renderer/design/styles.css';
import { drawByChart } from './by-time-chart.tsx';
import { drawByUplot } from './by-uplot.ts';
import type { Step } from './step.ts';

declare global {
  interface Window {
    /** Set when the first drawing stands. */
    step?: Step;
  }
}

const root = document.getElementById('root');
if (root === null) throw new Error('The page has no #root.');
const endSecond = Math.floor(Date.UTC(2026, 0, 15, 12) / 1000);
const draw = new URLSearchParams(location.search).get('by') === 'uplot' ? drawByUplot : drawByChart;
window.step = await draw(root, { endSecond, i18n: await createI18n() });
