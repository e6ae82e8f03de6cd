import { stringify } from 'csv-stringify/sync';

export type CsvValue = string | number | boolean | null;

/**
 * Text from outside can never become a spreadsheet formula: a leading = + - @, tab or carriage return gets an apostrophe before it.
 * Numbers are ours and stay numbers. Source: OWASP, 'CSV Injection'.
 */
export function safeText(text: string): string {
  return /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
}

/** RFC 4180 lines with CRLF; dot decimals whatever the locale; null and NaN are empty cells. */
export function csvLine(values: readonly CsvValue[]): string {
  const cells = values.map((value) => {
    if (typeof value === 'number') return Number.isFinite(value) ? String(value) : '';
    return typeof value === 'string' ? safeText(value) : value === null ? '' : String(value);
  });
  return stringify([cells], { record_delimiter: 'windows' });
}
