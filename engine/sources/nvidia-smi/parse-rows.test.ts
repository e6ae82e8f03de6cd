import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { capturesFolder, listCaptures, readCapture } from '../../../tests/captures.ts';
import {
  numberOf,
  parseCell,
  parseComputeApps,
  parseInvalidField,
  parseRow,
  parseTimestamp,
  quantityOf,
} from './parse-rows.ts';

describe('parseCell', () => {
  it.each([
    ['98.14 W', 98.14],
    ['98.14', 98.14],
    [' 12 MiB ', 12],
    ['100 %', 100],
    ['1980 MHz', 1980],
    ['12.5 W/s', 12.5],
    ['3600 seconds', 3600],
    ['-40', -40],
    ['0', 0],
    // Bit 2 of the throttle reasons: 4.
    ['0x04', 4],
    ['0x0000000000000004', 4],
  ])('reads %j as %d', (raw, value) => expect(parseCell(raw)).toEqual({ kind: 'number', value }));

  it.each([
    ['[N/A]', 'N/A'],
    ['N/A', 'N/A'],
    ['[Unknown Error]', 'Unknown Error'],
    ['[GPU is lost]', 'GPU is lost'],
    ['[Requested functionality has been deprecated]', 'Requested functionality has been deprecated'],
    // DCGM's blank for 'not supported', 2^63 - 14: printed by some drivers as if it were a reading.
    ['9223372036854775794', '9223372036854775794'],
    ['-', '-'],
    // More than the 64 bits of a bit field: Number() makes Infinity of 257 digits.
    [`0x${'f'.repeat(257)}`, `0x${'f'.repeat(257)}`],
    ['1e999', '1e999'],
    ['', ''],
    ['3 apples', '3 apples'],
  ])('takes %j for missing, with its reason', (raw, text) => {
    expect(parseCell(raw)).toEqual({ kind: 'missing', text });
    expect(numberOf(parseCell(raw))).toBeNull();
  });

  it('never makes a number of a cell without a digit', () => {
    fc.assert(
      fc.property(
        fc.string().filter((text) => !/\d/.test(text)),
        (text) => {
          expect(parseCell(text).kind).toBe('missing');
        },
      ),
    );
  });

  it('gives back every number that is printed with two decimals and a unit', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 99_999_999 }), (hundredths) => {
        const printed = `${Math.floor(hundredths / 100)}.${String(hundredths % 100).padStart(2, '0')}`;
        expect(numberOf(parseCell(`${printed} W`))).toBe(hundredths / 100);
      }),
    );
  });
});

describe('quantityOf', () => {
  it('takes no number below zero', () => {
    expect(quantityOf(parseCell('98.14 W'))).toBe(98.14);
    expect(quantityOf(parseCell('0 W'))).toBe(0);
    expect(quantityOf(parseCell('-1 W'))).toBeNull();
    expect(quantityOf(parseCell('N/A'))).toBeNull();
    expect(quantityOf(undefined)).toBeNull();
  });
});

describe('parseTimestamp', () => {
  it('reads the local time of a row', () => {
    const local = new Date(2026, 6, 14, 9, 0, 44, 742).getTime();
    expect(parseTimestamp('2026/07/14 09:00:44.742')).toBe(local);
    // Without its fraction it is 742 ms earlier; '.7' is 700 ms.
    expect(parseTimestamp('2026/07/14 09:00:44')).toBe(local - 742);
    expect(parseTimestamp('2026/07/14 09:00:44.7')).toBe(local - 42);
  });

  it.each(['', '[N/A]', '2026-07-14 09:00:44.742', '2026/07/14', '09:00:44.742'])('gives null for %j', (raw) =>
    expect(parseTimestamp(raw)).toBeNull(),
  );
});

describe('parseRow', () => {
  const fields = ['timestamp', 'uuid', 'power.draw', 'name'];

  it('splits a row into the queried fields', () => {
    const row = parseRow('2026/07/14 09:00:44.742, GPU-1a2b, 98.14, NVIDIA H200\r', fields);
    expect(Object.fromEntries(row?.cells ?? [])).toEqual({
      timestamp: '2026/07/14 09:00:44.742',
      uuid: 'GPU-1a2b',
      'power.draw': '98.14',
      name: 'NVIDIA H200',
    });
  });

  it('leaves a comma in the name, which is asked for last', () =>
    expect(parseRow('t, GPU-1, 98.14, Quadro RTX, 8000, rev 2', fields)?.cells.get('name')).toBe(
      'Quadro RTX, 8000, rev 2',
    ));

  it('knows a MIG instance', () =>
    expect(parseRow('t, MIG-1a2b, 98.14, x', fields)?.cells.get('uuid')).toBe('MIG-1a2b'));

  it.each([
    ['a half line', '2026/07/14 09:00:44.742, GPU-1a2b, 98'],
    ['a header', 'timestamp, uuid, power.draw [W], name'],
    ['a banner', 'Unable to determine the device handle for GPU0000:02:00.0: Unknown Error'],
    ['a banner with commas', 'WARNING: infoROM is corrupted, at gpu 0000:02:00.0, see log, and so on'],
    ['nothing', ''],
  ])('gives null for %s', (_, line) => expect(parseRow(line, fields)).toBeNull());
});

describe('parseComputeApps', () => {
  it('reads one process a line', () =>
    expect(parseComputeApps('GPU-1, 4242, 1024, python\nGPU-2, 4243, 512 MiB, /opt/a, b/train\n')).toEqual([
      { gpuUuid: 'GPU-1', pid: 4242, usedMebibytes: 1024, name: 'python' },
      { gpuUuid: 'GPU-2', pid: 4243, usedMebibytes: 512, name: '/opt/a, b/train' },
    ]));

  it('keeps a process whose memory Windows does not tell, with a path that has blanks', () =>
    expect(parseComputeApps('GPU-1, 1234, [N/A], C:\\Program Files\\Some App\\app.exe\r\n')).toEqual([
      { gpuUuid: 'GPU-1', pid: 1234, usedMebibytes: null, name: 'C:\\Program Files\\Some App\\app.exe' },
    ]));

  it('knows no memory below zero', () =>
    expect(parseComputeApps('GPU-1, 7, -1, x')).toEqual([
      { gpuUuid: 'GPU-1', pid: 7, usedMebibytes: null, name: 'x' },
    ]));

  it.each([
    'gpu_uuid, pid, used_gpu_memory [MiB], process_name',
    'No running processes found',
    ' ',
    'GPU-1, [N/A], 3, x',
    'GPU-1, -7, 3, x',
    'GPU-1, 7.5, 3, x',
  ])('takes %j for no process', (line) => expect(parseComputeApps(`${line}\n`)).toEqual([]));
});

describe('parseInvalidField', () => {
  it('names the field that the driver refused', () =>
    expect(parseInvalidField('Field "power.draw.average" is not a valid field to query.')).toBe('power.draw.average'));

  it('gives null for any other complaint', () =>
    expect(parseInvalidField('Unable to determine the device handle')).toBeNull());
});

it('throws for no text at all', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: 'grapheme' }),
      fc.array(fc.string(), { minLength: 1, maxLength: 4 }),
      (text, fields) => {
        parseCell(text);
        parseTimestamp(text);
        parseRow(text, fields);
        parseInvalidField(text);
        // A process without a GPU of this form is never listed.
        expect(parseComputeApps(text).every((app) => /^(GPU|MIG)-/i.test(app.gpuUuid))).toBe(true);
      },
    ),
  );
});

describe.skipIf(capturesFolder === null)('on real captures (skipped where there is no ../shared/data)', () => {
  const captures = listCaptures('nvidia-smi/csv', 'query-gpu.csv').map((path) => ({ name: basename(path), path }));

  it('has captures to read', () => expect(captures.length).toBeGreaterThan(10));

  it('reads the processes of a GB10 without a header, whose name stands before the memory', () =>
    // Asked for as uuid, pid, name, memory: by our order the path stands where the memory should, and is no number.
    expect(parseComputeApps(readCapture('nvidia-smi/errors/csv-gb10-compute-apps.noheader.csv'))).toEqual([
      { gpuUuid: 'GPU-...', pid: 114_687, usedMebibytes: null, name: '19135' },
    ]));

  it.each(captures)('reads every cell of $name', ({ path }) => {
    const [header = '', ...lines] = readFileSync(path, 'utf8').trim().split(/\r?\n/);
    const fields = header.split(', ').map((field) => field.replace(/ \[.*\]$/, ''));
    expect(lines.length).toBeGreaterThan(0);
    for (const line of lines) {
      const values = line.split(', ');
      expect(values).toHaveLength(fields.length);
      for (const value of values) {
        const cell = parseCell(value);
        if (cell.kind === 'number') expect(Number.isFinite(cell.value)).toBe(true);
        else expect(cell.text).not.toMatch(/^\[|^-?\d+\.\d+( W)?$/);
      }
      // What a person reads: the digits before ' W'.
      const powers = values.filter((_, i) => fields[i]?.startsWith('power.draw'));
      expect(powers.length).toBeGreaterThan(0);
      for (const power of powers) {
        const shown = power.endsWith(' W') ? Number.parseFloat(power) : null;
        expect(numberOf(parseCell(power))).toBe(shown);
      }
    }
  });
});
