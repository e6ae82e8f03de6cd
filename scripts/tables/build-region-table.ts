/**
 * Builds resources/carbon/regions.json: states, provinces, bidding zones and cloud regions, earlier years of countries, and Chinese names.
 *
 *   node scripts/tables/build-region-table.ts DATA_FOLDER [OUT_FILE]
 *
 * Run it after build-carbon-table.ts, whose countries it names. Every figure keeps its source, year and method; a year that two sources have is
 * taken from the first in the order below. Same input, same output, byte for byte.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { argv, stderr } from 'node:process';
import { parse } from 'csv-parse/sync';
import { z } from 'zod';
import countries from '../../resources/carbon/countries.json' with { type: 'json' };
import { subregionNamesZh, townNamesZh } from './region-names-zh.ts';

/** 1 lb = 0.45359237 kg exactly (International Yard and Pound Agreement, 1959); lb/MWh × that = g/kWh. */
const gramsPerKwhOfPoundsPerMwh = 0.45359237;

const sources = {
  'eu-2020': {
    name: 'Carbon intensity of electricity, European countries 2000–2020, as collected by codecarbon',
    url: 'https://github.com/mlco2/codecarbon/tree/master/codecarbon/data/private_infra/2020',
    licence: 'MIT',
    method: 'unstated',
  },
  'egrid-2016': {
    name: 'US EPA eGRID2016, CO2 output rate by state, as collected by codecarbon',
    url: 'https://www.epa.gov/egrid',
    licence: 'public domain (US government); MIT',
    method: 'direct',
  },
  'green-algorithms': {
    name: 'Green Algorithms (Lannelongue, Grealey and Inouye), CI_aggregated',
    url: 'https://github.com/GreenAlgorithms/green-algorithms-tool',
    licence: 'CC BY 4.0',
    method: 'unstated',
  },
  nordic: {
    name: 'Static averages of Nordic bidding zones from ENTSO-E data, as collected by codecarbon',
    url: 'https://github.com/mlco2/codecarbon',
    licence: 'MIT',
    method: 'unstated',
  },
  'gcp-regions': {
    name: 'Google Cloud, carbon data across GCP regions, as collected by codecarbon',
    url: 'https://cloud.google.com/sustainability/region-carbon#data',
    licence: 'MIT',
    method: 'lifecycle',
  },
  'mlco2-2019': {
    name: 'Machine Learning CO2 Impact, cloud regions about 2019',
    url: 'https://github.com/mlco2/impact',
    licence: 'MIT',
    method: 'unstated',
  },
} as const;
type SourceId = keyof typeof sources;

interface Figure {
  readonly year: number | null;
  readonly grams: number;
  readonly source: SourceId;
  readonly note?: string;
}
interface Place {
  readonly code: string;
  readonly scope: 'subregion' | 'cloud';
  readonly country: string;
  readonly name: string;
  readonly nameZh: string;
  readonly figures: Figure[];
}

const places = new Map<string, Place>();
const earlier = new Map<string, Figure[]>();
const alpha3 = new Map(countries.countries.map((country) => [country.alpha2, country.code]));
const newestYear = new Map(countries.countries.map((country) => [country.code, country.year]));

const csv = (folder: string, name: string, fromLine = 1): Record<string, string>[] =>
  parse(readFileSync(join(folder, name), 'utf8'), {
    bom: true,
    columns: true,
    from_line: fromLine,
    relax_column_count: true,
  });
const json = (folder: string, name: string): unknown => JSON.parse(readFileSync(join(folder, name), 'utf8'));

/** Keeps the first figure of a year. A 0 in these tables is a hole or a contract, never a grid. */
function add(figures: Figure[], figure: Figure): void {
  if (!(figure.grams > 0) || figures.some((one) => one.year === figure.year)) return;
  figures.push(figure);
}

function place(place: Omit<Place, 'figures'>, figure: Figure): void {
  const known = places.get(place.code) ?? { ...place, figures: [] };
  add(known.figures, figure);
  if (known.figures.length > 0) places.set(place.code, known);
}

function addYear(country: string, figure: Figure): void {
  if (newestYear.get(country) === figure.year) return;
  const figures = earlier.get(country) ?? [];
  add(figures, figure);
  if (newestYear.has(country)) earlier.set(country, figures);
}

function readEuropeanYears(folder: string): void {
  for (const row of csv(folder, 'codecarbon__eu-carbon-intensity-electricity.csv'))
    addYear(row.Code ?? '', {
      year: Number(row.Year),
      grams: Number(row['Carbon intensity of electricity (gCO2/kWh)']),
      source: 'eu-2020',
    });
}

function readStates(folder: string): void {
  const { _unit, ...rows } = z
    .record(z.string(), z.object({ emissions: z.unknown(), regionCode: z.string() }))
    .parse(json(folder, 'codecarbon__usa_emissions_2016.json'));
  if (!/lb|pound/i.test(String(_unit?.emissions))) throw new Error('the unit of the US table is not pounds per MWh');
  for (const [name, { emissions, regionCode }] of Object.entries(rows)) {
    const code = `US-${regionCode}`;
    const grams = Number((z.number().parse(emissions) * gramsPerKwhOfPoundsPerMwh).toFixed(3));
    if (regionCode.toUpperCase() === 'USA') {
      addYear('USA', { year: 2016, grams, source: 'egrid-2016' });
      continue;
    }
    place(
      { code, scope: 'subregion', country: 'USA', name: titleOf(name), nameZh: zhOf(code) },
      { year: 2016, grams, source: 'egrid-2016' },
    );
  }
}

const titleOf = (name: string): string => name.replaceAll(/\b(?!of\b)[a-z]/g, (letter) => letter.toUpperCase());

function zhOf(code: string): string {
  const name = subregionNamesZh[code];
  if (name === undefined) throw new Error(`${code}: no Chinese name`);
  return name;
}

/** Names and codes that the table spells its own way. */
const respelled: Readonly<Record<string, { readonly code?: string; readonly name?: string }>> = {
  'CA-MT': { code: 'CA-MB' },
  'US-MS': { name: 'Mississippi' },
  'US-DC': { name: 'District of Columbia' },
  'CA-YT': { name: 'Yukon' },
};

function readGreenAlgorithms(folder: string): void {
  for (const row of csv(folder, 'green-algorithms__CI_aggregated.csv', 2)) {
    const { location = '', regionName = '', carbonIntensity = '', source: said = '', comments = '' } = row;
    const year = Number(/data from (\d{4})/i.exec(`${said} ${comments}`)?.[1] ?? /(\d{4})\/\d\d data/.exec(said)?.[1]);
    const figure: Figure = {
      year: Number.isNaN(year) ? null : year,
      grams: Number(carbonIntensity),
      source: 'green-algorithms',
      note: comments === '' ? said : `${said}; ${comments}`,
    };
    const [alpha2 = ''] = location.split('-');
    const country = location.startsWith('CN-HK') ? 'HKG' : alpha3.get(alpha2);
    if (country === undefined) continue;
    if (!location.includes('-')) {
      if (figure.year !== null) addYear(country, figure);
      continue;
    }
    const { code = location, name = regionName } = respelled[location] ?? {};
    place({ code, scope: 'subregion', country, name, nameZh: zhOf(code) }, figure);
  }
}

function readNordicZones(folder: string): void {
  const { data } = z
    .object({
      data: z.record(z.string(), z.object({ emission_factor: z.number(), description: z.string(), year: z.number() })),
    })
    .parse(json(folder, 'codecarbon__nordic_emissions.json'));
  for (const [zone, { emission_factor: grams, description, year }] of Object.entries(data)) {
    const alpha2 = zone.slice(0, 2);
    const code = `${alpha2}-${zone}`;
    const name = `${description.replace('Bidding Zone', 'bidding zone')}${zone === 'FI' ? ' (bidding zone FI)' : ''}`;
    place(
      { code, scope: 'subregion', country: alpha3.get(alpha2) ?? '', name, nameZh: zhOf(code) },
      { year, grams, source: 'nordic' },
    );
  }
}

const clouds: Readonly<Record<string, { readonly name: string; readonly nameZh: string }>> = {
  gcp: { name: 'Google Cloud', nameZh: 'Google Cloud' },
  aws: { name: 'AWS', nameZh: 'AWS' },
  azure: { name: 'Azure', nameZh: 'Azure' },
  ovh: { name: 'OVHcloud', nameZh: 'OVHcloud' },
  scaleway: { name: 'Scaleway', nameZh: 'Scaleway' },
  coreweave: { name: 'CoreWeave', nameZh: 'CoreWeave' },
};

function addCloud(row: Record<string, string>, country: string, figure: Figure): void {
  const { provider = '', region = '', city = '' } = row;
  const cloud = clouds[provider];
  if (cloud === undefined) return;
  const id = region === 'me-cenrtal1' ? 'me-central1' : region === '' ? city.toLowerCase() : region;
  const town = city
    .replace(/,?\s*County.*$/, '')
    .normalize('NFD')
    .replaceAll(/\p{Diacritic}/gu, '')
    .trim();
  const known = town === 'Changhua' ? 'Changhua County' : town;
  place(
    {
      code: `${provider}:${id}`,
      scope: 'cloud',
      country,
      name: `${cloud.name} ${id} (${known})`,
      nameZh: `${cloud.nameZh} ${id}（${townNamesZh[known] ?? known}）`,
    },
    figure,
  );
}

const countryNames: Readonly<Record<string, string>> = {
  USA: 'USA',
  'South Korea': 'KOR',
  'United Kingdom': 'GBR',
  'Hong Kong': 'HKG',
};

function readClouds(folder: string): void {
  for (const row of csv(folder, 'codecarbon__cloud_impact.csv'))
    addCloud(row, row.countryIsoCode ?? '', { year: null, grams: Number(row.impact), source: 'gcp-regions' });
  const byName = new Map(countries.countries.map((country) => [country.name, country.code]));
  for (const row of csv(folder, 'mlco2-impact__impact.csv')) {
    const country = countryNames[row.country ?? ''] ?? byName.get(row.country ?? '');
    if (country === undefined) throw new Error(`${row.country}: no such country`);
    addCloud(row, country, { year: 2019, grams: Number(row.impact), source: 'mlco2-2019', ...noteOf(row.source) });
  }
}

const noteOf = (text: string | undefined) => (text === undefined || text.trim() === '' ? {} : { note: text.trim() });

function main(folder: string, outFile: string): void {
  readEuropeanYears(folder);
  readStates(folder);
  readGreenAlgorithms(folder);
  readNordicZones(folder);
  readClouds(folder);
  const display = new Intl.DisplayNames('zh-CN', { type: 'region' });
  const newestFirst = (a: Figure, b: Figure): number => (b.year ?? 9999) - (a.year ?? 9999);
  const lines = (items: readonly unknown[]): string => items.map((item) => `    ${JSON.stringify(item)}`).join(',\n');
  const regions = [...places.values()]
    .map((one) => ({ ...one, figures: one.figures.toSorted(newestFirst) }))
    .sort((a, b) => (a.code < b.code ? -1 : 1));
  const years = [...earlier].sort(([a], [b]) => (a < b ? -1 : 1));
  const names = countries.countries.map(({ code, alpha2 }) => [code, display.of(alpha2)]);
  const history = years.map(
    ([code, figures]) => `    ${JSON.stringify(code)}: ${JSON.stringify(figures.toSorted(newestFirst))}`,
  );
  const header = JSON.stringify({ schemaVersion: 1, sources }, null, 2).replace(/\n}$/, '');
  writeFileSync(
    outFile,
    `${header},\n  "namesZh": ${JSON.stringify({ WORLD: '世界平均', ...Object.fromEntries(names) })},\n  "regions": [\n${lines(regions)}\n  ],\n  "earlierYears": {\n${history.join(',\n')}\n  }\n}\n`,
  );
  stderr.write(`${regions.length} regions, earlier years of ${years.length} countries, written to ${outFile}\n`);
}

const [, , folder, outFile = 'resources/carbon/regions.json'] = argv;
if (folder === undefined) throw new Error('usage: build-region-table.ts DATA_FOLDER [OUT_FILE]');
main(folder, outFile);
