import { describe, expect, it } from 'vitest';
import { joulesFromKwh } from '../units.ts';
import { differenceTexts, figureText, figureTexts } from './figure.ts';

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
    // 42 and 36.5 MiB would be 0.0 GiB.
    const small = figureTexts('bytes', [exact(42 * 1024 ** 2), exact(36.5 * 1024 ** 2), exact(null)], { locale });
    expect(small.unit).toBe('MiB');
    expect(small.cells.map(({ value }) => value)).toEqual(['42.0', '36.5', '–']);
    const mixed = figureTexts('bytes', [exact(2 * 1024 ** 3), exact(36.5 * 1024 ** 2)], { locale });
    expect(mixed.cells.map(({ value }) => value.replaceAll('\u202f', ' '))).toEqual(['2.0', '< 0.1']);
    expect(figureTexts('bytes', [exact(1024 ** 3)], { locale })).toMatchObject({
      unit: 'GiB',
      cells: [{ value: '1.0' }],
    });
  });
});

describe('figureText', () => {
  it('rounds a figure by itself as its row does', () => {
    // ±29 is written with one digit, ±30, so that the value ends at its tens.
    const power = { value: 1529, low: 1500, high: 1558 };
    expect(figureText('watts', power, { locale }).replace(/\s/u, ' ')).toBe('1,530 W');
    expect(figureTexts('watts', [power], { locale }).cells[0]?.value).toBe('1,530');
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

  it('keeps two digits of a difference, however wide its bounds are', () => {
    // 420 % with 30 and 6,000: half of their distance is 2,985, whose two digits end at the hundreds; 30 would fall to 0.
    expect(differs(4.2, 0.3, 60)).toEqual(['+420 %', '30 – 6,000']);
    // 5,755 % with 614 and 69,500: the thousands; the low end keeps its own 610, the high one rises to 70,000.
    expect(differs(57.55, 6.14, 695)).toEqual(['+5,800 %', '610 – 70,000']);
    expect(differs(1.2, 0.1, 8)).toEqual(['+120 %', '10 – 800']);
    // 3 % with 0.01 and 90: two digits of 3 are 3.0, of 0.01 0.010.
    expect(differs(0.03, 0.0001, 0.9)).toEqual(['+3.0 %', '0.010 – 90']);
    // Below zero it is the higher end that would rise to 0.
    expect(differs(-0.03, -0.9, -0.0001)).toEqual(['−3.0 %', '−90 – −0.010']);
    // Sides of 23 and 24 are one ± that ends in the tens; 24 is not 20.
    expect(differs(0.24, 0.01, 0.48)).toEqual(['+24 %', '±30']);
  });

  it('is never none where it is one', () => {
    // 0.02 % of what is bounded, beside a reference whose quotient has no bounds.
    expect(differs(0.0002)).toEqual(['+0.020 %', null]);
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
