import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { RunReport } from '../../shared/model/run.ts';
import { electricityMapsHistory } from '../../tests/fakes/grid-server.ts';
import { exampleSimulatedGpu } from '../../tests/simulated-world.ts';
import { createFakeClock, type FakeClock } from '../clock/fake-clock.ts';
import { createEngine, type Engine } from '../engine.ts';
import { createSimulatedMachine } from '../sources/simulated/simulated-machine.ts';
import { createSqliteStore } from '../store/sqlite-store.ts';
import type { Store } from '../store/store.ts';
import type { GridAnswer } from './grid/ask-grid.ts';

const openedAtMs = Date.UTC(2026, 0, 15, 12);
const hourMs = 3_600_000;
const stepSeconds = 30;

let clock: FakeClock;
let engine: Engine;
let store: Store;
let answer: () => GridAnswer | Promise<GridAnswer>;

/** A machine whose one GPU draws 360 W, and an engine on it in virtual time. */
beforeEach(async () => {
  clock = createFakeClock(openedAtMs);
  answer = () => ({ kind: 'problem', problem: { code: 'server', message: 'down' }, retryAfterMs: null });
  const machine = createSimulatedMachine({
    clock,
    openedAtUnixMs: openedAtMs,
    gpus: [
      exampleSimulatedGpu({
        power: { wattsAt: () => 360, joulesBetween: (from, to) => 360 * (to - from) },
        idleWatts: 0,
      }),
    ],
  });
  store = createSqliteStore({ path: ':memory:', nowMs: openedAtMs });
  engine = createEngine({
    version: '0.0.0',
    store,
    dataDirectory: ':memory:',
    clock: { ...clock, sleep: async (delayMs) => clock.advance(delayMs) },
    machine: machine.machine,
    definitions: [machine.definition],
    environment: { WATTRUN_ELECTRICITY_MAPS_TOKEN: 'secret' },
    sysfsRoot: '',
    procfsRoot: '',
    isSimulated: true,
    isTicking: false,
    askGrid: async () => answer(),
    log: () => {},
  });
  await engine.open(0);
  engine.handlers['settings.write']({ samplePeriodSeconds: stepSeconds, region: 'DEU', pue: 1.2 });
});
afterEach(() => engine.close());

async function goOn(seconds: number): Promise<void> {
  for (let gone = 0; gone < seconds; gone += stepSeconds) {
    clock.advance(stepSeconds * 1000);
    await engine.tick();
    // What was asked of the grid is answered beside the sampling.
    await new Promise((resolve) => setImmediate(resolve));
  }
}

const start = async (): Promise<string> =>
  (await engine.handlers['runs.start']({ name: 'train', foundBy: 'manual' })).id;
const stop = (runId: string): RunReport | Promise<RunReport> => engine.handlers['runs.stop']({ runId, exitCode: 0 });
const kwh = (report: RunReport): number => (report.energy.totalJoules ?? Number.NaN) / 3.6e6;
const importHours = (grams: readonly number[], fromHour = 0) =>
  engine.handlers['carbon.import']({
    fileName: 'grid.csv',
    text: `from,to,gco2e_per_kwh\n${grams
      .map((value, i) => {
        const fromMs = openedAtMs + (fromHour + i) * hourMs;
        return `${new Date(fromMs).toISOString()},${new Date(fromMs + hourMs).toISOString()},${value}`;
      })
      .join('\n')}\n`,
  });

/** From 12:20 to 14:40, over three hours of the grid. */
async function longRun(): Promise<RunReport> {
  await goOn(20 * 60);
  const runId = await start();
  await goOn(140 * 60);
  return stop(runId);
}

describe('a run under an intensity that changes hourly', () => {
  it('has the emissions of the hand calculation once the readings are there', async () => {
    const before = await longRun();
    // 360 W over 2 h 20 min: 0.84 kWh, all by the table so far.
    expect(kwh(before)).toBeCloseTo(0.84, 3);
    expect(before.emissions.byIntensity).toMatchObject([{ isFallback: true, energyRatio: 1 }]);
    await importHours([100, 400, 250]);
    const { runId } = { runId: before.run.id };
    const { changes } = await engine.handlers['carbon.recompute']({ runIds: [runId] });
    expect(changes).toHaveLength(1);
    const after = await engine.handlers['runs.read']({ runId });
    // 40 min at 100, 60 at 400, 40 at 250: 0.24 × 100 + 0.36 × 400 + 0.24 × 250 = 24 + 144 + 60 = 228 g, × 1.2 = 273.6 g.
    expect(after.emissions.gramsCO2e).toBeCloseTo(273.6, 0);
    expect((after.emissions.gramsCO2e ?? 0) / kwh(after)).toBeCloseTo((228 / 0.84) * 1.2, 3);
    expect(after.emissions.intensityGramsCO2ePerKwh).toBeCloseTo(228 / 0.84, 3);
    expect(after.emissions.byIntensity).toMatchObject([{ source: 'file grid.csv', isFallback: false }]);
    expect(after.energy.totalJoules).toBe(before.energy.totalJoules);
    const { runs } = await engine.handlers['runs.list']({});
    expect(runs[0]?.emissions.gramsCO2e).toBe(after.emissions.gramsCO2e);
  });

  it('never mixes average and marginal readings', async () => {
    await goOn(3600);
    await importHours([100, 200]);
    const text = `from,to,gco2e_per_kwh,kind\n${new Date(openedAtMs).toISOString()},${new Date(openedAtMs + hourMs / 2).toISOString()},600,marginal\n`;
    await engine.handlers['carbon.import']({ fileName: 'marginal.csv', text });
    const { points } = await engine.handlers['carbon.readings']({ fromMs: openedAtMs, toMs: openedAtMs + 3 * hourMs });
    expect(points.map(({ kind, gramsCO2ePerKwh }) => [kind, gramsCO2ePerKwh])).toEqual([['marginal', 600]]);
  });

  it('stands on the table for the hour without a reading, and says so', async () => {
    await importHours([100], 0);
    const report = await longRun();
    const table = report.emissions.byIntensity.find((share) => share.isFallback);
    // 100 min of 140 have no reading: the hours from 13:00 on had not begun when the file was read.
    expect(table?.energyRatio).toBeCloseTo(100 / 140, 3);
    expect(table?.source).toMatch(/Ember/);
  });

  it('catches up by itself when a provider’s readings come late', async () => {
    engine.handlers['settings.write']({ gridProvider: 'electricity-maps', gridZone: 'DE' });
    const report = await longRun();
    expect(report.emissions.byIntensity).toMatchObject([{ isFallback: true, energyRatio: 1 }]);
    const text = () => JSON.stringify(electricityMapsHistory('DE', clock.unixMs(), Array<number>(6).fill(200)));
    answer = () => ({ kind: 'text', text: text() });
    await goOn(4 * 3600);
    const later = await engine.handlers['runs.read']({ runId: report.run.id });
    expect((later.emissions.gramsCO2e ?? 0) / kwh(later)).toBeCloseTo(200 * 1.2, 6);
    expect(later.emissions.byIntensity.some((share) => share.isFallback)).toBe(false);
  });

  it('is measured on while a provider hangs for good', async () => {
    answer = () => new Promise<GridAnswer>(() => {});
    engine.handlers['settings.write']({ gridProvider: 'gb-carbon-intensity' });
    const runId = await start();
    await goOn(600);
    const report = await stop(runId);
    expect(kwh(report)).toBeCloseTo(0.06, 3);
    expect(report.energy.coverage).toBe(1);
  });
});

describe('what is told of live and of runs', () => {
  it('counts a running run, today and now by the readings', async () => {
    answer = () => ({
      kind: 'text',
      text: JSON.stringify(electricityMapsHistory('DE', clock.unixMs(), Array<number>(24).fill(100))),
    });
    engine.handlers['settings.write']({ gridProvider: 'electricity-maps', gridZone: 'DE', pricePerKwh: 0.5 });
    const runId = await start();
    await goOn(1800);
    const live = await engine.handlers['live.read']({});
    expect(live.factor.intensityGramsCO2ePerKwh).toBe(100);
    const run = live.runs.find(({ id }) => id === runId);
    // 0.18 kWh × 100 × 1.2 = 21.6 g, but for the last minute, which is accounted at the next.
    expect(run?.emissionsGramsCO2e).toBeGreaterThan(21);
    expect(run?.emissionsGramsCO2e).toBeLessThan(25);
    expect((live.today.emissionsGramsCO2e ?? 0) / ((live.today.energyJoules ?? 0) / 3.6e6)).toBeCloseTo(120, 6);
    expect(run?.costAmount).toBeCloseTo(((run?.totalJoules ?? 0) / 3.6e6) * 0.5, 9);
  });

  it('keeps contract, embodied and water beside the sum and never in it, and scores the run', async () => {
    engine.handlers['settings.write']({
      marketIntensityGramsCO2ePerKwh: 10,
      marketSource: 'wind PPA',
      waterLitersPerKwh: 1.8,
      embodied: [{ name: 'server', kilogramsCO2e: 1500, serviceLifeYears: 4 }],
    });
    const runId = await start();
    await goOn(3600);
    const { emissions, energy } = await stop(runId);
    const energyKwh = (energy.totalJoules ?? 0) / 3.6e6;
    expect(emissions.gramsCO2e).toBeCloseTo(energyKwh * emissions.intensityGramsCO2ePerKwh * 1.2, 9);
    expect(emissions.market).toMatchObject({ source: 'wind PPA', gramsCO2e: energyKwh * 10 * 1.2 });
    expect(emissions.water?.liters).toBeCloseTo(energyKwh * 1.8, 9);
    // An hour of 1500 kg over four Julian years, 42.78 g, all of it: nothing else drew on the machine.
    expect(emissions.embodied?.shareRatio).toBeCloseTo(1, 6);
    expect(emissions.embodied?.gramsCO2e).toBeCloseTo(1_500_000 / (4 * 8766), 1);
    expect(emissions.sci?.isEmbodiedIncluded).toBe(true);
    expect(emissions.sci?.perRun).toBeCloseTo((emissions.gramsCO2e ?? 0) + (emissions.embodied?.gramsCO2e ?? 0), 9);
  });

  it('costs what each hour costs', async () => {
    const timeZone = Intl.DateTimeFormat().resolvedOptions().timeZone;
    const [hour = '0', minute = '0'] = new Intl.DateTimeFormat('en-GB', {
      timeZone,
      hour: '2-digit',
      minute: '2-digit',
    })
      .format(openedAtMs + hourMs)
      .split(':');
    const fromMinute = Number(hour) * 60 + Number(minute);
    engine.handlers['settings.write']({
      pricePerKwh: 0.3,
      currency: 'CNY',
      tariffBands: [
        {
          label: 'peak',
          days: [1, 2, 3, 4, 5, 6, 7],
          fromMinute,
          toMinute: (fromMinute + 60) % 1440 || 1440,
          pricePerKwh: 1.2,
        },
      ],
    });
    const report = await longRun();
    // 0.24 kWh at 0.3, 0.36 at 1.2, 0.24 at 0.3: 0.072 + 0.432 + 0.072 = 0.576; a mean of 0.6857 per kWh.
    expect(report.cost?.amount).toBeCloseTo(0.576, 2);
    expect(report.cost?.pricePerKwh).toBeCloseTo(0.576 / 0.84, 3);
    expect(report.cost?.byPrice?.map(({ label }) => label).sort()).toEqual(['', 'peak']);
    expect((await engine.handlers['live.read']({})).today.costAmount).toBeGreaterThan(report.cost?.amount ?? 0);
  });
});

it('runs that were judged differently are merged to the sum of their grams and money, or refused in words', async () => {
  const measured = async (change: object): Promise<RunReport> => {
    engine.handlers['settings.write'](change);
    const runId = await start();
    await goOn(600);
    return stop(runId);
  };
  const a = await measured({ pue: 1, pricePerKwh: 0.1, currency: 'USD' });
  const b = await measured({ pue: 2, pricePerKwh: 0.5 });
  const c = await measured({ currency: 'EUR' });
  const merged = await engine.handlers['runs.merge']({ intoId: a.run.id, ids: [b.run.id] });
  expect(merged.emissions.gramsCO2e).toBeCloseTo((a.emissions.gramsCO2e ?? 0) + (b.emissions.gramsCO2e ?? 0), 9);
  expect(merged.cost?.amount).toBeCloseTo((a.cost?.amount ?? 0) + (b.cost?.amount ?? 0), 9);
  expect(() => engine.handlers['runs.merge']({ intoId: a.run.id, ids: [c.run.id] })).toThrow(/USD .* EUR/);
  expect((await engine.handlers['runs.list']({})).runs).toHaveLength(2);
});

it('runs under one series are merged to the sum of what was accounted', async () => {
  engine.handlers['settings.write']({ gridProvider: 'csv', gridZone: null });
  const first = await start();
  await goOn(3600);
  await stop(first);
  const second = await start();
  await goOn(3600);
  await stop(second);
  await importHours([100, 400, 250]);
  await engine.handlers['carbon.recompute']({ runIds: null });
  const grams = async (runId: string) => (await engine.handlers['runs.read']({ runId })).emissions.gramsCO2e ?? 0;
  const sum = (await grams(first)) + (await grams(second));
  await engine.handlers['runs.merge']({ intoId: first, ids: [second] });
  expect(await grams(first)).toBeCloseTo(sum, 6);
});

it('readings on record that a new file lies across are dropped, and told of; the same periods read anew are not', async () => {
  await goOn(3 * 3600);
  expect(await importHours([100, 200, 300])).toMatchObject({ points: 3, displaced: 0, firstDisplacedMs: null });
  expect(await importHours([110, 210, 310])).toMatchObject({ displaced: 0 });
  // From half past the first hour to half past the second.
  expect(await importHours([150], 0.5)).toMatchObject({ points: 1, displaced: 2, firstDisplacedMs: openedAtMs });
  const { points } = await engine.handlers['carbon.readings']({
    fromMs: openedAtMs,
    toMs: openedAtMs + 3 * hourMs,
    series: 'csv:',
  });
  expect(points.map((point) => point.gramsCO2ePerKwh)).toEqual([150, 310]);
});

describe('recompute', () => {
  it('takes another region for runs on record, says what changes, and changes nothing when only asked', async () => {
    const runId = await start();
    await goOn(600);
    const { emissions } = await stop(runId);
    const asked = { runIds: null, region: 'FRA' };
    const dry = await engine.handlers['carbon.recompute']({ ...asked, isDry: true });
    expect((await engine.handlers['runs.read']({ runId })).emissions.region).toBe('DEU');
    const done = await engine.handlers['carbon.recompute'](asked);
    expect(done).toEqual(dry);
    expect(done.changes).toMatchObject([
      {
        runId,
        before: { gramsCO2e: emissions.gramsCO2e, regionName: 'Germany' },
        after: { regionName: 'France', intensityGramsCO2ePerKwh: 56.039 },
      },
    ]);
    expect((await engine.handlers['runs.read']({ runId })).emissions).toMatchObject({ region: 'FRA', pue: 1.2 });
    expect(await engine.handlers['carbon.recompute'](asked)).toEqual({ unchanged: 1, changes: [] });
    await expect((async () => engine.handlers['carbon.recompute']({ runIds: null, region: 'XXX' }))()).rejects.toThrow(
      /no region XXX/,
    );
  });

  it('takes everything from the present settings when told to, and a number that was entered stays else', async () => {
    engine.handlers['settings.write']({ customIntensityGramsCO2ePerKwh: 42 });
    const runId = await start();
    await goOn(600);
    await stop(runId);
    engine.handlers['settings.write']({
      customIntensityGramsCO2ePerKwh: null,
      region: 'GBR',
      pue: 1,
      pricePerKwh: 0.2,
    });
    expect((await engine.handlers['carbon.recompute']({ runIds: null })).changes).toEqual([]);
    const { changes } = await engine.handlers['carbon.recompute']({ runIds: [runId], isBySettings: true });
    expect(changes).toMatchObject([
      { before: { intensityGramsCO2ePerKwh: 42, amount: null }, after: { regionName: 'United Kingdom' } },
    ]);
    const { emissions, cost } = await engine.handlers['runs.read']({ runId });
    expect([emissions.pue, cost?.pricePerKwh]).toEqual([1, 0.2]);
  });

  it('has nothing more to change right after it was done', async () => {
    const runId = await start();
    await goOn(600);
    await stop(runId);
    engine.handlers['settings.write']({
      pricePerKwh: 0.2,
      tariffBands: [{ label: 'night', pricePerKwh: 0.1, fromMinute: 0, toMinute: 360, days: [1, 2, 3, 4, 5, 6, 7] }],
      embodied: [{ name: 'GPU', kilogramsCO2e: 150, serviceLifeYears: 4 }],
      waterLitersPerKwh: 1.8,
    });
    const asked = { runIds: null, isBySettings: true };
    expect((await engine.handlers['carbon.recompute'](asked)).changes).toHaveLength(1);
    expect(await engine.handlers['carbon.recompute']({ ...asked, isDry: true })).toEqual({ unchanged: 1, changes: [] });
  });
});

it('forgets the year with the place it was chosen for', () => {
  engine.handlers['settings.write']({ region: 'DEU', regionYear: 2010 });
  expect(engine.handlers['settings.write']({ region: 'FRA' })).toMatchObject({ region: 'FRA', regionYear: null });
  expect(() => engine.handlers['settings.write']({ regionYear: 1999 })).toThrow(/no figure of 1999/);
});

describe('a provider that is tried', () => {
  const use = (token: string | null = null) =>
    engine.handlers['carbon.use']({ provider: 'electricity-maps', zone: 'FR', csvPath: null, url: null, token });
  const gridOf = async () => {
    const { gridProvider, gridZone } = await engine.handlers['settings.read']({});
    return [gridProvider, gridZone];
  };

  it('is on once it has answered', async () => {
    answer = () => ({ kind: 'text', text: JSON.stringify(electricityMapsHistory('FR', clock.unixMs(), [50])) });
    expect(await use()).toMatchObject({ problem: null, provider: 'electricity-maps' });
    expect(await gridOf()).toEqual(['electricity-maps', 'FR']);
  });

  it('leaves settings and token as they were where it does not answer', async () => {
    engine.handlers['settings.write']({ gridProvider: 'gb-carbon-intensity', gridZone: 'GB' });
    expect(await use()).toMatchObject({ problem: { message: 'down' } });
    expect(await gridOf()).toEqual(['gb-carbon-intensity', 'GB']);
    const entsoe = { provider: 'entso-e', zone: '10Y1001A1001A83F', csvPath: null, url: null } as const;
    expect(await engine.handlers['carbon.use']({ ...entsoe, token: 'wrong' })).toMatchObject({ hasToken: true });
    expect(await engine.handlers['carbon.use'](entsoe)).toMatchObject({ problem: { code: 'token-missing' } });
    expect(await gridOf()).toEqual(['gb-carbon-intensity', 'GB']);
  });

  it('is nowhere on record while it is tried, and neither is its token', async () => {
    engine.handlers['settings.write']({ gridProvider: 'gb-carbon-intensity', gridZone: 'GB' });
    let tell: (answer: GridAnswer) => void = () => {};
    const asked = new Promise<void>((resolve) => {
      answer = () => {
        resolve();
        return new Promise((settle) => {
          tell = settle;
        });
      };
    });
    const entsoe = { provider: 'entso-e', zone: '10Y1001A1001A83F', csvPath: null, url: null, token: 'new' } as const;
    const tried = engine.handlers['carbon.use'](entsoe);
    await asked;
    // Whoever is ended now leaves this behind.
    expect(store.readSettings()).toMatchObject({ gridProvider: 'gb-carbon-intensity', gridZone: 'GB' });
    expect(store.readLearned('grid.token.entso-e') ?? '').toBe('');
    tell({ kind: 'problem', problem: { code: 'server', message: 'down' }, retryAfterMs: null });
    await tried;
    expect(store.readLearned('grid.token.entso-e') ?? '').toBe('');
  });

  it('is asked itself, though another one is being asked', async () => {
    engine.handlers['settings.write']({ gridProvider: 'gb-carbon-intensity', gridZone: 'GB' });
    let tell: (answer: GridAnswer) => void = () => {};
    answer = () =>
      new Promise((settle) => {
        tell = settle;
      });
    const before = engine.handlers['carbon.fetch']({ fromMs: null });
    const tried = use();
    const down = { kind: 'problem', problem: { code: 'server', message: 'down' }, retryAfterMs: null } as const;
    answer = () => down;
    tell(down);
    await before;
    expect(await tried).toMatchObject({ problem: { message: 'down' } });
    expect(await gridOf()).toEqual(['gb-carbon-intensity', 'GB']);
  });

  it('leaves them so where there is no such file', async () => {
    engine.handlers['settings.write']({ gridProvider: 'gb-carbon-intensity', gridZone: 'GB' });
    await engine.handlers['carbon.use']({ provider: 'csv', zone: null, csvPath: '/nowhere.csv', url: null });
    expect(await gridOf()).toEqual(['gb-carbon-intensity', 'GB']);
  });
});

it('never gives a token back', async () => {
  await engine.handlers['carbon.setToken']({ provider: 'entso-e', token: 'top-secret' });
  engine.handlers['settings.write']({ gridProvider: 'entso-e', gridZone: '10Y1001A1001A83F' });
  expect(await engine.handlers['carbon.status']({})).toMatchObject({ hasToken: true });
  for (const name of ['settings.read', 'carbon.status', 'carbon.providers', 'engine.describe', 'live.read'] as const)
    expect(JSON.stringify(await engine.handlers[name]({}))).not.toContain('top-secret');
});
