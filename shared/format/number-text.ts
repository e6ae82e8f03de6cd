/** Narrow no-break space, between a number and its unit. */
export const narrowSpace = '\u202f';
export const noBreakSpace = '\u00a0';
export const trueMinus = '\u2212';
/** What stands where nothing is known: never 0, never N/A. */
export const missing = '\u2013';

const maxDecimals = 9;
const formatters = new Map<string, Intl.NumberFormat>();

function formatterFor(locale: string, decimals: number): Intl.NumberFormat {
  const key = `${locale}/${decimals}`;
  const known = formatters.get(key);
  if (known !== undefined) return known;
  const made = new Intl.NumberFormat(locale, { minimumFractionDigits: decimals, maximumFractionDigits: decimals });
  formatters.set(key, made);
  return made;
}

/** The number with locale grouping and a true minus; negative `decimals` round to tens, hundreds … */
export function formatNumber(value: number, decimals: number, locale: string): string {
  const shown = shownDecimals(decimals);
  const place = 10 ** -Math.min(decimals, 0);
  const rounded = Math.round(value / place) * place;
  const text = formatterFor(locale, shown).format(decimals < 0 ? rounded : value);
  return /[1-9]/.test(text) ? text.replace('-', trueMinus) : text.replace('-', '');
}

/** Decimals that leave three digits: 4.54, 45.4, 454, 4,540. */
export function threeDigitDecimals(value: number): number {
  return digitDecimals(value, 3);
}

/** Decimals that leave so many digits, counted after rounding: 9.996 with three digits is 10.0. */
export function digitDecimals(value: number, digits: number): number {
  if (value === 0 || !Number.isFinite(value)) return 0;
  const magnitude = Math.floor(Math.log10(Number(Math.abs(value).toPrecision(digits))) + 1e-9);
  return digits - 1 - magnitude;
}

/** Decimals that `formatNumber` shows of those asked for. */
export const shownDecimals = (decimals: number): number => Math.min(Math.max(decimals, 0), maxDecimals);

/** Hidden tails that line up the decimal points of a column: '31.7' beside '0.310' gets '00', '12' gets '.000'. */
export function decimalTails(texts: readonly string[], locale: string): readonly string[] {
  const point = decimalPoint(locale);
  const decimals = texts.map((text) => decimalsIn(text, point));
  const most = Math.max(0, ...decimals);
  return decimals.map((count) => tail(count, most, point));
}

/** The tail of one text of a column whose longest number has `most` decimals. */
export function decimalTail(text: string, most: number, locale: string): string {
  const point = decimalPoint(locale);
  return tail(decimalsIn(text, point), most, point);
}

const decimalsIn = (text: string, point: string): number =>
  text.includes(point) ? text.length - text.lastIndexOf(point) - 1 : 0;

const tail = (count: number, most: number, point: string): string =>
  `${count === 0 && most > 0 ? point : ''}${'0'.repeat(most - count)}`;

/** A number as a field holds it: with the decimal sign of the locale, and with no grouping. */
export function fieldNumber(value: number, locale: string): string {
  // Made where it is used first: an engine that types no numbers does not load what it needs, some megabytes.
  plainDecimal ??= new Intl.NumberFormat('en', { useGrouping: false, maximumFractionDigits: 20 });
  return plainDecimal.format(value).replace('.', decimalPoint(locale));
}

let plainDecimal: Intl.NumberFormat | null = null;

/**
 * A number as people type it; null for what is none and for what may be read in two ways. Groups of three after the
 * locale's grouping sign are grouping ('4,400' in English); a dot or comma that cannot be is a decimal sign ('1,5').
 */
export function typedNumber(text: string, locale: string): number | null {
  // Full-width digits become plain ones, and every no-break space a space.
  const typed = text.normalize('NFKC').trim().replace(trueMinus, '-');
  const [, minus = '', digits = ''] = /^([+-]?)(.*)$/s.exec(typed) ?? [];
  const amount = amountFrom(digits, locale);
  return amount === null || !Number.isFinite(amount) ? null : minus === '-' ? -amount : amount;
}

function amountFrom(digits: string, locale: string): number | null {
  const point = decimalPoint(locale);
  const group = groupSign(locale);
  const [whole = '', fraction = '', ...more] = digits.split(point);
  if (more.length > 0) return null;
  const isWhole = /^\d*$/.test(whole) || isGrouped(whole, group, locale);
  if (isWhole && /^\d*$/.test(fraction) && /\d/.test(digits))
    return Number(`${whole.replaceAll(group, '')}.${fraction}`);
  // The other sign stands for a decimal one where it cannot be grouping: three digits after it may be either.
  const [, before = '', after = ''] = /^(\d+)[.,](\d+)$/.exec(digits) ?? [];
  const isEither = after.length === 3 && before !== '0';
  return before === '' || isEither ? null : Number(`${before}.${after}`);
}

/** '4,400' and '1,000,000', or as the locale itself writes it ('1,00,000'). */
function isGrouped(whole: string, group: string, locale: string): boolean {
  const [first = '', ...rest] = whole.split(group);
  if (rest.length === 0 || ![first, ...rest].every((part) => /^\d+$/.test(part)) || first.startsWith('0')) return false;
  if (first.length <= 3 && rest.every((part) => part.length === 3)) return true;
  return formatNumber(Number(first + rest.join('')), 0, locale).normalize('NFKC') === whole;
}

const signs = new Map<string, Partial<Record<Intl.NumberFormatPartTypes, string>>>();

function signsOf(locale: string): Partial<Record<Intl.NumberFormatPartTypes, string>> {
  const known = signs.get(locale);
  if (known !== undefined) return known;
  const parts = formatterFor(locale, 1).formatToParts(1_234_567.8);
  const made = Object.fromEntries(parts.map(({ type, value }) => [type, value]));
  signs.set(locale, made);
  return made;
}

const decimalPoint = (locale: string): string => signsOf(locale).decimal ?? '.';
const groupSign = (locale: string): string => (signsOf(locale).group ?? ',').normalize('NFKC');
