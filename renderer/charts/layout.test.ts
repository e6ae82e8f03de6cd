import { expect, it } from 'vitest';
import type { TimeChartProps } from './chart-model.ts';
import { chartPadding, laneRows, spreadLabels } from './layout.ts';

it('puts runs that follow each other into one row and runs that overlap into two', () => {
  const rows = laneRows([
    { id: 'b', fromMs: 50, toMs: null },
    { id: 'a', fromMs: 0, toMs: 40 },
    { id: 'c', fromMs: 60, toMs: null },
  ]);
  expect(rows.map((row) => row.map((lane) => lane.id))).toEqual([['a', 'b'], ['c']]);
});

it('spreads end labels 12 px apart and keeps them above the bottom', () => {
  // 10, 12, 95 → 10, 22, 95; the bottom 90 pulls the last one up.
  expect(spreadLabels([10, 12, 95], 12, 90)).toEqual([10, 22, 90]);
  // Three at the bottom: 90, 78, 66 from below.
  expect(spreadLabels([88, 89, 90], 12, 90)).toEqual([66, 78, 90]);
});

it('leaves the widest end label its room, up to a fifth of the chart', () => {
  const props = (...endLabels: readonly string[]): TimeChartProps => ({
    timesMs: [],
    fromMs: 0,
    toMs: 1,
    unit: 'watts',
    ariaSentence: '',
    series: endLabels.map((endLabel) => ({
      key: endLabel,
      label: endLabel,
      endLabel,
      color: 's1',
      kind: 'line',
      mean: [],
    })),
  });
  const wide = (text: string): number => 7 * text.length;
  const rightOf = (widthPx: number, ...endLabels: readonly string[]): number =>
    chartPadding(props(...endLabels), { widthPx, wide }).right;
  expect(rightOf(900)).toBe(12);
  // 8 + 14 + 4 px for 'G0' are less than the 32 px that every such chart has.
  expect(rightOf(900, 'G0', 'G1')).toBe(32);
  // 8 + 7 × 6 + 4.
  expect(rightOf(900, 'G0', 'drop03')).toBe(54);
  expect(rightOf(200, 'drop03')).toBe(40);
});
