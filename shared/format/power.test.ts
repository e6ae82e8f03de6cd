import { describe, expect, it } from 'vitest';
import { formatPower, formatPowerWithBounds } from './power.ts';

const locale = 'en';

describe('formatPower', () => {
  it('is whole watts below 10 kW and three digits of kilowatts from there on', () => {
    expect(formatPower(4542.4, { locale })).toEqual({ value: '4,542', unit: 'W', band: null });
    expect(formatPower(10_040, { locale })).toEqual({ value: '10.0', unit: 'kW', band: null });
  });

  it('keeps one decimal under 100 W in device tables', () => {
    expect(formatPower(68.04, { locale, style: 'device' }).value).toBe('68.0');
    expect(formatPower(168.04, { locale, style: 'device' }).value).toBe('168');
  });

  it('goes to kilowatts early where room is tight', () => {
    expect(formatPower(4542, { locale, style: 'tight' })).toEqual({ value: '4.54', unit: 'kW', band: null });
    expect(formatPower(999.6, { locale, style: 'tight' })).toEqual({ value: '1.00', unit: 'kW', band: null });
    expect(formatPower(667, { locale, style: 'tight' })).toEqual({ value: '667', unit: 'W', band: null });
  });

  it('shows a dash, not a zero, where nothing is known', () => {
    expect(formatPower(null, { locale })).toEqual({ value: '–', unit: null, band: null });
    expect(formatPower(0, { locale }).value).toBe('0');
  });
});

describe('formatPowerWithBounds', () => {
  it('follows the band', () => {
    // ±43 rounds up to ±50: the value ends at the tens.
    expect(formatPowerWithBounds({ powerWatts: 4542, lowWatts: 4499, highWatts: 4585 }, { locale })).toEqual({
      value: '4,540',
      unit: 'W',
      band: '±50',
    });
  });
});
