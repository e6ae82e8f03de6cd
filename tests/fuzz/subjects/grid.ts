import type { GridProvider } from '../../../engine/carbon/grid/grid-provider.ts';
import { parseIntensityCsv } from '../../../engine/carbon/grid/intensity-csv.ts';
import { gridProviders } from '../../../engine/carbon/grid/registry.ts';
import { electricityMapsHistory } from '../../fakes/grid-server.ts';
import type { FuzzSubject } from '../subject.ts';

await Promise.all(gridProviders.map((provider) => provider.prepare?.()));

const nowMs = Date.UTC(2026, 0, 15, 12, 10);

const generation = `<?xml version="1.0"?><GL_MarketDocument><TimeSeries>
<inBiddingZone_Domain.mRID>10Y1001A1001A83F</inBiddingZone_Domain.mRID><curveType>A03</curveType><MktPSRType><psrType>B04</psrType></MktPSRType>
<Period><timeInterval><start>2026-01-15T10:00Z</start><end>2026-01-15T12:00Z</end></timeInterval><resolution>PT60M</resolution>
<Point><position>1</position><quantity>30000</quantity></Point></Period></TimeSeries></GL_MarketDocument>`;

const seeds: Readonly<Record<string, string>> = {
  'electricity-maps': JSON.stringify(electricityMapsHistory('DE', nowMs, [300, 310])),
  'gb-carbon-intensity': JSON.stringify({
    data: [{ from: '2026-01-15T11:00Z', to: '2026-01-15T11:30Z', intensity: { forecast: 190, actual: 185 } }],
  }),
  'entso-e': generation,
};

/** Whatever a provider says, what is believed of it is a number of a grid at a time there is. */
function read(provider: GridProvider, text: string): unknown {
  const { descriptor } = provider;
  const question = { nowMs, fromMs: nowMs - 86_400_000, token: '', url: '', zone: descriptor.zoneExample };
  const readings = [provider.parseHistory(text, question), provider.parseForecast(text, question)];
  for (const reading of readings)
    if (reading.kind === 'points')
      for (const { fromMs, toMs, gramsCO2ePerKwh } of reading.points)
        if (!(toMs > fromMs && gramsCO2ePerKwh >= 0 && gramsCO2ePerKwh <= 3000)) throw new Error('an invented reading');
  // A run-length curve may say more than its text has room for.
  return readings.map((reading) => (reading.kind === 'points' ? reading.points.length : reading.problem));
}

export const gridSubjects: readonly FuzzSubject[] = [
  ...gridProviders.map((provider) => ({
    id: `grid ${provider.descriptor.id}`,
    seeds: () => [seeds[provider.descriptor.id] ?? ''],
    run: (text: string) => read(provider, text),
  })),
  {
    id: 'intensity csv',
    seeds: () => [
      'from,to,gco2e_per_kwh,kind\n2026-01-15T10:00Z,2026-01-15T11:00Z,300,average\n2026-01-15 11:00,,250,\n',
    ],
    run: (text) => parseIntensityCsv(text, { nowMs, fileName: 'grid.csv' }),
  },
];
