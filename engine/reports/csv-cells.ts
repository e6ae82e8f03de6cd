import { stringify } from 'csv-stringify/sync';

export type CsvValue = string | number | boolean | null;

/** What spreadsheets begin a formula with, in its plain, full-width, small and mathematical forms. */
const starters = '=+\\-@＝＋－＠﹦﹢﹣﹫−';
/** Blanks and invisible marks before it do not make it harmless. */
const beginsFormula = new RegExp(`^(?:[\\t\\r\\n]|[\\s\\p{Cf}]*[${starters}])`, 'u');
/** Where a semicolon separates cells, as in much of Europe, what follows one begins a cell. */
const cellWithin = new RegExp(`(;[\\s\\p{Cf}]*)(?=[${starters}])`, 'gu');

/**
 * Text from outside can never become a spreadsheet formula: a leading = + - @ (in any form), tab or line break gets an apostrophe before it, and so does one after a
 * semicolon. Numbers are ours and stay numbers. Source: OWASP, 'CSV Injection'.
 */
export function safeText(text: string): string {
  const within = text.includes(';') ? text.replace(cellWithin, "$1'") : text;
  return beginsFormula.test(within) ? `'${within}` : within;
}

/** An apostrophe where safeText puts one. */
const guard = new RegExp(`^'(?=[\\t\\r\\n]|[\\s\\p{Cf}]*[${starters}])`, 'u');
const guardWithin = new RegExp(`(;[\\s\\p{Cf}]*)'(?=[${starters}])`, 'gu');

/** The text that safeText made safe, for a cell that is known to be of Wattrun's own writing. */
export const textBeforeSafety = (text: string): string => text.replace(guard, '').replace(guardWithin, '$1');

/** A lone CR or LF too: csv-stringify by itself quotes only what holds the whole record delimiter. */
const lineBreak = /[\r\n]/;

/** RFC 4180 lines with CRLF; dot decimals whatever the locale; null and NaN are empty cells. */
export function csvLine(values: readonly CsvValue[]): string {
  const cells = values.map((value) => {
    if (typeof value === 'number') return Number.isFinite(value) ? String(value) : '';
    return typeof value === 'string' ? safeText(value) : value === null ? '' : String(value);
  });
  return stringify([cells], { record_delimiter: 'windows', quoted_match: lineBreak });
}

/** One cell as csvLine writes it, for what stands in a million lines and is worked out once. */
export const csvCell = (value: CsvValue): string => csvLine([value, 0]).slice(0, -',0\r\n'.length);
