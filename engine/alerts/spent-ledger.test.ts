import { describe, expect, it } from 'vitest';
import { defaultSettings } from '../../shared/model/settings.ts';
import { joulesFromKwh, kwhFromJoules } from '../../shared/units.ts';
import { exampleGpu, exampleRun, exampleSample, exampleTick, exampleTotals } from '../../tests/examples.ts';
import { factorFromSettings } from '../carbon/carbon.ts';
import { createSqliteStore } from '../store/sqlite-store.ts';
import { projection } from './budget-status.ts';
import { createSpentLedger } from './spent-ledger.ts';

const noonMs = new Date(2026, 10, 29, 12).getTime();
const hourMs = 3_600_000;
const factor = { ...factorFromSettings(defaultSettings), intensityGramsCO2ePerKwh: 400, pue: 1 };

/** A GPU that drew 1 kWh in each of these hours, sampled once an hour's end. */
function recordOf(hoursAgo: readonly number[]) {
  const store = createSqliteStore({ path: ':memory:', nowMs: noonMs });
  store.putDomain(exampleGpu({ id: 'gpu:a' }));
  for (const ago of hoursAgo) {
    const sample = exampleSample(1000, { domainId: 'gpu:a', joules: joulesFromKwh(1), seconds: 3600 });
    store.writeTick(exampleTick(noonMs - ago * hourMs, { samples: [sample] }));
  }
  return store;
}

describe('what the machine has spent', () => {
  it('is what the record has of the day and month, and what came since', () => {
    // The hour that ended 13 hours before noon is the day before's.
    const store = recordOf([13, 11, 10, 5, 1]);
    const ledger = createSpentLedger({ store, factor: () => factor, price: () => null });
    ledger.update({ unixMs: noonMs, machineJoules: 500, runs: [] });
    ledger.update({ unixMs: noonMs + 1000, machineJoules: 500 + joulesFromKwh(0.5), runs: [] });
    expect(kwhFromJoules(ledger.machine().day?.joules ?? 0)).toBeCloseTo(4.5, 9);
    expect(kwhFromJoules(ledger.machine().month?.joules ?? 0)).toBeCloseTo(5.5, 9);
    expect(ledger.machine().day?.gramsCO2e).toBeCloseTo(4.5 * 400, 6);
    expect(ledger.machine().day?.cost).toBeNull();
  });

  it('is the same from roll-ups as from samples', () => {
    const store = recordOf([300, 200, 100, 30, 11, 3, 1]);
    const before = store.spanEnergy(noonMs - 250 * hourMs, noonMs).machineJoules;
    store.rollUp(noonMs);
    store.prune(noonMs - 50 * hourMs);
    expect(kwhFromJoules(before)).toBeCloseTo(6, 9);
    expect(kwhFromJoules(store.spanEnergy(noonMs - 250 * hourMs, noonMs).machineJoules)).toBeCloseTo(6, 9);
  });

  it('begins anew at midnight', () => {
    const ledger = createSpentLedger({ store: recordOf([1]), factor: () => factor, price: () => null });
    ledger.update({ unixMs: noonMs, machineJoules: 0, runs: [] });
    expect(kwhFromJoules(ledger.machine().day?.joules ?? 0)).toBeCloseTo(1, 9);
    ledger.update({ unixMs: noonMs + 12 * hourMs, machineJoules: 100, runs: [] });
    expect(ledger.machine().day).toMatchObject({ key: '2026-11-30', joules: 0 });
  });
});

it('a project is its runs, each by the factor and price stored with it', () => {
  const store = recordOf([]);
  const price = { pricePerKwh: 0.5, currency: 'EUR' };
  const record = exampleRun({
    id: 'old',
    project: 'sft',
    startedMs: noonMs - 72 * hourMs,
    endedMs: noonMs - 70 * hourMs,
    status: 'finished',
    factor,
    price,
  });
  store.insertRun(record, exampleTotals({ totalJoules: joulesFromKwh(2) }));
  const ledger = createSpentLedger({ store, factor: () => factor, price: () => null });
  const run = {
    id: 'new',
    project: 'sft',
    startedMs: noonMs - hourMs,
    joules: joulesFromKwh(1),
    factor: { ...factor, intensityGramsCO2ePerKwh: 100 },
    price,
  };
  ledger.update({ unixMs: noonMs, machineJoules: 0, runs: [run] });
  // 2 kWh × 400 g + 1 kWh × 100 g; 3 kWh × 0.50.
  expect(ledger.project('sft').whole).toMatchObject({ joules: joulesFromKwh(3), gramsCO2e: 900, cost: 1.5 });
  ledger.update({ unixMs: noonMs, machineJoules: 0, runs: [{ ...run, joules: joulesFromKwh(1.25) }] });
  // The record has no samples of it: of the day is known what came since.
  expect(kwhFromJoules(ledger.project('sft').day?.joules ?? 0)).toBeCloseTo(0.25, 9);
  expect(ledger.project('other').whole?.joules).toBe(0);
});

describe('a projection', () => {
  it('goes on at the rate so far, and says when the budget is reached', () => {
    // 10 kWh in 10 h of a span that has 10 h left: 20 kWh; 15 kWh are reached in 5 h.
    const nowMs = 10 * hourMs;
    expect(projection({ amount: 10, limit: 15, knownFromMs: 0, nowMs, toMs: 20 * hourMs })).toEqual({
      projected: 20,
      basisSeconds: 36_000,
      reachedAtMs: 15 * hourMs,
    });
  });

  it('says nothing with less than ten minutes behind it, nor of an end that is not known', () => {
    const none = { projected: null, basisSeconds: null, reachedAtMs: null };
    expect(projection({ amount: 1, limit: 2, knownFromMs: 0, nowMs: 599_000, toMs: hourMs })).toEqual(none);
    expect(projection({ amount: 1, limit: 2, knownFromMs: null, nowMs: hourMs, toMs: hourMs })).toEqual(none);
    expect(projection({ amount: 1, limit: 4, knownFromMs: 0, nowMs: hourMs, toMs: null })).toMatchObject({
      projected: null,
      reachedAtMs: 4 * hourMs,
    });
  });
});
