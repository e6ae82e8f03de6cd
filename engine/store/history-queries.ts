import { gapReasonSchema } from '../../shared/model/domain.ts';
import type { History, HistoryQuery, Quantity, SeriesOf } from '../../shared/model/history.ts';
import { msFromSeconds } from '../../shared/units.ts';
import { type GapRecord, runRecordSchema } from './records.ts';
import type { Rows } from './sqlite-store.ts';
import type { DayTotals, Store } from './store.ts';

type HistoryQueries = Pick<Store, 'queryHistory' | 'dayTotals' | 'listGaps' | 'rollUp' | 'prune'>;

const minuteMs = 60_000;

/** Columns of a quantity: in raw samples one value, in minutes its extremes and mean. */
const columns = {
  powerWatts: { raw: 'watts', min: 'watts_min', max: 'watts_max', mean: 'joules' },
  utilizationRatio: { raw: 'util', min: 'util_min', max: 'util_max', mean: 'util' },
  memoryUsedBytes: { raw: 'mem', min: 'mem_min', max: 'mem_max', mean: 'mem' },
  temperatureCelsius: { raw: 'temp', min: 'temp_min', max: 'temp_max', mean: 'temp' },
  clockMegahertz: { raw: 'clock', min: 'clock_min', max: 'clock_max', mean: 'clock' },
} as const satisfies Record<Quantity, { raw: string; min: string; max: string; mean: string }>;

interface Table {
  readonly samples: 'samples' | 'minutes';
  readonly runSamples: 'run_samples' | 'run_minutes';
  readonly isRaw: boolean;
  /** A raw sample's time is its end, a minute's its beginning. */
  readonly shiftMs: number;
}
const rawTable: Table = { samples: 'samples', runSamples: 'run_samples', isRaw: true, shiftMs: 0 };
const minuteTable: Table = { samples: 'minutes', runSamples: 'run_minutes', isRaw: false, shiftMs: minuteMs };

interface Column {
  readonly min: (number | null)[];
  readonly max: (number | null)[];
  readonly mean: (number | null)[];
}

export function createHistoryQueries(rows: Rows): HistoryQueries {
  const { database } = rows;
  return {
    queryHistory: (query) => queryHistory(rows, query),
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
      'SELECT d.key, g.from_ms, g.to_ms, g.reason FROM gaps g JOIN domains d ON d.id = g.domain WHERE g.to_ms >= ? AND g.from_ms <= ? ORDER BY g.from_ms',
    )
    .all(fromMs, toMs)
    .map((row) => ({
      domainId: String(row.key),
      fromMs: Number(row.from_ms),
      toMs: Number(row.to_ms),
      reason: gapReasonSchema.catch('no-reading').parse(row.reason),
    }));
}

function queryHistory(rows: Rows, query: HistoryQuery): History {
  const spanMs = Math.max(1, query.toMs - query.fromMs);
  const wantedMs = spanMs / query.maxPoints;
  const table = wantedMs >= minuteMs ? minuteTable : rawTable;
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
    series: query.series.map(({ key, of, quantity }) => ({ key, ...querySeries(rows, { of, quantity, table, grid }) })),
    ...queryEvents(rows, query),
  };
}

interface SeriesQuery {
  readonly of: SeriesOf;
  readonly quantity: Quantity;
  readonly table: Table;
  readonly grid: { readonly firstMs: number; readonly bucketMs: number; readonly count: number; readonly toMs: number };
}

/** Mean time between the samples of a span; 100 ms, the shortest period there is, where there are none. */
function sampleSpacingMs(rows: Rows, query: HistoryQuery): number {
  const row = rows.database
    .prepare('SELECT count(*) AS count, sum(seconds) AS seconds FROM samples WHERE domain = 0 AND ts > ? AND ts <= ?')
    .get(query.fromMs, query.toMs);
  const count = Number(row?.count ?? 0);
  return Math.max(100, count === 0 ? 0 : msFromSeconds(Number(row?.seconds ?? 0)) / count);
}

/** Min, max and mean per bucket; the mean of power is joules over seconds, so that a chart's area is its energy. */
function querySeries(rows: Rows, { of, quantity, table, grid }: SeriesQuery): Column {
  const empty = (): (number | null)[] => Array.from({ length: grid.count }, () => null);
  const column: Column = { min: empty(), max: empty(), mean: empty() };
  const target = targetOf(rows, of);
  if (target === null || (target.run !== null && quantity !== 'powerWatts')) return column;
  const names = columns[quantity];
  const min = table.isRaw ? names.raw : names.min;
  const max = table.isRaw ? names.raw : names.max;
  const mean =
    quantity === 'powerWatts'
      ? 'sum(joules) / nullif(sum(CASE WHEN joules IS NULL THEN 0 ELSE seconds END), 0)'
      : `avg(${table.isRaw ? names.raw : names.mean})`;
  const source =
    target.run === null ? `${table.samples} WHERE domain = ?` : `${table.runSamples} WHERE run = ? AND domain = ?`;
  const keys = target.run === null ? [target.domain] : [target.run, target.domain];
  const found = rows.database
    .prepare(
      `SELECT CAST((ts + ? - 1 - ?) / ? AS INTEGER) AS bucket, min(${min}) AS low, max(${max}) AS high, ${mean} AS mean, min(ts - seconds * 1000) AS begins
       FROM ${source} AND ts > ? AND ts <= ? GROUP BY bucket`,
    )
    .all(table.shiftMs, grid.firstMs, grid.bucketMs, ...keys, grid.firstMs - table.shiftMs, grid.toMs);
  const read = new Set(found.map((row) => Number(row.bucket)));
  for (const row of found) {
    const bucket = Number(row.bucket);
    if (bucket < 0 || bucket >= grid.count) continue;
    column.min[bucket] = numberOrNull(row.low);
    column.max[bucket] = numberOrNull(row.high);
    column.mean[bucket] = numberOrNull(row.mean) ?? numberOrNull(row.high);
    if (!table.isRaw) continue;
    // Clocks round: a bucket that is covered for the greater part counts as covered.
    const firstBucket = Math.max(0, Math.round((Number(row.begins) - grid.firstMs) / grid.bucketMs));
    fillBack(column, { bucket, firstBucket, read });
  }
  return column;
}

/** A sample covers the time before it: the buckets there that nothing was read in have its value, not a hole. One with a missing reading keeps its hole. */
function fillBack(
  column: Column,
  {
    bucket,
    firstBucket,
    read,
  }: { readonly bucket: number; readonly firstBucket: number; readonly read: ReadonlySet<number> },
): void {
  for (let i = bucket - 1; i >= firstBucket && !read.has(i); i--) {
    for (const values of [column.min, column.max, column.mean]) values[i] = values[bucket] ?? null;
  }
}

const numberOrNull = (value: unknown): number | null => (typeof value === 'number' ? value : null);

function targetOf(rows: Rows, of: SeriesOf): { readonly run: number | null; readonly domain: number } | null {
  switch (of.kind) {
    case 'machine':
      return { run: null, domain: 0 };
    case 'domain': {
      const domain = rows.knownDomainNumber(of.domainId);
      return domain === null ? null : { run: null, domain };
    }
    case 'unattributed':
      return { run: 0, domain: 0 };
    case 'run':
    case 'run-domain': {
      const run = rows.runNumber(of.runId);
      const domain = of.kind === 'run' ? 0 : rows.knownDomainNumber(of.domainId);
      return run === null || domain === null ? null : { run, domain };
    }
  }
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
