import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, expect, it } from 'vitest';
import { createLocalEngine } from './local-engine.ts';
import { createSqliteStore } from './store/sqlite-store.ts';

const directory = mkdtempSync(join(tmpdir(), 'wattrun-local-'));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

it('goes on with a new record where the first statements find a large one damaged', async () => {
  const path = join(directory, 'wattrun.db');
  const before = createSqliteStore({ path, nowMs: 0 });
  before.writeLearned('large', 'x'.repeat(17 * 1024 ** 2));
  before.close();
  // Too large to be looked through at every opening: only reading its domains shows it.
  const database = new DatabaseSync(path);
  const page = Number(database.prepare("SELECT rootpage FROM sqlite_master WHERE name = 'domains'").get()?.rootpage);
  const pageBytes = Number(database.prepare('PRAGMA page_size').get()?.page_size);
  database.close();
  const bytes = readFileSync(path);
  bytes.fill(0xa7, (page - 1) * pageBytes, page * pageBytes);
  writeFileSync(path, bytes);
  const told: string[] = [];
  const engine = createLocalEngine({
    version: '0.0.0',
    directory,
    environment: { WATTRUN_PROCFS: '/nowhere', WATTRUN_SYSFS: '/nowhere' },
    log: () => {},
    onSetAside: (where) => told.push(where),
  });
  expect(told).toHaveLength(1);
  expect(readFileSync(told[0] ?? '').equals(bytes)).toBe(true);
  expect((await engine.handlers['runs.list']({})).runs).toEqual([]);
  await engine.close();
});
