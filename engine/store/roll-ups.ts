import type { DatabaseSync } from 'node:sqlite';
import type { Rows } from './rows.ts';

/** A table that histories are read from: the samples themselves, or what they were rolled up into. */
export interface HistoryTable {
  readonly samples: 'samples' | 'tens' | 'minutes' | 'ten_minutes' | 'hours';
  readonly runSamples: 'run_samples' | 'run_tens' | 'run_minutes' | 'run_ten_minutes' | 'run_hours';
  /** Time that a row stands for; 0 for samples, which say so themselves. */
  readonly spanMs: number;
}

interface RollUp extends HistoryTable {
  /** What its rows are made of: samples, or a finer roll-up that outlives them. */
  readonly of: HistoryTable;
}

export const rawTable: HistoryTable = { samples: 'samples', runSamples: 'run_samples', spanMs: 0 };
const tens: RollUp = { samples: 'tens', runSamples: 'run_tens', spanMs: 10_000, of: rawTable };
const minutes: RollUp = { samples: 'minutes', runSamples: 'run_minutes', spanMs: 60_000, of: rawTable };
const tenMinutes: RollUp = { samples: 'ten_minutes', runSamples: 'run_ten_minutes', spanMs: 600_000, of: minutes };
const hours: RollUp = { samples: 'hours', runSamples: 'run_hours', spanMs: 3_600_000, of: tenMinutes };

/** From the finest to the coarsest: whatever the window, ten rows a pixel are the most there is to read, and of a month six. */
export const rollUps: readonly RollUp[] = [tens, minutes, tenMinutes, hours];

/** Ten-second rows that were never made are made for this long back: older windows that fine are read from samples. */
const tensBackMs = 6 * 3600 * 1000;

/** Whole spans that have ended and have no row yet. A row is made once. */
export function rollUp(rows: Rows, nowMs: number): void {
  rows.recentSamples.settle();
  for (const table of rollUps) {
    const untilMs = Math.floor(nowMs / table.spanMs) * table.spanMs;
    const fromMs = rolledUpTo(rows.database, table) ?? (table === tens ? untilMs - tensBackMs : 0);
    if (untilMs <= fromMs) continue;
    rows.inTransaction(() => {
      insertRows(rows.database, table, { fromMs, untilMs });
      insertRunRows(rows.database, table, { fromMs, untilMs, run: null });
    });
  }
}

/** The end of the newest row; null where there is none. The machine has a row in every span in which anything was sampled. */
export function rolledUpTo(database: DatabaseSync, table: HistoryTable): number | null {
  const newest = database.prepare(`SELECT max(ts) AS ts FROM ${table.samples} WHERE domain = 0`).get()?.ts;
  return typeof newest === 'number' ? newest + table.spanMs : null;
}

/** Rows of a run that were made already are made again, once samples from `firstMs` on have come to it. */
export function rollUpAgain({ database }: Rows, run: number | null, firstMs: number): void {
  if (run === null) return;
  for (const table of rollUps) {
    const untilMs = rolledUpTo(database, table);
    const fromMs = Math.floor((firstMs - 1) / table.spanMs) * table.spanMs;
    if (untilMs !== null && fromMs < untilMs) insertRunRows(database, table, { fromMs, untilMs, run });
  }
}

/** Adds the rows of one run to another's and drops them. Only what was on at the same time drew power together. */
export function mergeRunRows({ database }: Rows, into: number, other: number, areTogether: boolean): void {
  const [highest, seconds] = areTogether
    ? ['watts_max + excluded.watts_max', 'max(seconds, excluded.seconds)']
    : ['max(watts_max, excluded.watts_max)', 'seconds + excluded.seconds'];
  for (const { runSamples } of rollUps) {
    database
      .prepare(
        `INSERT INTO ${runSamples} (run, ts, domain, watts_min, watts_max, joules, seconds)
         SELECT ?1, ts, domain, watts_min, watts_max, joules, seconds FROM ${runSamples} WHERE run = ?2
         ON CONFLICT (run, ts, domain) DO UPDATE SET watts_min = min(watts_min, excluded.watts_min), watts_max = ${highest},
           joules = coalesce(joules, 0) + coalesce(excluded.joules, 0), seconds = ${seconds}`,
      )
      .run(into, other);
    database.prepare(`DELETE FROM ${runSamples} WHERE run = ?`).run(other);
  }
}

/** Samples older than `beforeMs`, and the rows that are nearly as many. */
export function prune({ database }: Rows, beforeMs: number): void {
  for (const table of [rawTable, tens]) {
    database
      .prepare(`DELETE FROM ${table.samples} WHERE domain IN (SELECT 0 UNION SELECT id FROM domains) AND ts < ?`)
      .run(beforeMs);
    database
      .prepare(
        `DELETE FROM ${table.runSamples} WHERE run IN (SELECT 0 UNION SELECT number FROM runs WHERE started_ms < ?1) AND ts < ?1`,
      )
      .run(beforeMs);
  }
}

interface Span {
  readonly fromMs: number;
  readonly untilMs: number;
}

const measured = ['util', 'mem', 'temp', 'clock'] as const;

/** A sample's time is its end, a row's its beginning: the span that holds it. */
const spanOf = ({ of, spanMs }: RollUp): string =>
  `CAST((ts${of.spanMs === 0 ? ' - 1' : ''}) / ${spanMs} AS INTEGER) * ${spanMs}`;

/** The two ends of a span, for the times of the rows that lie in it. */
const within = ({ of }: RollUp): string => (of.spanMs === 0 ? 'ts > ?1 AND ts <= ?2' : 'ts >= ?1 AND ts < ?2');

function insertRows(database: DatabaseSync, table: RollUp, { fromMs, untilMs }: Span): void {
  const isOfSamples = table.of.spanMs === 0;
  const extremes = (name: string): string =>
    isOfSamples ? `min(${name}), max(${name})` : `min(${name}_min), max(${name}_max)`;
  const columns = measured.flatMap((name) => [`${name}_min`, `${name}_max`, name]);
  database
    .prepare(
      `INSERT OR REPLACE INTO ${table.samples} (ts, domain, watts_min, watts_max, joules, low, high, seconds, ${columns.join(', ')})
       SELECT ${spanOf(table)} AS span, domain, ${extremes('watts')}, sum(joules), sum(low), sum(high), sum(seconds),
         ${measured.map((name) => `${extremes(name)}, avg(${name})`).join(', ')}
       FROM ${table.of.samples} WHERE domain IN (SELECT 0 UNION SELECT id FROM domains) AND ${within(table)} GROUP BY span, domain`,
    )
    .run(fromMs, untilMs);
}

/** Of every run that may have had samples since, or of one. */
function insertRunRows(
  database: DatabaseSync,
  table: RollUp,
  { fromMs, untilMs, run }: Span & { readonly run: number | null },
): void {
  const extremes = table.of.spanMs === 0 ? 'min(watts), max(watts)' : 'min(watts_min), max(watts_max)';
  const ofRuns =
    run === null
      ? `run IN (SELECT 0 UNION SELECT number FROM runs WHERE ended_ms IS NULL OR ended_ms > ?1 - ${Math.max(60_000, table.spanMs)})`
      : 'run = ?3';
  database
    .prepare(
      `INSERT OR REPLACE INTO ${table.runSamples} (run, ts, domain, watts_min, watts_max, joules, seconds)
       SELECT run, ${spanOf(table)} AS span, domain, ${extremes}, sum(joules), sum(seconds)
       FROM ${table.of.runSamples} WHERE ${ofRuns} AND ${within(table)} GROUP BY run, span, domain`,
    )
    .run(fromMs, untilMs, ...(run === null ? [] : [run]));
}
