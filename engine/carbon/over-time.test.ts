import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { IntensityPoint } from '../../shared/model/carbon.ts';
import type { CarbonFactor } from '../../shared/model/run.ts';
import type { Tariff } from '../../shared/model/tariff.ts';
import { costOverTime, emissionsOverTime } from './over-time.ts';

const hour = 3_600_000;
const t0 = Date.UTC(2026, 0, 15, 12);
const factor: CarbonFactor = {
  intensityGramsCO2ePerKwh: 400,
  intensitySource: 'table',
  intensityYear: 2023,
  region: 'DEU',
  regionName: 'Germany',
  pue: 1.5,
};
const point = (fromHour: number, grams: number, change: Partial<IntensityPoint> = {}): IntensityPoint => ({
  fromMs: t0 + fromHour * hour,
  toMs: t0 + (fromHour + 1) * hour,
  gramsCO2ePerKwh: grams,
  kind: 'average',
  isEstimated: false,
  source: 'grid',
  ...change,
});
const slice = (fromHour: number, toHour: number, kwh: number) => ({
  fromMs: t0 + fromHour * hour,
  toMs: t0 + toHour * hour,
  joules: kwh * 3.6e6,
});

describe('emissions under an intensity that changes', () => {
  it('are each hour’s kWh times its intensity times PUE', () => {
    // (1 kWh × 100 + 2 kWh × 300 + 0.5 kWh × 200) × 1.5 = (100 + 600 + 100) × 1.5 = 1200 g.
    const { gramsCO2e, byIntensity } = emissionsOverTime({
      slices: [slice(0, 1, 1), slice(1, 2, 2), slice(2, 3, 0.5)],
      totalJoules: 3.5 * 3.6e6,
      points: [point(0, 100), point(1, 300), point(2, 200)],
      factor,
    });
    expect(gramsCO2e).toBeCloseTo(1200, 9);
    expect(byIntensity).toHaveLength(1);
    // 800 g over 3.5 kWh, without PUE.
    expect(byIntensity[0]?.intensityGramsCO2ePerKwh).toBeCloseTo(800 / 3.5, 9);
    expect(byIntensity[0]).toMatchObject({ energyRatio: 1, isFallback: false, source: 'grid' });
  });

  it('cut a slice where an hour ends, its energy spread evenly', () => {
    // From 0:45 to 1:15, 1 kWh: half at 100, half at 300: 200 × 1.5 = 300 g.
    const { gramsCO2e } = emissionsOverTime({
      slices: [slice(0.75, 1.25, 1)],
      totalJoules: 3.6e6,
      points: [point(0, 100), point(1, 300)],
      factor,
    });
    expect(gramsCO2e).toBeCloseTo(300, 9);
  });

  it('stand on the flat factor where there is no reading, and say for how much', () => {
    // 1 kWh at 100, 3 kWh without a reading at 400: (100 + 1200) × 1.5 = 1950 g.
    const { gramsCO2e, byIntensity } = emissionsOverTime({
      slices: [slice(0, 1, 1), slice(1, 4, 3)],
      totalJoules: 4 * 3.6e6,
      points: [point(0, 100)],
      factor,
    });
    expect(gramsCO2e).toBeCloseTo(1950, 9);
    expect(byIntensity.map(({ source, isFallback, energyRatio }) => [source, isFallback, energyRatio])).toEqual([
      ['table', true, 0.75],
      ['grid', false, 0.25],
    ]);
  });

  it('count energy whose time is not known by the flat factor', () => {
    // 1 kWh at 100 and 1 kWh of an unknown time at 400: 500 × 1.5.
    const input = { slices: [slice(0, 1, 1)], totalJoules: 2 * 3.6e6, points: [point(0, 100)], factor };
    expect(emissionsOverTime(input).gramsCO2e).toBeCloseTo(750, 9);
  });

  it('keep estimated and marginal readings apart', () => {
    const { byIntensity } = emissionsOverTime({
      slices: [slice(0, 3, 3)],
      totalJoules: 3 * 3.6e6,
      points: [point(0, 100), point(1, 100, { isEstimated: true }), point(2, 100, { kind: 'marginal' })],
      factor,
    });
    expect(byIntensity.map(({ isEstimated, kind }) => `${kind} ${isEstimated}`).sort()).toEqual([
      'average false',
      'average true',
      'marginal false',
    ]);
  });

  it('are the flat factor’s under any slicing while every reading says the same', () => {
    const kwh = fc.array(fc.double({ min: 0.001, max: 100, noNaN: true }), { minLength: 1, maxLength: 24 });
    fc.assert(
      fc.property(kwh, fc.integer({ min: 0, max: 23 }), (amounts, missing) => {
        const totalJoules = amounts.reduce((sum, amount) => sum + amount * 3.6e6, 0);
        const points = amounts.flatMap((_, i) => (i === missing ? [] : [point(i, 400)]));
        const slices = amounts.map((amount, i) => slice(i + 0.1, i + 1.1, amount));
        const { gramsCO2e, byIntensity } = emissionsOverTime({ slices, totalJoules, points, factor });
        expect(gramsCO2e / ((totalJoules / 3.6e6) * 600)).toBeCloseTo(1, 9);
        expect(byIntensity.reduce((sum, share) => sum + share.joules, 0) / totalJoules).toBeCloseTo(1, 9);
      }),
    );
  });
});

describe('cost under a tariff', () => {
  const price = { pricePerKwh: 0.3, currency: 'EUR' };
  const night: Tariff = {
    timeZone: 'UTC',
    bands: [{ label: 'night', days: [1, 2, 3, 4, 5, 6, 7], fromMinute: 13 * 60, toMinute: 14 * 60, pricePerKwh: 0.1 }],
    periods: [],
  };

  it('is each hour’s kWh times its price; PUE is left out', () => {
    // 1 kWh × 0.3 + 2 kWh × 0.1 = 0.5.
    const { amount, byPrice } = costOverTime({
      slices: [slice(0, 1, 1), slice(1, 2, 2)],
      totalJoules: 3 * 3.6e6,
      price,
      tariff: night,
    });
    expect(amount).toBeCloseTo(0.5, 12);
    expect(byPrice.map(({ label, amount: part }) => [label, Number(part.toFixed(9))])).toEqual([
      ['night', 0.2],
      ['', 0.3],
    ]);
  });

  it('cuts a slice at the minute where a price changes', () => {
    // 12:30 to 13:30, 2 kWh: half at 0.3, half at 0.1 = 0.4.
    const { amount } = costOverTime({ slices: [slice(0.5, 1.5, 2)], totalJoules: 2 * 3.6e6, price, tariff: night });
    expect(amount).toBeCloseTo(0.4, 12);
  });

  it('counts energy of an unknown time by the flat price', () => {
    const { amount } = costOverTime({ slices: [], totalJoules: 3.6e6, price, tariff: night });
    expect(amount).toBeCloseTo(0.3, 12);
  });
});
