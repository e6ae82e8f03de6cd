import { type Provenance, provenances } from '../../shared/model/domain.ts';
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
];

const known = new Map<string | null, Provenance>(provenances.map((one) => [one, one]));

/**
 * Every sample of the machine's domains between a run's start and end, and to its own last reading, by time and then domain, and what the run had of a domain
 * at a moment without a sample of it: what had waited for its end to be divided. Where the wall clock was set back
 * meanwhile its ends do not say when it was: then those of the moments at which it has a reading of its own, in the order of the clock. Read window by window, so that neither a million rows nor a sort
 * of them is ever held, and no statement stays open between two pulls: a writer never waits for a reader that has gone away.
 */
export function* timeSeries(rows: Rows, runId: string): Generator<TimeSeriesRow, undefined> {
  const number = rows.runNumber(runId);
  if (number === null) return undefined;
  rows.recentSamples.settle();
  const { database } = rows;
  const { fromMs: spanFromMs, toMs: endMs, isSetBack } = spanOf(rows, number);
  const keys = new Map(
    database
      .prepare('SELECT id, key FROM domains')
      .all()
      .map((row) => [Number(row.id), String(row.key)]),
  );
  const statement = database.prepare(`
    SELECT s.ts, s.domain, s.watts, s.joules, r.joules, s.util, s.mem, s.temp, s.clock, s.provenance
    FROM samples s LEFT JOIN run_samples r ON r.run = ?1 AND r.ts = s.ts AND r.domain = s.domain
    WHERE s.domain IN (SELECT id FROM domains) AND s.ts > ?2 AND s.ts <= ?3
      ${isSetBack ? 'AND EXISTS (SELECT 1 FROM run_samples own WHERE own.run = ?1 AND own.ts = s.ts)' : ''}
    UNION ALL
    SELECT r.ts, r.domain, NULL, NULL, r.joules, NULL, NULL, NULL, NULL, NULL
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
    ] of found)
      yield {
        atMs,
        domainId: keys.get(domain) ?? '',
        powerWatts,
        joules,
        runJoules,
        utilizationRatio: utilization,
        memoryUsedBytes: memory,
        temperatureCelsius: temperature,
        clockMegahertz: clock,
        provenance: known.get(evidence) ?? null,
      };
    fromMs = toMs;
    if (found.length > manyRows) windowMs = Math.max(shortestWindowMs, Math.floor(windowMs / 2));
    else if (found.length < fewRows) windowMs = Math.min(longestWindowMs, windowMs * 2);
  }
  return undefined;
}

/** Readings after `fromMs` up to `toMs` are those of the run's time. */
function spanOf(
  { database }: Rows,
  run: number,
): { readonly fromMs: number; readonly toMs: number; readonly isSetBack: boolean } {
  const row = database
    .prepare(
      `SELECT started_ms, coalesce(ended_ms, last_sample_ms) AS ended_ms, ended_ms IS NULL AS is_on,
         (SELECT min(ts) FROM run_samples WHERE run = ?1) AS first_ms, (SELECT max(ts) FROM run_samples WHERE run = ?1) AS last_ms
       FROM runs WHERE number = ?1`,
    )
    .get(run);
  const [startedMs, endedMs] = [Number(row?.started_ms ?? 0), Number(row?.ended_ms ?? 0)];
  const [firstMs, lastMs] = [Number(row?.first_ms ?? startedMs), Number(row?.last_ms ?? endedMs)];
  const isSetBack = endedMs < startedMs || firstMs < startedMs - besideMs || lastMs > endedMs + besideMs;
  return isSetBack
    ? { fromMs: firstMs - 1, toMs: lastMs, isSetBack }
    : { fromMs: startedMs, toMs: row?.is_on ? endedMs + besideMs : Math.max(endedMs, lastMs), isSetBack };
}
