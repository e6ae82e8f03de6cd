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

function readTables(): readonly Region[] {
  const { world } = countries;
  const worldFigure: FactorFigure = {
    year: world.year,
    intensityGramsCO2ePerKwh: world.intensityGramsCO2ePerKwh,
    source: world.source,
    sourceUrl: 'https://www.iea.org/reports/global-energy-co2-status-report-2019/emissions',
    licence: 'a single figure, quoted',
    method: 'direct',
    note: null,
  };
  const nameZhOf = (code: string): string => namesZh[code] ?? '';
  return [
    ...regionOf({ code: world.code, name: world.name, nameZh: nameZhOf(world.code), scope: 'world', country: null }, [
      worldFigure,
    ]),
    ...countries.countries.flatMap((country) => {
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
      return regionOf({ code, name, nameZh: nameZhOf(code), scope: 'country', country: code }, [
        newest,
        ...(earlierYears[code] ?? []).map(figureOf),
      ]);
    }),
    ...table.regions.flatMap(({ code, name, nameZh, scope, country, figures }) =>
      regionOf(
        { code, name, nameZh, scope: scope === 'cloud' ? 'cloud' : 'subregion', country },
        figures.map(figureOf),
      ),
    ),
  ];
}

let regions: readonly Region[] | null = null;

/** Every shipped place, the world average first; read once. */
export function listRegions(): readonly Region[] {
  regions ??= readTables();
  return regions;
}

/** The figure of a year, or the newest; null where the place has none of that year. */
export function figureOfYear(region: Region, year: number | null): FactorFigure | null {
  return (year === null ? region.figures[0] : region.figures.find((figure) => figure.year === year)) ?? null;
}
