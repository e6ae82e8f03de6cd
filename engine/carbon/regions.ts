import countries from '../../resources/carbon/countries.json' with { type: 'json' };
import table from '../../resources/carbon/regions.json' with { type: 'json' };
import {
  type FactorFigure,
  factorFigureSchema,
  intensityMethodSchema,
  type Region,
} from '../../shared/model/carbon.ts';

export const carbonLicence = countries.licence;

const namesZh: Readonly<Record<string, string | undefined>> = table.namesZh;
const sources: Readonly<
  Record<
    string,
    | (Omit<FactorFigure, 'year' | 'intensityGramsCO2ePerKwh' | 'source' | 'note' | 'sourceUrl' | 'method'> & {
        name: string;
        url: string;
        method: string;
      })
    | undefined
  >
> = table.sources;
const earlierYears: Readonly<Record<string, readonly TableFigure[] | undefined>> = table.earlierYears;

interface TableFigure {
  readonly year: number | null;
  readonly grams: number;
  readonly source: string;
  readonly note?: string;
}

/** Of the shipped table; a source it does not name would be a mistake in it. */
function figureOf({ year, grams, source: id, note }: TableFigure): FactorFigure {
  const source = sources[id];
  return factorFigureSchema.parse({
    year,
    intensityGramsCO2ePerKwh: grams,
    source: source?.name,
    sourceUrl: source?.url ?? null,
    licence: source?.licence,
    method: intensityMethodSchema.parse(source?.method),
    note: note ?? null,
  });
}

const regionOf = (
  place: Pick<Region, 'code' | 'name' | 'nameZh' | 'scope' | 'country'>,
  figures: readonly FactorFigure[],
): Region[] => {
  const [newest] = figures;
  if (newest === undefined) return [];
  const { intensityGramsCO2ePerKwh, year, source, method, licence, sourceUrl, note } = newest;
  return [
    {
      ...place,
      intensityGramsCO2ePerKwh,
      year,
      source,
      method,
      licence,
      sourceUrl,
      note,
      kind: 'average',
      figures: [...figures],
    },
  ];
};

const nameZhOf = (code: string): string => namesZh[code] ?? '';

function worldRegion(): Region[] {
  const { world } = countries;
  const figure: FactorFigure = {
    year: world.year,
    intensityGramsCO2ePerKwh: world.intensityGramsCO2ePerKwh,
    source: world.source,
    sourceUrl: 'https://www.iea.org/reports/global-energy-co2-status-report-2019/emissions',
    licence: 'a single figure, quoted',
    method: 'direct',
    note: null,
  };
  const { code, name } = world;
  return regionOf({ code, name, nameZh: nameZhOf(code), scope: 'world', country: null }, [figure]);
}

function countryRegion(country: (typeof countries.countries)[number]): Region[] {
  const { code, name, intensityGramsCO2ePerKwh, year, source } = country;
  const newest: FactorFigure = {
    year,
    intensityGramsCO2ePerKwh,
    source,
    sourceUrl: countries.sourceUrl,
    licence: countries.licence,
    method: 'lifecycle',
    note: 'note' in country ? (country.note ?? null) : null,
  };
  const figures = [newest, ...(earlierYears[code] ?? []).map(figureOf)];
  return regionOf({ code, name, nameZh: nameZhOf(code), scope: 'country', country: code }, figures);
}

function partRegion({ code, name, nameZh, scope, country, figures }: (typeof table.regions)[number]): Region[] {
  return regionOf(
    { code, name, nameZh, scope: scope === 'cloud' ? 'cloud' : 'subregion', country },
    figures.map(figureOf),
  );
}

let regions: readonly Region[] | null = null;

/** Every shipped place, the world average first; made once. */
export function listRegions(): readonly Region[] {
  regions ??= [...worldRegion(), ...countries.countries.flatMap(countryRegion), ...table.regions.flatMap(partRegion)];
  return regions;
}

const found = new Map<string, Region | null>();

/** The place of that code, without making all the others; null where the table has none. */
export function findRegion(code: string): Region | null {
  const before = found.get(code);
  if (before !== undefined) return before;
  const country = countries.countries.find((one) => one.code === code);
  const part = table.regions.find((one) => one.code === code);
  const made =
    code === countries.world.code
      ? worldRegion()
      : country !== undefined
        ? countryRegion(country)
        : part !== undefined
          ? partRegion(part)
          : [];
  const region = made[0] ?? null;
  if (region !== null) found.set(code, region);
  return region;
}

/** The figure of a year, or the newest; null where the place has none of that year. */
export function figureOfYear(region: Region, year: number | null): FactorFigure | null {
  return (year === null ? region.figures[0] : region.figures.find((figure) => figure.year === year)) ?? null;
}
