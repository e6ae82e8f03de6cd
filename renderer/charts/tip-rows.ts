import type { ChartSeries, TimeChartProps } from './chart-model.ts';

/** The sum of a stack as one more line; none where there is no sum. */
export const totalOf = (props: TimeChartProps): readonly ChartSeries[] =>
  props.total === undefined ? [] : [{ ...props.total, key: 'total', color: 'ink', kind: 'line' }];

/** What a tip lists at one time: the sum, always, and every series with a value there, 0 included, the topmost first. */
export const tipRows = (props: TimeChartProps, index: number): readonly ChartSeries[] => [
  ...totalOf(props),
  ...props.series.toReversed().filter((series) => (series.mean[index] ?? null) !== null),
];
