import type { EmissionsDetail, RunAccounting } from '../../shared/model/carbon.ts';
import type { RunSummary } from '../../shared/model/run.ts';
import { kwhFromJoules } from '../../shared/units.ts';
import type { RunRecord, RunTotals } from '../store/records.ts';
import { costFromJoules, emissionsFromJoules, waterFromJoules } from './carbon.ts';
import { embodiedGrams } from './embodied.ts';
import { type ProgressCounts, sciScore } from './sci.ts';

/**
 * A run's grams, location-based. What was accounted over its time counts up to the energy it stands on; what came after (a run that is on) by the
 * flat factor. Bounds are those of the energy at the mean intensity.
 */
export function emissionsOf(
  { factor }: RunRecord,
  { totalJoules, lowJoules, highJoules }: RunTotals,
  accounting: RunAccounting | null,
): RunSummary['emissions'] {
  const isAccounted = accounting !== null && accounting.joules > 0 && totalJoules !== null && totalJoules > 0;
  const grams = isAccounted
    ? accounting.gramsCO2e + emissionsFromJoules(totalJoules - accounting.joules, factor)
    : totalJoules === null
      ? null
      : emissionsFromJoules(totalJoules, factor);
  const mean =
    isAccounted && grams !== null ? grams / kwhFromJoules(totalJoules) / factor.pue : factor.intensityGramsCO2ePerKwh;
  const at = (joules: number | null): number | null =>
    joules === null ? null : emissionsFromJoules(joules, { ...factor, intensityGramsCO2ePerKwh: mean });
  return {
    ...factor,
    intensityGramsCO2ePerKwh: mean,
    intensitySource: isAccounted ? sourcesText(accounting) : factor.intensitySource,
    // A mean of the grid's readings is of no year of a table.
    intensityYear:
      isAccounted && accounting.byIntensity.some((share) => !share.isFallback) ? null : factor.intensityYear,
    gramsCO2e: grams,
    lowGramsCO2e: at(lowJoules),
    highGramsCO2e: at(highJoules),
  };
}

/** 'Electricity Maps DE; Ember …': the more energy stands on one, the earlier it is named. */
const sourcesText = ({ byIntensity }: RunAccounting): string =>
  [...new Set(byIntensity.map(({ source }) => source))].join('; ');

export function costOf(
  { price }: RunRecord,
  { totalJoules }: RunTotals,
  accounting: RunAccounting | null,
): RunSummary['cost'] {
  if (price === null) return null;
  if (totalJoules === null) return { ...price, amount: null };
  if (accounting === null || accounting.amount === null || accounting.joules <= 0)
    return { ...price, amount: costFromJoules(totalJoules, price) };
  const amount = accounting.amount + costFromJoules(totalJoules - accounting.joules, price);
  return { ...price, amount, pricePerKwh: totalJoules > 0 ? amount / kwhFromJoules(totalJoules) : price.pricePerKwh };
}

/** What stands beside the location-based grams: by intensity, by contract, embodied, water, and the score of all. */
export function emissionsDetail(
  record: RunRecord,
  totals: RunTotals,
  { accounting, progress }: { readonly accounting: RunAccounting | null; readonly progress: ProgressCounts },
): EmissionsDetail {
  const { accounts } = record;
  const { totalJoules } = totals;
  const embodied = embodiedOf(record, totals);
  const operationalGrams = emissionsOf(record, totals, accounting).gramsCO2e;
  return {
    byIntensity: byIntensityOf(record, totals, accounting),
    market: marketOf(record, totals),
    embodied,
    water:
      accounts.waterLitersPerKwh === null
        ? null
        : {
            litersPerKwh: accounts.waterLitersPerKwh,
            liters: totalJoules === null ? null : waterFromJoules(totalJoules, accounts.waterLitersPerKwh),
          },
    sci: sciScore({ operationalGrams, embodiedGrams: embodied?.gramsCO2e ?? null, progress }),
  };
}

/** The accounted shares; without any, the flat factor's, which all the energy stands on. */
function byIntensityOf(
  { factor }: RunRecord,
  { totalJoules }: RunTotals,
  accounting: RunAccounting | null,
): EmissionsDetail['byIntensity'] {
  if (accounting !== null && accounting.byIntensity.length > 0) return accounting.byIntensity;
  if (totalJoules === null || totalJoules <= 0) return [];
  return [
    {
      source: factor.intensitySource,
      kind: 'average',
      isEstimated: false,
      isFallback: true,
      joules: totalJoules,
      energyRatio: 1,
      gramsCO2e: emissionsFromJoules(totalJoules, factor),
      intensityGramsCO2ePerKwh: factor.intensityGramsCO2ePerKwh,
    },
  ];
}

function marketOf(
  { accounts: { market }, factor }: RunRecord,
  { totalJoules, lowJoules, highJoules }: RunTotals,
): EmissionsDetail['market'] {
  if (market === null) return null;
  const at = (joules: number | null): number | null =>
    joules === null
      ? null
      : emissionsFromJoules(joules, { ...factor, intensityGramsCO2ePerKwh: market.intensityGramsCO2ePerKwh });
  return { ...market, gramsCO2e: at(totalJoules), lowGramsCO2e: at(lowJoules), highGramsCO2e: at(highJoules) };
}

function embodiedOf(
  { accounts: { embodied }, durationSeconds }: RunRecord,
  totals: RunTotals,
): EmissionsDetail['embodied'] {
  if (embodied.length === 0) return null;
  const { totalJoules, machineJoules } = totals;
  const shareRatio =
    totalJoules === null || machineJoules === null || machineJoules <= 0
      ? null
      : Math.min(1, totalJoules / machineJoules);
  return {
    shareRatio,
    kilogramsCO2e: embodied.reduce((sum, { kilogramsCO2e }) => sum + kilogramsCO2e, 0),
    gramsCO2e: shareRatio === null ? null : embodiedGrams(embodied, durationSeconds, shareRatio),
    items: embodied,
  };
}
