import type { SQLInputValue } from 'node:sqlite';
import type { CurvePoint, MarkRecord, NewMark } from './records.ts';
import type { Rows } from './rows.ts';
import type { Store } from './store.ts';

type MarkQueries = Pick<
  Store,
  'insertMarks' | 'listMarks' | 'openMarks' | 'settleMarks' | 'addToMarks' | 'runEnergyRows'
>;

const minuteMs = 60_000;

export function createMarkQueries(rows: Rows): MarkQueries {
  const { database } = rows;
  const insert = database.prepare(
    `INSERT INTO marks (run, at_ms, kind, label, value, joules, client_id, step, epoch, window_id, source, low, high, variance, cut, period, settled)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (run, client_id) WHERE client_id IS NOT NULL DO NOTHING RETURNING id`,
  );
  const settle = database.prepare(
    'UPDATE marks SET joules = ?, low = ?, high = ?, variance = ?, cut = ?, period = ?, settled = 1 WHERE id = ?',
  );
  const addEnergy = database.prepare(
    `UPDATE marks SET joules = max(0, joules + ?), low = max(0, low + ?), high = max(0, high + ?)
     WHERE run = ? AND at_ms >= ? AND settled = 1 AND joules IS NOT NULL`,
  );

  return {
    insertMarks: (marks) =>
      rows.inTransaction(() =>
        marks.map(({ runId, mark, point, isSettled }) => {
          const number = rows.runNumber(runId);
          if (number === null) return null;
          const row = insert.get(
            number,
            Math.round(mark.atMs),
            mark.kind,
            mark.label,
            mark.value,
            point?.joules ?? null,
            mark.clientId,
            mark.step,
            mark.epoch,
            mark.windowId,
            mark.source,
            ...boundColumns(point),
            isSettled ? 1 : 0,
          );
          return row === undefined ? null : Number(row.id);
        }),
      ),
    openMarks: () =>
      database
        .prepare(
          'SELECT m.id, m.at_ms, r.id AS run FROM marks m JOIN runs r ON r.number = m.run WHERE m.settled = 0 ORDER BY m.run, m.at_ms',
        )
        .all()
        .map((row) => ({ rowId: Number(row.id), runId: String(row.run), atMs: Number(row.at_ms) })),
    settleMarks(points) {
      rows.inTransaction(() => {
        for (const { rowId, point } of points) settle.run(point?.joules ?? null, ...boundColumns(point), rowId);
      });
    },
    addToMarks(more) {
      rows.inTransaction(() => {
        for (const { runId, atMs, joules, lowJoules, highJoules } of more) {
          const number = rows.runNumber(runId);
          if (number !== null) addEnergy.run(joules, lowJoules, highJoules, number, Math.round(atMs));
        }
      });
    },
    listMarks: (runId) =>
      database
        .prepare(
          `SELECT at_ms, kind, label, value, joules, client_id, step, epoch, window_id, source, low, high, variance, cut, period
           FROM marks WHERE run = ? ORDER BY at_ms, id`,
        )
        .all(rows.runNumber(runId) ?? -1)
        .map(markOf),
    runEnergyRows: (runId, fromMs, toMs) => runEnergyRows(rows, runId, { fromMs, toMs }),
  };
}

const boundColumns = (point: CurvePoint | null): readonly SQLInputValue[] =>
  point === null
    ? [null, null, null, null, null]
    : [point.lowJoules, point.highJoules, point.varianceJoules2, point.cutJoules2, point.periodSeconds];

function markOf(row: Record<string, unknown>): MarkRecord {
  const joules = numberOrNull(row.joules);
  const [lowJoules, highJoules] = [numberOrNull(row.low), numberOrNull(row.high)];
  const mark: NewMark = {
    atMs: Number(row.at_ms),
    kind: String(row.kind),
    label: String(row.label),
    value: numberOrNull(row.value),
    clientId: textOrNull(row.client_id),
    step: numberOrNull(row.step),
    epoch: numberOrNull(row.epoch),
    windowId: textOrNull(row.window_id),
    source: String(row.source),
  };
  if (joules === null || lowJoules === null || highJoules === null) return { ...mark, joules, point: null };
  const point = {
    joules,
    lowJoules,
    highJoules,
    varianceJoules2: numberOrNull(row.variance) ?? 0,
    cutJoules2: numberOrNull(row.cut) ?? 0,
    periodSeconds: numberOrNull(row.period) ?? 0,
  };
  return { ...mark, joules, point };
}

const numberOrNull = (value: unknown): number | null =>
  typeof value === 'number' || typeof value === 'bigint' ? Number(value) : null;
const textOrNull = (value: unknown): string | null => (typeof value === 'string' ? value : null);

/** What a run had of each domain: its sum up to `fromMs`, and row by row from there on. From minutes where the samples are gone. */
function runEnergyRows(
  rows: Rows,
  runId: string,
  { fromMs, toMs }: { readonly fromMs: number; readonly toMs: number },
): ReturnType<Store['runEnergyRows']> {
  const number = rows.runNumber(runId) ?? -1;
  const firstSampleMs = Number(
    rows.database.prepare('SELECT min(ts) AS ts FROM run_samples WHERE run = ?').get(number)?.ts ??
      Number.MAX_SAFE_INTEGER,
  );
  const all = `
    SELECT domain, ts AS end_ms, joules, seconds FROM run_samples WHERE run = ?1 AND domain > 0
    UNION ALL
    SELECT domain, ts + ${minuteMs} AS end_ms, joules, seconds FROM run_minutes WHERE run = ?1 AND domain > 0 AND ts + ${minuteMs} < ?2`;
  const before = rows.database
    .prepare(
      `SELECT d.key, sum(a.joules) AS joules FROM (${all}) a JOIN domains d ON d.id = a.domain WHERE a.end_ms <= ?3 GROUP BY d.key`,
    )
    .all(number, firstSampleMs, Math.round(fromMs));
  const within = rows.database
    .prepare(
      `SELECT d.key, a.end_ms, a.joules, a.seconds FROM (${all}) a JOIN domains d ON d.id = a.domain
       WHERE a.end_ms > ?3 AND a.end_ms - a.seconds * 1000 < ?4 ORDER BY a.end_ms`,
    )
    .all(number, firstSampleMs, Math.round(fromMs), Math.round(toMs));
  return {
    before: new Map(before.map((row) => [String(row.key), Number(row.joules)])),
    rows: within.map((row) => ({
      domainId: String(row.key),
      endMs: Number(row.end_ms),
      joules: Number(row.joules),
      seconds: Number(row.seconds),
    })),
  };
}
