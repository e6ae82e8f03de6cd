import type { History } from '../../../shared/model/history.ts';

/** A day at 1 Hz of eight series, as a page would keep it in full. */
export interface RawDay {
  readonly seconds: number[];
  readonly watts: number[][];
}

export const seriesCount = 8;
export const daySeconds = 86_400;
/** As many as the plot has pixels: what the engine reduces a window to. */
const bucketCount = 1200;

/** Noise around a level with a dip every few minutes: no two buckets alike, so that nothing is drawn for free. */
export function wattsAt(series: number, second: number): number {
  const value = Math.sin((series + 1) * 127.1 + second * 311.7) * 43_758.5453;
  const noise = value - Math.floor(value);
  const isEvaluating = (second + series * 37) % 840 < 40;
  return (isEvaluating ? 420 : 640 - series * 20) + noise * 60;
}

export function createRawDay(endSecond: number): RawDay {
  const seconds = Array.from({ length: daySeconds }, (_, i) => endSecond - daySeconds + 1 + i);
  return {
    seconds,
    watts: Array.from({ length: seriesCount }, (_, series) => seconds.map((second) => wattsAt(series, second))),
  };
}

/** The same day as the engine gives it: the least, the mean and the most of each bucket. */
export function reduceDay(day: RawDay): History {
  const perBucket = daySeconds / bucketCount;
  const starts = Array.from({ length: bucketCount }, (_, bucket) => bucket * perBucket);
  return {
    fromMs: (day.seconds[0] ?? 0) * 1000,
    toMs: (day.seconds.at(-1) ?? 0) * 1000,
    timesMs: starts.map((start) => (day.seconds[start + perBucket - 1] ?? 0) * 1000),
    bucketSeconds: perBucket,
    isReduced: true,
    gaps: [],
    runs: [],
    alerts: [],
    marks: [],
    series: day.watts.map((watts, series) => {
      const buckets = starts.map((start) => watts.slice(start, start + perBucket));
      return {
        key: String(series),
        min: buckets.map((values) => Math.min(...values)),
        max: buckets.map((values) => Math.max(...values)),
        mean: buckets.map((values) => values.reduce((sum, value) => sum + value, 0) / values.length),
      };
    }),
  };
}
