/**
 * Builds resources/carbon/countries.json from two public tables of the same data set.
 *
 *   node scripts/tables/build-carbon-table.ts DATA_FOLDER [OUT_FILE]
 *
 * DATA_FOLDER holds codecarbon__global_energy_mix.json (213 places, with the year of each) and
 * carbontracker__carbon-intensities.csv (189 places, with alpha-2 codes). Both are extracts of
 * Ember's yearly electricity data as published by Our World in Data. Where both name a place they
 * agree, and this script stops if they ever do not. Same input, same output, byte for byte.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { argv, stderr } from 'node:process';
import { parse } from 'csv-parse/sync';
import { z } from 'zod';
import { alpha2ByAlpha3 } from './country-alpha2.ts';

const SOURCE = 'Ember, Yearly Electricity Data, processed by Our World in Data';

/** Below this the published figures, rounded to 0.01 TWh, leave an error of several per cent or more. */
const COARSE_BELOW_TERAWATT_HOURS = 0.1;

const mixSchema = z.record(
  z.string().regex(/^[A-Z]{3}$/),
  z.object({
    carbon_intensity: z.number(),
    country_name: z.string(),
    iso_code: z.string(),
    total_TWh: z.number(),
    year: z.number().int(),
  }),
);

const intensityRowSchema = z.object({
  'alpha-2': z.string().regex(/^[A-Z]{2}$/),
  Code: z.string().regex(/^[A-Z]{3}$/),
  Year: z.coerce.number().int(),
  'Carbon intensity of electricity (gCO2/kWh)': z.coerce.number(),
});

type MixEntry = z.infer<typeof mixSchema>[string];
type IntensityRow = z.infer<typeof intensityRowSchema>;

interface Country {
  readonly code: string;
  readonly alpha2: string;
  readonly name: string;
  readonly intensityGramsCO2ePerKwh: number;
  readonly year: number;
  readonly source: string;
  readonly note?: string;
}

function readMix(folder: string): Readonly<Record<string, MixEntry>> {
  return mixSchema.parse(JSON.parse(readFileSync(join(folder, 'codecarbon__global_energy_mix.json'), 'utf8')));
}

function readIntensities(folder: string): ReadonlyMap<string, IntensityRow> {
  const text = readFileSync(join(folder, 'carbontracker__carbon-intensities.csv'), 'utf8');
  const rows = z.array(intensityRowSchema).parse(parse(text, { bom: true, columns: true }));
  return new Map(rows.map((row) => [row.Code, row]));
}

/** The two tables must tell the same story; a disagreement needs a person to look at it. */
function assertSameFigure(code: string, entry: MixEntry, row: IntensityRow | undefined): void {
  if (row === undefined) return;
  const difference = Math.abs(entry.carbon_intensity - row['Carbon intensity of electricity (gCO2/kWh)']);
  if (row.Year !== entry.year || difference > 0.001) throw new Error(`${code}: the two tables disagree`);
}

/** Gives null for a place without data: an intensity of 0 there is a hole in the table (CAF), not clean power. */
function countryFrom(code: string, entry: MixEntry, row: IntensityRow | undefined): Country | null {
  if (entry.carbon_intensity <= 0) return null;
  if (entry.iso_code !== code) throw new Error(`${code}: filed under another code`);
  assertSameFigure(code, entry, row);
  const alpha2 = row?.['alpha-2'] ?? alpha2ByAlpha3[code];
  if (alpha2 === undefined) throw new Error(`${code}: no alpha-2 code known`);
  const country = {
    code,
    alpha2,
    name: entry.country_name,
    intensityGramsCO2ePerKwh: entry.carbon_intensity,
    year: entry.year,
    source: SOURCE,
  };
  if (entry.total_TWh >= COARSE_BELOW_TERAWATT_HOURS) return country;
  return { ...country, note: 'Coarse: under 0.1 TWh a year, published rounded to 0.01 TWh' };
}

function compareNames(a: Country, b: Country): number {
  return a.name < b.name ? -1 : a.name > b.name ? 1 : 0;
}

function renderTable(countries: readonly Country[]): string {
  const header = {
    schemaVersion: 1,
    licence: 'CC BY 4.0',
    source: SOURCE,
    sourceUrl: 'https://ourworldindata.org/grapher/carbon-intensity-electricity',
    method:
      'average, life cycle, by generation: grams of CO2 equivalent per kWh generated in the country over the year; imports, exports and grid losses are not in it',
    world: {
      code: 'WORLD',
      name: 'World average',
      intensityGramsCO2ePerKwh: 475,
      year: 2018,
      source:
        'IEA, Global Energy & CO2 Status Report, published March 2019 (https://www.iea.org/reports/global-energy-co2-status-report-2019/emissions); direct CO2 of generation, not life cycle',
    },
  };
  const rows = countries.map((country) => `    ${JSON.stringify(country)}`).join(',\n');
  return `${JSON.stringify(header, null, 2).replace(/\n}$/, '')},\n  "countries": [\n${rows}\n  ]\n}\n`;
}

function main(folder: string, outFile: string): void {
  const intensities = readIntensities(folder);
  const countries = Object.entries(readMix(folder))
    .map(([code, entry]) => countryFrom(code, entry, intensities.get(code)))
    .filter((country) => country !== null)
    .sort(compareNames);
  const alpha2Codes = new Set(countries.map((country) => country.alpha2));
  if (alpha2Codes.size !== countries.length) throw new Error('an alpha-2 code is used twice');
  writeFileSync(outFile, renderTable(countries));
  stderr.write(`${countries.length} countries written to ${outFile}\n`);
}

const [, , folder, outFile = 'resources/carbon/countries.json'] = argv;
if (folder === undefined) throw new Error('usage: build-carbon-table.ts DATA_FOLDER [OUT_FILE]');
main(folder, outFile);
