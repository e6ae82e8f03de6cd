import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import type { HistoryQuery, SeriesOf } from '../../shared/model/history.ts';
import { exampleRun, exampleSample, exampleTick, exampleTotals, markEntry } from '../../tests/examples.ts';
import { createSqliteStore } from './sqlite-store.ts';
import type { Store } from './store.ts';

const opened: Store[] = [];
afterEach(() => {
  for (const store of opened.splice(0)) store.close();
});

function openStore(): Store {
  const store = createSqliteStore({ path: ':memory:', nowMs: 0 });
  opened.push(store);
  return store;
}

const minuteMs = 60_000;
const gpu: SeriesOf = { kind: 'domain', domainId: 'gpu:GPU-0' };

/** One second at `watts`, for the GPU and for the machine. */
function writeSecond(store: Store, atMs: number, watts: number | null): void {
  store.writeTick(
    exampleTick(atMs, {
      machine: { powerWatts: watts, joules: watts ?? 0, lowJoules: 0, highJoules: 0, seconds: 1 },
      samples: [
        exampleSample(watts, { seconds: watts === null ? 0 : 1, provenance: watts === null ? null : 'counter' }),
      ],
    }),
  );
}

const ask = (of: SeriesOf, change: Partial<HistoryQuery>): HistoryQuery => ({
  fromMs: 0,
  toMs: 10_000,
  maxPoints: 10,
  series: [{ key: 'p', of, quantity: 'powerWatts' }],
  ...change,
});

function powerOf(store: Store, change: Partial<HistoryQuery>, of: SeriesOf = gpu) {
  const [series] = store.queryHistory(ask(of, change)).series;
  if (series === undefined) throw new Error('no series');
  return series;
}

describe('a history of seconds', () => {
  it('gives each second its own bucket where there is room', () => {
    const store = openStore();
    for (let second = 1; second <= 10; second++) writeSecond(store, second * 1000, second * 10);
    const history = store.queryHistory(ask(gpu, {}));
    expect(history.bucketSeconds).toBe(1);
    expect(history.isReduced).toBe(false);
    expect(history.timesMs).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10].map((second) => second * 1000));
    expect(history.series[0]?.mean).toEqual([10, 20, 30, 40, 50, 60, 70, 80, 90, 100]);
  });

  it('keeps the extremes of a bucket and gives its mean as joules over seconds', () => {
    const store = openStore();
    // Two buckets of 5 s: 100 W but for one second at 600 W: (4 × 100 + 600) / 5 = 200 W; then 50 W.
    for (let second = 1; second <= 10; second++)
      writeSecond(store, second * 1000, second === 3 ? 600 : second <= 5 ? 100 : 50);
    expect(powerOf(store, { maxPoints: 2 })).toMatchObject({ min: [100, 50], max: [600, 50], mean: [200, 50] });
    expect(store.queryHistory(ask(gpu, { maxPoints: 2 })).isReduced).toBe(true);
  });

  it('says for how long it speaks: a mean times that is the energy that was read', () => {
    const store = openStore();
    // Two buckets of 5 s, of which three seconds and one were read.
    for (const second of [1, 2, 3, 9]) writeSecond(store, second * 1000, 10 * second);
    const { mean, seconds } = powerOf(store, { maxPoints: 2 });
    expect(seconds).toEqual([3, 1]);
    expect(mean.map((watts, i) => (watts ?? 0) * (seconds?.[i] ?? 0))).toEqual([10 + 20 + 30, 90]);
    const asked = { key: 'u', of: gpu, quantity: 'utilizationRatio' } as const;
    expect(store.queryHistory(ask(gpu, { series: [asked] })).series[0]).not.toHaveProperty('seconds');
  });

  it('leaves a hole where nothing could be read, of a single second too', () => {
    const store = openStore();
    for (let second = 1; second <= 10; second++) writeSecond(store, second * 1000, second === 4 ? null : 80);
    expect(powerOf(store, {}).mean).toEqual([80, 80, 80, null, 80, 80, 80, 80, 80, 80]);
  });

  it('covers with a sample the time that it speaks for', () => {
    const store = openStore();
    writeSecond(store, 1000, 40);
    // One sample of 4 s at its end, at 6 s; before it, at 2 s, the last of the seconds: the buckets of 3 s to 5 s are the sample's.
    writeSecond(store, 2000, 40);
    store.writeTick(
      exampleTick(6000, {
        machine: { powerWatts: 70, joules: 280, lowJoules: 0, highJoules: 0, seconds: 1 },
        samples: [exampleSample(70, { joules: 280, seconds: 4 })],
      }),
    );
    expect(powerOf(store, {}).mean).toEqual([40, 40, 70, 70, 70, 70, null, null, null, null]);
  });

  it('spreads a sample no further back than it speaks for', () => {
    const store = openStore();
    // Seconds of the machine keep the buckets at 1 s; the GPU has readings at 1, 2, 4 and 8 s, the last of 2 s: nothing is known of 2…3 s and 4…6 s.
    for (let second = 1; second <= 8; second++) {
      const seconds = second === 8 ? 2 : 1;
      const samples = [1, 2, 4, 8].includes(second) ? [exampleSample(90, { joules: 90 * seconds, seconds })] : [];
      store.writeTick(exampleTick(second * 1000, { samples }));
    }
    expect(powerOf(store, { toMs: 8000, maxPoints: 8 }).max).toEqual([90, 90, null, 90, null, null, 90, 90]);
  });

  it('lies on a grid that does not move with the window', () => {
    const store = openStore();
    for (let second = 1; second <= 20; second++) writeSecond(store, second * 1000, second);
    // 10 s in 5 buckets of 2 s: the grid begins at 2 s for a window from 3.3 s.
    const { timesMs } = store.queryHistory(ask(gpu, { fromMs: 3300, toMs: 13_300, maxPoints: 5 }));
    expect(timesMs.every((timeMs) => timeMs % 2000 === 0)).toBe(true);
    expect(timesMs[0]).toBe(4000);
  });

  it('has the last bucket of a window of the past, whose reading lies after the window', () => {
    const store = openStore();
    for (let second = 1; second <= 20; second++) writeSecond(store, second * 1000, second);
    // Buckets of 1 s from 0 s: the eleventh, of 10 s to 11 s, is asked for up to 10.4 s, and its only reading is the one at 11 s.
    expect(powerOf(store, { fromMs: 400, toMs: 10_400 }).mean).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]);
    // Nothing but what speaks for it: the reading at 12 s is in none of the buckets.
    expect(powerOf(store, { fromMs: 400, toMs: 10_400, maxPoints: 2 }).max).toEqual([5, 10, 15]);
  });

  it('has the last bucket of a window that ends before a sample that covers it', () => {
    const store = openStore();
    for (let second = 1; second <= 8; second++) writeSecond(store, second * 1000, 40);
    // One sample of 2 s, at 10.4 s, of which 8.4 to 10.4 s are its own: it covers the greater part of 9 s and of 10 s.
    store.writeTick(exampleTick(10_400, { samples: [exampleSample(70, { joules: 140, seconds: 2 })] }));
    expect(powerOf(store, { toMs: 10_000 }).mean.slice(-3)).toEqual([40, 70, 70]);
  });

  it('tells runs, unattributed and the machine apart', () => {
    const store = openStore();
    store.insertRun(exampleRun({ id: 'a', startedMs: 0 }), exampleTotals());
    store.writeTick(
      exampleTick(1000, {
        machine: { powerWatts: 500, joules: 500, lowJoules: 0, highJoules: 0, seconds: 1 },
        runSamples: [
          { runId: 'a', domainId: null, powerWatts: 320, joules: 320, seconds: 1 },
          { runId: 'a', domainId: 'gpu:GPU-0', powerWatts: 300, joules: 300, seconds: 1 },
          { runId: null, domainId: null, powerWatts: 180, joules: 180, seconds: 1 },
        ],
      }),
    );
    const one = { toMs: 1000, maxPoints: 2 };
    const lastOf = (of: SeriesOf): number | null | undefined => powerOf(store, one, of).mean.at(-1);
    expect(lastOf({ kind: 'machine' })).toBe(500);
    expect(lastOf({ kind: 'run', runId: 'a' })).toBe(320);
    expect(lastOf({ kind: 'run-domain', runId: 'a', domainId: 'gpu:GPU-0' })).toBe(300);
    expect(lastOf({ kind: 'unattributed' })).toBe(180);
    expect(lastOf({ kind: 'run', runId: 'nobody' })).toBeNull();
  });

  it('stacks runs up to the machine: their means are over the time that it was read in', () => {
    const store = openStore();
    for (const id of ['a', 'b']) store.insertRun(exampleRun({ id, startedMs: 0 }), exampleTotals());
    // The machine has 40 W of nobody's; run a 100 W more in the second second, and run b 60 W in the third, 50 W of which are the GPU's.
    for (let second = 1; second <= 10; second++) {
      const [ofA, ofB] = [second === 2 ? 100 : 0, second === 3 ? 60 : 0];
      const share = (runId: string | null, domainId: string | null, watts: number) =>
        watts > 0 ? [{ runId, domainId, powerWatts: watts, joules: watts, seconds: 1 }] : [];
      store.writeTick(
        exampleTick(second * 1000, {
          machine: { powerWatts: 40 + ofA + ofB, joules: 40 + ofA + ofB, lowJoules: 0, highJoules: 0, seconds: 1 },
          runSamples: [
            ...share('a', null, ofA),
            ...share('b', null, ofB),
            ...share('b', 'gpu:GPU-0', ofB - 10),
            ...share(null, null, 40),
          ],
        }),
      );
    }
    const of: SeriesOf[] = [
      { kind: 'machine' },
      { kind: 'run', runId: 'a' },
      { kind: 'run', runId: 'b' },
      { kind: 'run-domain', runId: 'b', domainId: 'gpu:GPU-0' },
      { kind: 'unattributed' },
    ];
    const series = of.map((one, i) => ({ key: String(i), of: one, quantity: 'powerWatts' as const }));
    const firstOf = (isStacked: boolean) =>
      store.queryHistory(ask(gpu, { maxPoints: 2, series, isStacked })).series.map(({ mean }) => mean[0]);
    // 5 s: the machine (5 × 40 + 100 + 60) / 5 = 72 W; run a 100 / 5 = 20 W, run b 60 / 5 = 12 W, of its GPU 50 / 5 = 10 W; 20 + 12 + 40 = 72.
    expect(firstOf(true)).toEqual([72, 20, 12, 10, 40]);
    // Alone, each has the power that it had while it was on.
    expect(firstOf(false)).toEqual([72, 100, 60, 50, 40]);
    // Either way 100 J of run a: over the machine's 5 s, and over its own one.
    const secondsOf = (isStacked: boolean) =>
      store.queryHistory(ask(gpu, { maxPoints: 2, series, isStacked })).series[1]?.seconds?.[0];
    expect([secondsOf(true), secondsOf(false)]).toEqual([5, 1]);
    // From tens too, with the time after them read from samples.
    store.rollUp(10_000);
    const byTens = store.queryHistory(ask(gpu, { toMs: 20_000, maxPoints: 2, series, isStacked: true })).series;
    expect(byTens.map(({ mean }) => mean[0])).toEqual([56, 10, 6, 5, 40]);
    expect(byTens[1]).toMatchObject({ min: [10, null], max: [100, null] });
  });

  it('has no marks of a deleted run', () => {
    const store = openStore();
    const record = exampleRun({ startedMs: 1000 });
    store.insertRun(record, exampleTotals());
    store.insertMarks([markEntry(record.id, { atMs: 2000, kind: 'epoch', label: '1', value: null, joules: null })]);
    expect(store.queryHistory(ask(gpu, {})).marks).toHaveLength(1);
    store.setDeleted([record.id], 5000);
    expect(store.queryHistory(ask(gpu, {}))).toMatchObject({ runs: [], marks: [] });
  });

  it('brings the runs, marks and alerts of its time', () => {
    const store = openStore();
    const span = { startedMs: 2000, endedMs: 4000, status: 'stopped' as const };
    store.insertRun(exampleRun({ id: 'inside', ...span, colorIndex: 3 }), exampleTotals());
    store.insertRun(exampleRun({ id: 'later', ...span, startedMs: 20_000, endedMs: 30_000 }), exampleTotals());
    store.insertMarks([markEntry('inside', { atMs: 3000, kind: 'epoch', label: '1', value: null, joules: null })]);
    store.putGaps([{ domainId: 'gpu:GPU-0', fromMs: 100, toMs: 200, reason: 'lost', isBridged: false }]);
    const history = store.queryHistory(ask(gpu, {}));
    expect(history.runs).toEqual([
      { id: 'inside', name: 'train', colorIndex: 3, fromMs: 2000, toMs: 4000, status: 'stopped' },
    ]);
    expect(history.marks).toEqual([{ runId: 'inside', atMs: 3000, kind: 'epoch', label: '1' }]);
    expect(history.gaps).toEqual([{ domainId: 'gpu:GPU-0', fromMs: 100, toMs: 200, reason: 'lost', isBridged: false }]);
    expect(history.alerts).toEqual([]);
  });
});

describe('a history of minutes', () => {
  const hour = { toMs: 10 * minuteMs, maxPoints: 10 };

  it('keeps a spike of one second as its maximum', () => {
    const store = openStore();
    // A minute at 100 W with one second at 700 W: (59 × 100 + 700) / 60 = 110 W.
    for (let second = 1; second <= 120; second++) writeSecond(store, second * 1000, second === 30 ? 700 : 100);
    store.rollUp(2 * minuteMs);
    const { min, max, mean } = powerOf(store, hour);
    expect([min[0], max[0]]).toEqual([100, 700]);
    expect(mean[0]).toBeCloseTo(110, 9);
    expect([min[1], max[1], mean[1]]).toEqual([100, 100, 100]);
    expect(max.slice(2)).toEqual(Array.from({ length: 8 }, () => null));
  });

  it('is the same from minutes that were made at once or one by one', () => {
    const [atOnce, byAndBy] = [openStore(), openStore()];
    for (let second = 1; second <= 300; second++) {
      for (const store of [atOnce, byAndBy]) writeSecond(store, second * 1000, second);
      if (second % 60 === 0) byAndBy.rollUp(second * 1000);
    }
    atOnce.rollUp(300_000);
    expect(powerOf(byAndBy, hour)).toEqual(powerOf(atOnce, hour));
    expect(powerOf(atOnce, hour).max.slice(0, 5)).toEqual([60, 120, 180, 240, 300]);
  });

  it('stays when the seconds it was made of are dropped', () => {
    const store = openStore();
    for (let second = 1; second <= 120; second++) writeSecond(store, second * 1000, 100);
    store.rollUp(2 * minuteMs);
    const before = powerOf(store, hour);
    store.prune(2 * minuteMs);
    expect(powerOf(store, hour)).toEqual(before);
    // The sample at the very limit is kept, what is older is gone.
    const lastSeconds = { fromMs: 2 * minuteMs - 10_000, toMs: 2 * minuteMs };
    expect(powerOf(store, lastSeconds).mean.filter((mean) => mean !== null)).toHaveLength(1);
  });

  it('shows a short window by the minute where the seconds are dropped, and by the second where they are not', () => {
    const store = openStore();
    for (let second = 1; second <= 240; second++) writeSecond(store, second * 1000, second <= 120 ? 100 : 300);
    store.rollUp(4 * minuteMs);
    store.prune(2 * minuteMs + 30_000);
    // Minutes 0 and 1 are there as minutes alone, minute 2 is cut in two: the seconds that are left of it would show half of it as a hole.
    const dropped = store.queryHistory(ask(gpu, { toMs: 3 * minuteMs, maxPoints: 180 }));
    expect(dropped.bucketSeconds).toBe(60);
    expect(dropped.series[0]?.mean).toEqual([100, 100, 300]);
    const kept = store.queryHistory(ask(gpu, { fromMs: 3 * minuteMs, toMs: 4 * minuteMs, maxPoints: 60 }));
    expect(kept.bucketSeconds).toBe(1);
    expect(kept.series[0]?.mean).toEqual(Array.from({ length: 60 }, () => 300));
  });

  it.each([
    { hours: 1, bucketSeconds: 5 },
    { hours: 24, bucketSeconds: 120 },
  ])('shows a record of 18 min in $hours h as finely as an old one, from its beginning', ({ hours, bucketSeconds }) => {
    const store = openStore();
    // From 3:02:26 to 3:20: the row of its first ten minutes lies at 3:00, before any sample.
    const [firstSecond, lastSecond] = [3 * 3600 + 146, 3 * 3600 + 1200];
    for (let second = firstSecond; second <= lastSecond; second++) writeSecond(store, second * 1000, 100);
    store.rollUp(lastSecond * 1000);
    const toMs = lastSecond * 1000;
    const history = store.queryHistory(ask(gpu, { fromMs: toMs - hours * 3_600_000, toMs, maxPoints: 720 }));
    expect(history.bucketSeconds).toBe(bucketSeconds);
    const first = history.series[0]?.mean.findIndex((mean) => mean !== null) ?? -1;
    const endMs = history.timesMs[first] ?? 0;
    expect([endMs - bucketSeconds * 1000 < firstSecond * 1000, endMs >= firstSecond * 1000]).toEqual([true, true]);
  });

  it('ends at the newest sample: what is not rolled up yet is read from samples', () => {
    const store = openStore();
    for (let second = 1; second <= 90; second++) writeSecond(store, second * 1000, second <= 60 ? 100 : second);
    store.rollUp(90_000);
    // Minute 1 has the seconds 61 to 90 so far: (61 + 90) / 2 = 75.5 W.
    expect(powerOf(store, hour).max.slice(0, 3)).toEqual([100, 90, null]);
    expect(powerOf(store, hour).mean.slice(0, 3)).toEqual([100, 75.5, null]);
  });
});

describe('a history of any length', () => {
  const lengths = [
    { hours: 3, bucketSeconds: 12, word: 'tens' },
    { hours: 20, bucketSeconds: 120, word: 'minutes' },
    { hours: 200, bucketSeconds: 1200, word: 'ten minutes' },
  ];

  it.each(lengths)('is by $word what it is by samples', ({ hours, bucketSeconds }) => {
    // A sample each 20 s, or a sixtieth of the window where that is more: 540 of them and a gap in the middle.
    const stepMs = Math.max(5000, (hours * 3_600_000) / 2160);
    const [rolled, plain] = [openStore(), openStore()];
    for (let i = 1; i <= 2160; i++) {
      if (i > 1000 && i < 1100) continue;
      const watts = 200 + Math.round(100 * Math.sin(i / 7));
      for (const store of [rolled, plain])
        store.writeTick(
          exampleTick(i * stepMs, {
            machine: {
              powerWatts: watts,
              joules: watts * (stepMs / 1000),
              lowJoules: 0,
              highJoules: 0,
              seconds: stepMs / 1000,
            },
            samples: [exampleSample(watts, { joules: watts * (stepMs / 1000), seconds: stepMs / 1000 })],
          }),
        );
      if (i % 100 === 0) rolled.rollUp(i * stepMs);
    }
    const change = { toMs: hours * 3_600_000, maxPoints: (hours * 3600) / bucketSeconds };
    expect(rolled.queryHistory(ask(gpu, change)).bucketSeconds).toBe(bucketSeconds);
    const [byRows, bySamples] = [powerOf(rolled, change), powerOf(plain, change)];
    const around = (values: readonly (number | null)[], i: number): readonly number[] =>
      values.slice(Math.max(0, i - 1), i + 2).filter((value) => value !== null);
    // A row lies where its end does: at most one bucket beside where its samples do.
    for (const [i, max] of byRows.max.entries()) {
      if (max === null) continue;
      expect(max).toBeLessThanOrEqual(Math.max(...around(bySamples.max, i)));
      expect(byRows.min[i]).toBeGreaterThanOrEqual(Math.min(...around(bySamples.min, i)));
    }
    const highest = (values: readonly (number | null)[]): number =>
      Math.max(...values.filter((value) => value !== null));
    expect(highest(byRows.max)).toBe(highest(bySamples.max));
    // No bucket is empty but those of the gap.
    expect(byRows.mean.filter((mean) => mean !== null).length).toBeGreaterThan(
      0.9 * bySamples.mean.filter((mean) => mean !== null).length,
    );
  });
});

describe('a history of samples that are farther apart than the rows they were rolled up to', () => {
  /** Samples at these seconds, each speaking for the time since the one before or for `period`, of the GPU and of a run on it. */
  function openSampled(atSeconds: readonly number[], period: number): Store {
    const store = openStore();
    store.insertRun(exampleRun({ id: 'a', startedMs: 0 }), exampleTotals());
    let before = 0;
    for (const [i, at] of atSeconds.entries()) {
      // What comes after a gap speaks for its own period alone.
      const seconds = Math.min(at - before, 1.5 * period);
      const power = { powerWatts: 100, joules: 100 * seconds, seconds };
      store.writeTick(
        exampleTick(at * 1000, {
          machine: { ...power, lowJoules: 0, highJoules: 0 },
          samples: [exampleSample(100, power)],
          runSamples: [{ runId: 'a', domainId: null, ...power }],
        }),
      );
      before = at;
      if (i % 5 === 0) store.rollUp(at * 1000);
    }
    return store;
  }
  const every = (period: number, hours: number): number[] =>
    Array.from({ length: (hours * 3600) / period }, (_, i) => (i + 1) * period);
  const holes = (store: Store, change: Partial<HistoryQuery>, of: SeriesOf = gpu): number => {
    const { mean } = powerOf(store, change, of);
    const last = mean.findLastIndex((value) => value !== null);
    return mean.slice(0, last).filter((value) => value === null).length;
  };

  it.each([12, 25, 30, 45, 60])('is an unbroken line, of a device and of a run, with a period of %i s', (period) => {
    const store = openSampled(every(period, 3), period);
    // By tens, by minutes, and by buckets that hold no whole number of rows.
    for (const maxPoints of [10_800 / 10, 10_800 / 13, 10_800 / 60, 10_800 / 70])
      for (const of of [gpu, { kind: 'run', runId: 'a' }] as const)
        expect(holes(store, { toMs: 10_800_000, maxPoints: Math.floor(maxPoints) }, of)).toBe(0);
  });

  it('is one where samples come a little before and a little after the minute', () => {
    const early = every(60, 6).map((at, i) => at + (i % 2 === 0 ? -0.02 : 0.02));
    expect(holes(openSampled(early, 60), { toMs: 21_600_000, maxPoints: 360 })).toBe(0);
  });

  it('lies on a grid that stays though its period jitters', () => {
    const store = openSampled(
      every(30, 3).map((at, i) => at + (i % 3) / 100),
      30,
    );
    const lengths = [7_200_000, 7_230_000, 7_260_000].map(
      (toMs) => store.queryHistory(ask(gpu, { fromMs: toMs - 7_200_000, toMs, maxPoints: 720 })).bucketSeconds,
    );
    expect(lengths).toEqual([30, 30, 30]);
  });

  it('is one where the period was short before', () => {
    const store = openSampled([...every(1, 1), ...every(30, 3).filter((at) => at > 3600)], 30);
    expect(holes(store, { toMs: 10_800_000, maxPoints: 1080 })).toBe(0);
  });

  it('ends with its window, though the sample that covers the end comes after it', () => {
    const store = openSampled(every(30, 3), 30);
    const { mean } = powerOf(store, { toMs: 7_205_000, maxPoints: 720 });
    expect(mean.slice(-3)).toEqual([100, 100, 100]);
  });

  it('keeps the hole of a time that nothing was read in', () => {
    // An hour's samples, ten minutes of nothing, and another hour's: 600 s but for the 30 s that the next sample covers, in buckets of 30 s.
    const store = openSampled(
      every(30, 2).filter((at) => at <= 3600 || at > 4200),
      20,
    );
    expect(holes(store, { toMs: 7_200_000, maxPoints: 720 })).toBe(20);
    // A minute of nothing in seconds is a hole in the minutes too.
    const seconds = openSampled(
      every(1, 2).filter((at) => at <= 3600 || at > 3720),
      1,
    );
    expect(holes(seconds, { toMs: 7_200_000, maxPoints: 120 })).toBe(2);
  });
});

describe('a day', () => {
  it('adds up joules by domain, hour and evidence, from its beginning', () => {
    const store = openStore();
    const midnightMs = 1_000 * 24 * 60 * minuteMs;
    const hourMs = 60 * minuteMs;
    for (const [atMs, watts] of [
      [midnightMs, 1000],
      [midnightMs + 1000, 100],
      [midnightMs + 2000, 200],
      // On the hour: its second lies in the hour before.
      [midnightMs + hourMs, 50],
      [midnightMs + hourMs + 1000, 7],
    ] as const)
      writeSecond(store, atMs, watts);
    expect(store.dayTotals(midnightMs)).toEqual([
      expect.objectContaining({ domainId: 'gpu:GPU-0', hour: 0, joules: 350, seconds: 3, provenance: 'counter' }),
      expect.objectContaining({ domainId: 'gpu:GPU-0', hour: 1, joules: 7, seconds: 1 }),
    ]);
  });
});

interface Second {
  readonly watts: number | null;
  readonly celsius: number | null;
  readonly bytes: number | null;
}

/** A bucket's extremes and mean by a loop over its values; a bucket with none is a hole. */
function stretchOf(values: readonly (number | null)[]) {
  const known = values.filter((value) => value !== null);
  if (known.length === 0) return { min: null, max: null, mean: null };
  const mean = known.reduce((sum, value) => sum + value, 0) / known.length;
  return { min: Math.min(...known), max: Math.max(...known), mean };
}

describe('several quantities of one device', () => {
  it('are each what a loop over the samples gives, asked for together or alone', () => {
    const value = (max: number) => fc.option(fc.integer({ min: 0, max }), { nil: null });
    const second = fc.record({ watts: value(700), celsius: value(90), bytes: value(1e9) });
    const bucketSeconds = fc.integer({ min: 1, max: 9 });
    fc.assert(
      fc.property(fc.array(second, { minLength: 1, maxLength: 50 }), bucketSeconds, (seconds, size) => {
        const store = openStore();
        for (const [i, { watts, celsius, bytes }] of seconds.entries())
          store.writeTick(
            exampleTick((i + 1) * 1000, {
              samples: [
                exampleSample(watts, {
                  seconds: watts === null ? 0 : 1,
                  temperatureCelsius: celsius,
                  memoryUsedBytes: bytes,
                }),
              ],
            }),
          );
        const count = Math.max(2, Math.ceil(seconds.length / size));
        const quantities = ['powerWatts', 'temperatureCelsius', 'memoryUsedBytes'] as const;
        const series = quantities.map((quantity) => ({ key: quantity, of: gpu, quantity }));
        const window = { toMs: count * size * 1000, maxPoints: count };
        const together = store.queryHistory(ask(gpu, { ...window, series })).series;
        // What a chart gets is rounded.
        const halfSteps = { powerWatts: 0.0005, temperatureCelsius: 0.005, memoryUsedBytes: 0.5 } as const;
        const pick = { powerWatts: 'watts', temperatureCelsius: 'celsius', memoryUsedBytes: 'bytes' } as const;
        for (const [index, quantity] of quantities.entries()) {
          const buckets = Array.from({ length: count }, (_, i) =>
            stretchOf(seconds.slice(i * size, (i + 1) * size).map((one: Second) => one[pick[quantity]])),
          );
          const one = together[index];
          expect(one?.key).toBe(quantity);
          expect(one?.min).toEqual(buckets.map(({ min }) => min));
          expect(one?.max).toEqual(buckets.map(({ max }) => max));
          for (const [i, { mean }] of buckets.entries())
            if (mean === null) expect(one?.mean[i]).toBeNull();
            else expect(Math.abs((one?.mean[i] ?? Number.NaN) - mean)).toBeLessThanOrEqual(halfSteps[quantity] + 1e-9);
          const alone = store.queryHistory(ask(gpu, { ...window, series: series.slice(index, index + 1) })).series;
          expect(alone).toEqual([one]);
        }
      }),
      { numRuns: 60 },
    );
  });
});

describe('any samples and any window', () => {
  it('have columns as long as the times, extremes around the mean, and no value that was not there', () => {
    const watts = fc.option(fc.integer({ min: 0, max: 1000 }), { nil: null });
    fc.assert(
      fc.property(
        fc.array(watts, { minLength: 1, maxLength: 60 }),
        fc.integer({ min: 0, max: 30_000 }),
        fc.integer({ min: 1000, max: 60_000 }),
        fc.integer({ min: 2, max: 80 }),
        (seconds, fromMs, spanMs, maxPoints) => {
          const store = openStore();
          for (const [i, value] of seconds.entries()) writeSecond(store, (i + 1) * 1000, value);
          const history = store.queryHistory(ask(gpu, { fromMs, toMs: fromMs + spanMs, maxPoints }));
          const [series] = history.series;
          for (const [i, mean] of (series?.mean ?? []).entries()) {
            const [low, high] = [series?.min[i] ?? null, series?.max[i] ?? null];
            expect([low === null, high === null]).toEqual([mean === null, mean === null]);
            if (mean === null || low === null || high === null) continue;
            expect(seconds).toContain(low);
            expect(seconds).toContain(high);
            expect(low).toBeLessThanOrEqual(mean + 1e-9);
            expect(high).toBeGreaterThanOrEqual(mean - 1e-9);
          }
          expect(series?.mean).toHaveLength(history.timesMs.length);
          expect(history.timesMs.length).toBeLessThanOrEqual(maxPoints + 1);
        },
      ),
      { numRuns: 60 },
    );
  });
});
