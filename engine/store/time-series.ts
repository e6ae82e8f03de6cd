import { type Provenance, provenances } from '../../shared/model/domain.ts';
import { msFromSeconds, secondsFromMs } from '../../shared/units.ts';
import { overlapOf, type Span, spansOn } from '../runs/run-breaks.ts';
import { runRecordSchema } from './records.ts';
import type { Rows } from './rows.ts';
import type { TimeSeriesRow } from './store.ts';

/** A window that gave fewer rows is followed by one twice as long, one that gave more by one half as long. */
const fewRows = 100;
const manyRows = 400;
const firstWindowMs = 10_000;
const shortestWindowMs = 100;
const longestWindowMs = 24 * 60 * 60 * 1000;

/** A run's readings lie in its span but for its last, which may be dated shortly after its end; further off only where the wall clock was set back. */
const besideMs = 2000;
/** Moments on record are whole milliseconds: a sample that reaches beyond a run by less does not. */
const roundedMs = 1;

type Cells = readonly [
  number,
  number,
  number | null,
  number | null,
  number | null,
  number | null,
  number | null,
  number | null,
  number | null,
  string | null,
  number,
];

const known = new Map<string | null, Provenance>(provenances.map((one) => [one, one]));

const minuteMs = 60_000;
const dayMs = 24 * 60 * minuteMs;

/**
 * Every sample of the machine's domains between a run's start and end, and to its own last reading, by time and then domain, and what the run had of a domain
 * at a moment without a sample of it: in older records, what had waited for its end to be divided. Joules of samples that reach beyond its ends, or into a time
 * in which it was not on, are cut there, by time, and hold what the run had of them at least; those of such a time alone are none of its. Where the wall clock was
 * set back meanwhile its ends do not say when it was: then those of the moments at which it has a reading of its own, in the order of the clock. Read window by
 * window, so that neither a million rows nor a sort of them is ever held, and no statement stays open between two pulls: a writer never waits for a reader that has
 * gone away. Where the samples are so old that they are gone, the minutes that they were rolled up into, each at its end.
 */
export function* timeSeries(rows: Rows, runId: string): Generator<TimeSeriesRow, undefined> {
  const number = rows.runNumber(runId);
  if (number === null) return undefined;
  rows.recentSamples.settle();
  const { database } = rows;
  const { fromMs: spanFromMs, toMs: endMs, isSetBack, on } = spanOf(rows, number);
  const keys = new Map(
    database
      .prepare('SELECT id, key FROM domains')
      .all()
      .map((row) => [Number(row.id), String(row.key)]),
  );
  if (!isSetBack) yield* minutesOf(rows, { number, fromMs: spanFromMs, toMs: endMs, on, keys });
  const statement = database.prepare(`
    SELECT s.ts, s.domain, s.watts, s.joules, r.joules, s.util, s.mem, s.temp, s.clock, s.provenance, s.seconds
    FROM samples s LEFT JOIN run_samples r ON r.run = ?1 AND r.ts = s.ts AND r.domain = s.domain
    WHERE s.domain IN (SELECT id FROM domains) AND s.ts > ?2 AND s.ts <= ?3
      ${isSetBack ? 'AND EXISTS (SELECT 1 FROM run_samples own WHERE own.run = ?1 AND own.ts = s.ts)' : ''}
    UNION ALL
    SELECT r.ts, r.domain, NULL, NULL, r.joules, NULL, NULL, NULL, NULL, NULL, 0
    FROM run_samples r
    WHERE r.run = ?1 AND r.ts > ?2 AND r.ts <= ?3 AND r.domain IN (SELECT id FROM domains)
      AND NOT EXISTS (SELECT 1 FROM samples s WHERE s.domain = r.domain AND s.ts = r.ts)
    ORDER BY 1, 2`);
  statement.setReturnArrays(true);
  let windowMs = firstWindowMs;
  for (let fromMs = spanFromMs; fromMs < endMs; ) {
    const toMs = Math.min(endMs, fromMs + windowMs);
    const found = statement.all(number, fromMs, toMs) as unknown as readonly Cells[];
    for (const [
      atMs,
      domain,
      powerWatts,
      joules,
      runJoules,
      utilization,
      memory,
      temperature,
      clock,
      evidence,
      seconds,
    ] of found) {
      const part = isSetBack ? 1 : partOn(on, atMs, seconds);
      if (part === 0 && runJoules === null) continue;
      yield {
        atMs,
        domainId: keys.get(domain) ?? '',
        powerWatts,
        joules: joulesOn(joules, part, runJoules),
        runJoules,
        utilizationRatio: utilization,
        memoryUsedBytes: memory,
        temperatureCelsius: temperature,
        clockMegahertz: clock,
        provenance: known.get(evidence) ?? null,
      };
    }
    fromMs = toMs;
    if (found.length > manyRows) windowMs = Math.max(shortestWindowMs, Math.floor(windowMs / 2));
    else if (found.length < fewRows) windowMs = Math.min(longestWindowMs, windowMs * 2);
  }
  return undefined;
}

/** Minutes of a run that no samples are left of; read by the day. */
function* minutesOf(
  { database }: Rows,
  run: {
    readonly number: number;
    readonly fromMs: number;
    readonly toMs: number;
    readonly on: readonly Span[];
    readonly keys: ReadonlyMap<number, string>;
  },
): Generator<TimeSeriesRow, undefined> {
  const oldest = database
    .prepare(
      'SELECT min(first) AS ts FROM (SELECT (SELECT min(ts) FROM samples WHERE domain = d.id) AS first FROM domains d)',
    )
    .get()?.ts;
  // By where they begin: of the first to the last that lie in the run, whole or in part, and before what samples are left.
  const firstMs = Math.floor(run.fromMs / minuteMs) * minuteMs;
  const lastMs = Math.min(run.toMs, typeof oldest === 'number' ? oldest - minuteMs : run.toMs);
  const statement = database.prepare(`
    SELECT m.ts + ${minuteMs}, m.domain, m.joules / nullif(m.seconds, 0), m.joules, r.joules, m.util, m.mem, m.temp, m.clock, NULL, m.seconds
    FROM minutes m LEFT JOIN run_minutes r ON r.run = ?1 AND r.ts = m.ts AND r.domain = m.domain
    WHERE m.domain IN (SELECT id FROM domains) AND m.ts >= ?2 AND m.ts < ?3
    ORDER BY 1, 2`);
  statement.setReturnArrays(true);
  for (let fromMs = firstMs; fromMs < lastMs; fromMs += dayMs) {
    const found = statement.all(run.number, fromMs, Math.min(lastMs, fromMs + dayMs));
    for (const [
      atMs,
      domain,
      powerWatts,
      joules,
      runJoules,
      utilization,
      memory,
      temperature,
      clock,
    ] of found as unknown as readonly Cells[]) {
      const part = partOn(run.on, atMs, secondsFromMs(minuteMs));
      if (part === 0 && runJoules === null) continue;
      yield {
        atMs,
        domainId: run.keys.get(domain) ?? '',
        powerWatts,
        joules: joulesOn(joules, part, runJoules),
        runJoules,
        utilizationRatio: utilization,
        memoryUsedBytes: memory,
        temperatureCelsius: temperature,
        clockMegahertz: clock,
        provenance: null,
      };
    }
  }
  return undefined;
}

/** A device drew at least what the run had of it: where its readings tell more of how the energy of a sample went than its time does, the run's share goes by them. */
const joulesOn = (joules: number | null, part: number, runJoules: number | null): number | null =>
  joules === null ? null : Math.max(joules * part, Math.min(joules, runJoules ?? 0));

/** As much of a sample's time as the run was on. */
function partOn(on: readonly Span[], atMs: number, seconds: number): number {
  const spanMs = msFromSeconds(seconds);
  if (spanMs <= 0) return on.some(({ fromMs, toMs }) => fromMs <= atMs && atMs <= toMs) ? 1 : 0;
  const sample = { fromMs: atMs - spanMs, toMs: atMs };
  if (on.some(({ fromMs, toMs }) => sample.fromMs > fromMs - roundedMs && sample.toMs < toMs + roundedMs)) return 1;
  let insideMs = 0;
  for (const span of on) {
    const { fromMs, toMs } = overlapOf(span, sample);
    insideMs += Math.max(0, toMs - fromMs);
  }
  return Math.min(1, insideMs / spanMs);
}

/** Readings after `fromMs` up to `toMs` are those of the run's time; `on`: when it was on. */
function spanOf(
  { database }: Rows,
  run: number,
): { readonly fromMs: number; readonly toMs: number; readonly isSetBack: boolean; readonly on: readonly Span[] } {
  const row = database
    .prepare(
      `SELECT json, started_ms, coalesce(ended_ms, last_sample_ms) AS ended_ms, ended_ms IS NULL AS is_on,
         (SELECT min(ts) FROM run_samples WHERE run = ?1) AS first_ms, (SELECT max(ts) FROM run_samples WHERE run = ?1) AS last_ms
       FROM runs WHERE number = ?1`,
    )
    .get(run);
  const [startedMs, endedMs] = [Number(row?.started_ms ?? 0), Number(row?.ended_ms ?? 0)];
  const [firstMs, lastMs] = [Number(row?.first_ms ?? startedMs), Number(row?.last_ms ?? endedMs)];
  const isSetBack = endedMs < startedMs || firstMs < startedMs - besideMs || lastMs > endedMs + besideMs;
  const { breaks } = runRecordSchema.pick({ breaks: true }).parse(JSON.parse(String(row?.json ?? '{}')));
  const untilMs = row?.is_on ? endedMs + besideMs : endedMs;
  const on = spansOn({ startedMs, breaks }, untilMs);
  return isSetBack
    ? { fromMs: firstMs - 1, toMs: lastMs, isSetBack, on }
    : { fromMs: startedMs, toMs: Math.max(untilMs, lastMs), isSetBack, on };
}
