import { describe, expect, it } from 'vitest';
import { bandDecimals, bandText, endTexts, inProportion, rangeText } from './band.ts';

const locale = 'en';

describe('bandDecimals', () => {
  it('rounds a band up to one digit, to two where it begins with 1', () => {
    // 0.57 → 0.6, one decimal. 0.162 → 0.17, two decimals. 23 → 30, the tens.
    expect([0.57, 0.162, 23, 0.006, 1.4, 0.1, 1].map(bandDecimals)).toEqual([1, 2, -1, 3, 1, 2, 1]);
  });
});

describe('bandText', () => {
  it('writes one ± where both sides agree within a fifth', () => {
    // Sides 0.57 and 0.50: they differ by 0.07, less than 0.2 × 0.57 = 0.114. The larger, 0.57, rounds up to 0.6.
    expect(bandText({ value: 31.7, low: 31.13, high: 32.2 }, locale)).toEqual({ decimals: 1, text: '±0.6' });
  });

  it('writes both ends where the sides differ more', () => {
    // Sides 2.0 and 3.6 differ by 1.6, more than 0.2 × 3.6 = 0.72. Half the distance is 2.8: two digits end at 0.1.
    expect(bandText({ value: 3.6, low: 1.6, high: 7.2 }, locale)).toEqual({
      decimals: 0,
      text: '1.6\u00a0–\u00a07.2',
    });
  });

  it('gives nothing where a bound is unknown or the bounds fall on the value', () => {
    expect(bandText({ value: 3, low: null, high: 4 }, locale)).toBeNull();
    expect(bandText({ value: 3, low: 3, high: 3 }, locale)).toBeNull();
    expect(bandText({ value: null, low: 1, high: 2 }, locale)).toBeNull();
  });

  it('rounds the band up, never down', () => {
    // 0.0061 → 0.007; 0.61 → 0.7.
    expect(bandText({ value: 0.31, low: 0.3039, high: 0.3161 }, locale)?.text).toBe('±0.007');
    expect(bandText({ value: 33.1, low: 32.49, high: 33.71 }, locale)?.text).toBe('±0.7');
  });
});

describe('rangeText', () => {
  it('rounds both ends outward', () => {
    // Half of 69.3 − 26.8 is 21.25: two digits end at 1. 26.8 falls to 26, 69.3 rises to 70.
    expect(rangeText(26.8, 69.3, locale)).toBe('26\u00a0–\u00a070');
  });

  it('does not make 0 of an end that is none', () => {
    // Half of 695 − 6.14 is 344: two digits end at the tens, at which 6.14 would be 0. Two digits of its own: 6.1.
    expect(rangeText(6.14, 695, locale)).toBe('6.1\u00a0–\u00a0700');
    expect(rangeText(-695, -6.14, locale)).toBe('−700\u00a0–\u00a0−6.1');
    expect(rangeText(0, 695, locale)).toBe('0\u00a0–\u00a0700');
    // Smaller than any decimal that is written.
    expect(rangeText(1e-320, 695, locale)).toBe('0\u00a0–\u00a0700');
    expect(endTexts({ value: 57, low: 6.14, high: 695 }, locale)).toEqual({ low: '6.1', high: '700' });
  });
});

describe('inProportion', () => {
  it('gives a part the bounds of its whole, as much smaller as it is', () => {
    expect(inProportion(2, { value: 8, low: 6, high: 12 })).toEqual({ value: 2, low: 1.5, high: 3 });
  });

  it('gives none where the whole has none, or is nothing', () => {
    const none = { value: 2, low: null, high: null };
    expect(inProportion(2, { value: 8, low: null, high: 12 })).toEqual(none);
    expect(inProportion(2, { value: 0, low: 0, high: 0 })).toEqual(none);
    expect(inProportion(null, { value: 8, low: 6, high: 12 })).toEqual({ ...none, value: null });
  });
});
