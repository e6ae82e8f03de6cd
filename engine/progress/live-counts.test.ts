import { expect, it } from 'vitest';
import type { CurvePoint, NewMark } from '../store/records.ts';
import { createLiveCounts } from './live-counts.ts';

const mark = (atMs: number, value: number, changes: Partial<NewMark> = {}): NewMark => ({
  atMs,
  kind: 'step',
  label: '',
  value,
  clientId: null,
  step: null,
  epoch: null,
  windowId: null,
  source: 'api',
  ...changes,
});
const point = (joules: number): CurvePoint => ({
  joules,
  lowJoules: joules,
  highJoules: joules,
  varianceJoules2: 0,
  cutJoules2: 0,
  periodSeconds: 1,
});

it('gives what a step takes, from the first mark to the last whose energy is known', () => {
  const counts = createLiveCounts();
  for (const [atMs, step] of [
    [1000, 1],
    [2000, 11],
    [3000, 21],
  ] as const)
    counts.add('r', mark(atMs, step));
  expect(counts.read('r')?.joulesPerStep).toBeNull();
  counts.settle('r', 1000, point(100));
  counts.settle('r', 2000, point(150));
  // 50 J over ten steps; the third has no energy yet.
  expect(counts.read('r')).toMatchObject({ step: 21, joulesPerStep: 5 });
});

it('gives marks of one moment the same energy', () => {
  const counts = createLiveCounts();
  counts.add('r', mark(1000, 1));
  counts.add('r', mark(1000, 2));
  counts.add('r', mark(2000, 4));
  counts.settle('r', 1000, point(10));
  counts.settle('r', 2000, point(40));
  // From step 1 to step 4: 30 J.
  expect(counts.read('r')?.joulesPerStep).toBe(10);
});

it('is a mean over the last minute', () => {
  const counts = createLiveCounts();
  // A step a second takes 1 J for 100 s, then 3 J: 61 s later all but the oldest, at the minute's edge, are of the latter kind.
  let joules = 0;
  for (let second = 0; second <= 161; second++) {
    joules += second <= 100 ? 1 : 3;
    counts.add('r', mark(second * 1000, second));
    counts.settle('r', second * 1000, point(joules));
  }
  expect(counts.read('r')?.joulesPerStep).toBe(3);
});

it('says when it was counted last: by steps where there are any, else by what there is', () => {
  const counts = createLiveCounts();
  expect(counts.read('r')).toBeNull();
  counts.add('r', mark(9000, 1, { kind: 'epoch' }));
  expect(counts.read('r')?.countedAtMs).toBe(9000);
  counts.add('r', mark(8000, 420));
  expect(counts.read('r')?.countedAtMs).toBe(8000);
  counts.add('r', mark(8500, 421));
  counts.add('r', mark(9500, 1.5, { kind: 'loss' }));
  expect(counts.read('r')?.countedAtMs).toBe(8500);
});

it('follows the better source alone', () => {
  const counts = createLiveCounts();
  counts.add('r', mark(1000, 500, { source: 'log:progress' }));
  counts.add('r', mark(1000, 1));
  counts.add('r', mark(2000, 900, { source: 'log:progress' }));
  expect(counts.read('r')?.step).toBe(1);
});

it('takes a hundred thousand marks in a moment and settles them', () => {
  const counts = createLiveCounts();
  const began = performance.now();
  for (let i = 0; i < 100_000; i++) counts.add('r', mark(i / 10, i));
  for (let i = 0; i < 100_000; i++) counts.settle('r', i / 10, point(i));
  expect(counts.read('r')?.joulesPerStep).toBe(1);
  // Each looking through all others: 10¹⁰ steps, minutes.
  expect(performance.now() - began).toBeLessThan(10_000);
});
