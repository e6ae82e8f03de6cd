import type { AlertLevel } from '../../shared/model/alert.ts';
import type { GapReason } from '../../shared/model/domain.ts';

/** One value a bucket; null where nothing was read. As long as the chart's `timesMs`. */
export type Column = readonly (number | null)[];

export interface ChartSeries {
  readonly key: string;
  readonly label: string;
  /** A token ('s1', 'none', 'ink', 'ink-3'), or any CSS colour, `var()` and `color-mix()` included. */
  readonly color: string;
  /** Canvas dash pattern; see `seriesDash`. */
  readonly dash?: readonly number[];
  readonly kind: 'line' | 'area';
  readonly mean: Column;
  /** With both given, a line passes through the lowest and the highest of each bucket, so that spikes survive. */
  readonly min?: Column;
  readonly max?: Column;
  readonly width?: number;
  /** Two or three letters at the right end of the line: 'G0'. */
  readonly endLabel?: string;
  /** A heavier ground-coloured edge on top, where one run ends and the next begins. */
  readonly isGroupTop?: boolean;
}

export interface ChartGap {
  readonly fromMs: number;
  readonly toMs: number;
  readonly reason?: GapReason;
  /** Only some devices were not read: the stack keeps the rest, the total's line is dashed, as it is a lower bound. */
  readonly isPartial?: boolean;
  /** Drawn where it fits; made from length and reason when absent. */
  readonly label?: string;
}

export interface ChartRunLane {
  readonly id: string;
  readonly name: string;
  readonly color: string;
  readonly fromMs: number;
  readonly toMs: number | null;
}

export interface ChartAlert {
  readonly id: string;
  readonly label: string;
  readonly level: AlertLevel;
  readonly atMs: number;
}

export interface ChartMark {
  readonly atMs: number;
  readonly label: string;
  /** What its word is painted in, any CSS colour; hint ink without it. */
  readonly color?: string;
}

export interface ChartLimit {
  readonly value: number;
  readonly label: string;
}

export interface TimeChartProps {
  readonly timesMs: readonly number[];
  readonly fromMs: number;
  readonly toMs: number;
  /** Times count from 0, the start of what is shown, and are written as durations. */
  readonly isElapsed?: boolean;
  /** What the values are; it chooses the axis: watts and joules get kW and kWh where they grow large. */
  readonly unit: ChartUnit;
  readonly series: readonly ChartSeries[];
  /** Areas stand on each other, the first at the bottom. */
  readonly isStacked?: boolean;
  /** The sum's own line over a stack, in ink. */
  readonly total?: { readonly label: string; readonly mean: Column; readonly min?: Column; readonly max?: Column };
  readonly gaps?: readonly ChartGap[];
  readonly runs?: readonly ChartRunLane[];
  readonly alerts?: readonly ChartAlert[];
  readonly marks?: readonly ChartMark[];
  readonly limits?: readonly ChartLimit[];
  /** Pixels; without it the chart fills its parent. */
  readonly height?: number;
  /** The green dot and edge at the right: only while the right end is now. */
  readonly isLive?: boolean;
  /** Alerts and marks as faint lines only, for small charts. */
  readonly isSmall?: boolean;
  /** The curves alone: no axes, no room around them. */
  readonly isBare?: boolean;
  /** 'Power by run, last hour: 4,542 W now, between 2,412 and 4,588 W, one gap of 75 s'. */
  readonly ariaSentence: string;
  /** The user dragged, zoomed or panned to this range. Without it the chart stands still. */
  readonly onRange?: (fromMs: number, toMs: number) => void;
  /** Double click: back to the whole window. */
  readonly onReset?: () => void;
}

export type ChartUnit = 'watts' | 'percent' | 'gibibytes' | 'celsius' | 'megahertz' | 'kilowatt-hours' | 'plain';
