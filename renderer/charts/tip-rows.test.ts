import { expect, it } from 'vitest';
import type { TimeChartProps } from './chart-model.ts';
import { tipRows } from './tip-rows.ts';

const series = (key: string, mean: readonly (number | null)[]) =>
  ({ key, label: key, color: 's1', kind: 'line', mean }) as const;
const props: TimeChartProps = {
  timesMs: [1000, 2000],
  fromMs: 1000,
  toMs: 2000,
  unit: 'percent',
  series: [series('gpu 0', [0, 40]), series('gpu 1', [null, 0])],
  ariaSentence: '',
};
const keysAt = (of: TimeChartProps, index: number): readonly string[] => tipRows(of, index).map(({ key }) => key);

it('lists zeros as values, and not what nothing was read of', () => {
  expect(keysAt(props, 0)).toEqual(['gpu 0']);
  expect(keysAt(props, 1)).toEqual(['gpu 1', 'gpu 0']);
});

it('lists the sum first, known or not', () => {
  expect(keysAt({ ...props, total: { label: 'Total', mean: [null, 40] } }, 0)).toEqual(['total', 'gpu 0']);
});
