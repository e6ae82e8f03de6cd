import { expect, it } from 'vitest';
import { lookBack, rangeOf, refreshMs } from './time-window.ts';

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
