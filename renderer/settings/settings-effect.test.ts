import { describe, expect, it } from 'vitest';
import { defaultSettings } from '../../shared/model/settings.ts';
import { hasEffect, intensityOf } from './settings-effect.ts';

const figure = (year: number, intensityGramsCO2ePerKwh: number) => ({
  year,
  intensityGramsCO2ePerKwh,
  source: 'Ember',
  sourceUrl: null,
  licence: 'CC BY 4.0',
  method: 'lifecycle' as const,
  note: null,
});
const regions = [{ code: 'DEU', intensityGramsCO2ePerKwh: 381, figures: [figure(2023, 381), figure(2010, 480)] }];
const german = { ...defaultSettings, region: 'DEU', pue: 1.12, pricePerKwh: 0.28 };

describe('intensityOf', () => {
  it('is the newest figure of the region, or that of the year chosen', () => {
    expect(intensityOf(german, regions)).toBe(381);
    expect(intensityOf({ ...german, regionYear: 2010 }, regions)).toBe(480);
  });

  it('is the user’s own number where there is one', () => {
    expect(intensityOf({ ...german, customIntensityGramsCO2ePerKwh: 50 }, regions)).toBe(50);
  });

  it('is not known for a region or year that is not in the table', () => {
    expect(intensityOf({ ...german, region: 'XXX' }, regions)).toBeNull();
    expect(intensityOf({ ...german, regionYear: 1999 }, regions)).toBeNull();
  });
});

describe('hasEffect', () => {
  it('sees what emissions or cost stand on, and nothing else', () => {
    expect(hasEffect(german, { ...german, pue: 1.2 })).toBe(true);
    expect(hasEffect(german, { ...german, gridProvider: 'gb-carbon-intensity' })).toBe(true);
    const band = { label: 'night', days: [1], fromMinute: 0, toMinute: 60, pricePerKwh: 0.1 };
    expect(hasEffect(german, { ...german, tariffBands: [band] })).toBe(true);
    expect(hasEffect(german, { ...german, theme: 'dark', tariffBands: [] })).toBe(false);
  });
});
