import { describe, expect, it } from 'vitest';
import { decimalTails, digitDecimals, formatNumber } from './number-text.ts';

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
