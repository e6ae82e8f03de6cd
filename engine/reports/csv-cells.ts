import { stringify } from 'csv-stringify/sync';

export type CsvValue = string | number | boolean | null;

/**
 * Text from outside can never become a spreadsheet formula: a leading = + - @ (or its full-width form), tab or line break gets an apostrophe before it.
 * Numbers are ours and stay numbers. Source: OWASP, 'CSV Injection'.
 */
export function safeText(text: string): string {
  return /^[=+\-@＝＋－＠\t\r\n]/.test(text) ? `'${text}` : text;
}

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
