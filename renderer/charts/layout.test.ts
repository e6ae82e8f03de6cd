import { expect, it } from 'vitest';
import { laneRows, spreadLabels } from './layout.ts';

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
