import { gapReasonSchema } from '../../shared/model/domain.ts';
import type { History, HistoryQuery, Quantity } from '../../shared/model/history.ts';
import { msFromSeconds } from '../../shared/units.ts';
import { type Column, createSeriesQueries, type Grid, mergeColumns, type SeriesQueries } from './history-series.ts';
import { readInMachineTime } from './machine-time.ts';
import { type GapRecord, runRecordSchema } from './records.ts';
import { type HistoryTable, prune, rawTable, rolledUpTo, rollUp, rollUps } from './roll-ups.ts';
import type { Rows } from './rows.ts';
import type { DayTotals, Store } from './store.ts';

type HistoryQueries = Pick<Store, 'queryHistory' | 'newestTick' | 'dayTotals' | 'listGaps' | 'rollUp' | 'prune'>;

export function createHistoryQueries(rows: Rows): HistoryQueries {
  const { database } = rows;
  const series = createSeriesQueries(rows);
  return {
    queryHistory: (query) => queryHistory(rows, series, query),
    dayTotals(fromMs) {
      rows.recentSamples.settle();
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
    newestTick() {
      rows.recentSamples.settle();
      const atMs = database.prepare('SELECT max(ts) AS ts FROM samples WHERE domain = 0').get()?.ts ?? null;
      if (atMs === null) return null;
      const found = database
        .prepare('SELECT key FROM domains d WHERE EXISTS (SELECT 1 FROM samples WHERE domain = d.id AND ts = ?)')
        .all(atMs);
      return { atMs: Number(atMs), domainIds: found.map(({ key }) => String(key)) };
    },
    listGaps: (fromMs, toMs) => listGaps(rows, fromMs, toMs),
    rollUp: (nowMs) => rollUp(rows, nowMs),
    prune(beforeMs) {
      rows.recentSamples.settle();
      rows.inTransaction(() => prune(rows, beforeMs));
    },
  };
}

function listGaps(rows: Rows, fromMs: number, toMs: number): readonly GapRecord[] {
  const found = rows.database
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
  return joined(found);
}

/** One thing that was missed is one gap, though two runs were gone on with at different moments of it. `gaps` in order of their beginnings. */
function joined(gaps: readonly GapRecord[]): readonly GapRecord[] {
  const last = new Map<string, GapRecord>();
  const all = new Set<GapRecord>();
  for (const gap of gaps) {
    const key = `${gap.reason} ${gap.isBridged} ${gap.domainId}`;
    const before = last.get(key);
    const isSame = before !== undefined && gap.fromMs < before.toMs;
    if (isSame) all.delete(before);
    const one = isSame ? { ...before, toMs: Math.max(before.toMs, gap.toMs) } : gap;
    all.add(one);
    last.set(key, one);
  }
  return [...all].sort((a, b) => a.fromMs - b.fromMs);
}

function queryHistory(rows: Rows, series: SeriesQueries, query: HistoryQuery): History {
  rows.recentSamples.settle();
  const spanMs = Math.max(1, query.toMs - query.fromMs);
  const wantedMs = spanMs / query.maxPoints;
  const table = tableFor(rows, query, wantedMs);
  // Finer than what was sampled would only be holes; a row lies where its end does.
  const finestMs =
    table.spanMs === 0 ? sampleSpacingMs(rows, query) : Math.max(table.spanMs, newestSampleMs(rows, query));
  const bucketMs = Math.max(wantedMs, finestMs);
  // Buckets lie on a fixed grid, so that a chart that slides does not flicker.
  const firstMs = Math.floor(query.fromMs / bucketMs) * bucketMs;
  const count = Math.max(1, Math.ceil((query.toMs - firstMs) / bucketMs));
  // Rows lie at their end: what covers the last bucket may end after the window, in the bucket after it, which is read and left out.
  const grid = { firstMs, bucketMs, count: count + 1, fromMs: firstMs, toMs: firstMs + (count + 1) * bucketMs };
  const read = (asked: HistoryQuery['series']) => readWithTail({ rows, series, table, grid }, asked);
  const columns = query.isStacked === true ? readInMachineTime(query.series, read) : read(query.series);
  return {
    fromMs: query.fromMs,
    toMs: query.toMs,
    bucketSeconds: bucketMs / 1000,
    isReduced: bucketMs > 1100,
    timesMs: Array.from({ length: count }, (_, i) => firstMs + (i + 1) * bucketMs),
    series: columns.map((column, index) => {
      const { key = '', quantity = 'powerWatts' } = query.series[index] ?? {};
      const rounded = (values: Column['mean']): Column['mean'] => roundAll(values.slice(0, count), steps[quantity]);
      return {
        key,
        min: rounded(column.min),
        max: rounded(column.max),
        mean: rounded(column.mean),
        ...(quantity === 'powerWatts' ? { seconds: column.seconds.slice(0, count).map(toMilliseconds) } : {}),
      };
    }),
    ...queryEvents(rows, query),
  };
}

/** Steps a unit that a chart's values are rounded to: finer than any sensor, and a third of the text that a double takes. */
const steps = {
  powerWatts: 1000,
  utilizationRatio: 10_000,
  memoryUsedBytes: 1,
  temperatureCelsius: 100,
  clockMegahertz: 10,
} as const satisfies Record<Quantity, number>;

const toMilliseconds = (seconds: number): number => Math.round(seconds * 1000) / 1000;

const roundAll = (values: Column['mean'], perUnit: number): Column['mean'] =>
  values.map((value) => (value === null ? null : Math.round(value * perUnit) / perUnit));

interface Reading {
  readonly rows: Rows;
  readonly series: SeriesQueries;
  readonly table: HistoryTable;
  readonly grid: Grid;
}

/**
 * What is not rolled up yet is read from finer tables, each from where the coarser one ends, and the last of it from the samples: a window ends at its newest
 * reading whatever its length, and no table is read for longer than the next coarser one's span.
 */
function readWithTail({ rows, series, table, grid }: Reading, asked: HistoryQuery['series']): readonly Column[] {
  const finer = [table, ...[rawTable, ...rollUps].filter(({ spanMs }) => spanMs < table.spanMs).reverse()];
  let fromMs = grid.fromMs;
  let columns: readonly Column[] | null = null;
  for (const one of finer) {
    const endMs = one.spanMs === 0 ? grid.toMs : Math.min(grid.toMs, rolledUpTo(rows.database, one) ?? fromMs);
    if (endMs <= fromMs) continue;
    const read = series.read(asked, one, { ...grid, fromMs, toMs: endMs });
    columns = columns === null ? read : columns.map((column, i) => mergeColumns(column, read[i] ?? column));
    fromMs = endMs;
  }
  return columns ?? series.read(asked, rawTable, grid);
}

/** The coarsest table that is fine enough, if it reaches as far back as the window does; else a finer one, else a coarser one that does. */
function tableFor({ database }: Rows, { fromMs, toMs }: HistoryQuery, wantedMs: number): HistoryTable {
  const tables = [rawTable, ...rollUps];
  const beginningOf = ({ samples, spanMs }: HistoryTable): number => {
    const row = database
      .prepare(`SELECT min(ts) AS ts FROM ${samples} WHERE domain = 0 AND ts > ? AND ts <= ?`)
      .get(fromMs - (spanMs === 0 ? 0 : 1), toMs - spanMs);
    return typeof row?.ts === 'number' ? row.ts : Number.POSITIVE_INFINITY;
  };
  const beginnings = new Map(tables.map((table) => [table, beginningOf(table)]));
  // What a row holds began before its end, and maybe long after its time: a record begins anywhere in its first hour.
  const earliestMs = Math.min(...tables.map((table) => (beginnings.get(table) ?? 0) + table.spanMs));
  const fine = tables.filter((table) => table.spanMs <= wantedMs).reverse();
  const coarse = tables.filter((table) => table.spanMs > wantedMs);
  const reachesBack = (table: HistoryTable): boolean =>
    (beginnings.get(table) ?? 0) <= earliestMs + Math.max(table.spanMs, slackMs);
  return [...fine, ...coarse].find(reachesBack) ?? rawTable;
}

/** A table that begins this much after another begins with it: rows begin where their span does, samples are seconds apart. */
const slackMs = 60_000;

/** Mean time between the samples of a span; 100 ms, the shortest period there is, where there are none. */
function sampleSpacingMs(rows: Rows, query: HistoryQuery): number {
  const row = rows.database
    .prepare('SELECT count(*) AS count, sum(seconds) AS seconds FROM samples WHERE domain = 0 AND ts > ? AND ts <= ?')
    .get(query.fromMs, query.toMs);
  const count = Number(row?.count ?? 0);
  return Math.max(100, count === 0 ? 0 : msFromSeconds(Number(row?.seconds ?? 0)) / count);
}

/** The longest period there is: a sample that speaks for more has been asleep. */
const longestPeriodMs = 60_000;

/** Time that the newest sample of a span speaks for, in whole seconds, so that the grid stays where periods jitter; 0 where there is none. */
function newestSampleMs({ database }: Rows, { fromMs, toMs }: HistoryQuery): number {
  const row = database
    .prepare('SELECT seconds FROM samples WHERE domain = 0 AND ts > ? AND ts <= ? ORDER BY ts DESC LIMIT 1')
    .get(fromMs, toMs);
  return Math.min(longestPeriodMs, msFromSeconds(Math.round(Number(row?.seconds ?? 0))));
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
      // What a run counts by the hundred is drawn elsewhere.
      `SELECT r.id, m.at_ms, m.kind,
         CASE WHEN m.kind = 'epoch' AND m.label = '' THEN coalesce(CAST(CAST(m.value AS INTEGER) AS TEXT), '') ELSE m.label END AS label
       FROM marks m JOIN runs r ON r.number = m.run
       WHERE r.deleted_ms IS NULL AND m.at_ms BETWEEN ? AND ? AND (m.step IS NULL OR m.kind = 'epoch')
         AND NOT (m.kind = 'epoch' AND m.value IS 0)
         AND m.kind NOT IN ('step', 'samples', 'tokens', 'window-begin', 'window-end') ORDER BY m.at_ms LIMIT 2000`,
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
      status: run.status,
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
