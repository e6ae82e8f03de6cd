import { secondsFromMs } from '../../shared/units.ts';
import { cutVariance, swingOf } from '../energy/bounds.ts';
import type { CurvePoint, RunDomainTotals } from '../store/records.ts';
import type { RunEnergyRow, RunEnergyRows } from '../store/store.ts';

export interface RecordCurveInput {
  readonly rows: RunEnergyRows;
  /** Of the domains that are a part of the machine's sum: no others count. */
  readonly totals: ReadonlyMap<string, RunDomainTotals>;
  readonly startedMs: number;
}

/**
 * The run's energy from its start to a Unix moment, from what is on record: where nobody held its curve any more. A row is cut by time. The record keeps no
 * bounds of a run's rows, so the domain's lasting error and sampling over the whole run are laid on them evenly.
 */
export function recordedPoint({ rows, totals, startedMs }: RecordCurveInput, atMs: number): CurvePoint {
  const sums = new Map(rows.before);
  let cutJoules2 = 0;
  let periodSeconds = 0;
  for (const row of rows.rows) {
    const fromMs = row.endMs - row.seconds * 1000;
    if (fromMs >= atMs || !totals.has(row.domainId)) continue;
    const part = row.endMs <= atMs ? 1 : (atMs - fromMs) / (row.endMs - fromMs);
    sums.set(row.domainId, (sums.get(row.domainId) ?? 0) + row.joules * part);
    if (part === 1) continue;
    cutJoules2 += rowCutVariance(row, atMs - fromMs);
    periodSeconds = Math.max(periodSeconds, row.seconds);
  }
  const elapsedSeconds = Math.max(0, secondsFromMs(atMs - startedMs));
  const point = { joules: 0, lowJoules: 0, highJoules: 0, varianceJoules2: 0 };
  for (const [id, domain] of totals) {
    const joules = sums.get(id) ?? 0;
    const ratio = domain.runJoules > 0 ? joules / domain.runJoules : 0;
    const share = domain.joules > 0 ? domain.runJoules / domain.joules : 0;
    point.joules += joules;
    point.lowJoules += domain.runLowJoules * ratio;
    point.highJoules += domain.runHighJoules * ratio;
    if (domain.coveredSeconds > 0)
      point.varianceJoules2 +=
        domain.varianceJoules2 * share ** 2 * Math.min(1, elapsedSeconds / domain.coveredSeconds);
  }
  return { ...point, cutJoules2, periodSeconds };
}

function rowCutVariance({ joules, seconds, endMs }: RunEnergyRow, insideMs: number): number {
  const swing = swingOf(null, seconds > 0 ? joules / seconds : 0);
  return cutVariance(
    { joules, fromMs: endMs - seconds * 1000, toMs: endMs, ...swing, lagSeconds: 0, samples: [] },
    insideMs,
  );
}
