import { describe, expect, it } from 'vitest';
import type { IntensityPoint } from '../../shared/model/carbon.ts';
import { cleanerHours } from './cleaner-hours.ts';

const hour = 3_600_000;
const t0 = Date.UTC(2026, 0, 15, 12);
const forecast = (...grams: readonly number[]): readonly IntensityPoint[] =>
  grams.map((gramsCO2ePerKwh, i) => ({
    gramsCO2ePerKwh,
    fromMs: t0 + i * hour,
    toMs: t0 + (i + 1) * hour,
    kind: 'average',
    isEstimated: true,
    source: 'forecast',
  }));

describe('cleaner hours', () => {
  it('are the window with the lowest mean, and what it saves against now', () => {
    // Now: (300 + 280) / 2 = 290. Best two hours: 100 and 120 from 3 h on, 110: saves 1 − 110/290.
    const found = cleanerHours(forecast(300, 280, 200, 100, 120, 300), { nowMs: t0, hours: 2 });
    expect(found).toMatchObject({ fromMs: t0 + 3 * hour, toMs: t0 + 5 * hour, intensityGramsCO2ePerKwh: 110 });
    expect(found?.nowIntensityGramsCO2ePerKwh).toBe(290);
    expect(found?.savingRatio).toBeCloseTo(1 - 110 / 290, 12);
  });

  it('weigh the hour that goes on by what is left of it', () => {
    // At 12:30: half an hour at 300 and half at 100: 200.
    const found = cleanerHours(forecast(300, 100, 400), { nowMs: t0 + hour / 2, hours: 1 });
    expect(found?.nowIntensityGramsCO2ePerKwh).toBe(200);
    expect(found?.fromMs).toBe(t0 + hour);
  });

  it('are now where nothing cleaner comes, the earlier of two alike', () => {
    expect(cleanerHours(forecast(100, 100, 200), { nowMs: t0, hours: 1 })).toMatchObject({
      fromMs: t0,
      savingRatio: 0,
    });
  });

  it('do not reach beyond the forecast, nor over a hole in it', () => {
    expect(cleanerHours(forecast(100), { nowMs: t0, hours: 2 })).toBeNull();
    expect(cleanerHours([], { nowMs: t0, hours: 1 })).toBeNull();
    const holed = forecast(300, 300, 10, 10).filter((_, i) => i !== 2);
    expect(cleanerHours(holed, { nowMs: t0, hours: 2 })?.fromMs).toBe(t0);
  });

  it('end within the hours asked for', () => {
    expect(cleanerHours(forecast(300, 200, 10), { nowMs: t0, hours: 1, withinHours: 2 })?.fromMs).toBe(t0 + hour);
  });
});
