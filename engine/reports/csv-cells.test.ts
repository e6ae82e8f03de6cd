import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { csvLine, safeText, textBeforeSafety } from './csv-cells.ts';

describe('csvLine', () => {
  it('writes text, numbers, truth and nothing as RFC 4180 has it', () => {
    expect(csvLine(['a b', 1234.5, true, null, 'say "hi"', 'x,y'])).toBe('a b,1234.5,true,,"say ""hi""","x,y"\r\n');
  });

  it('writes numbers with a dot and every digit they have', () => {
    // 0.1 + 0.2 in binary; below 1e-6 JavaScript writes an exponent, which every reader of CSV knows.
    expect(csvLine([0.1 + 0.2, 1e-7, -5, 123_456_789.25])).toBe('0.30000000000000004,1e-7,-5,123456789.25\r\n');
  });

  it('leaves a cell empty for a number that is none', () => {
    expect(csvLine([Number.NaN, Number.POSITIVE_INFINITY, 1])).toBe(',,1\r\n');
  });

  it.each(['line one\nline two', 'line one\r\nline two', 'carriage\rreturn'])('keeps %j in one cell', (text) => {
    const line = csvLine(['a', text, 'b']);
    expect(line).toBe(`a,"${text}",b\r\n`);
  });

  it('gives back any texts through a reader of CSV, but for the apostrophe before a formula', () => {
    const text = fc.oneof(
      fc.string({ unit: 'grapheme' }),
      fc.string({ unit: fc.constantFrom('"', ',', '\n', '\r', '=', '+', "'", ' ', 'é', '训', ';') }),
    );
    fc.assert(
      fc.property(fc.array(fc.array(text, { minLength: 3, maxLength: 3 }), { minLength: 1, maxLength: 5 }), (rows) => {
        const written = rows.map((row) => csvLine(['id', ...row])).join('');
        const read = parse(written, { record_delimiter: '\r\n' });
        expect(read).toEqual(rows.map((row) => ['id', ...row.map(safeText)]));
      }),
      { numRuns: 40 },
    );
  });
});

describe('safeText', () => {
  it.each([
    '=HYPERLINK("http://x","y")',
    '@SUM(A1)',
    '+1',
    '-2+3',
    '\t=1',
    '\r=1',
    '\n=1',
    // Full-width forms, which some spreadsheets take for the plain ones.
    '＝1',
    '＋1',
    '－1',
    '＠A1',
  ])('makes plain text of %j', (text) => expect(safeText(text)).toBe(`'${text}`));

  it('is undone in a cell that is known to be of our own writing', () => {
    const text = fc.string({ unit: fc.constantFrom('a', '=', '@', ';', ' ', '\t', '训') });
    fc.assert(fc.property(text, (told) => textBeforeSafety(safeText(told)) === told));
    expect(textBeforeSafety("'quoted'")).toBe("'quoted'");
  });

  it.each(['train', '1=1', 'a@b', '训练', '', "'quoted"])('leaves %j alone', (text) =>
    expect(safeText(text)).toBe(text),
  );
});
