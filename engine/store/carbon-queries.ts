import { type IntensityPoint, intensityKindSchema } from '../../shared/model/carbon.ts';
import { domainKindSchema, isSummed } from '../../shared/model/domain.ts';
import { msFromSeconds } from '../../shared/units.ts';
import type { EnergySlice } from '../carbon/over-time.ts';
import { type HistoryTable, rawTable, rollUps } from './roll-ups.ts';
import type { Rows } from './rows.ts';
import type { Store } from './store.ts';

type CarbonQueries = Pick<
  Store,
  | 'putIntensities'
  | 'listIntensities'
  | 'newestIntensity'
  | 'listSeries'
  | 'dropForecast'
  | 'dropReadings'
  | 'runEnergy'
  | 'putAccounting'
>;

/** A run as long as this is read sample by sample; a longer one from minutes, which every tariff and grid period begins and ends on. */
const longestBySampleMs = 6 * 3600 * 1000;
/** No reading stands for more than a day: what reaches into a span begins at most so long before it. */
const longestPeriodMs = 25 * 3600 * 1000;
/** Samples are whole when they hold this much of what the run drew. */
const wholeRatio = 0.999;

export function createCarbonQueries(rows: Rows): CarbonQueries {
  const { database } = rows;
  return {
    putIntensities(series, points, { isForecast, fetchedMs }) {
      const forecast = isForecast ? 1 : 0;
      rows.inTransaction(() => {
        const clear = database.prepare(
          'DELETE FROM intensities WHERE series = ?1 AND is_forecast = ?2 AND from_ms < ?3 AND from_ms > ?4 AND to_ms > ?5',
        );
        const insert = database.prepare(
          'INSERT OR REPLACE INTO intensities (series, is_forecast, from_ms, to_ms, grams, kind, source, is_estimated, fetched_ms) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)',
        );
        for (const point of points) {
          const [fromMs, toMs] = [Math.round(point.fromMs), Math.round(point.toMs)];
          clear.run(series, forecast, toMs, fromMs - longestPeriodMs, fromMs);
          insert.run(
            series,
            forecast,
            fromMs,
            toMs,
            point.gramsCO2ePerKwh,
            point.kind,
            point.source,
            point.isEstimated ? 1 : 0,
            fetchedMs,
          );
        }
      });
    },
    dropForecast(series, beforeMs) {
      rows.inTransaction(() =>
        database
          .prepare('DELETE FROM intensities WHERE series = ? AND is_forecast = 1 AND to_ms <= ?')
          .run(series, beforeMs),
      );
    },
    dropReadings(series) {
      rows.inTransaction(() =>
        database.prepare('DELETE FROM intensities WHERE series = ? AND is_forecast = 0').run(series),
      );
    },
    listIntensities: (series, { fromMs, toMs, isForecast = false }) =>
      database
        .prepare(
          'SELECT * FROM intensities WHERE series = ? AND is_forecast = ? AND from_ms < ? AND from_ms > ? AND to_ms > ? ORDER BY from_ms',
        )
        .all(series, isForecast ? 1 : 0, Math.ceil(toMs), Math.floor(fromMs) - longestPeriodMs, Math.floor(fromMs))
        .map(pointOf),
    newestIntensity(series) {
      const row = database
        .prepare('SELECT * FROM intensities WHERE series = ? AND is_forecast = 0 ORDER BY from_ms DESC LIMIT 1')
        .get(series);
      return row === undefined ? null : pointOf(row);
    },
    listSeries: () =>
      database
        .prepare(
          'SELECT series, count(*) AS points, min(from_ms) AS from_ms, max(to_ms) AS to_ms FROM intensities WHERE is_forecast = 0 GROUP BY series',
        )
        .all()
        .map((row) => ({
          series: String(row.series),
          points: Number(row.points),
          fromMs: Number(row.from_ms),
          toMs: Number(row.to_ms),
        })),
    runEnergy: (runId) => runEnergy(rows, runId),
    putAccounting(runId, accounting) {
      rows.inTransaction(() =>
        database
          .prepare('UPDATE runs SET accounting = ? WHERE id = ?')
          .run(accounting === null ? null : JSON.stringify(accounting), runId),
      );
    },
  };
}

const pointOf = (row: Record<string, unknown>): IntensityPoint => ({
  fromMs: Number(row.from_ms),
  toMs: Number(row.to_ms),
  gramsCO2ePerKwh: Number(row.grams),
  kind: intensityKindSchema.parse(row.kind),
  isEstimated: row.is_estimated !== 0,
  source: String(row.source),
});

/** A run's own energy in time, oldest first: its samples where they are all there and not too many, else its finest whole roll-up with samples after it. */
function runEnergy(rows: Rows, runId: string): readonly EnergySlice[] {
  const run = rows.database
    .prepare('SELECT number, started_ms, ended_ms, last_sample_ms, totals FROM runs WHERE id = ?')
    .get(runId);
  if (run === undefined) return [];
  const number = Number(run.number);
  const span = {
    fromMs: Number(run.started_ms),
    toMs: Number(run.ended_ms ?? run.last_sample_ms ?? run.started_ms),
  };
  const wanted = Number((JSON.parse(String(run.totals)) as { totalJoules?: number | null }).totalJoules ?? 0);
  const isLong = span.toMs - span.fromMs > longestBySampleMs;
  const tables = [...(isLong ? [] : [rawTable]), ...rollUps.filter((table) => !isLong || table.spanMs >= 60_000)];
  let best: readonly EnergySlice[] = [];
  for (const table of tables) {
    const slices = slicesOf(rows, { number, table, span });
    if (sumOf(slices) >= wanted * wholeRatio) return slices;
    if (sumOf(slices) > sumOf(best)) best = slices;
  }
  return best;
}

const sumOf = (slices: readonly EnergySlice[]): number => slices.reduce((sum, slice) => sum + slice.joules, 0);

/** Numbers of the domains that are part of the machine's own sum. */
const summedDomains = ({ database }: Rows): readonly number[] =>
  database
    .prepare("SELECT id, json_extract(json, '$.kind') AS kind FROM domains")
    .all()
    .flatMap(({ id, kind }) => (isSummed(domainKindSchema.catch('other').parse(kind)) ? [Number(id)] : []));

interface SliceQuery {
  readonly number: number;
  readonly table: HistoryTable;
  readonly span: { readonly fromMs: number; readonly toMs: number };
}

function slicesOf(rows: Rows, { number, table, span }: SliceQuery): EnergySlice[] {
  // Not the row of the run's total: that is its power then, times the time. Those of its domains are its energy.
  const domains = summedDomains(rows).join(', ');
  const read = (one: HistoryTable, afterMs: number): EnergySlice[] =>
    rows.database
      .prepare(
        `SELECT ts, sum(joules) AS joules, max(seconds) AS seconds FROM ${one.runSamples}
         WHERE run = ? AND ts > ? AND domain IN (${domains}) AND joules > 0 GROUP BY ts ORDER BY ts`,
      )
      .all(number, afterMs)
      .map((row) =>
        sliceOf({ ts: Number(row.ts), joules: Number(row.joules), seconds: Number(row.seconds) }, one, span),
      );
  if (table.spanMs === 0) return read(table, -1);
  const rolled = read(table, -1);
  const newest = rolled.at(-1);
  // Samples after the last whole span; the newest row may reach beyond the run's end.
  const restMs = rows.database
    .prepare(`SELECT max(ts) AS ts FROM ${table.runSamples} WHERE run = ? AND domain > 0`)
    .get(number)?.ts;
  return newest === undefined || typeof restMs !== 'number'
    ? rolled
    : [...rolled, ...read(rawTable, restMs + table.spanMs)];
}

/** A sample's time is its end, a row's its beginning. */
function sliceOf(
  row: { readonly ts: number; readonly joules: number; readonly seconds: number },
  table: HistoryTable,
  span: SliceQuery['span'],
): EnergySlice {
  const fromMs = table.spanMs === 0 ? row.ts - msFromSeconds(row.seconds) : row.ts;
  const toMs = table.spanMs === 0 ? row.ts : row.ts + table.spanMs;
  return {
    fromMs: Math.max(fromMs, Math.min(span.fromMs, toMs)),
    toMs: Math.max(fromMs, Math.min(toMs, Math.max(span.toMs, fromMs))),
    joules: row.joules,
  };
}
