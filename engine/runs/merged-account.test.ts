import { describe, expect, it } from 'vitest';
import { noAccounts } from '../../shared/model/carbon.ts';
import { joulesFromKwh } from '../../shared/units.ts';
import { exampleRun, exampleTotals } from '../../tests/examples.ts';
import { costOf, emissionsDetail, emissionsOf } from '../carbon/run-emissions.ts';
import type { RunRecord } from '../store/records.ts';
import { type AccountedPart, mergeAccounts } from './merged-account.ts';

const { factor } = exampleRun();
const partOf = (kwh: number, change: Partial<RunRecord> = {}): AccountedPart => ({
  record: exampleRun({ status: 'finished', ...change }),
  totals: exampleTotals({
    totalJoules: joulesFromKwh(kwh),
    lowJoules: joulesFromKwh(kwh * 0.9),
    highJoules: joulesFromKwh(kwh * 1.1),
  }),
  accounting: null,
});
const usd = (pricePerKwh: number) => ({ pricePerKwh, currency: 'USD' });

describe('what a merged run is judged by', () => {
  it('gives the sums of the grams, bounds and money that its parts had', () => {
    const a = partOf(1, { factor: { ...factor, pue: 2 }, price: usd(0.5) });
    const french = { ...factor, intensityGramsCO2ePerKwh: 50, region: 'FRA', regionName: 'France', pue: 1 };
    const b = partOf(3, { factor: french, price: usd(0.1) });
    const { record, totals } = partOf(4, mergeAccounts([a, b], joulesFromKwh(4)));
    const { gramsCO2e, lowGramsCO2e, highGramsCO2e, ...told } = emissionsOf(record, totals, null);
    // 1 kWh × 400 × 2 + 3 kWh × 50 × 1 = 950 g; 1 × 0.5 + 3 × 0.1 = 0.8 USD. PUE: (2 + 3) / 4 = 1.25; 950 / 4 / 1.25 = 190 g/kWh.
    expect(gramsCO2e).toBeCloseTo(950, 9);
    expect(lowGramsCO2e).toBeCloseTo(855, 9);
    expect(highGramsCO2e).toBeCloseTo(1045, 9);
    expect(told.pue).toBeCloseTo(1.25, 9);
    expect(told.intensityGramsCO2ePerKwh).toBeCloseTo(190, 9);
    expect(told).toMatchObject({ region: 'DEU+FRA', regionName: 'Germany, France', intensitySource: 'example table' });
    expect(costOf(record, totals, null)?.amount).toBeCloseTo(0.8, 9);
  });

  it('is what all were judged by, where that is the same', () => {
    const accounts = { ...noAccounts, series: 'electricity-maps:DE' };
    const into = partOf(1, { accounts, price: usd(0.5) });
    expect(mergeAccounts([into, partOf(2, { accounts, price: usd(0.5) })], 1)).toEqual({
      factor,
      accounts,
      price: usd(0.5),
    });
  });

  it('counts what was accounted over a part, and holds to no series any more', () => {
    const accounting = { computedAtMs: 0, joules: joulesFromKwh(1), gramsCO2e: 120, amount: 2, byPrice: [] };
    const byIntensity = [
      { source: 'grid', kind: 'average', isEstimated: false, isFallback: false, joules: 1, energyRatio: 1 } as const,
    ].map((share) => ({ ...share, gramsCO2e: 120, intensityGramsCO2ePerKwh: 80 }));
    const a: AccountedPart = {
      ...partOf(1, { accounts: { ...noAccounts, series: 'x:DE' }, price: usd(0.5) }),
      accounting: { ...accounting, byIntensity },
    };
    const { record, totals } = partOf(2, mergeAccounts([a, partOf(1, { price: usd(1) })], joulesFromKwh(2)));
    // 120 g as accounted and 1 kWh × 400 × 1.5; 2 USD as accounted and 1.
    expect(emissionsOf(record, totals, null).gramsCO2e).toBeCloseTo(720, 9);
    expect(costOf(record, totals, null)?.amount).toBeCloseTo(3, 9);
    expect(record.accounts.series).toBeNull();
    expect(record.factor.intensitySource).toBe('grid; example table');
  });

  it('gives the sums of grams by contract and of water', () => {
    const by = (grams: number, liters: number) => ({
      ...noAccounts,
      market: { intensityGramsCO2ePerKwh: grams, source: 'contract' },
      waterLitersPerKwh: liters,
    });
    const a = partOf(1, { accounts: by(100, 1), factor: { ...factor, pue: 2 } });
    const b = partOf(1, { accounts: by(10, 3), factor: { ...factor, pue: 1 } });
    const { record, totals } = partOf(2, mergeAccounts([a, b], joulesFromKwh(2)));
    const detail = emissionsDetail(record, totals, {
      accounting: null,
      progress: { epochs: null, steps: null, samples: null, tokens: null },
    });
    // 100 × 2 + 10 × 1 g; 1 + 3 litres.
    expect(detail.market?.gramsCO2e).toBeCloseTo(210, 9);
    expect(detail.water?.liters).toBeCloseTo(4, 9);
  });

  it('is that of those that drew anything', () => {
    const euro = { pricePerKwh: 1, currency: 'EUR' };
    expect(mergeAccounts([partOf(0, { price: usd(1) }), partOf(1, { price: euro })], 1).price).toEqual(euro);
  });

  it.each([
    ['a has a price and b has none', { price: usd(1) }, {}],
    ['priced in USD and b in EUR', { price: usd(1) }, { price: { pricePerKwh: 1, currency: 'EUR' } }],
    [
      'different embodied emissions',
      { accounts: { ...noAccounts, embodied: [{ name: 'GPU', kilogramsCO2e: 100, serviceLifeYears: 4 }] } },
      {},
    ],
    ['is still on', { price: usd(1), status: 'running' }, { price: usd(2) }],
  ] satisfies [string, Partial<RunRecord>, Partial<RunRecord>][])('has no sum: %s', (why, a, b) => {
    const [one, other] = [partOf(1, { name: 'a', ...a }), partOf(1, { name: 'b', ...b })];
    expect(() => mergeAccounts([one, other], 1)).toThrow(why);
  });
});
