import { describe, expect, it } from 'vitest';
import { exampleRun, exampleTotals } from '../../tests/examples.ts';
import { createSqliteStore } from '../store/sqlite-store.ts';
import { closeInterrupted } from './interrupted.ts';
import { createRunId } from './run-id.ts';

describe('a run id', () => {
  it('is ten characters that the contract takes, and not the same twice', () => {
    const ids = Array.from({ length: 1000 }, createRunId);
    expect(ids.every((id) => /^[0-9a-hjkmnp-tv-z]{10}$/.test(id))).toBe(true);
    expect(new Set(ids).size).toBe(1000);
  });
});

describe('runs that an engine left open', () => {
  it('are closed as interrupted at their last sample, or at their start if there is none', () => {
    const store = createSqliteStore({ path: ':memory:', nowMs: 0 });
    for (const id of ['sampled', 'never', 'adopted', 'done'])
      store.insertRun(
        exampleRun({ id, startedMs: 1000, status: id === 'done' ? 'finished' : 'running' }),
        exampleTotals(),
      );
    // 42 s of readings.
    store.putRun({
      record: exampleRun({ id: 'sampled', startedMs: 1000, durationSeconds: 42 }),
      totals: exampleTotals({ totalJoules: 7 }),
      domains: new Map(),
    });
    expect(closeInterrupted(store, new Set(['adopted']))).toEqual(['sampled', 'never']);
    const endOf = (id: string): readonly unknown[] => {
      const record = store.readRun(id)?.record;
      return [record?.status, record?.endedMs];
    };
    expect(endOf('sampled')).toEqual(['interrupted', 43_000]);
    expect(endOf('never')).toEqual(['interrupted', 1000]);
    expect(endOf('adopted')).toEqual(['running', null]);
    expect(endOf('done')).toEqual(['finished', null]);
    // Nothing recorded is lost by it.
    expect(store.readRun('sampled')?.totals.totalJoules).toBe(7);
    expect(closeInterrupted(store, new Set(['adopted']))).toEqual([]);
    store.close();
  });
});
