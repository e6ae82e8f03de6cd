import { describe, expect, it } from 'vitest';
import { decimalTails, digitDecimals, fieldNumber, formatNumber, typedNumber } from './number-text.ts';

describe('formatNumber', () => {
  it('groups as the language does and uses a true minus', () => {
    expect(formatNumber(-4542.04, 1, 'en')).toBe('\u22124,542.0');
    expect(formatNumber(4542, 0, 'de')).toBe('4.542');
  });

  it('rounds to tens and hundreds for negative decimals', () => {
    expect(formatNumber(1472, -1, 'en')).toBe('1,470');
    expect(formatNumber(12_345, -2, 'en')).toBe('12,300');
  });

  it('has no minus before a zero', () => {
    expect(formatNumber(-0.04, 1, 'en')).toBe('0.0');
  });
});

describe('digitDecimals', () => {
  it('counts digits after rounding', () => {
    // 9.996 at three digits is 10.0, so one decimal, not two.
    expect([4.54, 45.4, 454, 4542, 9.996, 0.0312].map((value) => digitDecimals(value, 3))).toEqual([2, 1, 0, -1, 1, 4]);
  });
});

describe('decimalTails', () => {
  it('fills each text up to the longest tail of its column', () => {
    expect(decimalTails(['31.7', '0.310', '12', '–'], 'en')).toEqual(['00', '', '.000', '.000']);
  });

  it('uses the decimal sign of the language', () => {
    expect(decimalTails(['31,7', '0,31', '1.472'], 'de')).toEqual(['0', '', ',00']);
  });
});

describe('typedNumber', () => {
  const inEnglish = (texts: readonly string[]) => texts.map((text) => typedNumber(text, 'en-US'));

  it('takes groups of three for grouping, as every number of the app is shown', () => {
    expect(inEnglish(['4,400', '4,400.5', '1,000,000', '4400', ' 0.55 ', '.5', '5.'])).toEqual([
      4400, 4400.5, 1_000_000, 4400, 0.55, 0.5, 5,
    ]);
  });

  it('takes a comma for a dot where it cannot be grouping', () => {
    expect(inEnglish(['1,5', '0,125', '4400,5', '1,2345', '-0,5'])).toEqual([1.5, 0.125, 4400.5, 1.2345, -0.5]);
  });

  it('refuses what may be read in two ways, and what is no number', () => {
    const odd = ['4400,500', '1,00,000', '4,40,0', '1.000.000', '1,5.5', '4,400,5', '00,400', ',', '.', '', 'abc'];
    expect(inEnglish([...odd, '1e3', '0x10', 'Infinity', '1 000', '--5', '4,,400']).filter((n) => n !== null)).toEqual(
      [],
    );
  });

  it('reads signs as the locale does', () => {
    expect(['4.400', '4.400,5', '1,5', '1.5', '0.125', '4,400'].map((text) => typedNumber(text, 'de'))).toEqual([
      4400, 4400.5, 1.5, 1.5, 0.125, 4.4,
    ]);
    expect(typedNumber('4\u202f400,5', 'fr')).toBe(4400.5);
    expect(typedNumber('1,00,000', 'en-IN')).toBe(100_000);
    // A Chinese keyboard writes full width.
    expect(typedNumber('４，４００．５', 'zh-CN')).toBe(4400.5);
  });

  it('reads back every number that is shown or stands in a field', () => {
    for (const locale of ['en', 'en-IN', 'de', 'de-CH', 'fr', 'es', 'zh-CN'])
      for (const value of [0, 0.0000001, 0.125, 4.4, 4400.5, -12_345.678, 1_234_567.8]) {
        expect(typedNumber(fieldNumber(value, locale), locale)).toBe(value);
        if (Math.abs(value) > 1e-3) expect(typedNumber(formatNumber(value, 3, locale), locale)).toBe(value);
      }
  });
});
