import { describe, expect, it } from 'vitest';
import { defaultSettings } from '../../shared/model/settings.ts';
import { effectOf, hasEffect } from './settings-effect.ts';

const regions = [{ code: 'DEU', name: 'Germany', intensityGramsCO2ePerKwh: 381, year: 2023, source: 'Ember' }];
const german = { ...defaultSettings, region: 'DEU', pue: 1.12, pricePerKwh: 0.28 };

describe('effectOf', () => {
  it('multiplies energy by intensity and PUE, and by the price', () => {
    // 10 kWh = 36 MJ. 10 × 381 × 1.12 = 4,267.2 g; 10 × 0.28 = 2.8.
    const effect = effectOf(36_000_000, german, regions);
    expect(effect.gramsCO2e).toBeCloseTo(4267.2, 6);
    expect(effect.costAmount).toBeCloseTo(2.8, 9);
  });

  it("takes the user's own intensity before the region's", () => {
    // 1 kWh × 50 × 1.12 = 56 g.
    const effect = effectOf(3_600_000, { ...german, customIntensityGramsCO2ePerKwh: 50 }, regions);
    expect(effect.gramsCO2e).toBeCloseTo(56, 9);
  });

  it('knows nothing without energy, price or a known region', () => {
    expect(effectOf(null, german, regions)).toMatchObject({ gramsCO2e: null, costAmount: null });
    expect(effectOf(1, { ...german, pricePerKwh: null }, regions).costAmount).toBeNull();
    expect(effectOf(1, { ...german, region: 'XXX' }, regions).gramsCO2e).toBeNull();
  });
});

describe('hasEffect', () => {
  it('does not count the theme', () => {
    expect(hasEffect(german, { ...german, theme: 'dark' })).toBe(false);
    expect(hasEffect(german, { ...german, pue: 1.2 })).toBe(true);
  });
});
