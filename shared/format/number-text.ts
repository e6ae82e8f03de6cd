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

const points = new Map<string, string>();

function decimalPoint(locale: string): string {
  const known = points.get(locale);
  if (known !== undefined) return known;
  const parts = formatterFor(locale, 1).formatToParts(0.1);
  const point = parts.find((part) => part.type === 'decimal')?.value ?? '.';
  points.set(locale, point);
  return point;
}
