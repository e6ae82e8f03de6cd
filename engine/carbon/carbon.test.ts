import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { WattrunError } from '../../shared/contract/errors.ts';
import { defaultSettings } from '../../shared/model/settings.ts';
import { costFromJoules, emissionsFromJoules, factorFromSettings, presentFactor, priceFromSettings } from './carbon.ts';
import { listRegions } from './regions.ts';

const factor = { ...factorFromSettings(defaultSettings), intensityGramsCO2ePerKwh: 400, pue: 1.5 };

describe('emissions and cost', () => {
  it('are kWh times intensity times PUE, and kWh times price', () => {
    // 9 MJ = 2.5 kWh. 2.5 × 400 g = 1000 g, times PUE 1.5 = 1500 g. 2.5 × 0.30 = 0.75, PUE left out.
    expect(emissionsFromJoules(9_000_000, factor)).toBeCloseTo(1500, 9);
    expect(costFromJoules(9_000_000, { pricePerKwh: 0.3, currency: 'EUR' })).toBeCloseTo(0.75, 12);
  });

  it('add up: of a sum what the parts give', () => {
    const joules = fc.double({ min: 0, max: 1e12, noNaN: true });
    fc.assert(
      fc.property(joules, joules, (a, b) => {
        const whole = emissionsFromJoules(a + b, factor);
        expect(emissionsFromJoules(a, factor) + emissionsFromJoules(b, factor)).toBeCloseTo(whole, 3);
      }),
    );
  });
});

describe('the factor of the settings', () => {
  it('is the world average until a region is chosen', () => {
    expect(factorFromSettings(defaultSettings)).toMatchObject({
      region: 'WORLD',
      intensityGramsCO2ePerKwh: 475,
      pue: 1,
    });
  });

  it('is the chosen country’s, with its source and year', () => {
    const germany = factorFromSettings({ ...defaultSettings, region: 'DEU', pue: 1.2 });
    const row = listRegions().find((region) => region.code === 'DEU');
    expect(germany).toEqual({
      intensityGramsCO2ePerKwh: row?.intensityGramsCO2ePerKwh,
      intensitySource: row?.source,
      intensityYear: row?.year,
      region: 'DEU',
      regionName: 'Germany',
      pue: 1.2,
    });
    expect(germany.intensityYear).toBeGreaterThan(2020);
  });

  it('is the user’s own number where there is one, 0 too, and says so', () => {
    expect(factorFromSettings({ ...defaultSettings, region: 'FRA', customIntensityGramsCO2ePerKwh: 0 })).toMatchObject({
      intensityGramsCO2ePerKwh: 0,
      intensitySource: 'entered by the user',
      intensityYear: null,
      region: 'FRA',
    });
  });

  it('is refused for a region that is not in the table', () => {
    expect(() => factorFromSettings({ ...defaultSettings, region: 'XXX' })).toThrow(WattrunError);
    expect(() => factorFromSettings({ ...defaultSettings, region: 'XXX' })).toThrow(/no region XXX/);
  });

  it('is that of the year chosen, and refused for a year that the table has not', () => {
    const settings = { ...defaultSettings, region: 'DEU', regionYear: 2010 };
    expect(factorFromSettings(settings)).toMatchObject({ intensityYear: 2010, region: 'DEU' });
    expect(() => factorFromSettings({ ...settings, regionYear: 1999 })).toThrow(/no figure of 1999/);
  });

  it('gives way to the newest, or the world, where a table that came later has a year or place no more', () => {
    const settings = { ...defaultSettings, region: 'DEU', regionYear: 1999 };
    expect(presentFactor(settings)).toEqual(factorFromSettings({ ...settings, regionYear: null }));
    expect(presentFactor({ ...settings, region: 'XXX' }).region).toBe('WORLD');
  });

  it('has no price until one is set; 0 is a price', () => {
    expect(priceFromSettings(defaultSettings)).toBeNull();
    expect(priceFromSettings({ ...defaultSettings, pricePerKwh: 0 })).toEqual({ pricePerKwh: 0, currency: 'EUR' });
  });
});

describe('the table of regions', () => {
  it('has the world first, each code once, and no 0 that stands for unknown', () => {
    const regions = listRegions();
    expect(regions[0]?.code).toBe('WORLD');
    expect(regions.length).toBeGreaterThan(150);
    expect(new Set(regions.map((region) => region.code)).size).toBe(regions.length);
    for (const region of regions) {
      expect(region.intensityGramsCO2ePerKwh, region.code).toBeGreaterThan(0);
      // Coal is about 1000 g; the dirtiest grid of the table, old gas plants, has 1306 g.
      expect(region.intensityGramsCO2ePerKwh, region.code).toBeLessThan(1500);
      expect(region.source, region.code).not.toBe('');
    }
  });
});
