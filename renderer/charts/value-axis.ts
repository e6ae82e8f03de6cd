import { axisUnit } from './axis-text.ts';
import type { ChartUnit, TimeChartProps } from './chart-model.ts';
import { extentOf, stackColumns } from './columns.ts';
import { type AxisTicks, valueTicks } from './ticks.ts';

/** The smallest top of an axis: a machine that draws next to nothing shows a flat line, not magnified noise. */
const atLeast: Readonly<Record<ChartUnit, number>> = {
  watts: 10,
  percent: 100,
  gibibytes: 1,
  celsius: 60,
  megahertz: 500,
  'kilowatt-hours': 0.00001,
  plain: 1,
};

/** Y starts at 0, temperature at 20; percent ends at 100. Limits just above the data are kept in sight. */
export function valueAxis(props: TimeChartProps): AxisTicks {
  const floor = props.unit === 'celsius' ? 20 : 0;
  if (props.unit === 'percent') return { min: 0, max: 104, values: [0, 50, 100] };
  const highest = highestValue(props);
  const limits = (props.limits ?? []).map((limit) => limit.value).filter((value) => value <= highest * 1.5);
  return shownTicks(props.unit, floor, Math.max(highest, ...limits));
}

/** Steps are round in the unit that is written: of energy that may be joules, a 3.6 millionth of what the values are in. */
function shownTicks(unit: ChartUnit, floor: number, highest: number): AxisTicks {
  const inUnit = (divisor: number): AxisTicks => {
    const { min, max, values } = valueTicks(floor / divisor, highest / divisor, atLeast[unit] / divisor);
    const back = (value: number): number => Number((value * divisor).toPrecision(15));
    return { min: back(min), max: back(max), values: values.map(back) };
  };
  const ticks = inUnit(axisUnit(unit, Math.max(highest, atLeast[unit])).divisor);
  // The axis ends above the highest value, and where it ends it may be written in the next unit.
  return inUnit(axisUnit(unit, ticks.max).divisor);
}

function highestValue(props: TimeChartProps): number {
  const columns = props.series.flatMap((series) => [series.mean, series.max ?? []]);
  if (props.isStacked !== true) return extentOf(columns)?.max ?? 0;
  const totals = props.total === undefined ? [] : [props.total.mean, props.total.max ?? []];
  const top = stackColumns(
    props.series.map((series) => series.mean),
    props.total?.mean ?? null,
  ).at(-1);
  return extentOf([...totals, top ?? []])?.max ?? 0;
}
