import type { History } from '../../shared/model/history.ts';
import { msFromSeconds } from '../../shared/units.ts';

const longestIdleMs = msFromSeconds(60);

/**
 * A bucket shorter than the time between two samples may hold none without anything being missed. What was missed stands in
 * the history's gaps: short empty stretches outside of them are left out, so that they are not taken for holes.
 */
export function withoutIdleBuckets(history: History): History {
  const bucketMs = msFromSeconds(history.bucketSeconds);
  const { timesMs, series, gaps } = history;
  const isEmpty = timesMs.map((_, index) => series.every((each) => (each.mean[index] ?? null) === null));
  const isIdle = new Array<boolean>(timesMs.length).fill(false);
  for (let from = 0; from < timesMs.length; from += 1) {
    if (isEmpty[from] !== true) continue;
    let to = from;
    while (to < timesMs.length && isEmpty[to] === true) to += 1;
    const startMs = (timesMs[from] ?? 0) - bucketMs;
    const endMs = timesMs[to - 1] ?? 0;
    const isShort = endMs - startMs <= Math.max(longestIdleMs, 3 * bucketMs);
    const isBetween = from > 0 && to < timesMs.length;
    const isMissed = gaps.some((gap) => gap.fromMs < endMs && gap.toMs > startMs);
    if (isShort && isBetween && !isMissed) isIdle.fill(true, from, to);
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
    })),
  };
}
