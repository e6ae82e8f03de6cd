import type { Region } from '../../shared/model/carbon.ts';
import type { Settings } from '../../shared/model/settings.ts';

type Place = Pick<Region, 'code' | 'intensityGramsCO2ePerKwh'> & Partial<Pick<Region, 'figures'>>;

/** The user's own number where there is one, else the region's of the year chosen; null for a region or year that is not in the table. */
export function intensityOf(settings: Settings, regions: readonly Place[]): number | null {
  if (settings.customIntensityGramsCO2ePerKwh !== null) return settings.customIntensityGramsCO2ePerKwh;
  const place = regions.find((region) => region.code === settings.region);
  if (settings.regionYear === null) return place?.intensityGramsCO2ePerKwh ?? null;
  return place?.figures?.find(({ year }) => year === settings.regionYear)?.intensityGramsCO2ePerKwh ?? null;
}

/** True where the two differ in anything that emissions or cost stand on. */
export function hasEffect(before: Settings, after: Settings): boolean {
  const keys = [
    'region',
    'regionYear',
    'customIntensityGramsCO2ePerKwh',
    'pue',
    'pricePerKwh',
    'currency',
    'gridProvider',
    'gridZone',
    'tariffBands',
    'tariffPeriods',
  ] as const;
  return keys.some((key) => JSON.stringify(before[key]) !== JSON.stringify(after[key]));
}
