import { describe, expect, it } from 'vitest';
import { differenceText, formatCoverage, formatShare, formatSpentShare, partText, percentText } from './ratio.ts';

const options = { locale: 'en' };

describe('formatCoverage', () => {
  it('is 100 only when whole', () => {
    expect(
      [1, 0.9999999999999998, 0.9999, 0.987, 0, null].map((coverage) => formatCoverage(coverage, options)),
    ).toEqual(['100', '100', '99.9', '98.7', '0.0', '–']);
  });
});

describe('formatShare', () => {
  it('is whole', () => {
    expect(formatShare(0.864, options)).toBe('86');
    expect(percentText(formatShare(0.864, options))).toBe('86\u202f%');
    expect(percentText(formatShare(null, options))).toBe('–');
  });
});

describe('partText', () => {
  it('writes what is there, however small, and nothing as 0', () => {
    expect([0.07, 0.005, 0.001, 0].map((ratio) => partText(ratio, options))).toEqual([
      '7\u202f%',
      '1\u202f%',
      '<\u202f1\u202f%',
      '0\u202f%',
    ]);
  });
});

describe('differenceText', () => {
  it('is a size with one decimal under 10 %, without a sign', () => {
    expect([0.012, -0.008, 0.0994, 0.0996, -0.124].map((ratio) => differenceText(ratio, options))).toEqual([
      '1.2\u202f%',
      '0.8\u202f%',
      '9.9\u202f%',
      '10\u202f%',
      '12\u202f%',
    ]);
  });
});

describe('formatSpentShare', () => {
  it('is cut off: a budget is spent when it is', () => {
    // 1999 of 2000 are 99.95 %, 172 of 2000 are 8.6 %.
    expect([1999, 172, 2000, 2400].map((spent) => formatSpentShare(spent, 2000, options))).toEqual([
      '99',
      '8',
      '100',
      '120',
    ]);
    expect(formatSpentShare(0.1 + 0.2, 0.1, options)).toBe('300');
    expect(formatSpentShare(0.29, 1, options)).toBe('29');
  });
});
