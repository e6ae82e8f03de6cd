import { expect, it } from 'vitest';
import { bucketCount, lookBack, rangeOf, refreshMs } from './time-window.ts';

it('ends a live window at the newest reading', () => {
  expect(rangeOf({ kind: 'live', key: '1m' }, 100_000)).toEqual({ fromMs: 40_000, toMs: 100_000 });
});

it('keeps a span that reaches past now its length and ends it at now', () => {
  // 60 s asked for, 20 s of it in the future: it moves back by 20 s.
  const past = lookBack({ kind: 'live', key: '1m' }, { fromMs: 60_000, toMs: 120_000 }, 100_000);
  expect(past).toEqual({ kind: 'past', key: '1m', fromMs: 40_000, toMs: 100_000 });
});

it('never shows less than ten seconds', () => {
  const past = lookBack({ kind: 'live', key: '1m' }, { fromMs: 50_000, toMs: 50_500 }, 100_000);
  expect(past).toMatchObject({ fromMs: 50_000, toMs: 60_000 });
});

it('asks anew every 5 s, for long windows every two-hundredth of them', () => {
  // 24 h / 200 = 432 s.
  expect([refreshMs({ fromMs: 0, toMs: 60_000 }), refreshMs({ fromMs: 0, toMs: 86_400_000 })]).toEqual([5000, 432_000]);
});

it('asks for no bucket shorter than a sample', () => {
  // A minute of 1 s samples is 60 buckets, an hour as many as there are pixels.
  const limits = { most: 720, periodSeconds: 1 };
  expect(bucketCount({ fromMs: 0, toMs: 60_000 }, limits)).toBe(60);
  expect(bucketCount({ fromMs: 0, toMs: 3_600_000 }, limits)).toBe(720);
  expect(bucketCount({ fromMs: 0, toMs: 500 }, limits)).toBe(2);
});
