import { beforeAll, describe, expect, it } from 'vitest';
import { electricityMapsForecast, electricityMapsHistory } from '../../../tests/fakes/grid-server.ts';
import type { GridReading } from './grid-provider.ts';
import { electricityMaps } from './providers/electricity-maps.ts';
import { entsoE } from './providers/entso-e.ts';
import { gbCarbonIntensity } from './providers/gb-carbon-intensity.ts';
import { gridDescriptors, gridProviders } from './registry.ts';

const nowMs = Date.UTC(2026, 0, 15, 12, 10);
const question = { nowMs, fromMs: nowMs - 86_400_000, token: 'secret', url: 'http://grid', zone: 'DE' };
const hour = 3_600_000;

const grams = (reading: GridReading): readonly number[] | string =>
  reading.kind === 'points' ? reading.points.map((point) => point.gramsCO2ePerKwh) : reading.problem.code;

beforeAll(async () => void (await Promise.all(gridProviders.map((provider) => provider.prepare?.()))));

describe('every provider', () => {
  it('has an id of its own and says where it is asked', () => {
    expect(new Set(gridDescriptors.map(({ id }) => id)).size).toBe(gridDescriptors.length);
    for (const provider of gridProviders) {
      const zone = provider.descriptor.zoneExample;
      expect(provider.checkZone(zone)).toBeNull();
      expect(provider.historyRequest({ ...question, zone }).url).toMatch(/^http:\/\/grid\//);
      expect(provider.checkZone('../../etc')).not.toBeNull();
    }
  });

  it('refuses what is no answer of its own, whatever it is', () => {
    const texts = [
      '',
      'null',
      '[]',
      '{',
      '<html>',
      '<a><b></a>',
      '{"data":[]}',
      '{"history":[{}]}',
      '"DE"',
      '<x/>',
      '\u0000',
    ];
    for (const provider of gridProviders)
      for (const text of texts) {
        const reading = provider.parseHistory(text, { ...question, zone: provider.descriptor.zoneExample });
        expect(reading.kind, `${provider.descriptor.id} ${text}`).toBe('problem');
      }
  });
});

describe('Electricity Maps', () => {
  it('tells hours, the newest one estimated; its token goes in a header', () => {
    const text = JSON.stringify(electricityMapsHistory('DE', nowMs, [300, 310, 290]));
    const reading = electricityMaps.parseHistory(text, question);
    expect(grams(reading)).toEqual([300, 310, 290]);
    expect(reading).toMatchObject({
      points: [
        { fromMs: Date.UTC(2026, 0, 15, 10), toMs: Date.UTC(2026, 0, 15, 11), isEstimated: false, kind: 'average' },
        {},
        { isEstimated: true, source: 'Electricity Maps DE, life cycle' },
      ],
    });
    const request = electricityMaps.historyRequest(question);
    expect(request.headers).toEqual({ 'auth-token': 'secret' });
    expect(request.url).not.toContain('secret');
  });

  it('has a forecast', () => {
    const text = JSON.stringify(electricityMapsForecast('DE', nowMs, [300, 200]));
    expect(grams(electricityMaps.parseForecast(text, question))).toEqual([300, 200]);
  });

  it.each([
    ['another zone', electricityMapsHistory('FR', nowMs, [50])],
    ['more than any grid emits', electricityMapsHistory('DE', nowMs, [300, 30_000])],
    ['less than nothing', electricityMapsHistory('DE', nowMs, [-5])],
    ['tomorrow’s measurement', electricityMapsHistory('DE', nowMs + 86_400_000, [300])],
    [
      'one hour twice',
      {
        zone: 'DE',
        history: [
          ...electricityMapsHistory('DE', nowMs, [1]).history,
          ...electricityMapsHistory('DE', nowMs, [2]).history,
        ],
      },
    ],
    ['a text for a number', { zone: 'DE', history: [{ carbonIntensity: '300', datetime: '2026-01-15T11:00:00Z' }] }],
  ])('is not believed with %s', (_name, body) => {
    expect(grams(electricityMaps.parseHistory(JSON.stringify(body), question))).toBe('wrong-answer');
  });

  it('has no data where every hour is null', () => {
    const body = { zone: 'DE', history: [{ carbonIntensity: null, datetime: '2026-01-15T11:00:00Z' }] };
    expect(grams(electricityMaps.parseHistory(JSON.stringify(body), question))).toBe('no-data');
  });
});

describe('the GB Carbon Intensity API', () => {
  const period = (from: string, to: string, intensity: object) => ({
    from: `2026-01-15T${from}Z`,
    to: `2026-01-15T${to}Z`,
    intensity,
  });
  const gb = { ...question, zone: 'GB' };
  const data = [
    period('11:00', '11:30', { forecast: 190, actual: 185, index: 'moderate' }),
    period('11:30', '12:00', { forecast: 188, actual: null, index: 'moderate' }),
    period('12:30', '13:00', { forecast: 170, actual: null, index: 'moderate' }),
  ];

  it('tells what was measured, its forecast as an estimate of what was not yet, and nothing that has not begun', () => {
    const reading = gbCarbonIntensity.parseHistory(JSON.stringify({ data }), gb);
    expect(grams(reading)).toEqual([185, 188]);
    expect(reading).toMatchObject({ points: [{ isEstimated: false }, { isEstimated: true }] });
    expect(grams(gbCarbonIntensity.parseForecast(JSON.stringify({ data }), gb))).toEqual([190, 188, 170]);
  });

  it('asks for whole minutes in UTC, for at most 13 days back, and 48 h ahead', () => {
    const { url } = gbCarbonIntensity.historyRequest({ ...gb, fromMs: 0 });
    expect(url).toBe('http://grid/intensity/2026-01-02T12:10Z/2026-01-15T12:10Z');
    expect(gbCarbonIntensity.forecastRequest?.(gb).url).toBe('http://grid/intensity/2026-01-15T12:10Z/fw48h');
  });

  it('tells one of its regions, and is not believed about another', () => {
    const region = { ...question, zone: '13' };
    expect(gbCarbonIntensity.historyRequest(region).url).toMatch(
      /^http:\/\/grid\/regional\/intensity\/.*\/regionid\/13$/,
    );
    const text = (regionid: number) => JSON.stringify({ data: { regionid, data: [data[1]] } });
    expect(grams(gbCarbonIntensity.parseHistory(text(13), region))).toEqual([188]);
    expect(grams(gbCarbonIntensity.parseHistory(text(1), region))).toBe('wrong-answer');
  });
});

describe('ENTSO-E', () => {
  const zone = '10Y1001A1001A83F';
  const series = (
    psrType: string,
    points: string,
    change: { direction?: string; curve?: string; zone?: string } = {},
  ) => `
    <TimeSeries><${change.direction ?? 'in'}BiddingZone_Domain.mRID codingScheme="A01">${change.zone ?? zone}</${change.direction ?? 'in'}BiddingZone_Domain.mRID>
    <curveType>${change.curve ?? 'A01'}</curveType><MktPSRType><psrType>${psrType}</psrType></MktPSRType>
    <Period><timeInterval><start>2026-01-15T10:00Z</start><end>2026-01-15T12:00Z</end></timeInterval><resolution>PT60M</resolution>${points}</Period></TimeSeries>`;
  const at = (position: number, quantity: number) =>
    `<Point><position>${position}</position><quantity>${quantity}</quantity></Point>`;
  const document = (...all: readonly string[]) =>
    `<?xml version="1.0" encoding="UTF-8"?><GL_MarketDocument xmlns="urn:iec62325">${all.join('')}</GL_MarketDocument>`;
  const read = (text: string) => entsoE.parseHistory(text, { ...question, zone });

  it('is the mean of the life-cycle factors, weighed by power', () => {
    // Hour 1: 30 GW gas at 490 and 10 GW wind at 11: (14.7 + 0.11) / 40 = 370.25 g. Hour 2: 10 GW of each: 250.5 g.
    const text = document(series('B04', at(1, 30_000) + at(2, 10_000)), series('B19', at(1, 10_000) + at(2, 10_000)));
    expect(grams(read(text))).toEqual([370.25, 250.5]);
    expect(read(text)).toMatchObject({
      points: [{ fromMs: Date.UTC(2026, 0, 15, 10), toMs: Date.UTC(2026, 0, 15, 10) + hour, isEstimated: false }, {}],
    });
  });

  it('carries a power over positions that a curve of type A03 leaves out, and no other', () => {
    const gas = series('B04', at(1, 10_000) + at(2, 10_000));
    const wind = (curve: string) => series('B19', at(1, 10_000), { curve });
    expect(grams(read(document(gas, wind('A03'))))).toEqual([250.5, 250.5]);
    const missing = read(document(gas, wind('A01')));
    expect(grams(missing)).toEqual([250.5, 490]);
    expect(missing).toMatchObject({ points: [{ isEstimated: false }, { isEstimated: true }] });
  });

  it('leaves out pumps, what storage gives back, and plants of no known factor, and says that it estimates then', () => {
    const base = series('B04', at(1, 9000) + at(2, 9000));
    const pumps = series('B10', at(1, 5000), { direction: 'out' });
    expect(grams(read(document(base, pumps, series('B10', at(1, 5000)))))).toEqual([490, 490]);
    const waste = read(document(base, series('B17', at(1, 1000) + at(2, 1000))));
    expect(waste).toMatchObject({ points: [{ gramsCO2ePerKwh: 490, isEstimated: true }, {}] });
    // With more than a quarter unknown the rest does not speak for all.
    expect(grams(read(document(base, series('B20', at(1, 9000) + at(2, 9000)))))).toBe('no-data');
  });

  it('is not believed about another zone, with negative power, or in another document', () => {
    expect(grams(read(document(series('B04', at(1, 1), { zone: '10YFR-RTE------C' }))))).toBe('wrong-answer');
    expect(grams(read(document(series('B04', at(1, -1)))))).toBe('wrong-answer');
    expect(grams(read('<Publication_MarketDocument/>'))).toBe('wrong-answer');
  });

  it('passes on why it has no data or refuses', () => {
    const refusal = (code: string) =>
      `<Acknowledgement_MarketDocument><Reason><code>${code}</code><text>No matching data found</text></Reason></Acknowledgement_MarketDocument>`;
    expect(grams(read(refusal('999')))).toBe('no-data');
    expect(grams(read(refusal('401')))).toBe('refused');
  });

  it('asks for generation per type over whole hours in UTC', () => {
    const url = new URL(entsoE.historyRequest({ ...question, zone }).url);
    expect(Object.fromEntries(url.searchParams)).toEqual({
      securityToken: 'secret',
      documentType: 'A75',
      processType: 'A16',
      in_Domain: zone,
      periodStart: '202601141200',
      periodEnd: '202601151300',
    });
  });
});
