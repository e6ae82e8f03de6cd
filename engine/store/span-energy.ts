import { isSummed } from '../../shared/model/domain.ts';
import type { EnergySlice } from '../carbon/over-time.ts';
import { type HistoryTable, rawTable, rolledUpTo, rollUps } from './roll-ups.ts';
import type { Rows } from './rows.ts';
import type { SpanEnergy } from './store.ts';

interface Piece {
  readonly table: HistoryTable;
  readonly fromMs: number;
  readonly toMs: number;
}

const coarse = rollUps.filter(({ samples }) => samples === 'hours' || samples === 'minutes');

/**
 * Joules of a span from whole hours, from minutes at its edges, and from samples after the newest minute: some thousand rows for a month. A sample belongs to
 * the span in which it was taken.
 */
export function spanEnergy(rows: Rows, fromMs: number, toMs: number): SpanEnergy {
  rows.recentSamples.settle();
  const summed = summedDomains(rows);
  const runs = rows.database
    .prepare('SELECT number, id FROM runs WHERE deleted_ms IS NULL AND coalesce(ended_ms, ?) >= ? AND started_ms <= ?')
    .all(Number.MAX_SAFE_INTEGER, Math.floor(fromMs), Math.ceil(toMs));
  const runJoules = new Map<string, number>();
  const pieces = piecesOf(rows, fromMs, toMs);
  const machineSlices: EnergySlice[] = [];
  for (const { table, fromMs: from, toMs: to } of pieces) {
    // A sample's moment is its end, a roll-up's its start.
    const within = table.spanMs === 0 ? 'ts > ?2 AND ts <= ?3' : 'ts >= ?2 AND ts < ?3';
    const ofDomain = rows.database.prepare(
      `SELECT ts, joules FROM ${table.samples} WHERE domain = ?1 AND ${within} AND joules > 0`,
    );
    const drawn = new Map<number, number>();
    for (const domain of summed)
      for (const row of ofDomain.iterate(domain, from, to)) {
        const ts = Number(row.ts);
        drawn.set(ts, (drawn.get(ts) ?? 0) + Number(row.joules));
      }
    for (const [ts, joules] of drawn) machineSlices.push({ fromMs: ts, toMs: ts + table.spanMs, joules });
    const ofRun = rows.database.prepare(
      `SELECT sum(joules) AS joules FROM ${table.runSamples}
       WHERE run = ?1 AND ${within} AND domain IN (${[...summed].join(',') || '-1'})`,
    );
    for (const run of runs) {
      const joules = Number(ofRun.get(Number(run.number), from, to)?.joules ?? 0);
      if (joules > 0) runJoules.set(String(run.id), (runJoules.get(String(run.id)) ?? 0) + joules);
    }
  }
  return {
    machineJoules: machineSlices.reduce((sum, { joules }) => sum + joules, 0),
    machineSlices,
    runJoules,
    firstMs: firstMoment(rows, pieces),
  };
}

function summedDomains({ database }: Rows): ReadonlySet<number> {
  const found = database.prepare('SELECT id, json FROM domains').all();
  const kindOf = (json: unknown): unknown => (JSON.parse(String(json)) as { readonly kind?: unknown }).kind;
  return new Set(
    found.flatMap(({ id, json }) => {
      const kind = kindOf(json);
      return (kind === 'gpu' || kind === 'cpu' || kind === 'dram' || kind === 'other') && isSummed(kind)
        ? [Number(id)]
        : [];
    }),
  );
}

/** Whole hours in the middle, minutes on both sides of them, samples at the ends. */
function piecesOf({ database }: Rows, fromMs: number, toMs: number): readonly Piece[] {
  const minutes = coarse.find(({ samples }) => samples === 'minutes') ?? rawTable;
  const hours = coarse.find(({ samples }) => samples === 'hours') ?? rawTable;
  const up = (ms: number, spanMs: number): number => Math.ceil(ms / spanMs) * spanMs;
  const down = (ms: number, spanMs: number): number => Math.floor(ms / spanMs) * spanMs;
  const minutesFrom = up(fromMs, minutes.spanMs);
  const minutesTo = Math.max(minutesFrom, Math.min(down(toMs, minutes.spanMs), rolledUpTo(database, minutes) ?? 0));
  const hoursFrom = Math.min(up(minutesFrom, hours.spanMs), minutesTo);
  const hoursTo = Math.max(hoursFrom, Math.min(down(minutesTo, hours.spanMs), rolledUpTo(database, hours) ?? 0));
  return [
    { table: rawTable, fromMs, toMs: Math.min(minutesFrom, toMs) },
    { table: minutes, fromMs: minutesFrom, toMs: hoursFrom },
    { table: hours, fromMs: hoursFrom, toMs: hoursTo },
    { table: minutes, fromMs: hoursTo, toMs: minutesTo },
    { table: rawTable, fromMs: Math.max(minutesTo, Math.min(minutesFrom, toMs)), toMs },
  ].filter((piece) => piece.toMs > piece.fromMs);
}

function firstMoment({ database }: Rows, pieces: readonly Piece[]): number | null {
  for (const { table, fromMs, toMs } of pieces) {
    const row = database
      .prepare(`SELECT min(ts) AS ts FROM ${table.samples} WHERE domain = 0 AND ts >= ? AND ts <= ?`)
      .get(Math.floor(fromMs), Math.ceil(toMs));
    if (typeof row?.ts === 'number') return row.ts;
  }
  return null;
}
