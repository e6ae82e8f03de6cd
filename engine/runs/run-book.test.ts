import { describe, expect, it } from 'vitest';
import { exampleRun, exampleTotals } from '../../tests/examples.ts';
import { createSqliteStore } from '../store/sqlite-store.ts';
import { closeInterrupted } from './interrupted.ts';
import { nameOf } from './run-book.ts';
import { createRunId } from './run-id.ts';

describe('nameOf', () => {
  it.each([
    ['python train.py --lr 1', 'train'],
    ['torchrun --nproc-per-node=4 src/train_sft.py', 'train_sft'],
    ['python -m pkg.train --epochs 2', 'pkg.train'],
    ['/usr/bin/bash ./run.sh', 'run'],
    ['/opt/bin/trainer --fast', 'trainer'],
    ['C:\\Python\\python.exe D:\\work\\fit.py', 'fit'],
    ['julia fit.jl', 'fit'],
  ])('calls %j %j', (command, name) => expect(nameOf(command.split(' '))).toBe(name));

  it('has no name for nothing', () => {
    expect(nameOf(null)).toBeNull();
    expect(nameOf([])).toBeNull();
    expect(nameOf([''])).toBeNull();
  });

  it('is no longer than a name may be', () => expect(nameOf([`${'x'.repeat(500)}.py`])).toHaveLength(200));
});

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
