import { msFromSeconds } from '../../shared/units.ts';

const minute = 60;
const hour = 60 * minute;
const day = 24 * hour;
const timeSteps = [
  1,
  2,
  5,
  10,
  15,
  30,
  1 * minute,
  2 * minute,
  5 * minute,
  10 * minute,
  15 * minute,
  30 * minute,
].concat([1 * hour, 2 * hour, 3 * hour, 6 * hour, 12 * hour, 1 * day, 2 * day, 7 * day, 14 * day, 30 * day]);

/** Round local times inside a range, at most `count` of them; `offsetMinutes` is the zone's, east positive. */
export function timeTicks(fromMs: number, toMs: number, options: { count: number; offsetMinutes: number }): number[] {
  const spanSeconds = (toMs - fromMs) / msFromSeconds(1);
  const stepSeconds = timeSteps.find((step) => spanSeconds / step <= options.count) ?? 30 * day;
  return roundTimes(fromMs, toMs, { stepSeconds, offsetMinutes: options.offsetMinutes });
}

interface EdgedOptions {
  readonly offsetMinutes: number;
  readonly plotPx: number;
  /** Of the widest label. */
  readonly labelPx: number;
}

const mostLabels = 8;
/** Between two labels. */
const labelGapPx = 14;
const edgeGapPx = 8;

/**
 * Both ends, whose labels lie inside the plot, and between them the finest round times whose labels have room: eight labels at most. A round time whose label would
 * touch that of an end has none.
 */
export function edgedTimeTicks(fromMs: number, toMs: number, options: EdgedOptions): number[] {
  const { offsetMinutes, plotPx, labelPx } = options;
  const msPerPixel = (toMs - fromMs) / plotPx;
  const edgeMs = (1.5 * labelPx + edgeGapPx) * msPerPixel;
  for (const stepSeconds of timeSteps) {
    if (msFromSeconds(stepSeconds) < (labelPx + labelGapPx) * msPerPixel) continue;
    if ((toMs - fromMs) / msFromSeconds(stepSeconds) > 2 * mostLabels) continue;
    const round = roundTimes(fromMs, toMs, { stepSeconds, offsetMinutes });
    const free = round.filter((at) => at - fromMs >= edgeMs && toMs - at >= edgeMs);
    if (free.length + 2 <= mostLabels) return [fromMs, ...free, toMs];
  }
  return [fromMs, toMs];
}

interface RoundOptions {
  readonly stepSeconds: number;
  readonly offsetMinutes: number;
}

function roundTimes(fromMs: number, toMs: number, { stepSeconds, offsetMinutes }: RoundOptions): number[] {
  const stepMs = msFromSeconds(stepSeconds);
  const offsetMs = msFromSeconds(offsetMinutes * minute);
  const ticks: number[] = [];
  for (let at = Math.ceil((fromMs + offsetMs) / stepMs) * stepMs - offsetMs; at <= toMs; at += stepMs) ticks.push(at);
  return ticks;
}

/** Seconds are shown only under five minutes. */
export const hasSeconds = (fromMs: number, toMs: number): boolean => toMs - fromMs < msFromSeconds(5 * minute);
/** From two days on a label says the day as well. */
export const hasDays = (fromMs: number, toMs: number): boolean => toMs - fromMs >= msFromSeconds(2 * day);

export interface AxisTicks {
  readonly min: number;
  readonly max: number;
  readonly values: readonly number[];
}

/** An axis from `floor` up to the first round value that holds `highest`, in steps of 1, 2 or 5: three to six lines. */
export function valueTicks(floor: number, highest: number, atLeast: number): AxisTicks {
  const span = Math.max(highest, atLeast) - floor;
  const rough = span / 5;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = ([1, 2, 5, 10].find((factor) => factor * power >= rough - power * 1e-9) ?? 10) * power;
  const count = Math.max(1, Math.ceil(span / step - 1e-9));
  const values = Array.from({ length: count + 1 }, (_, index) => Number((floor + index * step).toPrecision(12)));
  return { min: floor, max: values.at(-1) ?? floor + step, values };
}
