import { setImmediate as breathe } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import type { z } from 'zod';
import type { RecomputeResult, recomputeRequestSchema } from '../../shared/model/carbon.ts';
import type { CarbonFactor } from '../../shared/model/run.ts';
import type { Settings } from '../../shared/model/settings.ts';
import { runSummary } from '../reports/run-report.ts';
import type { RunRecord } from '../store/records.ts';
import type { Store, StoredRun } from '../store/store.ts';
import { accountRun } from './accountant.ts';
import {
  accountsFromSettings,
  factorFromSettings,
  priceFromSettings,
  regionOfCode,
  seriesFromSettings,
} from './carbon.ts';
import { figureOfYear, findRegion } from './regions.ts';

export type RecomputeRequest = z.infer<typeof recomputeRequestSchema>;
type Recomputed = RecomputeResult['changes'][number]['before'];

export interface RecomputeContext {
  readonly store: Store;
  readonly settings: Settings;
  readonly timeZone: () => string;
  readonly nowMs: number;
  /** Writes a record, also where its run is on. */
  readonly update: (runId: string, change: (record: RunRecord) => RunRecord) => void;
}

/** A difference smaller than this of the value is the arithmetic's. */
const sameRatio = 1e-9;

/**
 * Works runs out anew: by the newest table, by another region, or by all of the present settings, and by whatever readings of the grid are on record
 * now. Joules stay as they are. Throws 'settings/unknown-region'.
 */
export async function recompute(context: RecomputeContext, request: RecomputeRequest): Promise<RecomputeResult> {
  const { store } = context;
  if (request.region != null) regionOfCode(request.region);
  const runs = request.runIds === null ? store.listRuns() : request.runIds.flatMap((id) => store.readRun(id) ?? []);
  const changes: RecomputeResult['changes'] = [];
  for (const stored of runs) {
    const change = recomputeOne(context, stored, request);
    if (change !== null) changes.push(change);
    // Thousands of runs take their time; sampling goes on in between.
    await breathe();
  }
  return { changes, unchanged: runs.length - changes.length };
}

function recomputeOne(
  context: RecomputeContext,
  stored: StoredRun,
  request: RecomputeRequest,
): RecomputeResult['changes'][number] | null {
  const { record, totals } = stored;
  const next = { ...record, ...judgedBy(context, record, request) };
  const accounting = accountRun(context.store, { record: next, totals }, context.nowMs);
  const before = figuresOf(stored);
  const after = figuresOf({ record: next, totals, accounting });
  const isSame = isSameFigures(before, after) && isDeepStrictEqual(record.accounts, next.accounts);
  if (
    request.isDry !== true &&
    (!isSame || !isDeepStrictEqual(stored.accounting?.byIntensity, accounting?.byIntensity))
  ) {
    const { factor, price, accounts } = next;
    context.update(record.id, (current) => ({ ...current, factor, price, accounts }));
    context.store.putAccounting(record.id, accounting);
  }
  return isSame ? null : { runId: record.id, name: record.name, before, after };
}

/** The factor, price and accounts that a run is to be judged by now. */
function judgedBy(
  { settings, timeZone }: RecomputeContext,
  record: RunRecord,
  { region, isBySettings }: RecomputeRequest,
): Pick<RunRecord, 'factor' | 'price' | 'accounts'> {
  const bySettings = isBySettings === true;
  const base = bySettings ? factorFromSettings(settings) : record.factor;
  const accounts = bySettings ? accountsFromSettings(settings, timeZone) : record.accounts;
  const factor =
    region == null && bySettings ? base : factorOf(record, { ...base, region: region ?? base.region }, region != null);
  const isPresentPlace = settings.customIntensityGramsCO2ePerKwh === null && factor.region === settings.region;
  return {
    factor,
    price: bySettings ? priceFromSettings(settings) : record.price,
    accounts: {
      ...accounts,
      // Readings of one place say nothing of another.
      series:
        region != null && !isPresentPlace
          ? null
          : (accounts.series ?? (isPresentPlace ? seriesFromSettings(settings) : null)),
    },
  };
}

/** The table's figure of the run's own year, else the newest. A number that the user entered stays, unless another place is asked for. */
function factorOf(record: RunRecord, base: CarbonFactor, isAsked: boolean): CarbonFactor {
  const place = findRegion(base.region);
  const isEntered = base.intensityYear === null && base.intensitySource === 'entered by the user';
  if (place === null || (isEntered && !isAsked)) return base;
  const figure = figureOfYear(place, new Date(record.startedMs).getUTCFullYear()) ?? figureOfYear(place, null);
  if (figure === null) return base;
  return {
    intensityGramsCO2ePerKwh: figure.intensityGramsCO2ePerKwh,
    intensitySource: figure.source,
    intensityYear: figure.year,
    region: place.code,
    regionName: place.name,
    pue: base.pue,
  };
}

function figuresOf({ record, totals, accounting }: Pick<StoredRun, 'record' | 'totals' | 'accounting'>): Recomputed {
  const { emissions, cost } = runSummary(record, totals, accounting);
  return {
    gramsCO2e: emissions.gramsCO2e,
    intensityGramsCO2ePerKwh: emissions.intensityGramsCO2ePerKwh,
    regionName: emissions.regionName,
    amount: cost?.amount ?? null,
    currency: cost?.currency ?? null,
  };
}

const isSameFigures = (a: Recomputed, b: Recomputed): boolean =>
  a.regionName === b.regionName &&
  a.currency === b.currency &&
  isSame(a.gramsCO2e, b.gramsCO2e) &&
  isSame(a.intensityGramsCO2ePerKwh, b.intensityGramsCO2ePerKwh) &&
  isSame(a.amount, b.amount);

const isSame = (a: number | null, b: number | null): boolean =>
  a === b || (a !== null && b !== null && Math.abs(a - b) <= sameRatio * Math.max(Math.abs(a), Math.abs(b)));
