import type { IntensityPoint } from '../../shared/model/carbon.ts';
import type { CarbonFactor, Price } from '../../shared/model/run.ts';
import { createTariffPrice, type Tariff } from '../../shared/model/tariff.ts';
import { costFromJoules, emissionsFromJoules } from './carbon.ts';
import { costOverTime, type EnergySlice, emissionsOverTime } from './over-time.ts';

/** What the machine's energy of today is judged by. */
export interface DayAccounts {
  readonly factor: CarbonFactor;
  readonly points: readonly IntensityPoint[];
  readonly price: Price | null;
  readonly tariff: Tariff | null;
}

/** Hours as slices, the one that goes on up to now. `startMs`: local midnight. */
export function hourSlices(
  hourlyJoules: readonly (number | null)[],
  startMs: number,
  nowMs: number,
): readonly EnergySlice[] {
  const start = new Date(startMs);
  const hourMs = (hour: number): number =>
    new Date(start.getFullYear(), start.getMonth(), start.getDate(), hour).getTime();
  return hourlyJoules.flatMap((joules, hour) => {
    const fromMs = hourMs(hour);
    return joules === null || joules <= 0
      ? []
      : [{ fromMs, toMs: Math.max(fromMs, Math.min(hourMs(hour + 1), nowMs)), joules }];
  });
}

/** Grams and money of a day so far, hour by hour; the flat factor's and price's own where neither changes. */
export function dayEmissionsAndCost(
  totalJoules: number,
  slices: readonly EnergySlice[],
  { factor, points, price, tariff }: DayAccounts,
): { readonly gramsCO2e: number; readonly amount: number | null } {
  return {
    gramsCO2e:
      points.length === 0
        ? emissionsFromJoules(totalJoules, factor)
        : emissionsOverTime({ slices, totalJoules, points, factor }).gramsCO2e,
    amount:
      price === null
        ? null
        : tariff === null
          ? costFromJoules(totalJoules, price)
          : costOverTime({ slices, totalJoules, price, tariff }).amount,
  };
}

/** The factor that counts at a moment: the grid's reading where there is one. */
export const factorAt = (factor: CarbonFactor, point: IntensityPoint | null): CarbonFactor =>
  point === null
    ? factor
    : {
        ...factor,
        intensityGramsCO2ePerKwh: point.gramsCO2ePerKwh,
        intensitySource: point.source,
        intensityYear: null,
        // Whatever region the table is used for, this is the grid's own.
        region: 'grid',
        regionName: point.source,
      };

export const priceAtMoment = (price: Price | null, tariff: Tariff | null, unixMs: number): Price | null =>
  price === null || tariff === null
    ? price
    : { ...price, pricePerKwh: createTariffPrice(price.pricePerKwh, tariff)(unixMs).pricePerKwh };
