import { describe, expect, it } from 'vitest';
import type { History } from '../../shared/model/history.ts';
import { appendFrames, cumulativeJoules, type LiveFrame, remainder, statisticsOf } from './history-columns.ts';

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
const frame = (atMs: number, value: number | null): LiveFrame => ({ atMs, values: new Map([['m', value]]) });

describe('appendFrames', () => {
  it('adds each second where a bucket is a sample', () => {
    const columns = appendFrames(history([1000, 2000], [100, 110]), [frame(2000, 110), frame(3000, 120)], {
      periodSeconds: 1,
    });
    expect(columns.timesMs).toEqual([1000, 2000, 3000]);
    expect(columns.byKey.get('m')?.mean).toEqual([100, 110, 120]);
  });

  it('folds frames into buckets as long as the history has', () => {
    // Buckets of 5 s: frames at 6, 8, 10 s are one (10 − 6 < 5); 11 s opens the next.
    const columns = appendFrames(
      history([5000], [100], 5),
      [frame(6000, 90), frame(8000, 120), frame(10_000, 150), frame(11_000, 200)],
      { periodSeconds: 1 },
    );
    expect(columns.timesMs).toEqual([5000, 10_000, 11_000]);
    expect(columns.byKey.get('m')).toEqual({
      seconds: [5, 5, 1],
      min: [100, 90, 200],
      max: [100, 150, 200],
      mean: [100, 120, 200],
    });
  });

  it('counts a run that stands on others as none of a frame in which it was not on', () => {
    // A bucket of 4 s: the machine 100 W four times, a run 80 W in one of them: 80 / 4 = 20 W of the stack; alone it is 80 W.
    const values = (runWatts: number | null) => new Map([...frame(0, 100).values, ['run', runWatts]] as const);
    const frames = [null, 80, null, null].map((watts, i) => ({ atMs: 5000 + 1000 * i, values: values(watts) }));
    const both = history([4000], [100], 4);
    const asked = { ...both, series: [...both.series, { key: 'run', min: [null], max: [null], mean: [null] }] };
    const stacked = appendFrames(asked, frames, { periodSeconds: 1, stackedKeys: new Set(['run']) });
    expect(stacked.byKey.get('run')).toEqual({ seconds: [0, 4], min: [null, 20], max: [null, 80], mean: [null, 20] });
    expect(appendFrames(asked, frames, { periodSeconds: 1 }).byKey.get('run')?.mean).toEqual([null, 80]);
  });

  it('breaks the line where frames are missing', () => {
    // 10 s after the last bucket of 1 s: an empty bucket right behind it.
    const columns = appendFrames(history([1000], [100]), [frame(11_000, 120)], { periodSeconds: 1 });
    expect(columns.timesMs).toEqual([1000, 1001, 11_000]);
    expect(columns.byKey.get('m')?.mean).toEqual([100, null, 120]);
  });

  it('drops empty buckets at the end, which are only not written yet', () => {
    const columns = appendFrames(history([1000, 2000], [100, null]), [frame(2000, 110)], { periodSeconds: 1 });
    expect(columns.byKey.get('m')?.mean).toEqual([100, 110]);
  });
});

it('gives what is left of a run beside its devices', () => {
  expect(
    remainder(
      [500, null, 100],
      [
        [300, 1, 80],
        [100, 1, 40],
      ],
    ),
  ).toEqual([100, null, 0]);
});

it('integrates mean power and stays flat across a gap', () => {
  // 100 W · 1 s, 100 W · 1 s, nothing for two buckets, then 200 W · 1 s.
  expect(cumulativeJoules([null, 100, 100, null, null, 200], [0, 1, 1, 0, 0, 1])).toEqual([
    null,
    100,
    200,
    200,
    200,
    400,
  ]);
});

it('integrates over no more than the time that a reading speaks for', () => {
  // 100 W · 1 s; 100 W · 3 s of a late reading; 41 s later 200 W of a bucket of 1 s.
  const { byKey } = appendFrames(history([1000, 4000, 45_000], [100, 100, 200]), [], { periodSeconds: 1 });
  const { mean = [], seconds = [] } = byKey.get('m') ?? {};
  expect(cumulativeJoules(mean, seconds)).toEqual([100, 400, 600]);
});

it('integrates over the time that was read in a bucket where that is told: an hour in which an engine ran for ten minutes is no hour', () => {
  const hours = [3_600_000, 7_200_000, 10_800_000];
  const asked = history(hours, [100, 300, 200], 3600);
  const told = { ...asked, series: asked.series.map((series) => ({ ...series, seconds: [3600, 600, 3600] })) };
  // A frame of 250 W half an hour into the next one.
  const columns = appendFrames(told, [frame(12_600_000, 250)], { periodSeconds: 1 });
  const { mean = [], seconds = [] } = columns.byKey.get('m') ?? {};
  expect(cumulativeJoules(mean, seconds)).toEqual([360_000, 540_000, 1_260_000, 1_260_000 + 250 * 1800]);
  const whole = { mean: [100, 300, 200], min: [100, 300, 200], max: [100, 300, 200], seconds: [3600, 600, 3600] };
  const range = { fromMs: 0, toMs: 10_800_000 };
  // 1,260,000 J in 7,800 s.
  expect(statisticsOf(whole, { timesMs: hours, bucketSeconds: 3600 }, range)?.mean).toBeCloseTo(161.54, 2);
});

it('shows no power and counts no energy where no engine ran between short runs', () => {
  // A second at 10 W each, with 20, 30, 50 and 40 s between them: 5 × 10 J.
  const times = Array.from({ length: 145 }, (_, index) => (index + 1) * 1000);
  const read = times.map((ms) => ([1000, 22_000, 53_000, 104_000, 145_000].includes(ms) ? 10 : null));
  const columns = appendFrames(history(times, read), [], { periodSeconds: 1 });
  const { mean = [], seconds = [] } = columns.byKey.get('m') ?? {};
  expect(mean).toEqual(read);
  expect(cumulativeJoules(mean, seconds).at(-1)).toBe(50);
});

it('takes minimum, mean and maximum inside the range only', () => {
  const columns = { min: [1, 90, 80], mean: [5, 100, 120], max: [9, 130, 125], seconds: [1, 1, 1] };
  const window = { timesMs: [1000, 2000, 3000], bucketSeconds: 1 };
  expect(statisticsOf(columns, window, { fromMs: 1500, toMs: 3000 })).toEqual({ min: 80, mean: 110, max: 130 });
  expect(statisticsOf(columns, window, { fromMs: 1500, toMs: 2000 })).toEqual({ min: 90, mean: 100, max: 130 });
  const nothing = { min: [], mean: [], max: [], seconds: [] };
  expect(statisticsOf(nothing, { ...window, timesMs: [] }, { fromMs: 0, toMs: 1 })).toBeNull();
});

it('takes in the newest bucket, which ends after the window does', () => {
  // Buckets of 120 s up to 240 s and 360 s; it is 250 s, and the greatest power is of the last 10 s.
  const columns = { min: [90, 80], mean: [100, 300], max: [130, 500], seconds: [120, 10] };
  const window = { timesMs: [240_000, 360_000], bucketSeconds: 120 };
  expect(statisticsOf(columns, window, { fromMs: 0, toMs: 250_000 })).toEqual({
    min: 80,
    mean: 15_000 / 130,
    max: 500,
  });
});
