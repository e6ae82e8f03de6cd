import { setImmediate as breathe } from 'node:timers/promises';
import type { RunAccounting } from '../../shared/model/carbon.ts';
import { msFromHours } from '../../shared/units.ts';
import { lastMsOf } from '../runs/run-breaks.ts';
import type { RunRecord, RunTotals } from '../store/records.ts';
import type { Store } from '../store/store.ts';
import { costOverTime, emissionsOverTime } from './over-time.ts';

/** How long after a run's end readings of the grid that come late are still worked in by themselves. */
const lateMs = msFromHours(72);

/** True for a run whose intensity or price changes while it is on. */
export const isOverTime = ({ accounts, price }: RunRecord): boolean =>
  accounts.series !== null || (accounts.tariff !== null && price !== null);

/** Grams and money of a run over its own time, from the record; null where its flat factor and price say it all, or nothing was measured. */
export function accountRun(
  store: Store,
  { record, totals }: { readonly record: RunRecord; readonly totals: RunTotals },
  nowMs: number,
): RunAccounting | null {
  const { totalJoules } = totals;
  if (!isOverTime(record) || totalJoules === null || totalJoules <= 0) return null;
  const { accounts, factor, price } = record;
  const slices = store.runEnergy(record.id);
  const points =
    accounts.series === null
      ? []
      : store.listIntensities(accounts.series, { fromMs: record.startedMs - 1, toMs: lastMsOf(record) + 1 });
  const emissions = emissionsOverTime({ slices, totalJoules, points, factor });
  const cost =
    price === null || accounts.tariff === null
      ? null
      : costOverTime({ slices, totalJoules, price, tariff: accounts.tariff });
  return {
    computedAtMs: nowMs,
    joules: totalJoules,
    gramsCO2e: emissions.gramsCO2e,
    byIntensity: [...emissions.byIntensity],
    amount: cost?.amount ?? null,
    byPrice: [...(cost?.byPrice ?? [])],
  };
}

/** Keeps the accounts of runs: worked out when they change, stored with them. */
export interface Accountant {
  /** Of these, those whose intensity or price changes. */
  account(runIds: readonly string[]): void;
  /** Those of the last three days that new readings may say more of, and any whose sums moved on; one at a time. Gives the ids of those that changed. */
  catchUp(signal: AbortSignal): Promise<readonly string[]>;
  /** Of a run that is on, as worked out last. */
  of(runId: string): RunAccounting | null;
}

export function createAccountant(options: {
  readonly store: Store;
  readonly unixMs: () => number;
  readonly write: (work: () => void) => void;
}): Accountant {
  const { store, unixMs } = options;
  const here = new Map<string, RunAccounting>();

  function account(runId: string): boolean {
    const stored = store.readRun(runId);
    if (stored === null) {
      here.delete(runId);
      return false;
    }
    const accounting = accountRun(store, stored, unixMs());
    if (accounting === null && stored.accounting === null) return false;
    options.write(() => store.putAccounting(runId, accounting));
    if (accounting !== null && stored.record.status === 'running') here.set(runId, accounting);
    else here.delete(runId);
    return true;
  }

  return {
    account: (runIds) => runIds.forEach(account),
    async catchUp(signal) {
      const since = unixMs() - lateMs;
      const due = store
        .listRuns()
        .filter(({ record, totals, accounting }) => {
          if (!isOverTime(record) || totals.totalJoules === null || lastMsOf(record) < since) return false;
          return (
            accounting === null ||
            accounting.joules !== totals.totalJoules ||
            (record.accounts.series !== null &&
              accounting.byIntensity.some((share) => share.isFallback || share.isEstimated))
          );
        })
        .map(({ record }) => record.id);
      const changed: string[] = [];
      for (const id of due) {
        await breathe();
        if (signal.aborted) break;
        if (account(id)) changed.push(id);
      }
      return changed;
    },
    of: (runId) => here.get(runId) ?? null,
  };
}
