import type { ReactNode } from 'react';
import type { TimeChartProps } from '../charts/chart-model.ts';
import { CrosshairScope } from '../charts/crosshair.tsx';
import { TimeChart } from '../charts/time-chart.tsx';
import { seriesColor, seriesDash } from '../design/series.ts';
import { noise } from './traces.ts';

const toMs = Date.UTC(2026, 10, 22, 14, 31);
const fromMs = toMs - 30 * 60_000;
const timesMs = Array.from({ length: 300 }, (_, index) => fromMs + index * 6000);
const gapFrom = 120;
const gapTo = 150;
const trace = (seed: number, base: number): (number | null)[] =>
  timesMs.map((_, index) =>
    index >= gapFrom && index < gapTo ? null : base * (1 + (noise(seed, index) - 0.5) * 0.05),
  );
const gap = { fromMs: timesMs[gapFrom - 1] ?? 0, toMs: timesMs[gapTo] ?? 0 };
const base = {
  timesMs,
  fromMs,
  toMs,
  unit: 'watts',
  gaps: [gap],
  height: 180,
} as const satisfies Partial<TimeChartProps>;

const layers = [240, 600, 610, 690, 700].map((watts, index) => trace(index, watts));
const total = timesMs.map((_, at) =>
  layers.some((layer) => layer[at] === null) ? null : layers.reduce((sum, layer) => sum + (layer[at] ?? 0), 0),
);
const colors = [
  'color-mix(in oklab, var(--none) 60%, var(--mix))',
  ...[84, 64].map((percent) => `color-mix(in oklab, var(--s2) ${percent}%, var(--tint))`),
  ...[84, 64].map((percent) => `color-mix(in oklab, var(--s1) ${percent}%, var(--tint))`),
];

/** Runs are named by people and by file names. */
const longName = 'finetune-llama3-8b-instruct-on-the-support-tickets-of-the-last-five-years-r3';

/** The chart grammar: a stack with limit, alert, epoch and gap; lines with end labels under one crosshair. */
export function ChartSamples(): ReactNode {
  return (
    <section>
      <h2>Chart grammar</h2>
      <CrosshairScope>
        <TimeChart
          {...base}
          ariaSentence="A stack of five areas"
          isStacked
          isLive
          series={layers.map((mean, index) => ({
            key: String(index),
            label: index === 4 ? longName : `Layer ${index}`,
            color: colors[index] ?? 'none',
            kind: 'area',
            mean,
            isGroupTop: index === 2,
          }))}
          total={{ label: 'Total', mean: total }}
          limits={[{ value: 2860, label: 'limit 2.86 kW' }]}
          alerts={[{ id: 'a', label: '2.86 kW', level: 'warning', atMs: toMs - 400_000 }]}
          marks={[{ atMs: fromMs + 300_000, label: 'E3' }]}
          runs={[{ id: 'r', name: 'llama3-8b-sft-r3', color: 's1', fromMs: fromMs - 1, toMs: null }]}
        />
        <TimeChart
          {...base}
          ariaSentence="Eight lines"
          hasTip={false}
          series={[690, 660, 630, 560, 480, 420, 120, 70].map((watts, index) => ({
            key: String(index),
            label: `GPU ${index}`,
            endLabel: `G${index}`,
            color: seriesColor(index),
            dash: seriesDash(index),
            kind: 'line',
            mean: trace(index + 20, watts),
          }))}
        />
      </CrosshairScope>
    </section>
  );
}
