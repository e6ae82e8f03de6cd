import { describe, expect, it } from 'vitest';
import { joulesFromKwh } from '../../shared/units.ts';
import { runSummary } from './run-fixtures.ts';
import { longestEnergy, roundUp, rowText, scaleOf } from './run-row-text.ts';

const big = runSummary();
const small = runSummary({
  totalJoules: joulesFromKwh(0.31),
  lowJoules: joulesFromKwh(0.3039),
  highJoules: joulesFromKwh(0.3161),
});

describe('rowText', () => {
  it('keeps one unit and lines up the decimal points', () => {
    // 31.7 ±0.6 and 0.310 ±0.007: two hidden digits after 31.7.
    const scale = scaleOf([big, small]);
    const texts = [big, small].map((run) => rowText(run, scale, 'en'));
    expect(texts.map(({ energy, energyTail, energyBand }) => [energy, energyTail, energyBand])).toEqual([
      ['31.7', '00', '±0.6'],
      ['0.310', '', '±0.007'],
    ]);
  });
});

describe('scaleOf', () => {
  it('knows the decimals of a column without writing its texts', () => {
    // 0.310 ±0.007 kWh has three; 13.527 ±0.243 kg is written 13.5 ±0.3.
    expect(scaleOf([big, small])).toMatchObject({ energyDecimals: 3, emissionsDecimals: 1 });
  });

  it('knows the room that the longest number of a column takes', () => {
    // '31.700', with the tail that lines it up, beside '0.310'.
    expect(longestEnergy(scaleOf([big, small]), 'en')).toBe(6);
    // 407 J, ±47 J: 0.000113 ±0.000013 kWh, in kWh because of the big one: '31.700000'.
    const tiny = runSummary({ totalJoules: 407, lowJoules: 360, highJoules: 454 });
    expect(rowText(tiny, scaleOf([big, tiny]), 'en').energy).toBe('0.000113');
    expect(longestEnergy(scaleOf([big, tiny]), 'en')).toBe(9);
  });

  it('ends the axis at a round number above the highest bound', () => {
    // 32.26 kWh → 40 kWh.
    expect(scaleOf([big, small]).axisJoules).toBeCloseTo(joulesFromKwh(40), 0);
    expect(scaleOf([big, small])).toMatchObject({ energyUnit: 'kWh', emissionsUnit: 'kg CO₂e', currency: 'EUR' });
  });

  it('has no one currency where runs were paid in two', () => {
    const dollars = runSummary({ cost: { pricePerKwh: 0.1, currency: 'USD', amount: 1 } });
    expect(scaleOf([big, dollars]).currency).toBeNull();
  });
});

describe('roundUp', () => {
  it('takes the next readable number', () => {
    expect([0, 0.31, 1, 11, 32.26, 77.2, 81, 950].map(roundUp)).toEqual([1, 0.4, 1, 15, 40, 80, 100, 1000]);
  });
});
