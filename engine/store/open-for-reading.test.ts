import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import {
  exampleDomainTotals,
  exampleGpu,
  exampleRun,
  exampleSample,
  exampleTick,
  exampleTotals,
} from '../../tests/examples.ts';
import { schemaVersion } from './schema.ts';
import { createReadingStore, createSqliteStore } from './sqlite-store.ts';
import type { Store } from './store.ts';

const scratch = mkdtempSync(join(tmpdir(), 'wattrun-reading-'));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));
let count = 0;
let path = '';
const opened: Store[] = [];
beforeEach(() => {
  const folder = join(scratch, `${count++}`);
  mkdirSync(join(folder, 'tmp'), { recursive: true });
  vi.stubEnv('TMPDIR', join(folder, 'tmp'));
  path = join(folder, 'wattrun.db');
});
afterEach(() => {
  for (const store of opened.splice(0)) store.close();
  vi.unstubAllEnvs();
});

function open<T extends Store>(store: T): T {
  opened.push(store);
  return store;
}

function close(store: Store): void {
  opened.splice(opened.indexOf(store), 1);
  store.close();
}

/** A run with one sample of its GPU, which waits to be put in its place. */
function writer(): Store {
  const store = open(createSqliteStore({ path, nowMs: 0 }));
  const record = exampleRun({ startedMs: 1_000_000 });
  store.putDomain(exampleGpu());
  store.insertRun(record, exampleTotals());
  store.writeTick(
    exampleTick(1_001_000, {
      samples: [exampleSample(300)],
      runSamples: [{ runId: record.id, domainId: 'gpu:GPU-0', powerWatts: 300, joules: 300, seconds: 1 }],
      runs: [
        {
          record,
          totals: exampleTotals({ totalJoules: 300 }),
          domains: new Map([['gpu:GPU-0', exampleDomainTotals()]]),
        },
      ],
    }),
  );
  return store;
}

const unsettled = (): unknown => {
  const database = new DatabaseSync(path, { readOnly: true });
  const found = database.prepare('SELECT count(*) AS count FROM recent_samples').get()?.count;
  database.close();
  return found;
};

describe('a record that is opened for reading', () => {
  it('has its runs and every sample, those that wait for their place too, and leaves the file as it is', () => {
    close(writer());
    const before = readFileSync(path);
    const store = open(createReadingStore(path));
    expect(store.readRun('run1aaaaaa')?.totals.totalJoules).toBe(300);
    expect([...store.timeSeries('run1aaaaaa')]).toMatchObject([{ atMs: 1_001_000, powerWatts: 300, runJoules: 300 }]);
    expect(store.domainEnergy(1_000_000, 1_001_000).get('gpu:GPU-0')).toMatchObject({ joules: 300, seconds: 1 });
    close(store);
    expect(readFileSync(path)).toEqual(before);
    expect(unsettled()).toBeGreaterThan(0);
  });

  it('has what is in the log of a writer that lives or was killed', () => {
    writer();
    const killed = `${path}-killed`;
    for (const ending of ['', '-wal']) copyFileSync(path + ending, killed + ending);
    for (const place of [path, killed])
      expect(open(createReadingStore(place)).readRun('run1aaaaaa')?.totals.totalJoules).toBe(300);
  });

  it('refuses to be written', () => {
    close(writer());
    const store = open(createReadingStore(path));
    expect(() => store.setDeleted(['run1aaaaaa'], 1)).toThrow(
      expect.objectContaining({ code: 'store/unwritable', message: expect.stringContaining(join(path, '..')) }),
    );
  });

  it('is brought up to date in a copy, which goes with it, where an older version wrote it', () => {
    close(writer());
    const database = new DatabaseSync(path);
    database.exec(`DROP TABLE recent_samples; PRAGMA user_version = ${schemaVersion - 1};`);
    database.close();
    const before = readFileSync(path);
    const copies = (): number => readdirSync(join(path, '../tmp')).length;
    const store = open(createReadingStore(path));
    expect(store.readRun('run1aaaaaa')?.totals.totalJoules).toBe(300);
    expect(copies()).toBe(1);
    close(store);
    expect(copies()).toBe(0);
    expect(readFileSync(path)).toEqual(before);
  });

  it('is not made where there is none', () => {
    expect(() => createReadingStore(path)).toThrow(expect.objectContaining({ code: 'store/unwritable' }));
    expect(existsSync(path)).toBe(false);
  });
});
