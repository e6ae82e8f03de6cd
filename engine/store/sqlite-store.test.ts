import { spawn } from 'node:child_process';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { WattrunError } from '../../shared/contract/errors.ts';
import { type AlertLogEntry, alertEntryDefaults, defaultActions } from '../../shared/model/alert.ts';
import { defaultSettings } from '../../shared/model/settings.ts';
import {
  exampleCpu,
  exampleDomainTotals,
  exampleGpu,
  exampleRun,
  exampleSample,
  exampleTick,
  exampleTotals,
  markEntry,
} from '../../tests/examples.ts';
import { schemaVersion } from './schema.ts';
import { createSqliteStore } from './sqlite-store.ts';
import type { Store, StoredRule } from './store.ts';

const scratch = mkdtempSync(join(tmpdir(), 'wattrun-store-'));
const opened: Store[] = [];
afterEach(() => {
  for (const store of opened.splice(0)) store.close();
});
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

function openStore(path = ':memory:'): Store {
  const store = createSqliteStore({ path, nowMs: Date.UTC(2026, 6, 14) });
  opened.push(store);
  return store;
}

function closeStore(store: Store): void {
  opened.splice(opened.indexOf(store), 1);
  store.close();
}

let files = 0;
const freshPath = (): string => join(scratch, `${files++}`, 'wattrun.db');

function errorOf(work: () => unknown): unknown {
  try {
    work();
  } catch (error) {
    return error;
  }
  return null;
}

/** A store with a run of 2 s, 300 J and then 200 J of a GPU, of which 150 J and 100 J are the run's. */
function storeWithRun(path?: string): Store {
  const store = openStore(path);
  store.putDomain(exampleGpu());
  const record = exampleRun({ startedMs: 1_000_000 });
  store.insertRun(record, exampleTotals());
  for (const [second, joules, runJoules] of [
    [1, 300, 150],
    [2, 200, 250],
  ] as const) {
    const progress = { ...record, durationSeconds: second };
    store.writeTick(
      exampleTick(1_000_000 + second * 1000, {
        machine: { powerWatts: joules, joules, lowJoules: 0, highJoules: 0, seconds: 1 },
        samples: [exampleSample(joules, { utilizationRatio: 0.5 })],
        runSamples: [
          { runId: record.id, domainId: 'gpu:GPU-0', powerWatts: joules / 2, joules: joules / 2, seconds: 1 },
          { runId: record.id, domainId: null, powerWatts: joules / 2, joules: joules / 2, seconds: 1 },
          { runId: null, domainId: null, powerWatts: joules / 2, joules: joules / 2, seconds: 1 },
        ],
        runs: [
          {
            record: progress,
            totals: exampleTotals({ totalJoules: runJoules, byProvenance: { counter: runJoules } }),
            domains: new Map([['gpu:GPU-0', exampleDomainTotals({ joules: joules * second, runJoules })]]),
          },
        ],
      }),
    );
  }
  return store;
}

describe('a run in the record', () => {
  it('is read back with what the last tick said of it', () => {
    const stored = storeWithRun().readRun('run1aaaaaa');
    expect(stored?.record).toEqual(exampleRun({ startedMs: 1_000_000, durationSeconds: 2 }));
    expect(stored?.totals.totalJoules).toBe(250);
    // Its start and 2 s of readings.
    expect(stored?.lastSampleMs).toBe(1_002_000);
  });

  it('is the same in a file that was closed and opened again', () => {
    const path = freshPath();
    const first = storeWithRun(path);
    const before = first.readRun('run1aaaaaa');
    closeStore(first);
    const again = openStore(path);
    expect(again.readRun('run1aaaaaa')).toEqual(before);
    expect(again.readRunDomains('run1aaaaaa')).toEqual([
      { domain: exampleGpu(), totals: exampleDomainTotals({ joules: 400, runJoules: 250 }) },
    ]);
    expect(again.listDomains()).toEqual([exampleGpu()]);
  });

  it('gives its samples oldest first, each with the run’s share of its joules', () => {
    const rows = [...storeWithRun().timeSeries('run1aaaaaa')];
    expect(rows.map(({ atMs, joules, runJoules }) => [atMs, joules, runJoules])).toEqual([
      [1_001_000, 300, 150],
      [1_002_000, 200, 100],
    ]);
    expect(rows[0]).toMatchObject({
      domainId: 'gpu:GPU-0',
      powerWatts: 300,
      utilizationRatio: 0.5,
      temperatureCelsius: null,
      provenance: 'counter',
    });
  });

  it('never has more of a sample that begins before it than the device: readings tell more of how its energy went than time does', () => {
    const store = openStore();
    store.putDomain(exampleGpu());
    const record = exampleRun({ startedMs: 1_000_700, endedMs: 1_002_000, status: 'finished' });
    store.insertRun(record, exampleTotals());
    // 300 J in the second up to 1.001 s of which 0.3 s are the run's: 90 J by time. 120 J of them were drawn then; of the other second all.
    for (const [atMs, joules] of [
      [1_001_000, 120],
      [1_002_000, 300],
    ] as const) {
      const own = { runId: record.id, domainId: 'gpu:GPU-0', powerWatts: 300, joules, seconds: 1 };
      store.writeTick(exampleTick(atMs, { samples: [exampleSample(300)], runSamples: [own] }));
    }
    expect([...store.timeSeries(record.id)].map(({ joules, runJoules }) => [joules, runJoules])).toEqual([
      [120, 120],
      [300, 300],
    ]);
  });

  it('has what was divided later in the row of the time in which it was drawn', () => {
    const store = storeWithRun();
    const late = { runId: 'run1aaaaaa', domainId: 'gpu:GPU-0', powerWatts: 80, joules: 40, seconds: 0.5 };
    store.addRunSamples([{ atMs: 1_002_000, samples: [late] }]);
    const tick = exampleTick(1_003_000, { samples: [exampleSample(70)] });
    store.writeTick({ ...tick, lateSamples: [{ atMs: 1_001_000, samples: [late] }] });
    const later = exampleTick(1_004_000, { lateSamples: [{ atMs: 1_003_000, samples: [late] }] });
    store.writeTick(later);
    expect([...store.timeSeries('run1aaaaaa')].map(({ atMs, joules, runJoules }) => [atMs, joules, runJoules])).toEqual(
      [
        [1_001_000, 300, 190],
        [1_002_000, 200, 140],
        [1_003_000, 70, 40],
      ],
    );
  });

  it('has it in ten seconds that were summed up without it', () => {
    const store = storeWithRun(freshPath());
    const total = { runId: 'run1aaaaaa', domainId: 'gpu:GPU-0', powerWatts: 80, joules: 40, seconds: 0.5 };
    const joulesOf = (): unknown =>
      new DatabaseSync(store.path).prepare('SELECT sum(joules) AS joules FROM run_tens WHERE domain > 0').get()?.joules;
    store.rollUp(1_010_000);
    expect(joulesOf()).toBe(250);
    store.writeTick(exampleTick(1_010_500, { lateSamples: [{ atMs: 1_002_000, samples: [total] }] }));
    expect(joulesOf()).toBe(290);
  });

  it('has null for its share of a domain that it did not use', () => {
    const store = storeWithRun();
    store.putDomain(exampleCpu());
    store.writeTick(exampleTick(1_001_500, { samples: [exampleSample(50, { domainId: 'cpu:0' })] }));
    expect([...store.timeSeries('run1aaaaaa')].find((row) => row.domainId === 'cpu:0')?.runJoules).toBeNull();
  });

  it('has no samples from before it began or long after it ended', () => {
    const store = storeWithRun();
    for (const atMs of [999_000, 1_000_000, 1_030_000])
      store.writeTick(exampleTick(atMs, { samples: [exampleSample(1)] }));
    expect([...store.timeSeries('run1aaaaaa')].map((row) => row.atMs)).toEqual([1_001_000, 1_002_000]);
  });

  it('ends with its own last reading: what was drawn after its end is not in the sum', () => {
    const store = storeWithRun();
    store.updateRun(exampleRun({ startedMs: 1_000_000, endedMs: 1_001_900, status: 'finished' }));
    // The reading that covers its end is dated 0.1 s after it; the next one is none of its own.
    store.writeTick(exampleTick(1_003_000, { samples: [exampleSample(70)] }));
    expect([...store.timeSeries('run1aaaaaa')].map((row) => row.atMs)).toEqual([1_001_000, 1_002_000]);
  });

  it('has of the samples at its ends the joules within it, and of a break in it none', () => {
    const store = openStore();
    store.putDomain(exampleGpu());
    // 100 W all the time, read every second. On from 0.8 s to 2.3 s and from 5 s to 6.5 s.
    const record = exampleRun({
      startedMs: 1_000_800,
      endedMs: 1_006_500,
      breaks: [{ fromMs: 1_002_300, toMs: 1_005_000 }],
      status: 'finished',
    });
    store.insertRun(record, exampleTotals());
    for (let second = 1; second <= 8; second++)
      store.writeTick(
        exampleTick(1_000_000 + second * 1000, {
          samples: [exampleSample(100)],
          runSamples: [1, 2, 3, 6, 7].includes(second)
            ? [{ runId: record.id, domainId: 'gpu:GPU-0', powerWatts: 50, joules: 10, seconds: 1 }]
            : [],
        }),
      );
    const rows = [...store.timeSeries(record.id)];
    expect(rows.map(({ atMs }) => (atMs - 1_000_000) / 1000)).toEqual([1, 2, 3, 6, 7]);
    // 0.2, 1, 0.3, 1 and 0.5 s of 100 W: 3 s in all, which is what it was on.
    for (const [i, joules] of [20, 100, 30, 100, 50].entries()) expect(rows[i]?.joules).toBeCloseTo(joules, 6);
    expect(rows.map(({ powerWatts }) => powerWatts)).toEqual([100, 100, 100, 100, 100]);
  });

  it('during which the wall clock went back an hour has the samples of both times, and none that are not its own', () => {
    const store = openStore();
    store.putDomain(exampleGpu());
    const hourMs = 3_600_000;
    const startedMs = 2 * hourMs;
    const record = exampleRun({ startedMs, endedMs: hourMs + 5000, durationSeconds: 7, status: 'finished' });
    store.insertRun(record, exampleTotals());
    const write = (atMs: number, runId: string | null): void =>
      store.writeTick(
        exampleTick(atMs, {
          samples: [exampleSample(100)],
          runSamples: (runId === null ? [null] : [null, 'gpu:GPU-0']).map((domainId) => ({
            runId,
            domainId,
            powerWatts: 40,
            joules: 40,
            seconds: 1,
          })),
        }),
      );
    // Until the run began, in what is now its span by the clock.
    for (const atMs of [hourMs + 30_000, hourMs + 60_000, startedMs]) write(atMs, null);
    const own = [hourMs + 3000, hourMs + 4000, hourMs + 5000, startedMs + 1000, startedMs + 2000, startedMs + 3000];
    for (const atMs of own) write(atMs, record.id);
    const rows = [...store.timeSeries(record.id)];
    expect(rows.map((row) => row.atMs)).toEqual(own);
    expect(rows.reduce((sum, row) => sum + (row.runJoules ?? 0), 0)).toBe(6 * 40);
  });

  it('that is not there is null, and has neither domains nor samples', () => {
    const store = openStore();
    expect(store.readRun('none')).toBeNull();
    expect(store.readRunDomains('none')).toEqual([]);
    expect([...store.timeSeries('none')]).toEqual([]);
  });

  it('is gone once deleted, and back once restored', () => {
    const store = storeWithRun();
    expect(store.setDeleted(['run1aaaaaa', 'none'], 5)).toBe(1);
    expect(store.setDeleted(['run1aaaaaa'], 6)).toBe(0);
    expect(store.readRun('run1aaaaaa')).toBeNull();
    expect(store.listRuns()).toEqual([]);
    expect(store.setDeleted(['run1aaaaaa'], null)).toBe(1);
    expect(store.listRuns().map(({ record }) => record.id)).toEqual(['run1aaaaaa']);
    expect([...store.timeSeries('run1aaaaaa')]).toHaveLength(2);
  });

  it('is listed newest first, and as open while it runs', () => {
    const store = openStore();
    for (const [id, startedMs, status] of [
      ['older', 1000, 'running'],
      ['newer', 2000, 'finished'],
    ] as const)
      store.insertRun(exampleRun({ id, startedMs, status }), exampleTotals());
    expect(store.listRuns().map(({ record }) => record.id)).toEqual(['newer', 'older']);
    expect(store.listOpenRuns().map(({ record }) => record.id)).toEqual(['older']);
    store.updateRun(exampleRun({ id: 'older', startedMs: 1000, status: 'stopped', endedMs: 3000 }));
    expect(store.listOpenRuns()).toEqual([]);
    expect(store.countRuns()).toBe(2);
  });

  it('is listed as it is now, whoever wrote it since it was listed last', () => {
    const path = freshPath();
    const store = openStore(path);
    store.insertRun(exampleRun({ id: 'still', startedMs: 2000 }), exampleTotals());
    store.insertRun(exampleRun({ id: 'moved', startedMs: 1000 }), exampleTotals());
    const before = store.listRuns();
    store.updateRun(exampleRun({ id: 'moved', startedMs: 1000, name: 'renamed' }));
    const after = store.listRuns();
    expect(after.map(({ record }) => record.name)).toEqual(['train', 'renamed']);
    expect(after[0]).toBe(before[0]);
    openStore(path).putRun({
      record: exampleRun({ id: 'still', startedMs: 2000, durationSeconds: 5 }),
      totals: exampleTotals({ totalJoules: 7 }),
      domains: new Map(),
    });
    expect(store.listRuns()[0]?.totals.totalJoules).toBe(7);
  });

  it('keeps its marks in the order of their time', () => {
    const store = storeWithRun();
    store.insertMarks([
      markEntry('run1aaaaaa', { atMs: 1_002_000, kind: 'epoch', label: '2', value: 0.4, joules: 250 }),
    ]);
    store.insertMarks([
      markEntry('run1aaaaaa', { atMs: 1_001_000, kind: 'epoch', label: '1', value: null, joules: null }),
    ]);
    expect(store.listMarks('run1aaaaaa')).toMatchObject([
      { atMs: 1_001_000, kind: 'epoch', label: '1', value: null, joules: null },
      { atMs: 1_002_000, kind: 'epoch', label: '2', value: 0.4, joules: 250 },
    ]);
  });
});

describe('marks of a run that had more than was known', () => {
  it('have it too from that moment on, where they are settled', () => {
    const store = storeWithRun();
    const point = { joules: 250, lowJoules: 200, highJoules: 300, varianceJoules2: 0, cutJoules2: 0, periodSeconds: 1 };
    const at = (atMs: number, isSettled: boolean) => ({
      ...markEntry('run1aaaaaa', { atMs, kind: 'epoch', label: '1', joules: 250 }),
      point,
      isSettled,
    });
    store.insertMarks([at(1_001_000, true), at(1_002_000, true), at(1_003_000, false)]);
    store.addToMarks([{ runId: 'run1aaaaaa', atMs: 1_002_000, joules: 50, lowJoules: 40, highJoules: 60 }]);
    expect(store.listMarks('run1aaaaaa').map(({ joules, point: p }) => [joules, p?.lowJoules, p?.highJoules])).toEqual([
      [250, 200, 300],
      [300, 240, 360],
      [250, 200, 300],
    ]);
  });
});

describe('the newest tick', () => {
  it('is there with the domains that it has, written down already or not', () => {
    const store = openStore();
    expect(store.newestTick()).toBeNull();
    store.putDomain(exampleGpu());
    store.putDomain(exampleCpu());
    store.writeTick(exampleTick(1_000_000, { samples: [exampleSample(1), exampleSample(1, { domainId: 'cpu:0' })] }));
    store.writeTick(exampleTick(1_001_000, { samples: [exampleSample(1)] }));
    expect(store.newestTick()).toEqual({ atMs: 1_001_000, domainIds: ['gpu:GPU-0'] });
  });
});

describe('gaps', () => {
  const gap = (fromMs: number, toMs: number, reason: 'lost' | 'timeout' = 'lost', domainId = 'gpu:GPU-0') => ({
    domainId,
    fromMs,
    toMs,
    reason,
    isBridged: false,
  });

  it('that follow one another for the same reason are one', () => {
    const store = openStore();
    store.putGaps([gap(0, 1000), gap(1000, 2000)]);
    store.putGaps([gap(2000.4, 3000)]);
    // Half a second with a reading between them keeps two apart: their sum is the time that is not covered.
    store.putGaps([gap(3500, 4000)]);
    expect(store.listGaps(0, 10_000)).toEqual([gap(0, 3000), gap(3500, 4000)]);
  });

  it('of another reason, another domain or after a reading stay apart', () => {
    const store = openStore();
    const all = [
      gap(0, 1000),
      gap(1000, 2000, 'timeout'),
      gap(1000, 2000, 'timeout', 'cpu:0'),
      gap(9000, 9500, 'timeout'),
    ];
    store.putGaps(all);
    expect(store.listGaps(0, 10_000)).toEqual(all);
  });

  it('is one where two runs that were gone on with each told a part of it', () => {
    const store = openStore();
    store.putDomain(exampleGpu());
    const restart = (fromMs: number, toMs: number) => ({ ...gap(fromMs, toMs), reason: 'restart' as const });
    // 430 to 715 of one run and 430 to 916 of another; the next one is another thing that was missed.
    store.putGaps([restart(430, 715), gap(500, 600), restart(430, 916), restart(2000, 2100)]);
    expect(store.listGaps(0, 10_000)).toEqual([restart(430, 916), gap(500, 600), restart(2000, 2100)]);
  });

  it('are listed where they touch the time asked for', () => {
    const store = openStore();
    store.putGaps([gap(0, 1000), gap(5000, 6000)]);
    expect(store.listGaps(900, 4999)).toEqual([gap(0, 1000)]);
    expect(store.listGaps(1001, 4999)).toEqual([]);
  });
});

describe('a tick', () => {
  it('is written whole or not at all', () => {
    const store = openStore();
    store.insertRun(exampleRun(), exampleTotals());
    const broken = { ...exampleSample(5), joules: Symbol('no number') as unknown as number };
    const tick = exampleTick(1_001_000, { samples: [exampleSample(100), broken] });
    expect(errorOf(() => store.writeTick(tick))).toBeInstanceOf(Error);
    store.updateRun(exampleRun({ durationSeconds: 60 }));
    store.putRun({ record: exampleRun({ durationSeconds: 60 }), totals: exampleTotals(), domains: new Map() });
    expect([...store.timeSeries('run1aaaaaa')]).toEqual([]);
  });

  it('that fails does not mix up the domains that come after it', () => {
    const store = openStore();
    // The failed tick is the first to name gpu:a; the number that it took back must not be gpu:b’s.
    const broken = exampleTick(1000, { samples: [exampleSample(5, { domainId: 'gpu:a', seconds: Number.NaN })] });
    expect(errorOf(() => store.writeTick(broken))).toBeInstanceOf(Error);
    store.writeTick(exampleTick(1000, { samples: [exampleSample(7, { domainId: 'gpu:b' })] }));
    store.writeTick(exampleTick(2000, { samples: [exampleSample(9, { domainId: 'gpu:a' })] }));
    const totals = store.dayTotals(0).map(({ domainId, joules }) => [domainId, joules]);
    expect(totals.sort()).toEqual([
      ['gpu:a', 9],
      ['gpu:b', 7],
    ]);
  });

  it('of a run that is not in the record leaves its shares out and keeps the rest', () => {
    const store = openStore();
    store.writeTick(
      exampleTick(1000, {
        samples: [exampleSample(100)],
        runSamples: [{ runId: 'unknown', domainId: null, powerWatts: 1, joules: 1, seconds: 1 }],
      }),
    );
    expect(store.dayTotals(0).map((row) => row.joules)).toEqual([100]);
  });
});

describe('rules, alerts and settings', () => {
  const rule: StoredRule = {
    id: 'r1',
    kind: 'sustained-power',
    name: 'hot',
    scope: { kind: 'machine' },
    params: { limitWatts: 300 },
    level: 'warning',
    isEnabled: true,
    createdAtMs: 5,
    coolDownSeconds: 0,
    actions: defaultActions,
  };
  const entry = (id: string, firedAtMs: number, clearedAtMs: number | null): AlertLogEntry => ({
    ...alertEntryDefaults,
    id,
    ruleId: 'r1',
    ruleName: 'hot',
    level: 'warning',
    scopeLabel: 'Whole machine',
    firedAtMs,
    clearedAtMs,
    valueWatts: 310,
    peakWatts: 320,
    limitWatts: 300,
    runIds: ['run1aaaaaa'],
    isTest: false,
    isAcknowledged: false,
    deliveries: [],
  });

  it('are read back as they were written, rules in the order they were made', () => {
    const store = openStore();
    store.putRule(rule);
    store.putRule({ ...rule, id: 'r0' });
    store.putRule({ ...rule, name: 'hotter' });
    expect(store.listRules()).toEqual([
      { ...rule, name: 'hotter' },
      { ...rule, id: 'r0' },
    ]);
    store.removeRule('r1');
    expect(store.listRules().map((one) => one.id)).toEqual(['r0']);
  });

  it('gives alerts newest first, those that were on at the time asked for', () => {
    const store = openStore();
    for (const one of [entry('a', 1000, 2000), entry('b', 3000, null), entry('c', 9000, 9500)]) store.putAlert(one);
    expect(store.listAlerts({}).map((one) => one.id)).toEqual(['c', 'b', 'a']);
    expect(store.listAlerts({ fromMs: 2001, toMs: 8000 }).map((one) => one.id)).toEqual(['b']);
    expect(store.listAlerts({ limit: 1 })).toEqual([
      // What older versions kept in watts alone.
      { ...entry('c', 9000, 9500), value: 310, peak: 320, limit: 300 },
    ]);
    store.putAlert(entry('b', 3000, 4000));
    expect(store.listAlerts({ fromMs: 4001, toMs: 8000 })).toEqual([]);
  });

  it('gives the defaults before anything was set, and what was set afterwards', () => {
    const store = openStore();
    expect(store.readSettings()).toEqual(defaultSettings);
    store.writeSettings({ ...defaultSettings, region: 'DEU', pue: 1.2 });
    expect(store.readSettings()).toEqual({ ...defaultSettings, region: 'DEU', pue: 1.2 });
  });

  it('gives the defaults for settings that cannot be true', () => {
    const store = openStore();
    store.writeSettings({ ...defaultSettings, pue: -3 });
    expect(store.readSettings()).toEqual(defaultSettings);
  });
});

describe('opening a record', () => {
  it('makes the folder and the present schema where there is nothing', () => {
    const path = freshPath();
    openStore(path);
    const other = new DatabaseSync(path, { readOnly: true });
    expect(other.prepare('PRAGMA user_version').get()?.user_version).toBe(schemaVersion);
    expect(other.prepare('PRAGMA journal_mode').get()?.journal_mode).toBe('wal');
    other.close();
  });

  it('refuses one that a newer Wattrun wrote, and leaves it as it is', () => {
    const path = freshPath();
    closeStore(storeWithRun(path));
    const database = new DatabaseSync(path);
    database.exec(`PRAGMA user_version = ${schemaVersion + 1}`);
    database.close();
    const error = errorOf(() => openStore(path));
    expect(error).toBeInstanceOf(WattrunError);
    expect(error).toMatchObject({ code: 'store/newer', hint: 'Update Wattrun.' });
    const after = new DatabaseSync(path, { readOnly: true });
    expect(after.prepare('SELECT count(*) AS count FROM runs').get()?.count).toBe(1);
    after.close();
  });

  it('puts a file aside that is no database, says where, and begins a new one', () => {
    const path = freshPath();
    mkdirSync(join(path, '..'), { recursive: true });
    const content = 'this is not a database '.repeat(100);
    writeFileSync(path, content);
    let setAside = '';
    const store = createSqliteStore({
      path,
      nowMs: Date.UTC(2026, 6, 14, 9, 30),
      onSetAside: (where) => {
        setAside = where;
      },
    });
    opened.push(store);
    expect(setAside).toBe(`${path}.corrupt-2026-07-14T093000.000Z`);
    expect(readFileSync(setAside, 'utf8')).toBe(content);
    expect(store.listRuns()).toEqual([]);
    store.insertRun(exampleRun(), exampleTotals());
    expect(store.countRuns()).toBe(1);
  });

  const pageBytes = 4096;
  /** As a disk that lost some pages leaves them. */
  function damage(path: string, fromPage: number, content: Buffer): void {
    const bytes = readFileSync(path);
    content.copy(bytes, (fromPage - 1) * pageBytes);
    writeFileSync(path, bytes);
  }
  const storeTelling = (path: string, told: string[]): Store => {
    const store = createSqliteStore({ path, nowMs: 0, onSetAside: (where) => told.push(where) });
    opened.push(store);
    return store;
  };

  it.each([
    ['zeros', 0],
    ['noise', 0xa7],
  ])('puts a record aside whose middle became %s, as it is, and begins a new one', (_, byte) => {
    const path = freshPath();
    closeStore(storeWithRun(path));
    damage(path, 5, Buffer.alloc(10 * pageBytes, byte));
    const content = readFileSync(path);
    const told: string[] = [];
    const store = storeTelling(path, told);
    expect(told).toEqual([`${path}.corrupt-1970-01-01T000000.000Z`]);
    expect(readFileSync(told[0]!)).toEqual(content);
    store.insertRun(exampleRun(), exampleTotals());
    expect(store.countRuns()).toBe(1);
  });

  it('says where a damaged record lies and what to do, and leaves it while another may have it open', () => {
    const path = freshPath();
    closeStore(storeWithRun(path));
    damage(path, 5, Buffer.alloc(20 * pageBytes));
    const told: string[] = [];
    const read = (): unknown => {
      const store = createSqliteStore({ path, nowMs: 0, isOwned: false, onSetAside: (where) => told.push(where) });
      opened.push(store);
      return store.listRuns();
    };
    const error = errorOf(read);
    expect(error).toMatchObject({ code: 'store/corrupt', hint: expect.stringContaining('Restart Wattrun') });
    expect((error as WattrunError).message).toContain(path);
    expect(told).toEqual([]);
  });

  it('looks through a large record only after a statement found it damaged', () => {
    const path = freshPath();
    const first = storeWithRun(path);
    first.writeLearned('large', 'x'.repeat(17 * 1024 ** 2));
    closeStore(first);
    damage(path, 2000, Buffer.alloc(pageBytes, 0xa7));
    const told: string[] = [];
    const second = storeTelling(path, told);
    expect(errorOf(() => second.readLearned('large'))).toMatchObject({ code: 'store/corrupt' });
    closeStore(second);
    expect(told).toEqual([]);
    const third = storeTelling(path, told);
    expect(told).toHaveLength(1);
    expect(third.countRuns()).toBe(0);
    expect(readdirSync(join(path, '..')).some((name) => name.endsWith('.suspect'))).toBe(false);
  });

  it.each([
    ['where a file lies', () => writeFileSync(join(scratch, 'a-file'), ''), join(scratch, 'a-file'), 'it is a file'],
    ['below a file', () => writeFileSync(join(scratch, 'a-file'), ''), join(scratch, 'a-file', 'below'), 'ENOTDIR'],
    [
      'where a link leads nowhere',
      () => symlinkSync('/nowhere/at/all', join(scratch, 'a-link')),
      join(scratch, 'a-link'),
      'link to nowhere',
    ],
    ['below a folder that takes none', () => {}, process.platform === 'linux' ? '/proc/nothing/here' : null, 'ENOENT'],
  ])('says what to do %s', (_, prepare, folder, why) => {
    if (folder === null) return;
    mkdirSync(scratch, { recursive: true });
    prepare();
    const error = errorOf(() => openStore(join(folder, 'wattrun.db')));
    expect(error).toMatchObject({ code: 'store/unwritable', message: expect.stringContaining(why) });
    expect((error as WattrunError).hint).toContain('WATTRUN_HOME');
  });
});

describe('a record that is being written', () => {
  const integrityOf = (path: string): unknown => {
    const database = new DatabaseSync(path);
    const answer = database.prepare('PRAGMA integrity_check').get()?.integrity_check;
    database.close();
    return answer;
  };

  it('can be read by a second process’s connection meanwhile', () => {
    const path = freshPath();
    const writer = storeWithRun(path);
    const reader = openStore(path);
    expect([...reader.timeSeries('run1aaaaaa')]).toHaveLength(2);
    writer.writeTick(exampleTick(1_002_500, { samples: [exampleSample(7)] }));
    expect([...reader.timeSeries('run1aaaaaa')].at(-1)?.powerWatts).toBe(7);
  });

  it('opens clean from the files as a power cut leaves them', () => {
    const path = freshPath();
    storeWithRun(path);
    const cut = freshPath();
    mkdirSync(join(cut, '..'), { recursive: true });
    // The writer is still open: the last ticks are in the write-ahead log alone. Its shared memory is lost with the power.
    for (const ending of ['', '-wal']) if (existsSync(path + ending)) copyFileSync(path + ending, cut + ending);
    const store = openStore(cut);
    expect(store.readRun('run1aaaaaa')?.totals.totalJoules).toBe(250);
    expect([...store.timeSeries('run1aaaaaa')]).toHaveLength(2);
    expect(integrityOf(cut)).toBe('ok');
  });

  it('opens clean after kill -9, with every tick whole', async () => {
    const path = freshPath();
    const script = `
      import { createSqliteStore } from '${join(import.meta.dirname, 'sqlite-store.ts')}';
      const store = createSqliteStore({ path: process.argv[1], nowMs: 0 });
      const sample = { powerWatts: 1, joules: 1, lowJoules: 1, highJoules: 1, seconds: 1, utilizationRatio: null,
        memoryUsedBytes: null, temperatureCelsius: null, clockMegahertz: null, provenance: 'sensor' };
      for (let second = 1; ; second++) {
        store.writeTick({ atMs: second * 1000, machine: { powerWatts: 3, joules: 3, lowJoules: 0, highJoules: 0, seconds: 1 },
          samples: ['a', 'b', 'c'].map((domainId) => ({ ...sample, domainId })), runSamples: [], lateSamples: [], gaps: [], runs: [] });
        if (second === 50) process.stdout.write('50 ticks');
      }`;
    const child = spawn(process.execPath, ['--input-type=module', '-e', script, path], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await new Promise((resolve) => child.stdout.once('data', resolve));
    child.kill('SIGKILL');
    await new Promise((resolve) => child.once('exit', resolve));
    expect(readdirSync(join(path, '..'))).toContain('wattrun.db-wal');
    closeStore(openStore(path));
    expect(integrityOf(path)).toBe('ok');
    const database = new DatabaseSync(path);
    const both = 'SELECT ts FROM samples UNION ALL SELECT ts FROM recent_samples';
    const ticks = database.prepare(`SELECT ts, count(*) AS rows FROM (${both}) GROUP BY ts ORDER BY ts`).all();
    database.close();
    expect(ticks.length).toBeGreaterThanOrEqual(50);
    // The machine's row and one for each of the three domains, in the last tick too.
    expect(ticks.every((tick) => tick.rows === 4)).toBe(true);
  });
});
