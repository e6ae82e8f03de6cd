import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { boundedDecimals, formatBounded } from './quantity.ts';

const locale = 'en';
const within = (value: number, low: number, high: number) => ({ value, low, high });

describe('formatBounded', () => {
  it('ends between its bounds, at a finer place where it must', () => {
    // A band of 2.3 ends at the ones: 7 would be less than 7.2.
    expect(formatBounded(within(7.43, 7.2, 9.7), 'Wh', { locale })).toMatchObject({
      value: '7.4',
      band: '7.2\u00a0–\u00a09.7',
    });
    expect(formatBounded(within(1.239, 1.234, 1.449), 'Wh', { locale }).value).toBe('1.24');
    expect(boundedDecimals(within(7.43, 7.2, 9.7))).toBe(1);
    expect(formatBounded(within(7.43, 6.2, 9.7), 'Wh', { locale }).value).toBe('7');
  });

  it('says that it is less than one of its last place where it would come to 0', () => {
    // ±30 ends at the tens, at which 0.4 is 0; ±0.9 at the tenths.
    expect(formatBounded(within(0.4, -29.6, 30.4), 'Wh', { locale })).toEqual({
      value: '<\u202f10',
      unit: 'Wh',
      band: '±30',
    });
    expect(formatBounded(within(0.04, -0.86, 0.94), 'Wh', { locale }).value).toBe('<\u202f0.1');
    // A band of 70.4 ends at the tens.
    expect(formatBounded(within(4.6, 1, 75), 'kWh', { locale })).toMatchObject({
      value: '<\u202f10',
      band: '1\u00a0–\u00a075',
    });
    expect(formatBounded(within(-0.4, -30.4, 29.6), 'Wh', { locale }).value).toBe('>\u202f−10');
    expect(formatBounded(within(0, -30, 30), 'Wh', { locale }).value).toBe('0');
    // From half of the last place on it rounds up.
    expect(formatBounded(within(6, -24, 36), 'Wh', { locale }).value).toBe('10');
  });

  it('keeps the first digit of what it is at least', () => {
    const bounded = within(0.4, -29.6, 30.4);
    expect(formatBounded(bounded, 'Wh', { locale, isLowerBound: true }).value).toBe('≥\u202f0.4');
  });

  it('never writes as 0 what is none, and no more decimals than it says beforehand', () => {
    const number = fc.double({ min: -1e7, max: 1e7, noNaN: true });
    const distance = fc.double({ min: 0, max: 1e7, noNaN: true });
    fc.assert(
      fc.property(number, distance, distance, fc.constantFrom('en', 'zh-CN', 'de'), (value, below, above, spoken) => {
        const bounded = within(value, value - below, value + above);
        const text = formatBounded(bounded, 'W', { locale: spoken }).value;
        expect(/[1-9]/.test(text)).toBe(value !== 0);
        const decimals = text.split(spoken === 'de' ? ',' : '.')[1]?.length ?? 0;
        // A comma is grouping in the others, and a dot in German.
        expect(decimals).toBe(boundedDecimals(bounded));
      }),
    );
  });

  it('is not far from what it says: what is less is less', () => {
    const small = fc.double({ min: 0, max: 100, noNaN: true, minExcluded: true });
    fc.assert(
      fc.property(small, fc.double({ min: 0, max: 1e4, noNaN: true }), (value, band) => {
        const text = formatBounded(within(value, value - band, value + band), 'W', { locale }).value;
        const less = /^<\u202f([\d.,]+)$/.exec(text)?.[1]?.replaceAll(',', '');
        if (less !== undefined) expect(value).toBeLessThan(Number(less));
      }),
    );
  });
});
