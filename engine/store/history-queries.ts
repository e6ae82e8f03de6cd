import { gapReasonSchema } from '../../shared/model/domain.ts';
import type { History, HistoryQuery } from '../../shared/model/history.ts';
import { msFromSeconds } from '../../shared/units.ts';
import { createSeriesQueries, type HistoryTable, type SeriesQueries } from './history-series.ts';
import { type GapRecord, runRecordSchema } from './records.ts';
import type { Rows } from './sqlite-store.ts';
import type { DayTotals, Store } from './store.ts';

type HistoryQueries = Pick<Store, 'queryHistory' | 'dayTotals' | 'listGaps' | 'rollUp' | 'prune'>;

const minuteMs = 60_000;

const rawTable: HistoryTable = { samples: 'samples', runSamples: 'run_samples', isRaw: true, shiftMs: 0 };
const minuteTable: HistoryTable = { samples: 'minutes', runSamples: 'run_minutes', isRaw: false, shiftMs: minuteMs };

export function createHistoryQueries(rows: Rows): HistoryQueries {
  const { database } = rows;
  const series = createSeriesQueries(rows);
  return {
    queryHistory: (query) => queryHistory(rows, series, query),
    dayTotals(fromMs) {
      // Local hours by the local offset of each sample's own minute would need a calendar in SQL: hours are cut by the caller's day start.
      const found = database
        .prepare(
          `SELECT d.key, CAST((s.ts - 1 - ?) / 3600000 AS INTEGER) AS hour, s.provenance, sum(s.joules) AS joules, sum(s.low) AS low, sum(s.high) AS high, sum(s.seconds) AS seconds
           FROM samples s JOIN domains d ON d.id = s.domain WHERE s.ts > ? AND s.domain > 0 GROUP BY d.key, hour, s.provenance`,
        )
        .all(fromMs, fromMs);
      return found.map(
        (row): DayTotals => ({
          domainId: String(row.key),
          hour: Number(row.hour),
          joules: Number(row.joules ?? 0),
          lowJoules: Number(row.low ?? 0),
          highJoules: Number(row.high ?? 0),
          seconds: Number(row.seconds ?? 0),
          provenance: row.provenance === null ? null : String(row.provenance),
        }),
      );
    },
    listGaps: (fromMs, toMs) => listGaps(rows, fromMs, toMs),
    rollUp: (nowMs) => rollUp(rows, nowMs),
    prune(beforeMs) {
      rows.inTransaction(() => {
        database
          .prepare('DELETE FROM samples WHERE domain IN (SELECT 0 UNION SELECT id FROM domains) AND ts < ?')
          .run(beforeMs);
        database
          .prepare(
            'DELETE FROM run_samples WHERE run IN (SELECT 0 UNION SELECT number FROM runs WHERE started_ms < ?1) AND ts < ?1',
          )
          .run(beforeMs);
      });
    },
  };
}

function listGaps(rows: Rows, fromMs: number, toMs: number): readonly GapRecord[] {
  return rows.database
    .prepare(
      'SELECT d.key, g.from_ms, g.to_ms, g.reason, g.bridged FROM gaps g JOIN domains d ON d.id = g.domain WHERE g.to_ms >= ? AND g.from_ms <= ? ORDER BY g.from_ms',
    )
    .all(fromMs, toMs)
    .map((row) => ({
      domainId: String(row.key),
      fromMs: Number(row.from_ms),
      toMs: Number(row.to_ms),
      reason: gapReasonSchema.catch('no-reading').parse(row.reason),
      isBridged: row.bridged !== 0,
    }));
}

function queryHistory(rows: Rows, series: SeriesQueries, query: HistoryQuery): History {
  const spanMs = Math.max(1, query.toMs - query.fromMs);
  const wantedMs = spanMs / query.maxPoints;
  const table = wantedMs >= minuteMs || isPruned(rows, query) ? minuteTable : rawTable;
  // Finer than what was sampled would only be holes.
  const bucketMs = table.isRaw
    ? Math.max(wantedMs, sampleSpacingMs(rows, query))
    : Math.ceil(wantedMs / minuteMs) * minuteMs;
  // Buckets lie on a fixed grid, so that a chart that slides does not flicker.
  const firstMs = Math.floor(query.fromMs / bucketMs) * bucketMs;
  const count = Math.max(1, Math.ceil((query.toMs - firstMs) / bucketMs));
  const grid = { firstMs, bucketMs, count, toMs: query.toMs };
  return {
    fromMs: query.fromMs,
    toMs: query.toMs,
    bucketSeconds: bucketMs / 1000,
    isReduced: bucketMs > 1100,
    timesMs: Array.from({ length: count }, (_, i) => firstMs + (i + 1) * bucketMs),
    series: series
      .read(query.series, table, grid)
      .map((column, index) => ({ key: query.series[index]?.key ?? '', ...column })),
    ...queryEvents(rows, query),
  };
}

/** Whether a whole minute of the window, at its beginning, is there as a minute alone: its samples are older than samples are kept. */
function isPruned({ database }: Rows, { fromMs, toMs }: HistoryQuery): boolean {
  const minute = database
    .prepare('SELECT min(ts) AS ts FROM minutes WHERE domain = 0 AND ts >= ? AND ts <= ?')
    .get(fromMs, toMs - minuteMs);
  if (typeof minute?.ts !== 'number') return false;
  const sample = database.prepare('SELECT min(ts) AS ts FROM samples WHERE domain = 0 AND ts > ?').get(minute.ts);
  return typeof sample?.ts !== 'number' || sample.ts > minute.ts + minuteMs;
}

/** Mean time between the samples of a span; 100 ms, the shortest period there is, where there are none. */
function sampleSpacingMs(rows: Rows, query: HistoryQuery): number {
  const row = rows.database
    .prepare('SELECT count(*) AS count, sum(seconds) AS seconds FROM samples WHERE domain = 0 AND ts > ? AND ts <= ?')
    .get(query.fromMs, query.toMs);
  const count = Number(row?.count ?? 0);
  return Math.max(100, count === 0 ? 0 : msFromSeconds(Number(row?.seconds ?? 0)) / count);
}

function queryEvents(rows: Rows, query: HistoryQuery): Pick<History, 'gaps' | 'runs' | 'alerts' | 'marks'> {
  const { database } = rows;
  const runs = database
    .prepare(
      "SELECT json FROM runs WHERE deleted_ms IS NULL AND started_ms <= ? AND (status = 'running' OR coalesce(ended_ms, last_sample_ms, started_ms) >= ?) ORDER BY started_ms LIMIT 200",
    )
    .all(query.toMs, query.fromMs)
    .map((row) => runRecordSchema.parse(JSON.parse(String(row.json))));
  const marks = database
    .prepare(
      'SELECT r.id, m.at_ms, m.kind, m.label FROM marks m JOIN runs r ON r.number = m.run WHERE r.deleted_ms IS NULL AND m.at_ms BETWEEN ? AND ? ORDER BY m.at_ms LIMIT 2000',
    )
    .all(query.fromMs, query.toMs);
  const alerts = database
    .prepare(
      'SELECT json FROM alert_log WHERE fired_ms <= ? AND coalesce(cleared_ms, ?) >= ? ORDER BY fired_ms LIMIT 500',
    )
    .all(query.toMs, query.toMs, query.fromMs)
    .map(
      (row) =>
        JSON.parse(String(row.json)) as {
          id: string;
          ruleName: string;
          level: 'note' | 'warning' | 'critical';
          firedAtMs: number;
          clearedAtMs: number | null;
        },
    );
  return {
    gaps: [...listGaps(rows, query.fromMs, query.toMs)],
    runs: runs.map((run) => ({
      id: run.id,
      name: run.name,
      colorIndex: run.colorIndex,
      fromMs: run.startedMs,
      toMs: run.endedMs,
    })),
    alerts: alerts.map(({ id, ruleName, level, firedAtMs, clearedAtMs }) => ({
      id,
      ruleName,
      level,
      firedAtMs,
      clearedAtMs,
    })),
    marks: marks.map((row) => ({
      runId: String(row.id),
      atMs: Number(row.at_ms),
      kind: String(row.kind),
      label: String(row.label),
    })),
  };
}

/** Whole minutes that have samples and no roll-up yet. A minute's row is made once, after it has ended. */
function rollUp(rows: Rows, nowMs: number): void {
  const { database } = rows;
  const untilMs = Math.floor(nowMs / minuteMs) * minuteMs;
  const last = Number(database.prepare('SELECT max(ts) AS ts FROM minutes').get()?.ts ?? -minuteMs);
  const fromMs = last + minuteMs;
  if (untilMs <= fromMs) return;
  const stretches = (name: string): string => `min(${name}), max(${name}), avg(${name})`;
  rows.inTransaction(() => {
    database
      .prepare(
        `INSERT OR REPLACE INTO minutes (ts, domain, watts_min, watts_max, joules, low, high, seconds, util_min, util_max, util, mem_min, mem_max, mem, temp_min, temp_max, temp, clock_min, clock_max, clock)
         SELECT CAST((ts - 1) / ${minuteMs} AS INTEGER) * ${minuteMs} AS minute, domain, min(watts), max(watts), sum(joules), sum(low), sum(high), sum(seconds),
           ${stretches('util')}, ${stretches('mem')}, ${stretches('temp')}, ${stretches('clock')}
         FROM samples WHERE domain IN (SELECT 0 UNION SELECT id FROM domains) AND ts > ? AND ts <= ? GROUP BY minute, domain`,
      )
      .run(fromMs, untilMs);
    database
      .prepare(
        `INSERT OR REPLACE INTO run_minutes (run, ts, domain, watts_min, watts_max, joules, seconds)
         SELECT run, CAST((ts - 1) / ${minuteMs} AS INTEGER) * ${minuteMs} AS minute, domain, min(watts), max(watts), sum(joules), sum(seconds)
         FROM run_samples WHERE run IN (SELECT 0 UNION SELECT number FROM runs WHERE ended_ms IS NULL OR ended_ms > ?1 - 60000) AND ts > ?1 AND ts <= ?2
         GROUP BY run, minute, domain`,
      )
      .run(fromMs, untilMs);
  });
}
