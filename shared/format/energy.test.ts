import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  energyDecimals,
  energyInUnit,
  energyUnitFor,
  energyUnitForColumn,
  formatEnergy,
  formatEnergyRange,
  formatEnergyWithBounds,
  formatJoules,
  joulesFromUnit,
} from './energy.ts';

const locale = 'en';
const kwh = (value: number): number => value * 3_600_000;

describe('formatEnergyWithBounds', () => {
  it('ends the value where its band ends', () => {
    const energy = { joules: kwh(31.7), lowJoules: kwh(31.13), highJoules: kwh(32.26) };
    expect(formatEnergyWithBounds(energy, { locale })).toEqual({ value: '31.7', unit: 'kWh', band: '±0.6' });
  });

  it('keeps two digits of a band that begins with 1', () => {
    // 10.83 ± 0.162 kWh: the band rounds up to 0.17.
    const energy = { joules: kwh(10.832), lowJoules: kwh(10.67), highJoules: kwh(10.994) };
    expect(formatEnergyWithBounds(energy, { locale })).toEqual({ value: '10.83', unit: 'kWh', band: '±0.17' });
  });

  it('says at least where a part was not seen', () => {
    const energy = { joules: kwh(3.97), lowJoules: kwh(3.9), highJoules: kwh(4.04) };
    expect(formatEnergyWithBounds(energy, { locale, isLowerBound: true }).value).toBe('≥\u202f3.97');
  });

  it('keeps the unit of its column', () => {
    // 20 Wh is 0.020 kWh; its band of 9 Wh is ±0.009.
    const energy = { joules: kwh(0.02), lowJoules: kwh(0.011), highJoules: kwh(0.029) };
    expect(formatEnergyWithBounds(energy, { locale, unit: 'kWh' })).toEqual({
      value: '0.020',
      unit: 'kWh',
      band: '±0.009',
    });
  });

  it('shows a dash where nothing was measured', () => {
    const nothing = { joules: null, lowJoules: null, highJoules: null };
    expect(formatEnergyWithBounds(nothing, { locale })).toEqual({ value: '–', unit: null, band: null });
  });
});

describe('formatEnergy', () => {
  it('shows three digits where no band is known', () => {
    expect(formatEnergy(kwh(31.7449), { locale }).value).toBe('31.7');
    expect(formatEnergy(kwh(1472), { locale }).value).toBe('1,470');
    expect(formatEnergy(0, { locale })).toEqual({ value: '0', unit: 'J', band: null });
  });
});

describe('energyUnitFor', () => {
  it('changes at 0.1 Wh, 0.1 kWh and 10,000 kWh', () => {
    // 0.1 Wh = 360 J.
    expect([359, 360, kwh(0.0999), kwh(0.1), kwh(9999), kwh(10_000)].map(energyUnitFor)).toEqual([
      'J',
      'Wh',
      'Wh',
      'kWh',
      'kWh',
      'MWh',
    ]);
  });

  it('takes the largest entry for a column', () => {
    expect(energyUnitForColumn([kwh(0.001), null, kwh(3)])).toBe('kWh');
    expect(energyUnitForColumn([null])).toBe('kWh');
  });
});

describe('joulesFromUnit', () => {
  it('undoes energyInUnit', () => {
    for (const unit of ['J', 'Wh', 'kWh', 'MWh'] as const)
      expect(joulesFromUnit(energyInUnit(5_400_000, unit), unit)).toBeCloseTo(5_400_000, 3);
  });
});

describe('formatJoules', () => {
  it('steps by a thousand', () => {
    // 31.7 kWh = 114.12 MJ.
    expect(formatJoules(kwh(31.7), { locale })).toEqual({ value: '114', unit: 'MJ', band: null });
    expect(formatJoules(999, { locale }).unit).toBe('J');
  });
});

describe('formatEnergyRange', () => {
  it('ends where the value ends, rounded outward', () => {
    // 31.13 falls to 31.1, 32.26 rises to 32.3.
    const energy = { joules: kwh(31.7), lowJoules: kwh(31.13), highJoules: kwh(32.26) };
    expect(formatEnergyRange(energy, { locale })).toBe('31.1\u00a0–\u00a032.3');
  });

  it('is nothing where a bound is unknown', () => {
    expect(formatEnergyRange({ joules: 1, lowJoules: null, highJoules: 2 }, { locale })).toBeNull();
  });
});

describe('energyDecimals', () => {
  it('tells the decimals of the text, which it does not write', () => {
    // 0.310 ±0.007 has three, 31.7 ±0.6 one, what is not known none.
    const energy = { joules: kwh(0.31), lowJoules: kwh(0.3039), highJoules: kwh(0.3161) };
    expect(energyDecimals(energy, 'kWh')).toBe(3);
    expect(energyDecimals({ joules: kwh(31.7), lowJoules: kwh(31.13), highJoules: kwh(32.26) }, 'kWh')).toBe(1);
    expect(energyDecimals({ joules: null, lowJoules: null, highJoules: null }, 'kWh')).toBe(0);
    const size = fc.double({ min: 1, max: 1e12, noNaN: true });
    const share = fc.double({ min: 0, max: 0.5, noNaN: true });
    fc.assert(
      fc.property(size, share, share, (joules, below, above) => {
        const bounded = { joules, lowJoules: joules * (1 - below), highJoules: joules * (1 + above) };
        const text = formatEnergyWithBounds(bounded, { locale: 'en', unit: 'kWh' }).value;
        expect(energyDecimals(bounded, 'kWh')).toBe(text.split('.')[1]?.length ?? 0);
      }),
    );
  });
});
