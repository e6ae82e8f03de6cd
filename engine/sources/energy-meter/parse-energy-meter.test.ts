import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseMeterHeader, parseMeterNumber, parseMeterValues, parseQuotedRow } from './parse-energy-meter.ts';

const linesOf = (name: string): readonly string[] =>
  readFileSync(join(import.meta.dirname, 'recordings', name), 'utf8').split('\n');

describe('a recording, line by line', () => {
  it('has a package and its DRAM, and neither cores nor the sum of all', () => {
    const [, header = ''] = linesOf('server.csv');
    // Six instances of three columns after the time: power of the package in column 1, of its DRAM in column 10.
    expect(parseMeterHeader(parseQuotedRow(header) ?? [])).toEqual([
      { kind: 'package', index: 0, powerColumn: 1, energyColumn: 2 },
      { kind: 'dram', index: 0, powerColumn: 10, energyColumn: 11 },
    ]);
  });

  it('gives milliwatts and picowatt-hours as watts and joules', () => {
    const [, header = '', , row = ''] = linesOf('server.csv');
    const instances = parseMeterHeader(parseQuotedRow(header) ?? []) ?? [];
    const fields = parseQuotedRow(row) ?? [];
    // 2.2e15 + 5 555 555 556 pWh: x 3.6e-9 J = 7 920 020 J.
    expect(instances.map((instance) => parseMeterValues(fields, instance))).toEqual([
      { powerWatts: 20, counterJoules: expect.closeTo(7_920_020, 3) },
      { powerWatts: 3, counterJoules: expect.closeTo(3_600_003, 3) },
    ]);
  });

  it('reads a decimal comma, and takes a DRAM that counts nothing for not fitted', () => {
    const [, header = '', row = ''] = linesOf('client-decimal-comma.csv');
    const instances = parseMeterHeader(parseQuotedRow(header) ?? []) ?? [];
    const fields = parseQuotedRow(row) ?? [];
    expect(instances.map((instance) => parseMeterValues(fields, instance))).toEqual([
      { powerWatts: expect.closeTo(19.8358, 9), counterJoules: expect.closeTo(7_920_000, 3) },
      { powerWatts: 0, counterJoules: null },
    ]);
  });

  it('knows the words around the rows for none', () => {
    for (const line of [...linesOf('no-counters.txt'), ...linesOf('server.csv').slice(-3)])
      expect(parseQuotedRow(line)).toBeNull();
  });
});

describe('parseQuotedRow', () => {
  it.each([
    ['"a","b"\r', ['a', 'b']],
    ['"a,b","c ""d"""', ['a,b', 'c "d"']],
    ['""', ['']],
  ])('%j', (line, fields) => expect(parseQuotedRow(line)).toEqual(fields));

  it.each(['', 'a,b', '"a",b', '"a', '"a"b', '"a",', 'Beenden, bitte warten...'])("'%s' is no row", (line) =>
    expect(parseQuotedRow(line)).toBeNull(),
  );

  it('reads back what is quoted', () => {
    fc.assert(
      fc.property(fc.array(fc.string(), { minLength: 1, maxLength: 20 }), (fields) => {
        const line = fields.map((field) => `"${field.replaceAll('"', '""')}"`).join(',');
        expect(parseQuotedRow(line)).toEqual(fields);
      }),
    );
  });
});

describe('parseMeterHeader', () => {
  it('is none of a row of values', () => expect(parseMeterHeader(['01/08/2026 10:12:10.000', '5'])).toBeNull());

  it('sorts packages before DRAM by their numbers, and takes what is there of each', () => {
    const path = (instance: string, counter: string): string => `\\\\PC\\Energy Meter(${instance})\\${counter}`;
    const header = [
      '(PDH-CSV 4.0)',
      path('rapl_package1_dram', 'energy'),
      path('rapl_package1_pkg', 'power'),
      path('rapl_package0_pkg', 'Energy'),
      path('rapl_package0_pkg_extra', 'Energy'),
      path('apu power', 'power'),
    ];
    expect(parseMeterHeader(header)).toEqual([
      { kind: 'package', index: 0, powerColumn: null, energyColumn: 3 },
      { kind: 'package', index: 1, powerColumn: 2, energyColumn: null },
      { kind: 'dram', index: 1, powerColumn: null, energyColumn: 1 },
    ]);
  });
});

describe('parseMeterNumber', () => {
  it.each([
    ['19835.800000', 19835.8],
    ['19835,800000', 19835.8],
    [' 5 ', 5],
    ['0', 0],
  ])("'%s' is %d", (text, value) => expect(parseMeterNumber(text)).toBe(value));

  it.each(['', ' ', '-1', '-1.000000', '1.234,5', '1,2,3', '1e5', 'NaN', '0x10', '9'.repeat(40)])(
    "'%s' is missing",
    (text) => expect(parseMeterNumber(text)).toBeNull(),
  );

  it('is a finite number from 0 up or none, whatever comes', () => {
    const digits = fc.stringMatching(/^[0-9.,\- ]{0,60}$/);
    fc.assert(
      fc.property(fc.oneof(fc.string(), digits), (text) => {
        const value = parseMeterNumber(text);
        expect(value === null || (Number.isFinite(value) && value >= 0)).toBe(true);
      }),
    );
  });
});
