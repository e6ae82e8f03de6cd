import { msFromSeconds, secondsFromMs } from '../../shared/units.ts';
import type { RunProgress } from './records.ts';
import { mergeRunRows } from './roll-ups.ts';
import type { Rows } from './rows.ts';
import type { DomainEnergy, Store } from './store.ts';

type RunMerging = Pick<Store, 'domainEnergy' | 'mergeRuns'>;

const minuteMs = 60_000;

/** What puts samples under a run after their time: runs that become one. */
export function createRunMerging(rows: Rows, putRun: (progress: RunProgress) => void): RunMerging {
  const { database } = rows;
  return {
    domainEnergy: (fromMs, toMs) => domainEnergy(rows, fromMs, toMs),
    mergeRuns(progress, otherIds) {
      rows.inTransaction(() => {
        const into = rows.runNumber(progress.record.id);
        if (into === null) return;
        let intoJoules = totalJoulesOf(rows, into);
        for (const otherId of otherIds) {
          const other = rows.runNumber(otherId);
          if (other !== null) {
            const otherJoules = totalJoulesOf(rows, other);
            mergeRows(rows, { number: into, totalJoules: intoJoules }, { number: other, totalJoules: otherJoules });
            intoJoules = intoJoules === null || otherJoules === null ? null : intoJoules + otherJoules;
          }
          renameInAlerts(rows, otherId, progress.record.id);
          database.prepare('DELETE FROM runs WHERE id = ?').run(otherId);
        }
        const peakWatts = highestWatts(rows, into);
        putRun({
          ...progress,
          totals: { ...progress.totals, peakWatts: larger(progress.totals.peakWatts, peakWatts) },
        });
      });
    },
  };
}

const larger = (a: number | null, b: number | null): number | null =>
  a === null ? b : b === null ? a : Math.max(a, b);

/** Joules and covered seconds of each domain in a span, from its samples, or from minutes where those are gone; what lies across an end is cut there. */
function domainEnergy(rows: Rows, fromMs: number, toMs: number): ReadonlyMap<string, DomainEnergy> {
  rows.recentSamples.settle();
  const found = rows.database
    .prepare(
      `SELECT d.key, s.ts AS end_ms, s.joules, s.low, s.high, s.seconds FROM samples s JOIN domains d ON d.id = s.domain
         WHERE s.domain > 0 AND s.joules IS NOT NULL AND s.ts > ?1 AND s.ts - s.seconds * 1000 < ?2 AND s.ts < ?2 + 60000
       UNION ALL
       SELECT d.key, m.ts + ${minuteMs}, m.joules, m.low, m.high, m.seconds FROM minutes m JOIN domains d ON d.id = m.domain
         WHERE m.domain > 0 AND m.joules IS NOT NULL AND m.ts + ${minuteMs} > ?1 AND m.ts < ?2
           AND m.ts + ${minuteMs} < coalesce((SELECT min(ts) FROM samples WHERE domain = m.domain), 9e15)`,
    )
    .all(fromMs, toMs);
  const sums = new Map<string, DomainEnergy>();
  for (const row of found) {
    const endMs = Number(row.end_ms);
    const spanMs = msFromSeconds(Number(row.seconds));
    const insideMs = Math.min(endMs, toMs) - Math.max(endMs - spanMs, fromMs);
    if (spanMs <= 0 || insideMs <= 0) continue;
    const part = insideMs / spanMs;
    const before = sums.get(String(row.key)) ?? { joules: 0, lowJoules: 0, highJoules: 0, seconds: 0 };
    sums.set(String(row.key), {
      joules: before.joules + Number(row.joules) * part,
      lowJoules: before.lowJoules + Number(row.low ?? row.joules) * part,
      highJoules: before.highJoules + Number(row.high ?? row.joules) * part,
      seconds: before.seconds + secondsFromMs(insideMs),
    });
  }
  return sums;
}

interface Merged {
  readonly number: number;
  /** Of the whole run; null where nothing of it was measured. */
  readonly totalJoules: number | null;
}

function totalJoulesOf({ database }: Rows, run: number): number | null {
  const joules = database
    .prepare("SELECT json_extract(totals, '$.totalJoules') AS joules FROM runs WHERE number = ?")
    .get(run)?.joules;
  return typeof joules === 'number' ? joules : null;
}

/** Whether there was a moment at which both were on. */
function wereTogether({ database }: Rows, one: number, other: number): boolean {
  const row = database
    .prepare(
      `SELECT 1 FROM runs a, runs b WHERE a.number = ?1 AND b.number = ?2 AND a.started_ms < coalesce(b.ended_ms, 9e15) AND b.started_ms < coalesce(a.ended_ms, 9e15)`,
    )
    .get(one, other);
  return row !== undefined;
}

/** Adds to the marks of a run what another had by then: as its samples, or its minutes, went, which from its first to its last come to what it had in all. */
function addToMarks({ database }: Rows, run: number, other: Merged): void {
  const joulesIn = (table: string, moment: string, until: string): string =>
    `(SELECT coalesce(sum(joules), 0) FROM ${table} WHERE run = ?2 AND domain = 0 AND ${moment} <= ${until})`;
  const by = (until: string): string =>
    `max(${joulesIn('run_samples', 'ts', until)}, ${joulesIn('run_minutes', `ts + ${minuteMs}`, until)})`;
  database
    .prepare(
      `UPDATE marks SET joules = joules + coalesce(${by('marks.at_ms')} * coalesce(?3 / nullif(${by('9e15')}, 0), 1), 0)
       WHERE run = ?1 AND joules IS NOT NULL`,
    )
    .run(run, other.number, other.totalJoules);
}

/** Adds one run's samples and minutes to another's, and moves its marks; a mark's joules are then those of both up to it. */
function mergeRows(rows: Rows, intoRun: Merged, otherRun: Merged): void {
  const { database } = rows;
  const [into, other] = [intoRun.number, otherRun.number];
  const areTogether = wereTogether(rows, into, other);
  addToMarks(rows, into, otherRun);
  addToMarks(rows, other, intoRun);
  // Two runs may each have had a mark with the id 'a'; and bounds of one run's energy are none of both's.
  database.prepare("UPDATE marks SET run = ?1, client_id = ?2 || ':' || client_id WHERE run = ?2").run(into, other);
  database
    .prepare('UPDATE marks SET low = NULL, high = NULL, variance = NULL, cut = NULL, period = NULL WHERE run = ?')
    .run(into);
  database
    .prepare(
      `INSERT INTO run_samples (run, ts, domain, watts, joules, seconds)
       SELECT ?1, ts, domain, watts, joules, seconds FROM run_samples WHERE run = ?2
       ON CONFLICT (run, ts, domain) DO UPDATE SET watts = coalesce(watts, 0) + coalesce(excluded.watts, 0), joules = coalesce(joules, 0) + coalesce(excluded.joules, 0),
         seconds = max(seconds, excluded.seconds)`,
    )
    .run(into, other);
  mergeRunRows(rows, into, other, areTogether);
  for (const table of ['run_samples', 'run_domains']) database.prepare(`DELETE FROM ${table} WHERE run = ?`).run(other);
}

/** The highest power that samples show; minutes do not tell, for the highest of two runs need not fall together. */
function highestWatts({ database }: Rows, run: number): number | null {
  const row = database.prepare('SELECT max(watts) AS watts FROM run_samples WHERE run = ? AND domain = 0').get(run);
  return typeof row?.watts === 'number' ? row.watts : null;
}

function renameInAlerts({ database }: Rows, otherId: string, intoId: string): void {
  const found = database.prepare('SELECT id, json FROM alert_log WHERE json LIKE ?').all(`%"${otherId}"%`);
  for (const row of found) {
    const entry = JSON.parse(String(row.json)) as { runIds?: readonly string[] };
    const runIds = new Set((entry.runIds ?? []).map((id) => (id === otherId ? intoId : id)));
    database
      .prepare('UPDATE alert_log SET json = ? WHERE id = ?')
      .run(JSON.stringify({ ...entry, runIds: [...runIds] }), row.id ?? null);
  }
}
