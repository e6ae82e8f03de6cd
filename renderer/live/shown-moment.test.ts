import { describe, expect, it } from 'vitest';
import type { WindowColumns } from './history-columns.ts';
import { isMoment, shownBucket } from './shown-moment.ts';

const columns = (timesMs: readonly number[], bucketSeconds: number): WindowColumns => ({
  timesMs,
  bucketSeconds,
  isReduced: true,
  byKey: new Map(),
});

describe('the bucket that is shown', () => {
  const range = { fromMs: 0, toMs: 29_000 };
  const tens = columns([10_000, 20_000, 30_000], 10);

  it('is the one nearest to the crosshair, with its own time', () => {
    // 18 s is nearer to 20 s than to 10 s: the bucket of 10 s to 20 s.
    expect(shownBucket(tens, range, 18_000)).toEqual({ index: 1, fromMs: 10_000, toMs: 20_000 });
  });

  it('is the newest without a crosshair, and ends with the window', () => {
    // The grid's last bucket ends at 30 s, the window at 29 s.
    expect(shownBucket(tens, range, null)).toEqual({ index: 2, fromMs: 20_000, toMs: 29_000 });
  });

  it('begins where the one before it ends when it is not full yet', () => {
    // An hour's bucket up to 3600 s, then 5 s of live readings.
    const hours = columns([3_600_000, 3_605_000], 3600);
    const bucket = shownBucket(hours, { fromMs: 0, toMs: 3_605_000 }, null);
    expect(bucket).toEqual({ index: 1, fromMs: 3_600_000, toMs: 3_605_000 });
    expect(bucket !== null && isMoment(bucket)).toBe(true);
    expect(isMoment({ fromMs: 0, toMs: 60_001 })).toBe(false);
  });

  it('is none where nothing was read', () => {
    expect(shownBucket(columns([], 10), range, null)).toBeNull();
  });
});
