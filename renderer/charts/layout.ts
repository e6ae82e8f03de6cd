import type { TimeChartProps } from './chart-model.ts';

export const laneHeight = 14;
export const laneGap = 2;
export const axisWidth = 40;
export const markHeight = 14;

/** Rows of lanes: each run in the first row that is free when it begins. */
export function laneRows<T extends { readonly fromMs: number; readonly toMs: number | null }>(
  lanes: readonly T[],
): T[][] {
  const rows: T[][] = [];
  for (const lane of lanes.toSorted((a, b) => a.fromMs - b.fromMs)) {
    const free = rows.find((row) => {
      const last = row.at(-1);
      return last !== undefined && last.toMs !== null && last.toMs <= lane.fromMs;
    });
    if (free === undefined) rows.push([lane]);
    else free.push(lane);
  }
  return rows;
}

/** At most this many rows of lanes are drawn: a plot must be left. */
export const maxLaneRows = 4;

/** A lane of a small chart is a stripe without a name. */
export const laneSizes = (props: TimeChartProps): { readonly height: number; readonly step: number } =>
  props.isSmall === true ? { height: 3, step: 4 } : { height: laneHeight, step: laneHeight + laneGap };

export interface ChartPadding {
  readonly top: number;
  readonly right: number;
}

/** A chart's width in pixels, and what an end label takes of it. */
export interface ChartWidth {
  readonly widthPx: number;
  readonly wide: (endLabel: string) => number;
}

/** From the plot to its end labels. */
export const endLabelGap = 8;
const edge = 4;
/** Room for 'G0' and the like: charts beside each other end alike. */
const leastEndRoom = 32;

/** Beside the plot: as much as the widest end label takes, but most of a chart is its plot. */
function endLabelRoom(labels: readonly string[], { widthPx, wide }: ChartWidth): number {
  const widest = Math.ceil(Math.max(0, ...labels.map(wide)));
  return Math.max(leastEndRoom, Math.min(endLabelGap + widest + edge, Math.floor(widthPx / 5)));
}

export function chartPadding(props: TimeChartProps, width: ChartWidth): ChartPadding {
  if (props.isBare === true) return { top: 2, right: 0 };
  const rows = Math.min(maxLaneRows, laneRows(props.runs ?? []).length);
  const hasMarks = props.isSmall !== true && ((props.alerts ?? []).length > 0 || (props.marks ?? []).length > 0);
  const top = 6 + rows * laneSizes(props).step + (rows > 0 ? 4 : 0) + (hasMarks ? markHeight : 0);
  const labels = props.series.flatMap((series) => series.endLabel ?? []);
  return { top, right: labels.length > 0 ? endLabelRoom(labels, width) : 12 };
}

/** Moves labels apart to at least `distance`, keeping their order, none below `bottom`. Positions come ascending. */
export function spreadLabels(positions: readonly number[], distance: number, bottom: number): number[] {
  const spread = [...positions];
  for (let index = 1; index < spread.length; index += 1)
    spread[index] = Math.max(spread[index] ?? 0, (spread[index - 1] ?? 0) + distance);
  let limit = bottom;
  for (let index = spread.length - 1; index >= 0; index -= 1) {
    spread[index] = Math.min(spread[index] ?? 0, limit);
    limit = (spread[index] ?? 0) - distance;
  }
  return spread;
}
