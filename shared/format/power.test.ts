import { describe, expect, it } from 'vitest';
import { decimalTails } from './number-text.ts';
import { formatPower, formatPowerWithBounds, formatWattsColumn } from './power.ts';

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

  it('says of what was not all seen that it is at least so much', () => {
    expect(formatPower(4542, { locale, style: 'tight', isLowerBound: true }).value).toBe('≥\u202f4.54');
    expect(formatPower(0.04, { locale, isLowerBound: true }).value).toBe('≥\u202f0.04');
    expect(formatWattsColumn(312.4, { locale, isLowerBound: true })).toBe('≥\u202f312');
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

describe('a small power', () => {
  const text = (watts: number, style: 'whole' | 'device' | 'tight', spoken = locale) =>
    formatPower(watts, { locale: spoken, style }).value;

  it('has a decimal below 10 W, whatever the place, and is never 0', () => {
    for (const style of ['whole', 'device', 'tight'] as const) {
      expect(text(0.3, style)).toBe('0.3');
      expect(text(2.34, style)).toBe('2.3');
      expect(text(0.04, style)).toBe('<\u202f0.1');
      expect(text(-0.04, style)).toBe('>\u202f−0.1');
    }
    expect(text(0.3, 'whole', 'zh-CN')).toBe('0.3');
    expect(text(0.3, 'whole', 'de')).toBe('0,3');
    // 9.96 rounds to 10, which has none.
    expect([text(9.94, 'whole'), text(9.96, 'whole'), text(12.4, 'tight')]).toEqual(['9.9', '10', '12']);
  });

  it('is whole where it is, and nothing where a subtraction left it', () => {
    expect(text(5, 'whole')).toBe('5');
    expect(text(1e-12, 'whole')).toBe('0');
    expect(text(-1e-12, 'tight')).toBe('0');
    expect(text(1e-12, 'device')).toBe('0.0');
  });

  it('keeps the places of its column', () => {
    const column = (watts: number) => formatWattsColumn(watts, { locale });
    expect([0, 1e-12, 0.3, 0.6, 2.3, 4542].map(column)).toEqual(['0', '0', '<\u202f1', '1', '2', '4,542']);
    // Beside 68.0 the text of 0.04 has no decimal more, so that nothing moves.
    const texts = [0.04, 0.3, 68].map((watts) => text(watts, 'device'));
    expect(decimalTails(texts, locale)).toEqual(['', '', '']);
  });
});
