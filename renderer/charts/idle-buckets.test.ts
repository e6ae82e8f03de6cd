import { describe, expect, it } from 'vitest';
import type { History } from '../../shared/model/history.ts';
import { withoutIdleBuckets } from './idle-buckets.ts';

const history = (timesMs: number[], values: (number | null)[], bucketSeconds = 1): History => ({
  fromMs: 0,
  toMs: timesMs.at(-1) ?? 0,
  bucketSeconds,
  isReduced: bucketSeconds > 1,
  timesMs,
  series: [{ key: 'm', min: values, max: values, mean: values }],
  gaps: [],
  runs: [],
  alerts: [],
  marks: [],
});

describe('withoutIdleBuckets', () => {
  it('leaves out buckets that are only shorter than the time between two samples', () => {
    // Samples each 10 s in buckets of 5 s: each second bucket is empty, and no gap is on record.
    const kept = withoutIdleBuckets(history([5000, 10_000, 15_000, 20_000, 25_000], [1, null, 2, null, 3], 5));
    expect(kept.timesMs).toEqual([5000, 15_000, 25_000]);
    expect(kept.series[0]?.mean).toEqual([1, 2, 3]);
  });

  it('keeps what a gap on record explains, and what is too long to be a pause between samples', () => {
    const gap = { domainId: 'gpu:0', fromMs: 6000, toMs: 9000, reason: 'timeout' as const, isBridged: false };
    const missed = { ...history([5000, 10_000, 15_000], [1, null, 2], 5), gaps: [gap] };
    expect(withoutIdleBuckets(missed).timesMs).toEqual([5000, 10_000, 15_000]);
    // 13 buckets of 5 s are 65 s.
    const times = Array.from({ length: 15 }, (_, index) => (index + 1) * 5000);
    const long = history(
      times,
      times.map((_, index) => (index === 0 || index === 14 ? 1 : null)),
      5,
    );
    expect(withoutIdleBuckets(long).timesMs).toHaveLength(15);
  });
});
