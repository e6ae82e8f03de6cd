import { describe, expect, it } from 'vitest';
import { formatCoverage, formatShare, percentText } from './ratio.ts';

const options = { locale: 'en' };

describe('formatCoverage', () => {
  it('is 100 only when whole', () => {
    expect([1, 0.9999, 0.987, 0, null].map((coverage) => formatCoverage(coverage, options))).toEqual([
      '100',
      '99.9',
      '98.7',
      '0.0',
      '–',
    ]);
  });
});

describe('formatShare', () => {
  it('is whole', () => {
    expect(formatShare(0.864, options)).toBe('86');
    expect(percentText(formatShare(0.864, options))).toBe('86\u202f%');
    expect(percentText(formatShare(null, options))).toBe('–');
  });
});
