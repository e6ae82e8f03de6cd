import { describe, expect, it } from 'vitest';
import { currencySymbol, formatAmount, formatMoney, formatUnitPrice } from './money.ts';

const euro = { locale: 'en', currency: 'EUR' };

describe('formatMoney', () => {
  it('has two decimals, none from 1,000 on', () => {
    expect(formatMoney(8.888, euro)).toBe('€8.89');
    expect(formatMoney(1473.4, euro)).toBe('€1,473');
    expect(formatMoney(999.996, euro)).toBe('€1,000');
  });

  it('says less than a cent in place of nothing', () => {
    expect(formatMoney(0.004, euro)).toBe('<\u202f€0.01');
    expect(formatMoney(0, euro)).toBe('€0.00');
  });

  it('shows a dash where there is no price', () => {
    expect(formatMoney(null, euro)).toBe('–');
  });

  it('writes the currency as the language does', () => {
    expect(formatMoney(8.89, { locale: 'de', currency: 'EUR' })).toBe('8,89\u00a0€');
    expect(currencySymbol({ locale: 'en', currency: 'USD' })).toBe('$');
  });
});

describe('formatUnitPrice', () => {
  it('keeps the decimals it was given, two at least and four at most', () => {
    expect([0.28, 0.2819, 0.3].map((price) => formatUnitPrice(price, euro))).toEqual(['€0.28', '€0.2819', '€0.30']);
  });
});

describe('formatAmount', () => {
  it('leaves the currency to the heading', () => {
    expect(formatAmount(8.888, euro)).toBe('8.89');
  });
});
