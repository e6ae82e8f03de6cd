import type { DatabaseSync } from 'node:sqlite';
import { type Domain, domainSchema } from '../../shared/model/domain.ts';
import { storeErrorFrom } from './open-database.ts';
import { createRecentSamples, type RecentSamples } from './recent-samples.ts';

/** What the query modules share: the database and the small numbers that stand for long names in its rows. */
export interface Rows {
  readonly database: DatabaseSync;
  domainNumber(domainId: string | null): number;
  /** The same for reading: null where the record knows no such domain. */
  knownDomainNumber(domainId: string): number | null;
  domainOf(number: number): Domain | null;
  runNumber(runId: string | null): number | null;
  inTransaction<T>(work: () => T): T;
  /** Whoever reads `samples` has them settled first. */
  readonly recentSamples: RecentSamples;
}

export function createRows(database: DatabaseSync, path: string): Rows {
  const numbers = new Map<string, number>();
  const runNumbers = new Map<string, number>();
  const insertDomain = database.prepare(
    'INSERT INTO domains (key, json) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET key = key RETURNING id',
  );
  const selectRun = database.prepare('SELECT number FROM runs WHERE id = ?');
  const [begin, commit] = [database.prepare('BEGIN IMMEDIATE'), database.prepare('COMMIT')];
  const rows = {
    database,
    domainNumber(domainId: string | null): number {
      if (domainId === null) return 0;
      const known = numbers.get(domainId);
      if (known !== undefined) return known;
      const number = Number(insertDomain.get(domainId, '{}')?.id);
      numbers.set(domainId, number);
      return number;
    },
    knownDomainNumber(domainId: string): number | null {
      const row = database.prepare('SELECT id FROM domains WHERE key = ?').get(domainId);
      return row === undefined ? null : Number(row.id);
    },
    domainOf: (number: number): Domain | null =>
      parseDomain(database.prepare('SELECT json FROM domains WHERE id = ?').get(number)?.json),
    runNumber(runId: string | null): number | null {
      if (runId === null) return 0;
      const known = runNumbers.get(runId);
      if (known !== undefined) return known;
      const row = selectRun.get(runId);
      if (row === undefined) return null;
      runNumbers.set(runId, Number(row.number));
      return Number(row.number);
    },
    inTransaction<T>(work: () => T): T {
      try {
        begin.run();
        const result = work();
        commit.run();
        return result;
      } catch (error) {
        if (database.isTransaction) database.exec('ROLLBACK');
        // Domains first named in it are gone with it; their numbers would be given to others.
        numbers.clear();
        throw storeErrorFrom(error, path);
      }
    },
  };
  return { ...rows, recentSamples: createRecentSamples(rows) };
}

/** A domain as it was written down; null for what is none. */
export function parseDomain(json: unknown): Domain | null {
  const parsed = domainSchema.safeParse(typeof json === 'string' ? JSON.parse(json) : null);
  return parsed.success ? parsed.data : null;
}
