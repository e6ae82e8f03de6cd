import { expect, it } from 'vitest';
import { powerChart } from './html-charts.ts';

it('puts the times of a run at round ones', () => {
  const chart = powerChart('Power', { seconds: 17.2, mean: [10, 20], max: [12, 22] });
  const times = [...chart.matchAll(/class="(start|centre|end)">([^<]*)</g)].map(([, anchor, text]) => [anchor, text]);
  expect(times).toEqual([
    ['start', '0'],
    ['centre', '5 s'],
    ['centre', '10 s'],
    ['centre', '15 s'],
  ]);
  // The plot is 658 px from 58 px on: 58 + 658 × 5 / 17.2.
  expect(chart).toContain('<text x="249.3"');
});
