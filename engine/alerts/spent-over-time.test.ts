import { expect, it } from 'vitest';
import type { IntensityPoint } from '../../shared/model/carbon.ts';
import { defaultSettings } from '../../shared/model/settings.ts';
import { joulesFromKwh } from '../../shared/units.ts';
import { exampleGpu, exampleRun, exampleSample, exampleTick, exampleTotals } from '../../tests/examples.ts';
import { factorFromSettings } from '../carbon/carbon.ts';
import { createSqliteStore } from '../store/sqlite-store.ts';
import { createSpentLedger } from './spent-ledger.ts';

const noonMs = new Date(2026, 10, 29, 12).getTime();
const hourMs = 3_600_000;
const factor = { ...factorFromSettings(defaultSettings), intensityGramsCO2ePerKwh: 400, pue: 1 };
const price = { pricePerKwh: 0.5, currency: 'EUR' };

const point = (ago: number, grams: number): IntensityPoint => ({
  fromMs: noonMs - ago * hourMs,
  toMs: noonMs - (ago - 1) * hourMs,
  gramsCO2ePerKwh: grams,
  kind: 'average',
  isEstimated: false,
  source: 'grid',
});
/** By night, until ten in the morning, 0.1 a kWh. */
const tariff = {
  timeZone: Intl.DateTimeFormat().resolvedOptions().timeZone,
  bands: [{ label: 'night', days: [1, 2, 3, 4, 5, 6, 7], fromMinute: 0, toMinute: 600, pricePerKwh: 0.1 }],
  periods: [],
};
const run = { id: 'run', project: 'sft', startedMs: noonMs - hourMs, joules: 0, factor, price };

/** 1 kWh a minute before each of these hours' ends. */
function recordOf(hoursAgo: readonly number[]) {
  const store = createSqliteStore({ path: ':memory:', nowMs: noonMs });
  store.putDomain(exampleGpu({ id: 'gpu:a' }));
  for (const ago of hoursAgo) {
    const sample = exampleSample(1000, { domainId: 'gpu:a', joules: joulesFromKwh(1), seconds: 60 });
    store.writeTick(exampleTick(noonMs - ago * hourMs - 60_000, { samples: [sample] }));
  }
  return store;
}

it('judges the machine by the grid and the tariff of the hour in which it drew', () => {
  let now = point(0, 50);
  const ledger = createSpentLedger({
    store: recordOf([3, 2, 1]),
    factor: () => factor,
    price: () => price,
    point: () => now,
    tariff: () => tariff,
    accountsSince: () => ({
      factor,
      price,
      tariff,
      points: [point(4, 100), point(3, 200)],
    }),
  });
  ledger.update({ unixMs: noonMs, machineJoules: 0, runs: [] });
  // 100 and 200 by the grid, 400 of the hour that nobody told; 0.1 before ten, 0.5 after.
  expect(ledger.machine().day?.gramsCO2e).toBeCloseTo(700, 6);
  expect(ledger.machine().day?.cost).toBeCloseTo(0.1 + 0.1 + 0.5, 9);
  ledger.update({ unixMs: noonMs + 1000, machineJoules: joulesFromKwh(2), runs: [] });
  now = point(0, 1000);
  ledger.update({ unixMs: noonMs + 2000, machineJoules: joulesFromKwh(3), runs: [] });
  // 2 kWh by 50 g, one more by 1000 g.
  expect(ledger.machine().day?.gramsCO2e).toBeCloseTo(700 + 100 + 1000, 6);
  expect(ledger.machine().day?.cost).toBeCloseTo(0.7 + 1.5, 9);
});

it('judges a run by what was worked out over its time, and goes on by what counts now', () => {
  const store = recordOf([]);
  const accounts = { ...exampleRun().accounts, series: 'grid:DE' };
  const record = exampleRun({ ...run, status: 'running', endedMs: null, accounts });
  store.insertRun(record, exampleTotals({ totalJoules: joulesFromKwh(2) }));
  store.putAccounting('run', {
    computedAtMs: noonMs,
    joules: joulesFromKwh(2),
    gramsCO2e: 300,
    byIntensity: [],
    amount: null,
    byPrice: [],
  });
  const ledger = createSpentLedger({ store, factor: () => factor, price: () => price, point: () => point(0, 50) });
  const on = { ...run, accounts, joules: joulesFromKwh(2) };
  ledger.update({ unixMs: noonMs, machineJoules: 0, runs: [on] });
  expect(ledger.run('run').whole).toMatchObject({ gramsCO2e: 300, cost: 1 });
  ledger.update({ unixMs: noonMs + 1000, machineJoules: 0, runs: [{ ...on, joules: joulesFromKwh(4) }] });
  expect(ledger.run('run').whole?.gramsCO2e).toBeCloseTo(300 + 2 * 50, 6);
  expect(ledger.project('sft').day?.gramsCO2e).toBeCloseTo(2 * 50, 6);
});

it('counts an imported run to its project, and to no day or month of this machine', () => {
  const store = recordOf([]);
  store.insertRun(
    exampleRun({ ...run, foundBy: 'import', status: 'finished', endedMs: noonMs }),
    exampleTotals({ totalJoules: joulesFromKwh(2) }),
  );
  const ledger = createSpentLedger({ store, factor: () => factor, price: () => price });
  ledger.update({ unixMs: noonMs, machineJoules: 0, runs: [] });
  expect(ledger.project('sft').whole?.joules).toBe(joulesFromKwh(2));
  expect(ledger.project('sft').day?.joules).toBe(0);
  expect(ledger.project('sft').month?.joules).toBe(0);
});

it('never adds money of two currencies', () => {
  const store = recordOf([]);
  store.insertRun(
    exampleRun({ ...run, price: { pricePerKwh: 700, currency: 'KRW' }, status: 'finished', endedMs: noonMs }),
    exampleTotals({ totalJoules: joulesFromKwh(2) }),
  );
  const ledger = createSpentLedger({ store, factor: () => factor, price: () => price });
  ledger.update({ unixMs: noonMs, machineJoules: 0, runs: [] });
  expect(ledger.project('sft').whole?.cost).toBeCloseTo(1, 9);
});
