import { existsSync, statSync } from 'node:fs';
import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite';
import { type Domain, domainSchema } from '../../shared/model/domain.ts';
import { createAlertQueries } from './alert-queries.ts';
import { createCarbonQueries } from './carbon-queries.ts';
import { createDestinationQueries } from './destination-queries.ts';
import { createHistoryQueries } from './history-queries.ts';
import { createMarkQueries } from './mark-queries.ts';
import { openDatabase, storeErrorFrom } from './open-database.ts';
import type { GapRecord, RunProgress, RunSampleRecord, SampleRecord, TickRecord } from './records.ts';
import { createRunMerging } from './run-merging.ts';
import { createRunQueries } from './run-queries.ts';
import { spanEnergy } from './span-energy.ts';
import type { Store } from './store.ts';

export interface SqliteStoreOptions {
  /** A file, or ':memory:'. */
  readonly path: string;
  readonly nowMs: number;
  readonly onSetAside?: (path: string) => void;
}

/** Two gaps of a domain with the same reason that touch are one: moments are kept in whole milliseconds. */
const gapJoinMs = 1;

/** What the query modules share: the database and the small numbers that stand for long names in its rows. */
export interface Rows {
  readonly database: DatabaseSync;
  domainNumber(domainId: string | null): number;
  /** The same for reading: null where the record knows no such domain. */
  knownDomainNumber(domainId: string): number | null;
  domainOf(number: number): Domain | null;
  runNumber(runId: string | null): number | null;
  inTransaction<T>(work: () => T): T;
}

/** The record in one SQLite file (node:sqlite, WAL). */
export function createSqliteStore(options: SqliteStoreOptions): Store {
  const { database, setAside } = openDatabase(options.path, options.nowMs);
  if (setAside !== null) options.onSetAside?.(setAside);
  const rows = createRows(database, options.path);
  const runs = createRunQueries(rows);
  const writer = createTickWriter(rows, runs.putRun);
  return {
    path: options.path,
    writeTick: (tick) => rows.inTransaction(() => writer.writeTick(tick)),
    putGaps: (gaps) => rows.inTransaction(() => gaps.forEach(writer.writeGap)),
    putDomain(domain) {
      const number = rows.domainNumber(domain.id);
      database.prepare('UPDATE domains SET json = ? WHERE id = ?').run(JSON.stringify(domain), number);
    },
    listDomains: () =>
      database
        .prepare('SELECT json FROM domains')
        .all()
        .flatMap((row) => parseDomain(row.json) ?? []),
    ...runs,
    ...createMarkQueries(rows),
    ...createRunMerging(rows, { writeRunSample: writer.writeRunSample, putRun: runs.putRun }),
    ...createHistoryQueries(rows),
    ...createAlertQueries(rows),
    ...createDestinationQueries(rows),
    spanEnergy: (fromMs, toMs) => spanEnergy(rows, fromMs, toMs),
    ...createCarbonQueries(rows),
    sizeBytes: () => fileSize(options.path),
    close: () => database.close(),
  };
}

function createRows(database: DatabaseSync, path: string): Rows {
  const numbers = new Map<string, number>();
  const runNumbers = new Map<string, number>();
  const insertDomain = database.prepare(
    'INSERT INTO domains (key, json) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET key = key RETURNING id',
  );
  const selectRun = database.prepare('SELECT number FROM runs WHERE id = ?');
  const [begin, commit] = [database.prepare('BEGIN IMMEDIATE'), database.prepare('COMMIT')];
  return {
    database,
    domainNumber(domainId) {
      if (domainId === null) return 0;
      const known = numbers.get(domainId);
      if (known !== undefined) return known;
      const number = Number(insertDomain.get(domainId, '{}')?.id);
      numbers.set(domainId, number);
      return number;
    },
    knownDomainNumber(domainId) {
      const row = database.prepare('SELECT id FROM domains WHERE key = ?').get(domainId);
      return row === undefined ? null : Number(row.id);
    },
    domainOf: (number) => parseDomain(database.prepare('SELECT json FROM domains WHERE id = ?').get(number)?.json),
    runNumber(runId) {
      if (runId === null) return 0;
      const known = runNumbers.get(runId);
      if (known !== undefined) return known;
      const row = selectRun.get(runId);
      if (row === undefined) return null;
      runNumbers.set(runId, Number(row.number));
      return Number(row.number);
    },
    inTransaction(work) {
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
}

function parseDomain(json: unknown): Domain | null {
  const parsed = domainSchema.safeParse(typeof json === 'string' ? JSON.parse(json) : null);
  return parsed.success ? parsed.data : null;
}

interface TickWriter {
  writeTick(tick: TickRecord): void;
  writeRunSample(atMs: number, sample: RunSampleRecord): void;
  writeGap(gap: GapRecord): void;
}

function createTickWriter(rows: Rows, putRun: (progress: RunProgress) => void): TickWriter {
  const { database } = rows;
  const insertSample = database.prepare(
    'INSERT OR REPLACE INTO samples (ts, domain, watts, joules, low, high, seconds, util, mem, temp, clock, provenance) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)',
  );
  const insertRunSample = database.prepare(
    'INSERT OR REPLACE INTO run_samples (run, ts, domain, watts, joules, seconds) VALUES (?, ?, ?, ?, ?, ?)',
  );
  const lastGap = database.prepare(
    'SELECT id, to_ms, reason, bridged FROM gaps WHERE domain = ? ORDER BY to_ms DESC LIMIT 1',
  );
  const extendGap = database.prepare('UPDATE gaps SET to_ms = ? WHERE id = ?');
  const insertGap = database.prepare(
    'INSERT INTO gaps (domain, from_ms, to_ms, reason, bridged) VALUES (?, ?, ?, ?, ?)',
  );

  function writeSample(atMs: number, sample: SampleRecord): void {
    run(
      insertSample,
      atMs,
      rows.domainNumber(sample.domainId),
      sample.powerWatts,
      sample.joules,
      sample.lowJoules,
      sample.highJoules,
      sample.seconds,
      sample.utilizationRatio,
      sample.memoryUsedBytes,
      sample.temperatureCelsius,
      sample.clockMegahertz,
      sample.provenance,
    );
  }
  function writeRunSample(atMs: number, sample: RunSampleRecord): void {
    const number = rows.runNumber(sample.runId);
    if (number !== null)
      run(
        insertRunSample,
        number,
        atMs,
        rows.domainNumber(sample.domainId),
        sample.powerWatts,
        sample.joules,
        sample.seconds,
      );
  }
  function writeGap(gap: GapRecord): void {
    const domain = rows.domainNumber(gap.domainId);
    const last = lastGap.get(domain);
    const isSame =
      last !== undefined &&
      last.reason === gap.reason &&
      (last.bridged !== 0) === gap.isBridged &&
      Math.abs(gap.fromMs - Number(last.to_ms)) <= gapJoinMs;
    if (isSame) extendGap.run(Math.round(gap.toMs), last.id ?? null);
    else insertGap.run(domain, Math.round(gap.fromMs), Math.round(gap.toMs), gap.reason, gap.isBridged ? 1 : 0);
  }

  return {
    writeGap,
    writeRunSample,
    writeTick(tick) {
      const atMs = Math.round(tick.atMs);
      const { machine } = tick;
      run(
        insertSample,
        atMs,
        0,
        machine.powerWatts,
        machine.joules,
        machine.lowJoules,
        machine.highJoules,
        machine.seconds,
        null,
        null,
        null,
        null,
        null,
      );
      for (const sample of tick.samples) writeSample(atMs, sample);
      for (const sample of tick.runSamples) writeRunSample(atMs, sample);
      for (const gap of tick.gaps) writeGap(gap);
      for (const progress of tick.runs) putRun(progress);
    },
  };
}

function run(statement: StatementSync, ...values: readonly SQLInputValue[]): void {
  statement.run(...values);
}

function fileSize(path: string): number | null {
  if (path === ':memory:') return null;
  try {
    return statSync(path).size + (existsSync(`${path}-wal`) ? statSync(`${path}-wal`).size : 0);
  } catch {
    return null;
  }
}
