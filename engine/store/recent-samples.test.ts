import { DatabaseSync } from 'node:sqlite';
import { describe, expect, it } from 'vitest';
import { WattrunError } from '../../shared/contract/errors.ts';
import { createRecentSamples } from './recent-samples.ts';
import { migrate } from './schema.ts';

const sample = {
  powerWatts: 100,
  joules: 50,
  lowJoules: 45,
  highJoules: 55,
  seconds: 0.5,
  utilizationRatio: 0.25,
  memoryUsedBytes: 1024,
  temperatureCelsius: 60,
  clockMegahertz: 1500,
  provenance: 'counter',
} as const;

function recentSamples() {
  const database = new DatabaseSync(':memory:');
  migrate(database);
  let failure: Error | null = null;
  const recent = createRecentSamples({
    database,
    domainNumber: (id) => (id === null ? 0 : Number(id)),
    inTransaction(work) {
      if (failure !== null) throw failure;
      return work();
    },
  });
  const all = (table: string) => database.prepare(`SELECT * FROM ${table} ORDER BY domain, ts`).all();
  return {
    recent,
    all,
    failWith: (error: Error | null) => {
      failure = error;
    },
  };
}

describe('recent samples', () => {
  it('come to their places whole, once, however often they are settled', () => {
    const { recent, all } = recentSamples();
    for (const atMs of [1000, 2000]) for (const id of [null, '2', '1']) recent.write(atMs, id, sample);
    expect(all('samples')).toEqual([]);
    const before = all('recent_samples');
    recent.settle();
    recent.settle();
    expect(all('samples')).toEqual(before);
    expect(before.map(({ domain, ts }) => [domain, ts])).toEqual([
      [0, 1000],
      [0, 2000],
      [1, 1000],
      [1, 2000],
      [2, 1000],
      [2, 2000],
    ]);
    expect(before[0]).toMatchObject({ watts: 100, joules: 50, low: 45, high: 55, seconds: 0.5, util: 0.25 });
    expect(all('recent_samples')).toEqual([]);
  });

  it('take the place of those of the same moment', () => {
    const { recent, all } = recentSamples();
    recent.write(1000, '1', sample);
    recent.settle();
    recent.write(1000, '1', { ...sample, powerWatts: 120 });
    recent.settle();
    expect(all('samples')).toMatchObject([{ ts: 1000, watts: 120 }]);
  });

  it('stay on record where the disk is full, and are settled once there is room', () => {
    const { recent, all, failWith } = recentSamples();
    recent.write(1000, '1', sample);
    failWith(new WattrunError('store/full', 'full', ''));
    expect(() => recent.settle()).not.toThrow();
    expect(all('recent_samples')).toHaveLength(1);
    failWith(null);
    recent.settle();
    expect(all('samples')).toHaveLength(1);
  });

  it('do not hide a record that is damaged', () => {
    const { recent, failWith } = recentSamples();
    recent.write(1000, '1', sample);
    failWith(new WattrunError('store/corrupt', 'damaged', ''));
    expect(() => recent.settle()).toThrow('damaged');
  });
});
