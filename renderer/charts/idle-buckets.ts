import type { History } from '../../shared/model/history.ts';
import { msFromSeconds } from '../../shared/units.ts';

/** Samples come this much later than their period, and than those beside them, at most; what takes longer was missed: no engine ran. */
const lateFactor = 2.5;

/** Two readings may lie this far apart without anything being missed between them; a meter has 2.5 s to answer whatever the period. */
export const longestPauseMs = (periodSeconds: number): number => lateFactor * msFromSeconds(Math.max(1, periodSeconds));

/**
 * A bucket shorter than the time between two samples may hold none without anything being missed. What was missed stands in
 * the history's gaps, or is longer than a sample can be late: other short empty stretches are left out, so that they are not taken for holes.
 * The pauses alone do not tell: short runs, far apart and without an engine between them, look like samples that come seldom.
 */
export function withoutIdleBuckets(history: History, periodSeconds: number): History {
  const bucketMs = msFromSeconds(history.bucketSeconds);
  const { timesMs, series, gaps } = history;
  const isEmpty = timesMs.map((_, index) => series.every((each) => (each.mean[index] ?? null) === null));
  const readMs = timesMs.filter((_, index) => isEmpty[index] !== true);
  const isIdle = new Array<boolean>(timesMs.length).fill(false);
  for (let from = 0; from < timesMs.length; from += 1) {
    if (isEmpty[from] !== true) continue;
    let to = from;
    while (to < timesMs.length && isEmpty[to] === true) to += 1;
    const startMs = (timesMs[from] ?? 0) - bucketMs;
    const endMs = timesMs[to - 1] ?? 0;
    const isShort = endMs - startMs <= longestPauseMs(periodSeconds);
    const isBetween = from > 0 && to < timesMs.length;
    const isMissed = gaps.some((gap) => gap.fromMs < endMs && gap.toMs > startMs);
    const isUsual = endMs + bucketMs - startMs <= usualPauseMs(readMs, startMs, bucketMs);
    if (isShort && isBetween && isUsual && !isMissed) isIdle.fill(true, from, to);
    from = to;
  }
  if (!isIdle.includes(true)) return history;
  const kept = <T>(column: readonly T[]): T[] => column.filter((_, index) => isIdle[index] !== true);
  return {
    ...history,
    timesMs: kept(timesMs),
    series: series.map((each) => ({
      key: each.key,
      min: kept(each.min),
      max: kept(each.max),
      mean: kept(each.mean),
      ...(each.seconds === undefined ? {} : { seconds: kept(each.seconds) }),
    })),
  };
}

/** The longest pause that says nothing after the bucket read at `beforeMs`, by the pauses before and after it; without any the rest decides. */
function usualPauseMs(readMs: readonly number[], beforeMs: number, bucketMs: number): number {
  // The bucket that ends where the stretch begins; its end may be off by a rounding.
  const at = readMs.findLastIndex((ms) => ms <= beforeMs + bucketMs / 2);
  const pause = (index: number): number => (readMs[index + 1] ?? Number.NaN) - (readMs[index] ?? Number.NaN);
  const beside = [pause(at - 1), pause(at + 1)].filter((ms) => Number.isFinite(ms));
  return beside.length === 0 ? Number.POSITIVE_INFINITY : Math.max(2 * bucketMs, lateFactor * Math.max(...beside));
}
