import { WattrunError } from '../../shared/contract/errors.ts';
import type { Region, RunAccounts } from '../../shared/model/carbon.ts';
import type { CarbonFactor, Price } from '../../shared/model/run.ts';
import type { Settings } from '../../shared/model/settings.ts';
import type { Tariff } from '../../shared/model/tariff.ts';
import { kwhFromJoules } from '../../shared/units.ts';
import { figureOfYear, findRegion } from './regions.ts';

/** Throws 'settings/unknown-region'. */
export function regionOfCode(code: string): Region {
  const region = findRegion(code);
  if (region === null)
    throw new WattrunError(
      'settings/unknown-region',
      `There is no region ${code} in the table.`,
      'Use an ISO 3166 alpha-3 code such as DEU, a state such as US-CA, a cloud region such as gcp:europe-west4, or WORLD: wattrun carbon regions.',
    );
  return region;
}

/** Factor that the settings ask for. Throws 'settings/unknown-region', 'settings/unknown-year'. */
export function factorFromSettings(settings: Settings): CarbonFactor {
  const region = regionOfCode(settings.region);
  const custom = settings.customIntensityGramsCO2ePerKwh;
  const figure = figureOfYear(region, settings.regionYear);
  if (figure === null)
    throw new WattrunError(
      'settings/unknown-year',
      `The table has no figure of ${settings.regionYear} for ${region.name}.`,
      `It has ${region.figures.map(({ year }) => year ?? 'one without a year').join(', ')}.`,
    );
  return {
    intensityGramsCO2ePerKwh: custom ?? figure.intensityGramsCO2ePerKwh,
    intensitySource: custom === null ? figure.source : 'entered by the user',
    intensityYear: custom === null ? figure.year : null,
    region: region.code,
    regionName: region.name,
    pue: settings.pue,
  };
}

/** As factorFromSettings, for settings that were right once: a place or year that the table has no more gives way to the world, or the newest. */
export function presentFactor(settings: Settings): CarbonFactor {
  const region = findRegion(settings.region);
  const isYearKnown = region !== null && figureOfYear(region, settings.regionYear) !== null;
  return factorFromSettings({
    ...settings,
    region: region === null ? 'WORLD' : settings.region,
    regionYear: isYearKnown ? settings.regionYear : null,
  });
}

export function priceFromSettings(settings: Settings): Price | null {
  return settings.pricePerKwh === null ? null : { pricePerKwh: settings.pricePerKwh, currency: settings.currency };
}

/** The tariff over the flat price; null where the price never changes, or there is none. */
export function tariffFromSettings(settings: Settings, timeZone: () => string): Tariff | null {
  const { pricePerKwh, tariffBands: bands, tariffPeriods: periods } = settings;
  if (pricePerKwh === null || (bands.length === 0 && periods.length === 0)) return null;
  return { timeZone: timeZone(), bands, periods };
}

/** Whose hourly intensities the settings ask for: 'electricity-maps:DE'; null: nobody's. */
export function seriesFromSettings({ gridProvider, gridZone }: Settings): string | null {
  return gridProvider === null ? null : `${gridProvider}:${gridZone ?? ''}`;
}

/** What a run that starts now is judged by, beyond its flat factor and price. */
export function accountsFromSettings(settings: Settings, timeZone: () => string): RunAccounts {
  const { marketIntensityGramsCO2ePerKwh: market, marketSource, embodied, waterLitersPerKwh } = settings;
  return {
    embodied,
    waterLitersPerKwh,
    // A number of the user's own is meant to count, whatever the grid says.
    series: settings.customIntensityGramsCO2ePerKwh === null ? seriesFromSettings(settings) : null,
    market: market === null ? null : { intensityGramsCO2ePerKwh: market, source: marketSource },
    tariff: tariffFromSettings(settings, timeZone),
  };
}

/** Emissions in grams of CO2e: kWh × intensity × PUE. PUE multiplies emissions, never energy. */
export function emissionsFromJoules(energyJoules: number, factor: CarbonFactor): number {
  return kwhFromJoules(energyJoules) * factor.intensityGramsCO2ePerKwh * factor.pue;
}

/** Money for the energy measured, in the price's currency. */
export function costFromJoules(energyJoules: number, price: Price): number {
  return kwhFromJoules(energyJoules) * price.pricePerKwh;
}

/** Water in litres: kWh of IT energy × WUE. Not × PUE: WUE is per IT energy by definition (The Green Grid, White Paper 35, 2011). */
export function waterFromJoules(energyJoules: number, litersPerKwh: number): number {
  return kwhFromJoules(energyJoules) * litersPerKwh;
}
