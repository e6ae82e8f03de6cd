import { rollUps } from './roll-ups.ts';
import type { Rows } from './rows.ts';

/** A GPU that is used less does not work: a display, a kernel now and then. */
const idleBelowRatio = 0.05;

/** Rows of one domain that are looked through at most: a longer run is told from coarser roll-ups. */
const mostRows = 1500;

/**
 * Joules of a run's GPUs in the spans (minutes; tens of minutes or hours of a long run) in which they were used less than 5 % on the mean. Null where no GPU of the
 * run told its use. Its work is bounded whatever the run's length.
 */
export function idleJoules(rows: Rows, runId: string): number | null {
  const { database } = rows;
  const run = database
    .prepare(
      'SELECT number, started_ms, coalesce(ended_ms, last_sample_ms, started_ms) AS end_ms FROM runs WHERE id = ?',
    )
    .get(runId);
  if (run === undefined) return null;
  const spanMs = Number(run.end_ms) - Number(run.started_ms);
  const tables = rollUps.filter(({ spanMs: one }) => one >= 60_000);
  const table = tables.find((one) => spanMs / one.spanMs <= mostRows) ?? tables.at(-1);
  if (table === undefined) return null;
  const gpus = database
    .prepare("SELECT d.id FROM run_domains r JOIN domains d ON d.id = r.domain WHERE r.run = ? AND d.key LIKE 'gpu:%'")
    .all(run.number ?? null);
  const statement = database.prepare(`
    SELECT count(s.util) AS told, sum(CASE WHEN s.util < ${idleBelowRatio} THEN r.joules END) AS joules
    FROM ${table.runSamples} r JOIN ${table.samples} s ON s.domain = r.domain AND s.ts = r.ts
    WHERE s.domain = ?2 AND s.ts >= ?3 AND s.ts <= ?4 AND r.run = ?1`);
  let sum: number | null = null;
  for (const { id } of gpus) {
    const row = statement.get(
      run.number ?? null,
      id ?? null,
      Number(run.started_ms) - table.spanMs,
      Number(run.end_ms),
    );
    if (Number(row?.told ?? 0) > 0) sum = (sum ?? 0) + Number(row?.joules ?? 0);
  }
  return sum;
}
