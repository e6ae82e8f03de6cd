import { type Bounded, bandText } from './band.ts';
import { digitDecimals, formatNumber, missing, narrowSpace, shownDecimals, threeDigitDecimals } from './number-text.ts';

/** A number as it is shown: text, unit beside it, band after it. `value` is '–' and the rest null where nothing is known. */
export interface Quantity {
  readonly value: string;
  readonly unit: string | null;
  readonly band: string | null;
}

export interface FormatOptions {
  readonly locale: string;
}

export interface BoundedOptions extends FormatOptions {
  /** Part of it was not seen: '≥' stands before the value. */
  readonly isLowerBound?: boolean;
}

export const missingQuantity: Quantity = { value: missing, unit: null, band: null };

/** A bounded number, already in `unit`, rounded as its band asks; three digits where no band is known. What is there is never written as 0: '<10'. */
export function formatBounded(bounded: Bounded, unit: string, options: BoundedOptions): Quantity {
  if (bounded.value === null) return missingQuantity;
  const band = bandText(bounded, options.locale);
  const decimals = band?.decimals ?? threeDigitDecimals(bounded.value);
  return { value: valueTextOf(options)(bounded.value, decimals, options.locale), unit, band: band?.text ?? null };
}

/** How a value is written: rounded, or as a lower bound. */
export const valueTextOf = ({ isLowerBound }: BoundedOptions): typeof roundedText =>
  isLowerBound === true ? leastText : roundedText;

const isNothing = (text: string): boolean => !/[1-9]/.test(text);

/** Ended at its last place; what would come to 0 there, and is not, is less than one of that place. */
export function roundedText(value: number, decimals: number, locale: string): string {
  const text = formatNumber(value, decimals, locale);
  if (value === 0 || !isNothing(text)) return text;
  const one = 10 ** -Math.min(decimals, shownDecimals(decimals));
  return value < 0
    ? `>${narrowSpace}${formatNumber(-one, decimals, locale)}`
    : `<${narrowSpace}${formatNumber(one, decimals, locale)}`;
}

/** At least so much: the first digit stays, for 'at least 0' would say nothing. */
function leastText(value: number, decimals: number, locale: string): string {
  const text = formatNumber(value, decimals, locale);
  return `≥${narrowSpace}${isNothing(text) ? formatNumber(value, digitDecimals(value, 1), locale) : text}`;
}

/** Decimals that `formatBounded` writes of it, without writing it; 0 where nothing is known. */
export function boundedDecimals(bounded: Bounded): number {
  if (bounded.value === null) return 0;
  return shownDecimals(bandText(bounded, 'en')?.decimals ?? threeDigitDecimals(bounded.value));
}

/** '31.7 kWh ±0.6' in one piece, for sentences, labels and tips. */
export function quantityText(quantity: Quantity): string {
  const value = quantity.unit === null ? quantity.value : `${quantity.value}${narrowSpace}${quantity.unit}`;
  return quantity.band === null ? value : `${value} ${quantity.band}`;
}

/** As quantityText, without the band. */
export function valueText(quantity: Quantity): string {
  return quantityText({ ...quantity, band: null });
}
