import countries from '../../resources/carbon/countries.json' with { type: 'json' };
import { WattrunError } from '../../shared/contract/errors.ts';
import type { CarbonFactor, Price } from '../../shared/model/run.ts';
import type { Region, Settings } from '../../shared/model/settings.ts';
import { kwhFromJoules } from '../../shared/units.ts';

export const carbonLicence = countries.licence;

/** Every shipped region, the world average first. */
export function listRegions(): readonly Region[] {
  const all = [countries.world, ...countries.countries];
  return all.map(({ code, name, intensityGramsCO2ePerKwh, year, source }) => ({
    code,
    name,
    intensityGramsCO2ePerKwh,
    year,
    source,
  }));
}

/** Factor that the settings ask for. Throws 'settings/unknown-region'. */
export function factorFromSettings(settings: Settings): CarbonFactor {
  const region = listRegions().find((one) => one.code === settings.region);
  if (region === undefined)
    throw new WattrunError(
      'settings/unknown-region',
      `There is no region ${settings.region} in the table.`,
      'Use an ISO 3166 alpha-3 code such as DEU, or WORLD.',
    );
  const custom = settings.customIntensityGramsCO2ePerKwh;
  return {
    intensityGramsCO2ePerKwh: custom ?? region.intensityGramsCO2ePerKwh,
    intensitySource: custom === null ? region.source : 'entered by the user',
    intensityYear: custom === null ? region.year : null,
    region: region.code,
    regionName: region.name,
    pue: settings.pue,
  };
}

export function priceFromSettings(settings: Settings): Price | null {
  return settings.pricePerKwh === null ? null : { pricePerKwh: settings.pricePerKwh, currency: settings.currency };
}

/** Emissions in grams of CO2e: kWh × intensity × PUE. PUE multiplies emissions, never energy. */
export function emissionsFromJoules(energyJoules: number, factor: CarbonFactor): number {
  return kwhFromJoules(energyJoules) * factor.intensityGramsCO2ePerKwh * factor.pue;
}

/** Money for the energy measured, in the price's currency. */
export function costFromJoules(energyJoules: number, price: Price): number {
  return kwhFromJoules(energyJoules) * price.pricePerKwh;
}
