import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { alertEntryDefaults } from '../../shared/model/alert.ts';
import { exampleGpu, exampleRun, exampleSample, exampleTick, exampleTotals, markEntry } from '../../tests/examples.ts';
import type { RunSampleRecord } from './records.ts';
import { createSqliteStore } from './sqlite-store.ts';
import type { Store } from './store.ts';

const gpu = 'gpu:GPU-0';
const minuteMs = 60_000;

let store: Store;
beforeEach(() => {
  store = createSqliteStore({ path: ':memory:', nowMs: 0 });
  store.putDomain(exampleGpu());
});
afterEach(() => store.close());

const sampleOf = (runId: string | null, watts: number, domainId: string | null = null): RunSampleRecord => ({
  runId,
  domainId,
  powerWatts: watts,
  joules: watts,
  seconds: 1,
});

/** A second of 300 W of the GPU for each second of the span, and these runs' power of it. */
function record(fromSecond: number, toSecond: number, watts: Readonly<Record<string, number>>): void {
  for (let second = fromSecond + 1; second <= toSecond; second++)
    store.writeTick(
      exampleTick(second * 1000, {
        machine: { powerWatts: 300, joules: 300, lowJoules: 0, highJoules: 0, seconds: 1 },
        samples: [exampleSample(300)],
        runSamples: Object.entries(watts).flatMap(([runId, own]) => [sampleOf(runId, own), sampleOf(runId, own, gpu)]),
      }),
    );
}

const insert = (id: string, fromSecond: number, toSecond: number): void =>
  store.insertRun(
    exampleRun({ id, startedMs: fromSecond * 1000, endedMs: toSecond * 1000, status: 'finished' }),
    exampleTotals(),
  );

const powerOf = (runId: string, fromMs: number, toMs: number, maxPoints: number) =>
  store.queryHistory({
    fromMs,
    toMs,
    maxPoints,
    series: [{ key: 'power', of: { kind: 'run', runId }, quantity: 'powerWatts' }],
  }).series[0]?.mean;

describe('samples of a run that come after their time', () => {
  it('are in the history, and in minutes that were made without them', () => {
    record(0, 120, {});
    store.rollUp(121_000);
    insert('late', 60, 120);
    const ticks = Array.from({ length: 60 }, (_, i) => ({ atMs: 61_000 + i * 1000, samples: [sampleOf('late', 90)] }));
    store.writeRunSamples(ticks);
    expect(powerOf('late', minuteMs, 2 * minuteMs, 60)).toEqual(Array.from({ length: 60 }, () => 90));
    // By the hour the chart stands on minutes.
    expect(powerOf('late', minuteMs, 61 * minuteMs, 60)?.[0]).toBe(90);
  });

  it('need no minutes to be there', () => {
    insert('late', 0, 1);
    store.writeRunSamples([{ atMs: 1000, samples: [sampleOf('late', 5)] }]);
    expect(powerOf('late', 0, 1000, 1)).toEqual([5]);
  });
});

describe('the energy of a domain in a span', () => {
  it('is that of its samples, cut at the ends', () => {
    record(0, 10, {});
    // From 2.5 s to 7.25 s of 300 W.
    expect(store.domainEnergy(2500, 7250).get(gpu)).toMatchObject({ joules: 1425, seconds: 4.75 });
    expect(store.domainEnergy(20_000, 30_000).size).toBe(0);
  });

  it('is that of its minutes where the samples are gone', () => {
    record(0, 180, {});
    store.rollUp(181_000);
    store.prune(120_500);
    // Half of the first minute, the second, and ten seconds of samples: 100 s.
    const energy = store.domainEnergy(30_000, 130_000).get(gpu);
    expect(energy?.joules).toBeCloseTo(30_000, 6);
  });
});

describe('the time series of a run', () => {
  it('goes on with minutes where its samples are gone, cut at its ends', () => {
    insert('a', 30, 200);
    record(0, 30, {});
    record(30, 200, { a: 100 });
    record(200, 240, {});
    store.rollUp(240_000);
    store.prune(180_500);
    const rows = [...store.timeSeries('a')];
    // Half of the first minute and the next two; of the fourth, seconds.
    expect(
      rows.slice(0, 3).map(({ atMs, powerWatts, joules, runJoules }) => [atMs, powerWatts, joules, runJoules]),
    ).toEqual([
      [60_000, 300, 9000, 3000],
      [120_000, 300, 18_000, 6000],
      [180_000, 300, 18_000, 6000],
    ]);
    expect(rows.reduce((sum, { runJoules }) => sum + (runJoules ?? 0), 0)).toBe(17_000);
    expect(rows.reduce((sum, { joules }) => sum + (joules ?? 0), 0)).toBe(51_000);
    // Long afterwards nothing is left but minutes.
    store.prune(10_000_000);
    expect([...store.timeSeries('a')].reduce((sum, { runJoules }) => sum + (runJoules ?? 0), 0)).toBe(17_000);
  });
});

describe('runs that become one', () => {
  it('have their samples added up, and each mark the joules of all until then', () => {
    insert('a', 0, 10);
    insert('b', 4, 12);
    record(0, 4, { a: 100 });
    record(4, 10, { a: 100, b: 50 });
    record(10, 12, { b: 50 });
    store.insertMarks([markEntry('a', { atMs: 6000, kind: 'epoch', label: 'of a', value: null, joules: 600 })]);
    store.insertMarks([markEntry('b', { atMs: 12_000, kind: 'epoch', label: 'of b', value: null, joules: 400 })]);
    store.mergeRuns(
      {
        record: exampleRun({ id: 'a', startedMs: 0, endedMs: 12_000, durationSeconds: 12 }),
        totals: exampleTotals({ peakWatts: 120 }),
        domains: new Map(),
      },
      ['b'],
    );
    expect(powerOf('a', 0, 12_000, 12)).toEqual([100, 100, 100, 100, 150, 150, 150, 150, 150, 150, 50, 50]);
    // At 6 s: 600 J and two seconds of 50 W. At 12 s: 400 J and ten of 100 W.
    expect(store.listMarks('a').map((mark) => mark.joules)).toEqual([700, 1400]);
    // The most they had together is more than either had.
    expect(store.readRun('a')?.totals.peakWatts).toBe(150);
    expect(store.readRun('b')).toBeNull();
    expect(store.setDeleted(['b'], null)).toBe(0);
    expect([...store.timeSeries('a')].map((row) => row.runJoules)).toEqual([
      100, 100, 100, 100, 150, 150, 150, 150, 150, 150, 50, 50,
    ]);
  });

  it('have no more power than either where one followed the other, and its whole energy in the marks after it', () => {
    insert('a', 0, 90);
    // Its last stretch was divided after its last sample: 10 J more than those say.
    store.insertRun(
      exampleRun({ id: 'b', startedMs: 90_000, endedMs: 180_000, status: 'finished' }),
      exampleTotals({ totalJoules: 7210 }),
    );
    record(0, 90, { a: 80 });
    record(90, 180, { b: 80 });
    store.rollUp(180_000);
    store.insertMarks([markEntry('a', { atMs: 180_000, kind: 'epoch', label: 'end', value: null, joules: 7200 })]);
    const merged = exampleRun({ id: 'a', startedMs: 0, endedMs: 180_000, durationSeconds: 180 });
    store.mergeRuns({ record: merged, totals: exampleTotals(), domains: new Map() }, ['b']);
    expect(store.listMarks('a').map((mark) => mark.joules)).toEqual([14_410]);
    const history = store.queryHistory({
      fromMs: 0,
      toMs: 180_000,
      maxPoints: 3,
      series: [{ key: 'power', of: { kind: 'run', runId: 'a' }, quantity: 'powerWatts' }],
    });
    expect(history.series[0]).toMatchObject({ mean: [80, 80, 80], max: [80, 80, 80] });
  });

  it('leave nothing of the others behind that a new run could come by', () => {
    insert('a', 0, 10);
    insert('b', 0, 10);
    record(0, 10, { a: 100, b: 50 });
    store.mergeRuns({ record: exampleRun({ id: 'a' }), totals: exampleTotals(), domains: new Map() }, ['b']);
    insert('c', 0, 10);
    expect(powerOf('c', 0, 10_000, 10)).toEqual(Array.from({ length: 10 }, () => null));
    expect(store.listMarks('c')).toEqual([]);
  });

  it('have the alerts of all', () => {
    insert('a', 0, 10);
    insert('b', 0, 10);
    const alert = {
      ...alertEntryDefaults,
      id: 'x',
      ruleId: 'r',
      ruleName: 'r',
      level: 'note' as const,
      scopeLabel: '',
      firedAtMs: 5000,
      clearedAtMs: null,
      valueWatts: 1,
      peakWatts: 1,
      limitWatts: 1,
      isTest: false,
      isAcknowledged: false,
      deliveries: [],
    };
    store.putAlert({ ...alert, runIds: ['b', 'a'] });
    store.putAlert({ ...alert, id: 'y', runIds: ['other'] });
    store.mergeRuns({ record: exampleRun({ id: 'a' }), totals: exampleTotals(), domains: new Map() }, ['b']);
    expect(
      store
        .listAlerts({ limit: 9 })
        .map((entry) => entry.runIds)
        .sort(),
    ).toEqual([['a'], ['other']]);
  });
});
