import { afterEach, describe, expect, it } from 'vitest';
import type { IntensityPoint } from '../../shared/model/carbon.ts';
import { exampleCpu, exampleGpu, exampleRun, exampleTick, exampleTotals } from '../../tests/examples.ts';
import { createSqliteStore } from './sqlite-store.ts';
import type { Store } from './store.ts';

const hour = 3_600_000;
const startMs = Date.UTC(2026, 0, 15, 12);
let store: Store;
afterEach(() => store.close());

const openStore = (): Store => {
  store = createSqliteStore({ path: ':memory:', nowMs: startMs });
  return store;
};
const point = (fromHour: number, grams: number, hours = 1): IntensityPoint => ({
  fromMs: startMs + fromHour * hour,
  toMs: startMs + (fromHour + hours) * hour,
  gramsCO2ePerKwh: grams,
  kind: 'average',
  isEstimated: false,
  source: 'grid',
});
const about = { isForecast: false, fetchedMs: startMs };
const gramsOf = (points: readonly IntensityPoint[]): readonly number[] => points.map((one) => one.gramsCO2ePerKwh);
const whole = { fromMs: startMs - 100 * hour, toMs: startMs + 100 * hour };

describe('readings of a grid', () => {
  it('come back in order, those that reach into the span, and those of another series do not', () => {
    openStore().putIntensities('a', [point(1, 20), point(0, 10), point(2, 30)], about);
    store.putIntensities('b', [point(0, 99)], about);
    expect(gramsOf(store.listIntensities('a', { fromMs: startMs + hour / 2, toMs: startMs + 2 * hour }))).toEqual([
      10, 20,
    ]);
    expect(store.newestIntensity('a')?.gramsCO2ePerKwh).toBe(30);
    expect(store.newestIntensity('c')).toBeNull();
    expect(store.listSeries()).toMatchObject([
      { series: 'a', points: 3 },
      { series: 'b', points: 1 },
    ]);
  });

  it('replace what they overlap with: an estimate by what was measured, an hour by its halves', () => {
    openStore().putIntensities('a', [point(0, 10), point(1, 20)], about);
    store.putIntensities('a', [point(0, 11, 0.5), point(0.5, 12, 0.5)], about);
    expect(gramsOf(store.listIntensities('a', whole))).toEqual([11, 12, 20]);
  });

  it('are kept apart from the forecast, whose past is dropped', () => {
    openStore().putIntensities('a', [point(0, 10)], about);
    store.putIntensities('a', [point(0, 50), point(1, 60)], { ...about, isForecast: true });
    expect(gramsOf(store.listIntensities('a', whole))).toEqual([10]);
    store.dropForecast('a', startMs + hour);
    expect(gramsOf(store.listIntensities('a', { ...whole, isForecast: true }))).toEqual([60]);
  });

  it('are put on record by the ten thousand without looking at all that is there for each', () => {
    openStore();
    const years = Array.from({ length: 17_520 }, (_, i) => point(i, 100 + (i % 7)));
    store.putIntensities('a', years, about);
    expect(store.listSeries()).toMatchObject([{ points: 17_520 }]);
    expect(store.listIntensities('a', { fromMs: startMs + 9000 * hour, toMs: startMs + 9002 * hour })).toHaveLength(2);
  });
});

describe('the energy of a run in time', () => {
  const [gpu, cpu] = [exampleGpu(), exampleCpu()];

  /** One tick every ten seconds: 100 J on the GPU, 20 J on the CPU, and a wrong total beside them. */
  function fill(seconds: number): void {
    store.putDomain(gpu);
    store.putDomain(cpu);
    const totals = exampleTotals({ totalJoules: (seconds / 10) * 120 });
    const record = exampleRun({ startedMs: startMs });
    store.insertRun(record, totals);
    for (let at = 10; at <= seconds; at += 10)
      store.writeTick(
        exampleTick(startMs + at * 1000, {
          runSamples: [
            { runId: record.id, domainId: gpu.id, powerWatts: 10, joules: 100, seconds: 10 },
            { runId: record.id, domainId: cpu.id, powerWatts: 2, joules: 20, seconds: 10 },
            { runId: record.id, domainId: null, powerWatts: 12, joules: 1, seconds: 10 },
          ],
          runs: [{ record: { ...record, durationSeconds: at }, totals, domains: new Map() }],
        }),
      );
  }

  it('is the sum of its devices, sample by sample', () => {
    openStore();
    fill(600);
    const slices = store.runEnergy('run1aaaaaa');
    expect(slices).toHaveLength(60);
    expect(slices[1]).toEqual({ fromMs: startMs + 10_000, toMs: startMs + 20_000, joules: 120 });
  });

  it('is read from roll-ups once the samples are gone', () => {
    openStore();
    fill(600);
    store.rollUp(startMs + 700_000);
    store.prune(startMs + 650_000);
    const slices = store.runEnergy('run1aaaaaa');
    expect(slices.length).toBeGreaterThan(5);
    expect(slices.length).toBeLessThanOrEqual(60);
    expect(slices.reduce((sum, slice) => sum + slice.joules, 0)).toBe(7200);
    expect(slices[0]?.fromMs).toBe(startMs);
  });

  it('is nothing for a run that is not there', () => {
    expect(openStore().runEnergy('nobody')).toEqual([]);
  });
});

it('keeps the accounts of a run with it', () => {
  openStore().insertRun(exampleRun(), exampleTotals({ totalJoules: 10 }));
  expect(store.readRun('run1aaaaaa')?.accounting).toBeNull();
  const accounting = { computedAtMs: 1, joules: 10, gramsCO2e: 5, byIntensity: [], amount: null, byPrice: [] };
  store.putAccounting('run1aaaaaa', accounting);
  expect(store.listRuns()[0]?.accounting).toEqual(accounting);
  store.putAccounting('run1aaaaaa', null);
  expect(store.readRun('run1aaaaaa')?.accounting).toBeNull();
});
