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
    const kept = withoutIdleBuckets(history([5000, 10_000, 15_000, 20_000, 25_000], [1, null, 2, null, 3], 5), 10);
    expect(kept.timesMs).toEqual([5000, 15_000, 25_000]);
    expect(kept.series[0]?.mean).toEqual([1, 2, 3]);
  });

  it('keeps a hole that is longer than the pauses beside it: an engine that was killed and came back', () => {
    const times = Array.from({ length: 20 }, (_, index) => (index + 1) * 1000);
    // Read each second, but for 7 … 14 s.
    const read = times.map((ms) => (ms >= 7000 && ms <= 14_000 ? null : 10));
    expect(withoutIdleBuckets(history(times, read), 10).timesMs).toEqual(times);
  });

  it('keeps the time between short runs without an engine: their pauses look like samples that come seldom', () => {
    // A second each, with 20, 30, 50 and 40 s between them: 50 s is less than 2.5 × 40 s, and no sample of each second comes 2.5 s late.
    const times = Array.from({ length: 145 }, (_, index) => (index + 1) * 1000);
    const read = times.map((ms) => ([1000, 22_000, 53_000, 104_000, 145_000].includes(ms) ? 10 : null));
    expect(withoutIdleBuckets(history(times, read), 1).timesMs).toEqual(times);
  });

  it('leaves out what is no longer than a sample can be late', () => {
    // A minute's samples that come a little before and a little after the minute may leave one minute empty.
    const times = [60_000, 120_000, 180_000];
    expect(withoutIdleBuckets(history(times, [1, null, 2], 60), 60).timesMs).toEqual([60_000, 180_000]);
    expect(withoutIdleBuckets(history(times, [1, null, 2], 60), 1).timesMs).toEqual(times);
  });

  it('leaves out the pauses of samples that come more often later on', () => {
    // Each 10 s at first, then each 2 s, in buckets of 1 s.
    const times = Array.from({ length: 40 }, (_, index) => (index + 1) * 1000);
    const isRead = (ms: number): boolean => (ms <= 30_000 ? ms % 10_000 === 0 : ms % 2000 === 0);
    const kept = withoutIdleBuckets(
      history(
        times,
        times.map((ms) => (isRead(ms) ? 10 : null)),
      ),
      10,
    );
    expect(kept.timesMs.filter((ms) => ms >= 10_000)).toEqual([
      10_000, 20_000, 30_000, 32_000, 34_000, 36_000, 38_000, 40_000,
    ]);
  });

  it('keeps what a gap on record explains, and what is too long to be a pause between samples', () => {
    const gap = { domainId: 'gpu:0', fromMs: 6000, toMs: 9000, reason: 'timeout' as const, isBridged: false };
    const missed = { ...history([5000, 10_000, 15_000], [1, null, 2], 5), gaps: [gap] };
    expect(withoutIdleBuckets(missed, 10).timesMs).toEqual([5000, 10_000, 15_000]);
    // 13 buckets of 5 s are 65 s.
    const times = Array.from({ length: 15 }, (_, index) => (index + 1) * 5000);
    const long = history(
      times,
      times.map((_, index) => (index === 0 || index === 14 ? 1 : null)),
      5,
    );
    expect(withoutIdleBuckets(long, 10).timesMs).toHaveLength(15);
  });
});
