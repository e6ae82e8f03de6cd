import type { StatementSync } from 'node:sqlite';
import type { HistoryQuery, Quantity, SeriesOf } from '../../shared/model/history.ts';
import { type HistoryTable, rawTable } from './roll-ups.ts';
import type { Rows } from './rows.ts';

/** Columns of a quantity: in raw samples one value, in minutes its extremes and mean. */
const columns = {
  powerWatts: { raw: 'watts', min: 'watts_min', max: 'watts_max', mean: 'joules' },
  utilizationRatio: { raw: 'util', min: 'util_min', max: 'util_max', mean: 'util' },
  memoryUsedBytes: { raw: 'mem', min: 'mem_min', max: 'mem_max', mean: 'mem' },
  temperatureCelsius: { raw: 'temp', min: 'temp_min', max: 'temp_max', mean: 'temp' },
  clockMegahertz: { raw: 'clock', min: 'clock_min', max: 'clock_max', mean: 'clock' },
} as const satisfies Record<Quantity, { raw: string; min: string; max: string; mean: string }>;

/** `count` buckets, each of the time after `firstMs + i × bucketMs` up to its end; nothing up to `fromMs`, nothing after `toMs`. */
export interface Grid {
  readonly firstMs: number;
  readonly bucketMs: number;
  readonly count: number;
  readonly fromMs: number;
  readonly toMs: number;
}

export interface Column {
  readonly min: (number | null)[];
  readonly max: (number | null)[];
  readonly mean: (number | null)[];
  /** Time that the mean speaks for; 0 where it is that of a sample after it. */
  readonly seconds: number[];
}

/** What rows are about: a domain of the machine, or a run's share of it. Domain 0: the whole. */
interface Target {
  readonly run: number | null;
  readonly domain: number;
}

export interface SeriesQueries {
  /** A column for each series asked for, in their order. */
  read(series: HistoryQuery['series'], table: HistoryTable, grid: Grid): readonly Column[];
}

/** Two more than the buckets of a query can be: its grid begins before its window and ends after it. */
const mostBuckets = 4002;

export function createSeriesQueries(rows: Rows): SeriesQueries {
  const statements = new Map<string, StatementSync>();

  function prepare(sql: string): StatementSync {
    if (statements.size === 0) createBuckets(rows);
    const known = statements.get(sql);
    if (known !== undefined) return known;
    const statement = rows.database.prepare(sql);
    statement.setReturnArrays(true);
    statements.set(sql, statement);
    return statement;
  }

  return {
    read(series, table, grid) {
      const asked = series.map(({ of, quantity }) => ({ target: targetOf(rows, of), quantity }));
      const read = new Map<string, ReadonlyMap<Quantity, Column>>();
      return asked.map(({ target, quantity }) => {
        if (target === null || (target.run !== null && quantity !== 'powerWatts')) return emptyColumn(grid);
        const key = `${target.run}/${target.domain}`;
        const quantities = new Set(asked.flatMap((one) => (isSame(one.target, target) ? [one.quantity] : [])));
        const found =
          read.get(key) ??
          readTarget(prepare, { target, table, grid, quantities: target.run === null ? [...quantities] : [quantity] });
        read.set(key, found);
        return found.get(quantity) ?? emptyColumn(grid);
      });
    },
  };
}

const isSame = (a: Target | null, b: Target): boolean => a !== null && a.run === b.run && a.domain === b.domain;

function emptyColumn({ count }: Grid): Column {
  const empty = (): (number | null)[] => new Array<number | null>(count).fill(null);
  return { min: empty(), max: empty(), mean: empty(), seconds: new Array<number>(count).fill(0) };
}

/** One column from two tables that each hold a part of its time. */
export function mergeColumns(a: Column, b: Column): Column {
  const merged: Column = { min: [], max: [], mean: [], seconds: [] };
  for (let i = 0; i < a.mean.length; i++) {
    const [meanA, meanB] = [a.mean[i] ?? null, b.mean[i] ?? null];
    const [secondsA, secondsB] = [a.seconds[i] ?? 0, b.seconds[i] ?? 0];
    const isOneOnly = meanA === null || meanB === null || secondsB === 0;
    const only = meanA === null ? b : a;
    merged.min.push(isOneOnly ? (only.min[i] ?? null) : leastOf(a.min[i], b.min[i]));
    merged.max.push(isOneOnly ? (only.max[i] ?? null) : mostOf(a.max[i], b.max[i]));
    merged.mean.push(
      isOneOnly ? (only.mean[i] ?? null) : (meanA * secondsA + meanB * secondsB) / (secondsA + secondsB),
    );
    merged.seconds.push(secondsA + secondsB);
  }
  return merged;
}

const leastOf = (a: number | null | undefined, b: number | null | undefined): number | null =>
  a == null ? (b ?? null) : Math.min(a, b ?? a);
const mostOf = (a: number | null | undefined, b: number | null | undefined): number | null =>
  a == null ? (b ?? null) : Math.max(a, b ?? a);

/**
 * The numbers of buckets, as the outer table of a query: SQLite then walks the samples of each bucket in turn and groups as it goes, where an
 * expression of the time would have it sort them all first. In memory: reading a chart writes nothing.
 */
function createBuckets({ database }: Rows): void {
  database.exec(`PRAGMA temp_store = MEMORY;
    CREATE TEMP TABLE IF NOT EXISTS buckets (number INTEGER PRIMARY KEY);
    INSERT OR IGNORE INTO temp.buckets
      WITH RECURSIVE numbers (number) AS (SELECT 0 UNION ALL SELECT number + 1 FROM numbers WHERE number < ${mostBuckets})
      SELECT number FROM numbers;`);
}

interface TargetQuery {
  readonly target: Target;
  readonly quantities: readonly Quantity[];
  readonly table: HistoryTable;
  readonly grid: Grid;
}

/** All quantities of one target in one pass: min, max and mean per bucket; the mean of power is joules over seconds, so that a chart's area is its energy. */
function readTarget(prepare: (sql: string) => StatementSync, query: TargetQuery): ReadonlyMap<Quantity, Column> {
  const { target, quantities, table, grid } = query;
  const source = target.run === null ? table.samples : table.runSamples;
  const statement = prepare(
    `SELECT b.number, min(s.ts - s.seconds * 1000), sum(s.seconds), ${quantities.map((one) => stretch(one, table)).join(', ')}
     FROM temp.buckets b CROSS JOIN ${source} s
     WHERE b.number BETWEEN ?1 AND ?7 AND ${target.run === null ? '' : 's.run = ?8 AND '}s.domain = ?6
       AND s.ts > max(?2 + b.number * ?3, ?4) AND s.ts <= min(?2 + (b.number + 1) * ?3, ?5)
     GROUP BY b.number`,
  );
  const { firstMs, bucketMs, count, fromMs, toMs } = grid;
  const { spanMs } = table;
  // Where no bucket of the grid lies, nothing is looked for.
  const firstBucket = Math.max(0, Math.floor((fromMs - firstMs) / bucketMs));
  const lastBucket = Math.min(count, Math.ceil((toMs - firstMs) / bucketMs)) - 1;
  const found = statement.all(
    ...[firstBucket, firstMs - spanMs, bucketMs, fromMs - spanMs, toMs - spanMs, target.domain, lastBucket],
    ...(target.run === null ? [] : [target.run]),
  ) as unknown as readonly (readonly unknown[])[];
  const read = new Set(found.map((row) => Number(row[0])));
  const beginnings = beginningsOf(prepare, query, found);
  return new Map(
    quantities.map((quantity, index) => {
      const column = emptyColumn(grid);
      for (const row of found) {
        const bucket = Number(row[0]);
        const high = numberOrNull(row[4 + 3 * index]);
        column.min[bucket] = numberOrNull(row[3 + 3 * index]);
        column.max[bucket] = high;
        column.mean[bucket] = numberOrNull(row[5 + 3 * index]) ?? high;
        column.seconds[bucket] = Number(row[2]);
        const coveredMs = beginnings.get(bucket) ?? null;
        if (coveredMs === null) continue;
        // Clocks round: a bucket that is covered for the greater part counts as covered.
        fillBack(column, { bucket, firstBucket: Math.max(0, Math.round((coveredMs - firstMs) / bucketMs)), read });
      }
      return [quantity, column];
    }),
  );
}

/**
 * Where what the buckets hold begins, for those with nothing right before them. A row of a roll-up lies where its samples end, and says not how far back the first
 * of them reaches: one of a period that is longer than the row's span is looked up, for as long as samples are kept.
 */
function beginningsOf(
  prepare: (sql: string) => StatementSync,
  { target, table, grid }: TargetQuery,
  found: readonly (readonly unknown[])[],
): ReadonlyMap<number, number> {
  if (table.spanMs === 0) return new Map(found.map((row) => [Number(row[0]), Number(row[1])]));
  const first = prepare(
    `SELECT ts - seconds * 1000 FROM ${target.run === null ? rawTable.samples : rawTable.runSamples}
     WHERE ${target.run === null ? '' : 'run = ?3 AND '}domain = ?2 AND ts > ?1 ORDER BY ts LIMIT 1`,
  );
  const beginnings = new Map<number, number>();
  const read = new Set(found.map((row) => Number(row[0])));
  for (const bucket of read) {
    if (bucket === 0 || read.has(bucket - 1)) continue;
    const rowMs = grid.firstMs + bucket * grid.bucketMs - table.spanMs;
    const row = first.get(rowMs, target.domain, ...(target.run === null ? [] : [target.run])) as unknown as
      | readonly unknown[]
      | undefined;
    if (row !== undefined) beginnings.set(bucket, Number(row[0]));
  }
  return beginnings;
}

/** The three columns of a quantity in SQL. */
function stretch(quantity: Quantity, { spanMs }: HistoryTable): string {
  const names = columns[quantity];
  const isRaw = spanMs === 0;
  const mean =
    quantity === 'powerWatts'
      ? 'sum(s.joules) / nullif(sum(CASE WHEN s.joules IS NULL THEN 0 ELSE s.seconds END), 0)'
      : `avg(s.${isRaw ? names.raw : names.mean})`;
  return `min(s.${isRaw ? names.raw : names.min}), max(s.${isRaw ? names.raw : names.max}), ${mean}`;
}

interface Filling {
  readonly bucket: number;
  readonly firstBucket: number;
  readonly read: ReadonlySet<number>;
}

/** A sample covers the time before it: the buckets there that nothing was read in have its value, not a hole. One with a missing reading keeps its hole. */
function fillBack(column: Column, { bucket, firstBucket, read }: Filling): void {
  for (let i = bucket - 1; i >= firstBucket && !read.has(i); i--) {
    for (const values of [column.min, column.max, column.mean]) values[i] = values[bucket] ?? null;
  }
}

const numberOrNull = (value: unknown): number | null => (typeof value === 'number' ? value : null);

function targetOf(rows: Rows, of: SeriesOf): Target | null {
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
