import { afterEach, expect, it } from 'vitest';
import {
  exampleCpu,
  exampleDomainTotals,
  exampleGpu,
  exampleRun,
  exampleSample,
  exampleTick,
  exampleTotals,
} from '../../tests/examples.ts';
import { createSqliteStore } from './sqlite-store.ts';
import type { Store } from './store.ts';

const opened: Store[] = [];
afterEach(() => {
  for (const store of opened.splice(0)) store.close();
});

/** Minutes of a GPU and a CPU, each with so much use, 100 J a second of which the run has half. */
function storeOf(uses: readonly (number | null)[]): Store {
  const store = createSqliteStore({ path: ':memory:', nowMs: 0 });
  opened.push(store);
  const seconds = uses.length * 60;
  const record = exampleRun({ startedMs: 0, endedMs: seconds * 1000, durationSeconds: seconds, status: 'finished' });
  const domains = [exampleGpu(), exampleCpu()];
  for (const domain of domains) store.putDomain(domain);
  store.putRuns([
    { record, totals: exampleTotals(), domains: new Map(domains.map(({ id }) => [id, exampleDomainTotals()])) },
  ]);
  for (let second = 1; second <= seconds; second++) {
    const utilizationRatio = uses[Math.floor((second - 1) / 60)] ?? null;
    store.writeTick(
      exampleTick(second * 1000, {
        samples: domains.map(({ id }) => exampleSample(100, { domainId: id, utilizationRatio })),
        runSamples: domains.map(({ id }) => ({
          runId: record.id,
          domainId: id,
          powerWatts: 50,
          joules: 50,
          seconds: 1,
        })),
      }),
    );
  }
  store.rollUp(seconds * 1000);
  return store;
}

it('counts the run’s share of its GPUs in minutes of under 5 % of use, and no CPU', () => {
  // Two of four minutes, 60 × 50 J each.
  expect(storeOf([0.9, 0, 0.04, 0.06]).idleJoules('run1aaaaaa')).toBe(6000);
});

it('is zero for a run that was at work, and not known where no GPU tells', () => {
  expect(storeOf([0.9]).idleJoules('run1aaaaaa')).toBe(0);
  expect(storeOf([null, null]).idleJoules('run1aaaaaa')).toBeNull();
  expect(storeOf([]).idleJoules('no-such-run')).toBeNull();
});

it('reads the samples of a run in the order of time, across windows and gaps, each once', () => {
  const store = storeOf([0.1, 0.1, 0.1]);
  const rows = [...store.timeSeries('run1aaaaaa')];
  expect(rows).toHaveLength(360);
  expect(rows.map(({ atMs }) => atMs)).toEqual(rows.map((_, index) => (Math.floor(index / 2) + 1) * 1000));
  expect(new Set(rows.map(({ runJoules }) => runJoules))).toEqual(new Set([50]));
  // Another writes between two rows: no statement stands open.
  const iterator = store.timeSeries('run1aaaaaa');
  iterator.next();
  store.writeTick(exampleTick(1_000_000));
  expect([...iterator]).toHaveLength(359);
});
