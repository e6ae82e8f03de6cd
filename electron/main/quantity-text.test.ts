import { describe, expect, it } from 'vitest';
import { durationText, emissionsText, energyText, moneyText, powerText, tightPowerText } from './quantity-text.ts';

/** Narrow spaces read as plain ones. */
const plain = (text: string | null): string | null => text?.replaceAll('\u202f', ' ') ?? null;
const kwh = (value: number): number => value * 3_600_000;

describe('power', () => {
  it('has three digits in kW where space is tight, whole watts in sentences', () => {
    expect(plain(tightPowerText(4542, 'en'))).toBe('4.54 kW');
    expect(plain(powerText(4542, 'en'))).toBe('4,542 W');
    expect(plain(powerText(4542, 'de'))).toBe('4.542 W');
  });

  it('changes to kW where it would read 1,000 W', () => {
    expect(plain(tightPowerText(999.4, 'en'))).toBe('999 W');
    expect(plain(tightPowerText(999.6, 'en'))).toBe('1.00 kW');
    expect(plain(tightPowerText(9996, 'en'))).toBe('10.0 kW');
    expect(plain(powerText(12_400, 'en'))).toBe('12.4 kW');
  });

  it('is a dash when it is not known', () => {
    expect(tightPowerText(null, 'en')).toBe('–');
    expect(powerText(null, 'en')).toBe('–');
  });
});

describe('energy', () => {
  const energy = { totalJoules: kwh(31.7), lowJoules: kwh(31.1), highJoules: kwh(32.3), coverage: 1 };

  it('ends where its band ends and names both bounds', () => {
    expect(plain(energyText(energy, 'en'))).toBe('31.7 kWh (31.1 – 32.3)');
    expect(plain(energyText(energy, 'en', false))).toBe('31.7 kWh');
  });

  it('rounds its bounds outward', () => {
    // A band of 0.62 ends at tenths: 31.08 goes down to 31.0, 32.31 up to 32.4.
    expect(plain(energyText({ ...energy, lowJoules: kwh(31.08), highJoules: kwh(32.31) }, 'en'))).toBe(
      '31.7 kWh (31.0 – 32.4)',
    );
  });

  it('is a lower bound when part of it was not seen', () => {
    expect(plain(energyText({ ...energy, coverage: 0.98 }, 'en', false))).toBe('≥ 31.7 kWh');
  });

  it('is in Wh below 0.1 kWh and in J below 0.1 Wh', () => {
    const bare = { lowJoules: null, highJoules: null, coverage: 1 };
    expect(plain(energyText({ ...bare, totalJoules: kwh(0.0123) }, 'en'))).toBe('12.3 Wh');
    expect(plain(energyText({ ...bare, totalJoules: 42 }, 'en'))).toBe('42.0 J');
    expect(plain(energyText({ ...bare, totalJoules: 0 }, 'en'))).toBe('0 J');
    expect(energyText({ ...bare, totalJoules: null }, 'en')).toBe('–');
  });
});

describe('emissions, money and time', () => {
  it('reads as people write it', () => {
    const unbounded = { lowGramsCO2e: null, highGramsCO2e: null };
    expect(plain(emissionsText({ gramsCO2e: 13_480, ...unbounded }, 'en'))).toBe('13.5 kg CO₂e');
    expect(plain(emissionsText({ gramsCO2e: 140, ...unbounded }, 'en'))).toBe('140 g CO₂e');
    expect(plain(emissionsText({ gramsCO2e: 143, lowGramsCO2e: 100, highGramsCO2e: 190 }, 'en'))).toBe('140 g CO₂e');
    expect(emissionsText({ gramsCO2e: null, ...unbounded }, 'en')).toBeNull();
    expect(moneyText({ amount: 8.889, currency: 'EUR' }, 'en')).toBe('€8.89');
    expect(moneyText({ amount: 1473.2, currency: 'EUR' }, 'en')).toBe('€1,473');
    expect(plain(moneyText({ amount: 0.001, currency: 'EUR' }, 'en'))).toBe('< €0.01');
    expect(moneyText(null, 'en')).toBeNull();
    expect([4.2, 75, 3120, 13_260, 187_200].map((seconds) => plain(durationText(seconds, 'en')))).toEqual([
      '4.2 s',
      '75 s',
      '52 min',
      '3 h 41 min',
      '2 d 4 h',
    ]);
  });
});
