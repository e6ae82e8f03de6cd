import { z } from 'zod';

/** What a chart of the Charts view can show, in the order in which they are offered. */
export const chartNames = ['power', 'utilization', 'memory', 'temperature', 'clock', 'energy'] as const;
export type ChartName = (typeof chartNames)[number];
export type ChartWidth = 'half' | 'full';

export interface ChosenChart {
  /** Its own, as long as it is there: two charts may show the same. */
  readonly id: string;
  readonly name: ChartName;
  readonly width: ChartWidth;
  /** Domains by id; null: every GPU, or every part where there is none. */
  readonly deviceIds: readonly string[] | null;
}

/** More would be too small to read and too many to draw each second. */
export const mostCharts = 12;
const mostDevices = 50;

export const defaultCharts: readonly ChosenChart[] = chartNames.map((name) => ({
  id: name,
  name,
  width: 'half',
  deviceIds: null,
}));

const storedSchema = z.object({
  version: z.literal(1),
  charts: z
    .array(
      z.object({
        id: z.string().min(1).max(40),
        name: z.enum(chartNames),
        width: z.enum(['half', 'full']),
        deviceIds: z.array(z.string().max(200)).min(1).max(mostDevices).nullable(),
      }),
    )
    .min(1)
    .max(mostCharts),
});

/** What was kept, or the usual six where nothing was kept or something else than charts. */
export function parseCharts(text: string | null): readonly ChosenChart[] {
  if (text === null) return defaultCharts;
  const stored = storedSchema.safeParse(jsonOf(text));
  if (!stored.success) return defaultCharts;
  const { charts } = stored.data;
  return new Set(charts.map(({ id }) => id)).size === charts.length ? charts : defaultCharts;
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

export const chartsText = (charts: readonly ChosenChart[]): string => JSON.stringify({ version: 1, charts });

/** The charts with one of them at another place; places beyond the ends are the ends. */
export function withChartAt(charts: readonly ChosenChart[], id: string, place: number): readonly ChosenChart[] {
  const chart = charts.find((each) => each.id === id);
  if (chart === undefined) return charts;
  const others = charts.filter((each) => each.id !== id);
  return others.toSpliced(Math.min(others.length, Math.max(0, place)), 0, chart);
}

export function withChange(
  charts: readonly ChosenChart[],
  id: string,
  change: Partial<Omit<ChosenChart, 'id'>>,
): readonly ChosenChart[] {
  return charts.map((chart) => (chart.id === id ? { ...chart, ...change } : chart));
}

/** The last one stays: a view without a chart has no way to be filled but from here. */
export function withoutChart(charts: readonly ChosenChart[], id: string): readonly ChosenChart[] {
  return charts.length === 1 ? charts : charts.filter((chart) => chart.id !== id);
}

/** One more, of what is not shown yet; of power where everything is. */
export function withOneMore(charts: readonly ChosenChart[]): readonly ChosenChart[] {
  if (charts.length >= mostCharts) return charts;
  const name = chartNames.find((each) => charts.every((chart) => chart.name !== each)) ?? 'power';
  const ids = new Set(charts.map(({ id }) => id));
  const numbers = Array.from({ length: mostCharts + 1 }, (_, index) => `${name}-${index + 2}`);
  const id = [name, ...numbers].find((each) => !ids.has(each)) ?? name;
  return [...charts, { id, name, width: 'half', deviceIds: null }];
}

export const isDefault = (charts: readonly ChosenChart[]): boolean => chartsText(charts) === chartsText(defaultCharts);
