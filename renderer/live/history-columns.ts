import type { History } from '../../shared/model/history.ts';
import { msFromSeconds, secondsFromMs } from '../../shared/units.ts';
import { longestPauseMs, withoutIdleBuckets } from '../charts/idle-buckets.ts';

export type Values = readonly (number | null)[];

export interface SeriesColumns {
  readonly min: Values;
  readonly max: Values;
  readonly mean: Values;
  /** Time in each bucket that its mean speaks for. */
  readonly seconds: readonly number[];
}

/** History and the live readings since, as columns over one list of times. */
export interface WindowColumns {
  readonly timesMs: readonly number[];
  readonly bucketSeconds: number;
  readonly isReduced: boolean;
  readonly byKey: ReadonlyMap<string, SeriesColumns>;
}

/** One live reading of every series asked for, by key. */
export interface LiveFrame {
  readonly atMs: number;
  readonly values: ReadonlyMap<string, number | null>;
}

export interface FrameOptions {
  readonly periodSeconds: number;
  /** Series that stand on each other up to the machine: a frame without one, in which others were read, counts as none of it. */
  readonly stackedKeys?: ReadonlySet<string>;
}

interface Bucket {
  readonly atMs: number;
  readonly frames: readonly LiveFrame[];
}

/** A pause longer than this many buckets or periods is a hole, not a slope. */
const holeFactor = 3;

/**
 * Appends live frames to a history, folded into buckets as long as its own, so that the chart moves each second while the
 * next query is not due. A pause in the readings gets an empty bucket: the line must break there.
 */
export function appendFrames(
  asked: History,
  frames: readonly LiveFrame[],
  { periodSeconds, stackedKeys }: FrameOptions,
): WindowColumns {
  const history = withoutIdleBuckets(asked, periodSeconds);
  const bucketMs = msFromSeconds(Math.max(history.bucketSeconds, periodSeconds));
  const kept = frames.length > 0 ? lengthWithoutEmptyEnd(history) : history.timesMs.length;
  const lastMs = history.timesMs[kept - 1] ?? Number.NEGATIVE_INFINITY;
  const buckets = foldFrames(
    frames.filter((frame) => frame.atMs > lastMs),
    { lastMs, bucketMs },
  );
  const byKey = new Map<string, SeriesColumns>();
  const timesMs = [...history.timesMs.slice(0, kept), ...buckets.map((bucket) => bucket.atMs)];
  const { bucketSeconds } = history;
  const longestStepSeconds = bucketSeconds + secondsFromMs(longestPauseMs(periodSeconds));
  for (const series of history.series) {
    const added = buckets.map((bucket) => columnsOf(bucket, series.key, stackedKeys?.has(series.key) === true));
    const mean = [...series.mean.slice(0, kept), ...added.map((value) => value?.mean ?? null)];
    const spoken = spokenSeconds(timesMs, mean, { bucketSeconds, longestStepSeconds });
    byKey.set(series.key, {
      min: [...series.min.slice(0, kept), ...added.map((value) => value?.min ?? null)],
      max: [...series.max.slice(0, kept), ...added.map((value) => value?.max ?? null)],
      mean,
      seconds: [...(series.seconds ?? spoken).slice(0, kept), ...spoken.slice(kept)],
    });
  }
  return { timesMs, bucketSeconds, isReduced: history.isReduced, byKey };
}

/** Time that means speak for where that is not told: back to the bucket before, where that is read and no further than a reading can be late; else a bucket. */
function spokenSeconds(
  timesMs: readonly number[],
  mean: Values,
  { bucketSeconds, longestStepSeconds }: { readonly bucketSeconds: number; readonly longestStepSeconds: number },
): readonly number[] {
  return mean.map((watts, index) => {
    if (watts === null) return 0;
    const previousMs = timesMs[index - 1];
    // A bucket after a hole, or after a pause longer than a reading speaks for, holds its own length only.
    const hasBefore = previousMs !== undefined && (mean[index - 1] ?? null) !== null;
    const stepSeconds = hasBefore ? secondsFromMs((timesMs[index] ?? 0) - previousMs) : bucketSeconds;
    return stepSeconds <= longestStepSeconds ? stepSeconds : bucketSeconds;
  });
}

/** The newest buckets may be empty only because they are not written yet; live frames know better. */
function lengthWithoutEmptyEnd(history: History): number {
  let length = history.timesMs.length;
  while (length > 0 && history.series.every((series) => (series.mean[length - 1] ?? null) === null)) length -= 1;
  return length;
}

function foldFrames(frames: readonly LiveFrame[], after: { lastMs: number; bucketMs: number }): Bucket[] {
  const buckets: Bucket[] = [];
  let previousMs = after.lastMs;
  let open: LiveFrame[] = [];
  const close = (): void => {
    const last = open.at(-1);
    if (last !== undefined) buckets.push({ atMs: last.atMs, frames: open });
    open = [];
  };
  for (const frame of frames) {
    const first = open[0];
    if (frame.atMs - previousMs > holeFactor * after.bucketMs && Number.isFinite(previousMs)) {
      close();
      buckets.push({ atMs: previousMs + 1, frames: [] });
    } else if (first !== undefined && frame.atMs - first.atMs >= after.bucketMs) close();
    open.push(frame);
    previousMs = frame.atMs;
  }
  close();
  return buckets;
}

function columnsOf(bucket: Bucket, key: string, isStacked: boolean): { min: number; max: number; mean: number } | null {
  const values = bucket.frames.map((frame) => frame.values.get(key) ?? null).filter((value) => value !== null);
  if (values.length === 0) return null;
  const sum = values.reduce((total, value) => total + value, 0);
  const count = isStacked ? bucket.frames.filter(isRead).length : values.length;
  const mean = sum / count;
  return { min: Math.min(mean, ...values), max: Math.max(...values), mean };
}

const isRead = (frame: LiveFrame): boolean => [...frame.values.values()].some((value) => value !== null);

/** What is left of a column when others are taken from it, never below 0; null where the column itself is null. */
export function remainder(column: Values, parts: readonly Values[]): Values {
  return column.map((value, index) => {
    if (value === null) return null;
    return Math.max(0, value - parts.reduce((sum, part) => sum + (part[index] ?? 0), 0));
  });
}

export const scaled = (column: Values, factor: number): Values =>
  column.map((value) => (value === null ? null : value * factor));

/** Energy since the window's start in joules, from mean power over the time that it was read in: flat across a gap, never bridged. */
export function cumulativeJoules(meanWatts: Values, seconds: readonly number[]): Values {
  let joules = 0;
  let hasBegun = false;
  return meanWatts.map((watts, index) => {
    joules += (watts ?? 0) * (seconds[index] ?? 0);
    hasBegun ||= watts !== null;
    return hasBegun ? joules : null;
  });
}

export interface WindowStatistics {
  readonly min: number;
  readonly mean: number;
  readonly max: number;
}

/** Over the buckets inside the range, each by the time that was read in it, its newest among them, which is not over yet; null where nothing was read. */
export function statisticsOf(
  columns: SeriesColumns,
  { timesMs, bucketSeconds }: Pick<WindowColumns, 'timesMs' | 'bucketSeconds'>,
  range: { fromMs: number; toMs: number },
): WindowStatistics | null {
  const bucketMs = msFromSeconds(bucketSeconds);
  let min = Number.POSITIVE_INFINITY;
  let max = Number.NEGATIVE_INFINITY;
  let joules = 0;
  let readSeconds = 0;
  let newest: number | null = null;
  for (const [index, at] of timesMs.entries()) {
    const mean = columns.mean[index] ?? null;
    if (mean === null || at < range.fromMs || at - bucketMs >= range.toMs) continue;
    min = Math.min(min, columns.min[index] ?? mean);
    max = Math.max(max, columns.max[index] ?? mean);
    const seconds = columns.seconds[index] ?? 0;
    joules += mean * seconds;
    readSeconds += seconds;
    newest = mean;
  }
  // Within one long sample, which lies after the range, all have its value.
  return newest === null ? null : { min, mean: readSeconds > 0 ? joules / readSeconds : newest, max };
}
