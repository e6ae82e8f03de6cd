import type { ChartDataset } from 'chart.js';
import type { Column, TimeChartProps } from './chart-model.ts';
import { edgePoints, linePoints, type Point, stackColumns } from './columns.ts';
import type { Palette } from './palette.ts';

type LineDataset = ChartDataset<'line', Point[]>;

const common = { pointRadius: 0, pointHitRadius: 0, spanGaps: false, tension: 0 } as const;

/** What chart.js draws: areas from their own edges, then the total's line in ink, or plain lines. */
export function chartDatasets(props: TimeChartProps, palette: Palette): LineDataset[] {
  const { timesMs, total } = props;
  if (props.isStacked !== true) return props.series.map((series) => lineDataset(props, series, palette));
  const tops = stackColumns(
    props.series.map((series) => series.mean),
    total?.mean ?? null,
  );
  const areas = props.series.map(
    (series, index): LineDataset => ({
      ...common,
      data: edgePoints(timesMs, tops[index] ?? []),
      fill: index === 0 ? 'origin' : '-1',
      backgroundColor: palette.color(series.color),
      borderColor: palette.color('mix'),
      borderWidth: series.isGroupTop === true ? 1.5 : 0.75,
      order: 10 + index,
    }),
  );
  return total === undefined ? areas : [...areas, totalDataset(props, total, palette)];
}

function lineDataset(props: TimeChartProps, series: TimeChartProps['series'][number], palette: Palette): LineDataset {
  const color = palette.color(series.color);
  return {
    ...common,
    data: linePoints(props.timesMs, series),
    borderColor: color,
    borderWidth: series.width ?? (series.kind === 'area' ? 1.5 : 1.3),
    borderDash: [...(series.dash ?? [])],
    borderJoinStyle: 'round',
    fill: series.kind === 'area' ? 'origin' : false,
    backgroundColor: palette.color(`color-mix(in oklab, ${cssColor(series.color)} 22%, transparent)`),
  };
}

/** What lies above the lowest limit is filled in the warning colour. */
function totalDataset(
  props: TimeChartProps,
  total: NonNullable<TimeChartProps['total']>,
  palette: Palette,
): LineDataset {
  const partial = (props.gaps ?? []).filter((gap) => gap.isPartial === true);
  const isPartial = (fromMs: number | null, toMs: number | null): boolean =>
    partial.some((gap) => (toMs ?? 0) > gap.fromMs && (fromMs ?? 0) < gap.toMs);
  const lowestLimit = Math.min(...(props.limits ?? []).map((limit) => limit.value));
  const warning = palette.color('color-mix(in oklab, var(--warn-mark) 75%, transparent)');
  return {
    ...common,
    data: linePoints(props.timesMs, total),
    borderColor: palette.color('ink'),
    borderWidth: 1.5,
    borderJoinStyle: 'round',
    ...(partial.length === 0
      ? {}
      : { segment: { borderDash: ({ p0, p1 }) => (isPartial(p0.parsed.x, p1.parsed.x) ? [4, 3] : undefined) } }),
    fill: Number.isFinite(lowestLimit)
      ? { target: { value: lowestLimit }, above: warning, below: 'transparent' }
      : false,
    order: 0,
  };
}

export const cssColor = (color: string): string => (/^[a-z][a-z0-9-]*$/.test(color) ? `var(--${color})` : color);

/** The last value of the line the live dot rides on. */
export function lastValue(props: TimeChartProps): number | null {
  const column: Column | undefined = props.total?.mean ?? props.series[0]?.mean;
  if (props.total === undefined && props.series.length > 1) return null;
  return column?.at(-1) ?? null;
}
