import { expect, it } from 'vitest';
import { exampleRun, exampleTotals } from '../../tests/examples.ts';
import { createSqliteStore } from '../store/sqlite-store.ts';
import { readAsInterrupted } from './interrupted.ts';

it('reads runs that were left open as closed at their last sample, and changes nothing on record', () => {
  const store = createSqliteStore({ path: ':memory:', nowMs: 0 });
  for (const id of ['left', 'living']) {
    const record = exampleRun({ id, status: 'running', startedMs: 1000, endedMs: null });
    store.insertRun(record, exampleTotals());
    store.putRun({ record: { ...record, durationSeconds: 2 }, totals: exampleTotals(), domains: new Map() });
  }
  const seen = readAsInterrupted(store, new Set(['living']));
  // Begun at 1 s, last seen 2 s later.
  expect(seen.readRun('left')?.record).toMatchObject({ status: 'interrupted', endedMs: 3000 });
  expect(seen.readRun('living')?.record.status).toBe('running');
  expect(seen.listRuns().map(({ record }) => record.status)).toEqual(['running', 'interrupted']);
  expect(store.readRun('left')?.record.status).toBe('running');
});
