import { describe, expect, it } from 'vitest';
import { emissionsUnitFor, formatEmissionsWithBounds } from './emissions.ts';

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
