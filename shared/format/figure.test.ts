import { describe, expect, it } from 'vitest';
import { joulesFromKwh } from '../units.ts';
import { differenceTexts, figureTexts } from './figure.ts';

const locale = 'en';
const exact = (value: number | null) => ({ value, low: null, high: null });
const plain = (text: string | null | undefined): string | undefined =>
  text?.replaceAll(/[\u202f\u00a0]/g, ' ') ?? undefined;

describe('figureTexts', () => {
  it('writes a row in one unit, each figure as far as its band goes', () => {
    // 31.7 ±0.57 → ±0.6; 10.83 ±0.162 → ±0.17.
    const kwh = (value: number, band: number) => ({
      value: joulesFromKwh(value),
      low: joulesFromKwh(value - band),
      high: joulesFromKwh(value + band),
    });
    const row = figureTexts('joules', [kwh(31.7, 0.57), kwh(10.83, 0.162), exact(null)], { locale });
    expect(row.unit).toBe('kWh');
    expect(row.cells.map(({ value, band }) => [value, band])).toEqual([
      ['31.7', '±0.6'],
      ['10.83', '±0.17'],
      ['–', null],
    ]);
  });

  it('names the unit in each cell only where they do not share one', () => {
    expect(figureTexts('watts', [exact(2790), exact(941)], { locale }).unit).toBe('W');
    const mixed = figureTexts('watts', [exact(12_400), exact(941)], { locale });
    expect(mixed.unit).toBeNull();
    expect(mixed.cells.map(({ value }) => plain(value))).toEqual(['12.4 kW', '941 W']);
  });

  it('names the currency once, or beside each amount', () => {
    const amounts = [exact(9.256), exact(8.88)];
    expect(figureTexts('money', amounts, { locale, currencies: ['EUR', 'EUR'] })).toMatchObject({ unit: 'EUR' });
    const mixed = figureTexts('money', amounts, { locale, currencies: ['EUR', 'USD'] });
    expect(mixed.cells.map(({ value }) => plain(value))).toEqual(['9.26 EUR', '8.88 USD']);
  });

  it('keeps four digits of a number of which nothing is known, and no zeros', () => {
    const row = figureTexts('plain', [1.21049, 380.95, 0.00002, 2e-7, 1234.5, 0, 100].map(exact), { locale });
    expect(row.cells.map(({ value }) => value)).toEqual(['1.21', '381', '0.00002', '0.0000002', '1,235', '0', '100']);
  });

  it('writes an energy an hour, times, shares and memory with the customs they have', () => {
    expect(figureTexts('joules-per-hour', [exact(joulesFromKwh(2))], { locale })).toMatchObject({ unit: 'kWh/h' });
    expect(plain(figureTexts('seconds', [exact(13_319)], { locale }).cells[0]?.value)).toBe('3 h 41 min');
    expect(figureTexts('ratio', [exact(0.934)], { locale })).toMatchObject({ unit: '%', cells: [{ value: '93' }] });
    expect(figureTexts('coverage', [exact(0.9997)], { locale }).cells[0]?.value).toBe('99.9');
    expect(figureTexts('bytes', [exact(1024 ** 3)], { locale })).toMatchObject({
      unit: 'GiB',
      cells: [{ value: '1.0' }],
    });
  });
});

describe('differenceTexts', () => {
  const differs = (ratio: number, lowRatio: number | null = null, highRatio: number | null = null) => {
    const texts = differenceTexts({ kind: 'differs', ratio, lowRatio, highRatio }, { locale });
    return texts === null ? null : [plain(texts.value), plain(texts.band) ?? null];
  };

  it('ends where its band ends', () => {
    // −4.1 % with −6.4 and −1.8: sides of 2.3 each, rounded up to ±2.3 → one digit: ±3, so −4.
    expect(differs(-0.041, -0.064, -0.018)).toEqual(['−4 %', '±3']);
    // +15.6 % ±1.7: two digits.
    expect(differs(0.156, 0.139, 0.173)).toEqual(['+15.6 %', '±1.7']);
  });

  it('has one decimal where no band is known, none from 100 % on', () => {
    expect(differs(-0.0339)).toEqual(['−3.4 %', null]);
    expect(differs(1.2345)).toEqual(['+123 %', null]);
  });

  it('gives nothing for what has no percentage', () => {
    expect(differenceTexts({ kind: 'within-bounds', ratio: 0.01 }, { locale })).toBeNull();
    expect(differenceTexts({ kind: 'from-zero' }, { locale })).toBeNull();
  });
});
