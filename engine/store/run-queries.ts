import type { z } from 'zod';
import { runAccountingSchema } from '../../shared/model/carbon.ts';
import { lastMsOf } from '../runs/run-breaks.ts';
import { idleJoules } from './idle-energy.ts';
import {
  type RunProgress,
  type RunRecord,
  type RunTotals,
  runDomainTotalsSchema,
  runRecordSchema,
  runTotalsSchema,
} from './records.ts';
import type { Rows } from './rows.ts';
import type { Store, StoredRun } from './store.ts';
import { timeSeries } from './time-series.ts';

type RunQueries = Pick<
  Store,
  | 'insertRun'
  | 'putRun'
  | 'putRuns'
  | 'updateRun'
  | 'updateRuns'
  | 'readRun'
  | 'listRuns'
  | 'readRunDomains'
  | 'listOpenRuns'
  | 'setDeleted'
  | 'countRuns'
  | 'timeSeries'
  | 'idleJoules'
>;

export function createRunQueries(rows: Rows): RunQueries {
  const { database } = rows;
  const selectRun = 'SELECT number, json, totals, last_sample_ms, accounting FROM runs';
  const storedRuns = createRowMemory();
  const insert = database.prepare(
    'INSERT INTO runs (id, status, started_ms, ended_ms, json, totals) VALUES (?, ?, ?, ?, ?, ?)',
  );
  const update = database.prepare('UPDATE runs SET status = ?, ended_ms = ?, json = ? WHERE id = ?');
  const progress = database.prepare(
    'UPDATE runs SET status = ?, ended_ms = ?, last_sample_ms = ?, json = ?, totals = ? WHERE id = ?',
  );
  const putDomain = database.prepare(
    'INSERT INTO run_domains (run, domain, json) VALUES (?, ?, ?) ON CONFLICT (run, domain) DO UPDATE SET json = excluded.json',
  );

  const round = (ms: number | null): number | null => (ms === null ? null : Math.round(ms));

  function putRun({ record, totals, domains }: RunProgress): void {
    const number = rows.runNumber(record.id);
    if (number === null) return;
    const lastSampleMs = lastMsOf({ ...record, endedMs: null });
    progress.run(
      record.status,
      round(record.endedMs),
      Math.round(lastSampleMs),
      JSON.stringify(record),
      JSON.stringify(totals),
      record.id,
    );
    domains.forEach((domainTotals, domainId) => {
      putDomain.run(number, rows.domainNumber(domainId), JSON.stringify(domainTotals));
    });
  }

  const updateRun = (record: RunRecord): void => {
    update.run(record.status, round(record.endedMs), JSON.stringify(record), record.id);
  };

  return {
    putRun,
    insertRun(record, totals) {
      rows.inTransaction(() =>
        insert.run(
          record.id,
          record.status,
          Math.round(record.startedMs),
          round(record.endedMs),
          JSON.stringify(record),
          JSON.stringify(totals),
        ),
      );
    },
    updateRun: (record) => rows.inTransaction(() => updateRun(record)),
    updateRuns: (records) => rows.inTransaction(() => records.forEach(updateRun)),
    putRuns(runs) {
      const revive = database.prepare('UPDATE runs SET deleted_ms = NULL, started_ms = ? WHERE id = ?');
      rows.inTransaction(() => {
        for (const one of runs) {
          const { record, totals } = one;
          const startedMs = Math.round(record.startedMs);
          if (rows.runNumber(record.id) !== null) revive.run(startedMs, record.id);
          else
            insert.run(
              record.id,
              record.status,
              startedMs,
              round(record.endedMs),
              JSON.stringify(record),
              JSON.stringify(totals),
            );
          putRun(one);
        }
      });
    },
    readRun(id) {
      const row = database.prepare(`${selectRun} WHERE id = ? AND deleted_ms IS NULL`).get(id);
      return row === undefined ? null : storedRun(row);
    },
    listRuns: () =>
      storedRuns(database.prepare(`${selectRun} WHERE deleted_ms IS NULL ORDER BY started_ms DESC, number DESC`).all()),
    listOpenRuns: () => database.prepare(`${selectRun} WHERE status = 'running'`).all().map(storedRun),
    readRunDomains(id) {
      const found = database
        .prepare('SELECT domain, json FROM run_domains WHERE run = ? ORDER BY domain')
        .all(rows.runNumber(id) ?? -1);
      return found.flatMap((row) => {
        const domain = rows.domainOf(Number(row.domain));
        return domain === null ? [] : [{ domain, totals: parseJson(runDomainTotalsSchema, row.json) }];
      });
    },
    setDeleted(ids, deletedMs) {
      const statement = database.prepare('UPDATE runs SET deleted_ms = ? WHERE id = ? AND (deleted_ms IS NULL) = ?');
      return rows.inTransaction(() =>
        ids.reduce((sum, id) => sum + Number(statement.run(deletedMs, id, deletedMs === null ? 0 : 1).changes), 0),
      );
    },
    countRuns: () => Number(database.prepare('SELECT count(*) AS count FROM runs').get()?.count ?? 0),
    timeSeries: (runId) => timeSeries(rows, runId),
    idleJoules: (runId) => idleJoules(rows, runId),
  };
}

/** Parses rows, but for those that are as they were when it was asked last: of thousands of runs a few change from one listing to the next. */
function createRowMemory(): (rows: readonly Record<string, unknown>[]) => readonly StoredRun[] {
  let known = new Map<unknown, { readonly row: Record<string, unknown>; readonly run: StoredRun }>();
  return (rows) => {
    const next: typeof known = new Map();
    for (const row of rows) {
      const before = known.get(row.number);
      const isSame = before !== undefined && rowColumns.every((column) => before.row[column] === row[column]);
      next.set(row.number, isSame ? before : { row, run: storedRun(row) });
    }
    known = next;
    return [...next.values()].map(({ run }) => run);
  };
}

const rowColumns = ['json', 'totals', 'last_sample_ms', 'accounting'];

function storedRun(row: Record<string, unknown>): StoredRun {
  return {
    record: parseJson<RunRecord>(runRecordSchema, row.json),
    totals: parseJson<RunTotals>(runTotalsSchema, row.totals),
    lastSampleMs: numberOrNull(row.last_sample_ms),
    accounting: row.accounting === null ? null : parseJson(runAccountingSchema, row.accounting),
  };
}

function parseJson<T>(schema: z.ZodType<T>, json: unknown): T {
  return schema.parse(JSON.parse(String(json)));
}

const numberOrNull = (value: unknown): number | null =>
  typeof value === 'number' || typeof value === 'bigint' ? Number(value) : null;
