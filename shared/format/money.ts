import { kilo } from '../units.ts';
import { missing, narrowSpace, trueMinus } from './number-text.ts';
import type { FormatOptions } from './quantity.ts';

export interface MoneyOptions extends FormatOptions {
  /** ISO 4217 code. */
  readonly currency: string;
}

const smallestShown = 0.01;

/** '€8.89', '€1,473', '< €0.01', '–' where there is no price. */
export function formatMoney(amount: number | null, options: MoneyOptions): string {
  if (amount === null) return missing;
  if (amount > 0 && amount < smallestShown / 2) return `<${narrowSpace}${currencyText(smallestShown, 2, options)}`;
  return currencyText(amount, Math.abs(amount) >= kilo - 0.005 ? 0 : 2, options);
}

/** A price per kWh keeps up to four decimals: '€0.2819'. */
export function formatUnitPrice(pricePerKwh: number, options: MoneyOptions): string {
  const decimals = Math.max(2, Math.min(4, (String(pricePerKwh).split('.')[1] ?? '').length));
  return currencyText(pricePerKwh, decimals, options);
}

/** The amount alone, for a column headed with its currency. */
export function formatAmount(amount: number | null, options: MoneyOptions): string {
  if (amount === null) return missing;
  if (amount > 0 && amount < smallestShown / 2) return `<${narrowSpace}${plainText(smallestShown, 2, options.locale)}`;
  return plainText(amount, Math.abs(amount) >= kilo - 0.005 ? 0 : 2, options.locale);
}

/** '€', 'US$', 'CHF': how the currency is written in this language. */
export function currencySymbol(options: MoneyOptions): string {
  const parts = amountFormat(options.locale, 2, options.currency).formatToParts(0);
  return parts.find((part) => part.type === 'currency')?.value ?? options.currency;
}

function currencyText(amount: number, decimals: number, { locale, currency }: MoneyOptions): string {
  return amountFormat(locale, decimals, currency).format(amount).replace('-', trueMinus);
}

function plainText(amount: number, decimals: number, locale: string): string {
  return amountFormat(locale, decimals, null).format(amount).replace('-', trueMinus);
}

const formats = new Map<string, Intl.NumberFormat>();

function amountFormat(locale: string, decimals: number, currency: string | null): Intl.NumberFormat {
  const key = `${locale}/${decimals}/${currency}`;
  const format =
    formats.get(key) ??
    new Intl.NumberFormat(locale, {
      ...(currency === null ? {} : { style: 'currency' as const, currency, currencyDisplay: 'narrowSymbol' as const }),
      minimumFractionDigits: decimals,
      maximumFractionDigits: decimals,
    });
  formats.set(key, format);
  return format;
}
