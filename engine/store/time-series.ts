import { type Provenance, provenances } from '../../shared/model/domain.ts';
import type { Rows } from './sqlite-store.ts';
import type { TimeSeriesRow } from './store.ts';

/** A window that gave fewer rows is followed by one twice as long, one that gave more by one half as long. */
const fewRows = 100;
const manyRows = 400;
const firstWindowMs = 10_000;
const shortestWindowMs = 100;
const longestWindowMs = 24 * 60 * 60 * 1000;

/** A run's last readings may be dated shortly after its end. */
const afterEndMs = 2000;

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
 * Every sample of the machine's domains between a run's start and end, by time and then domain. Read window by window, so that neither a million rows nor a sort
 * of them is ever held, and no statement stays open between two pulls: a writer never waits for a reader that has gone away.
 */
export function* timeSeries(rows: Rows, runId: string): Generator<TimeSeriesRow, undefined> {
  const number = rows.runNumber(runId);
  if (number === null) return undefined;
  const { database } = rows;
  const span = database
    .prepare('SELECT started_ms, coalesce(ended_ms, last_sample_ms) AS ended_ms FROM runs WHERE number = ?')
    .get(number);
  const keys = new Map(
    database
      .prepare('SELECT id, key FROM domains')
      .all()
      .map((row) => [Number(row.id), String(row.key)]),
  );
  const statement = database.prepare(`
    SELECT s.ts, s.domain, s.watts, s.joules, r.joules, s.util, s.mem, s.temp, s.clock, s.provenance
    FROM samples s LEFT JOIN run_samples r ON r.run = ?1 AND r.ts = s.ts AND r.domain = s.domain
    WHERE s.domain IN (SELECT id FROM domains) AND s.ts > ?2 AND s.ts <= ?3 ORDER BY s.ts, s.domain`);
  statement.setReturnArrays(true);
  const endMs = Number(span?.ended_ms ?? 0) + afterEndMs;
  let windowMs = firstWindowMs;
  for (let fromMs = Number(span?.started_ms ?? 0); fromMs < endMs; ) {
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
