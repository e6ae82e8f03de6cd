import { describe, expect, it } from 'vitest';
import { emissionsLike, emissionsOfEnergy, emissionsUnitFor, formatEmissionsWithBounds } from './emissions.ts';

describe('formatEmissionsWithBounds', () => {
  it('shows no more digits than the energy has', () => {
    // 31.7 ±0.57 kWh at 381 g/kWh and PUE 1.12: 13,527 g, ±243 g → 13.5 ±0.3 kg.
    const emissions = { gramsCO2e: 13_527, lowGramsCO2e: 13_284, highGramsCO2e: 13_770 };
    expect(formatEmissionsWithBounds(emissions, { locale: 'en' })).toEqual({
      value: '13.5',
      unit: 'kg CO₂e',
      band: '±0.3',
    });
  });

  it('is grams under 1 kg and tonnes from 1,000 kg on', () => {
    expect([999, 1000, 999_999, 1_000_000].map(emissionsUnitFor)).toEqual(['g CO₂e', 'kg CO₂e', 'kg CO₂e', 't CO₂e']);
  });
});

it('emissions of an energy, and parts of them, have the digits that the energy has', () => {
  // 6.14 J of 2 to 20 J end at whole joules: 6 J. At 475 g/kWh that is 0.00081 g of 0.00026 to 0.0026.
  const energy = { joules: 6.14, lowJoules: 2, highJoules: 20 };
  const emissions = emissionsOfEnergy(0.00081, energy);
  expect(formatEmissionsWithBounds(emissions, { locale: 'en' }).value).toBe('0.0008');
  expect(formatEmissionsWithBounds(emissionsLike(0.000405, emissions), { locale: 'en' }).value).toBe('0.0004');
  expect(emissionsOfEnergy(1, { joules: 5, lowJoules: null, highJoules: null })).toEqual({
    gramsCO2e: 1,
    lowGramsCO2e: null,
    highGramsCO2e: null,
  });
});
