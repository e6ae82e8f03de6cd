import { parse } from 'csv-parse/sync';
import { describe, expect, it } from 'vitest';
import { capturesFolder, readCapture } from '../../tests/captures.ts';
import { figureOfYear, listRegions } from './regions.ts';

const region = (code: string) => listRegions().find((one) => one.code === code);
const gramsOf = (code: string, year: number | null): number | undefined =>
  region(code)?.figures.find((figure) => figure.year === year)?.intensityGramsCO2ePerKwh;

const hasTables = capturesFolder !== null;
const csv = (name: string, fromLine = 1): Record<string, string>[] =>
  parse(readCapture(`carbon/${name}`), { bom: true, columns: true, from_line: fromLine, relax_column_count: true });

describe('the shipped regions', () => {
  it('each say their names in both languages, their source, licence, kind and method', () => {
    for (const one of listRegions()) {
      expect(one.name, one.code).not.toBe('');
      expect(one.nameZh, one.code).toMatch(/[\u4e00-\u9fff]/);
      expect(one.source, one.code).not.toBe('');
      expect(one.licence, one.code).not.toBe('');
      expect(one.kind, one.code).toBe('average');
      for (const figure of one.figures) expect(figure.intensityGramsCO2ePerKwh, one.code).toBeGreaterThan(0);
    }
  });

  it('have each year once, the newest first', () => {
    for (const { code, figures } of listRegions()) {
      const years = figures.map(({ year }) => year ?? 9999);
      expect(new Set(years).size, code).toBe(years.length);
      expect(years, code).toEqual(years.toSorted((a, b) => b - a));
    }
  });

  it('give the figure of a year, or the newest', () => {
    const germany = region('DEU');
    expect(germany && figureOfYear(germany, null)?.year).toBe(2023);
    expect(germany && figureOfYear(germany, 2010)?.year).toBe(2010);
    expect(germany && figureOfYear(germany, 1999)).toBeNull();
  });
});

describe.skipIf(!hasTables)('the shipped figures equal their tables', () => {
  it('of countries (Ember by Our World in Data), without the Central African 0.0', () => {
    const mix = JSON.parse(readCapture('carbon/codecarbon__global_energy_mix.json')) as Record<
      string,
      { carbon_intensity: number; year: number }
    >;
    const countries = Object.entries(mix).filter(([code]) => code !== 'CAF');
    expect(countries.length).toBeGreaterThan(200);
    for (const [code, { carbon_intensity, year }] of countries)
      expect(gramsOf(code, year), code).toBe(carbon_intensity);
    expect(region('CAF')).toBeUndefined();
  });

  it('of European countries by year, 2000 to 2020', () => {
    const rows = csv('codecarbon__eu-carbon-intensity-electricity.csv').filter(
      ({ Code }) => region(Code ?? '') !== undefined,
    );
    const grams = rows.map((row) => Number(row['Carbon intensity of electricity (gCO2/kWh)']));
    expect(rows.length).toBeGreaterThan(500);
    rows.forEach((row, i) => {
      if ((grams[i] ?? 0) > 0)
        expect(gramsOf(row.Code ?? '', Number(row.Year)), `${row.Code} ${row.Year}`).toBe(grams[i]);
    });
  });

  it('of US states, 2016: pounds per MWh × 0.45359237 are g/kWh', () => {
    const states = JSON.parse(readCapture('carbon/codecarbon__usa_emissions_2016.json')) as Record<
      string,
      { emissions: number | string; regionCode: string }
    >;
    const { _unit, usa, ...rest } = states;
    expect(_unit?.emissions).toBe('lbs/MWh');
    expect(gramsOf('USA', 2016)).toBeCloseTo(Number(usa?.emissions) * 0.45359237, 3);
    for (const { emissions, regionCode } of Object.values(rest))
      expect(gramsOf(`US-${regionCode}`, 2016), regionCode).toBeCloseTo(Number(emissions) * 0.45359237, 3);
    // 870.822 lb/MWh of Rhode Island: 394.998 g/kWh.
    expect(gramsOf('US-RI', 2016)).toBe(394.998);
  });

  it('of states, provinces and territories of the Green Algorithms table', () => {
    const spelled: Record<string, string> = { 'CA-MT': 'CA-MB' };
    const rows = csv('green-algorithms__CI_aggregated.csv', 2).filter(({ location = '' }) => location.includes('-'));
    expect(rows.length).toBeGreaterThan(70);
    for (const { location = '', carbonIntensity } of rows) {
      const one = region(spelled[location] ?? location);
      const found = one?.figures.find(({ source }) => source.startsWith('Green Algorithms'));
      expect(found?.intensityGramsCO2ePerKwh, location).toBe(Number(carbonIntensity));
      expect(found?.licence).toBe('CC BY 4.0');
    }
  });

  it('of Nordic bidding zones and of Google’s regions', () => {
    const { data } = JSON.parse(readCapture('carbon/codecarbon__nordic_emissions.json')) as {
      data: Record<string, { emission_factor: number; year: number }>;
    };
    for (const [zone, { emission_factor, year }] of Object.entries(data))
      expect(gramsOf(`${zone.slice(0, 2)}-${zone}`, year), zone).toBe(emission_factor);
    const clouds = csv('codecarbon__cloud_impact.csv');
    expect(clouds).toHaveLength(40);
    for (const { region: id = '', impact } of clouds)
      expect(gramsOf(`gcp:${id.replace('cenrtal', 'central')}`, null), id).toBe(Number(impact));
  });

  it('of cloud regions about 2019; a contract’s 0 is no grid and left out', () => {
    for (const { provider = '', region: id = '', city = '', impact } of csv('mlco2-impact__impact.csv')) {
      const code = `${provider}:${id || city.toLowerCase()}`;
      if (Number(impact) > 0) expect(gramsOf(code, 2019), code).toBe(Number(impact));
      else expect(region(code)).toBeUndefined();
    }
  });
});
