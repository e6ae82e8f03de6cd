import type { Region } from '../../shared/model/carbon.ts';
import type { Settings } from '../../shared/model/settings.ts';
import { kwhFromJoules } from '../../shared/units.ts';

type Place = Pick<Region, 'code' | 'intensityGramsCO2ePerKwh'> & Partial<Pick<Region, 'figures'>>;

export interface SettingsEffect {
  readonly intensityGramsCO2ePerKwh: number | null;
  readonly gramsCO2e: number | null;
  readonly costAmount: number | null;
  readonly currency: string;
}

/** What an energy comes to under some settings: intensity × PUE for emissions, price for cost. PUE never touches the energy. */
export function effectOf(energyJoules: number | null, settings: Settings, regions: readonly Place[]): SettingsEffect {
  const intensity = intensityOf(settings, regions);
  const kwh = energyJoules === null ? null : kwhFromJoules(energyJoules);
  return {
    intensityGramsCO2ePerKwh: intensity,
    gramsCO2e: kwh === null || intensity === null ? null : kwh * intensity * settings.pue,
    costAmount: kwh === null || settings.pricePerKwh === null ? null : kwh * settings.pricePerKwh,
    currency: settings.currency,
  };
}

/** The user's own number where there is one, else the region's of the year chosen; null for a region or year that is not in the table. */
export function intensityOf(settings: Settings, regions: readonly Place[]): number | null {
  if (settings.customIntensityGramsCO2ePerKwh !== null) return settings.customIntensityGramsCO2ePerKwh;
  const place = regions.find((region) => region.code === settings.region);
  if (settings.regionYear === null) return place?.intensityGramsCO2ePerKwh ?? null;
  return place?.figures?.find(({ year }) => year === settings.regionYear)?.intensityGramsCO2ePerKwh ?? null;
}

/** True where the two differ in anything that emissions or cost stand on. */
export function hasEffect(before: Settings, after: Settings): boolean {
  const keys = ['region', 'regionYear', 'customIntensityGramsCO2ePerKwh', 'pue', 'pricePerKwh', 'currency'] as const;
  return keys.some((key) => before[key] !== after[key]);
}
