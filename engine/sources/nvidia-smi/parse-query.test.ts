import { basename } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { capturesFolder, listCaptures, readCapture } from '../../../tests/captures.ts';
import { parseHeader, parseQuery } from './parse-query.ts';
import { numberOf } from './parse-rows.ts';

const numbersOf = (text: string, column: string): readonly (number | null)[] | undefined =>
  parseQuery(text)?.rows.map((row) => numberOf(row.cell(column)));

describe('parseQuery', () => {
  it('reads values by the names in the header', () => {
    const table = parseQuery(
      'index, power.draw [W], utilization.gpu [%], name\n0, 98.14 W, 7 %, NVIDIA H200\n1, [N/A], 0 %, NVIDIA H200\n',
    );
    expect(table?.columns).toEqual([
      { name: 'index', unit: null },
      { name: 'power.draw', unit: 'W' },
      { name: 'utilization.gpu', unit: '%' },
      { name: 'name', unit: null },
    ]);
    expect(table?.rows.map((row) => [row.cell('power.draw'), row.text('name')])).toEqual([
      [{ kind: 'number', value: 98.14 }, 'NVIDIA H200'],
      [{ kind: 'missing', text: 'N/A' }, 'NVIDIA H200'],
    ]);
    expect(table?.words).toEqual([]);
  });

  it('reads the same numbers under nounits', () =>
    expect(numbersOf('index, power.draw [W]\r\n0, 98.14\r\n', 'power.draw')).toEqual([98.14]));

  it('leaves commas to the one column of free text, wherever it stands', () => {
    const table = parseQuery(
      'gpu_uuid, pid, process_name, used_gpu_memory [MiB]\nGPU-1, 7, C:\\Program Files\\a, b, c\\x.exe, 12 MiB\nGPU-1, 8, python, [N/A]\n',
    );
    expect(table?.rows.map((row) => [row.text('process_name'), numberOf(row.cell('used_gpu_memory'))])).toEqual([
      ['C:\\Program Files\\a, b, c\\x.exe', 12],
      ['python', null],
    ]);
  });

  it('keeps lines that are no row as words', () => {
    const line = 'Unable to determine the device handle for GPU0000:02:00.0: Unknown Error';
    const table = parseQuery(
      `WARNING: infoROM is corrupted at gpu 0008:00:00.0\nindex, power.draw [W]\n0, 98.14 W\n${line}\n2, 1, 2\n`,
    );
    expect(table?.rows).toHaveLength(1);
    expect(table?.words).toEqual(['WARNING: infoROM is corrupted at gpu 0008:00:00.0', line, '2, 1, 2']);
    // Also where the query has one column, and any line would fit.
    expect(parseQuery(`power.draw [W]\n98.14 W\n${line}\n`)?.words).toEqual([line]);
  });

  it('has a header and no row where no process runs', () =>
    expect(parseQuery('gpu_uuid, pid, process_name, used_gpu_memory [MiB]\n')).toMatchObject({ rows: [], words: [] }));

  it('gives an empty text for what was printed empty, null for a column that is not there', () => {
    const row = parseQuery('uuid, platform.chassis_serial_number, index\nGPU-1, , 0\n')?.rows[0];
    expect(row?.text('platform.chassis_serial_number')).toBe('');
    expect(row?.cell('platform.chassis_serial_number')).toEqual({ kind: 'missing', text: '' });
    expect(row?.text('power.draw')).toBeNull();
    expect(row?.text('constructor')).toBeNull();
  });

  it('takes the first of two columns with one name', () =>
    expect(numbersOf('index, index, power.draw [W]\n1, 2, 3 W\n', 'index')).toEqual([1]));

  it.each(['', '\n\n', 'No devices were found', 'GPU-1, 114687, /usr/local/bin/python, 19135', 'Killed'])(
    'finds no header in %j',
    (text) => expect(parseQuery(text)).toBeNull(),
  );

  it('gives back every table that is printed', () => {
    const value = fc.integer({ min: 0, max: 99_999 });
    fc.assert(
      fc.property(fc.array(fc.tuple(value, value), { maxLength: 20 }), (rows) => {
        const text = ['index, power.draw [W]', ...rows.map(([index, watts]) => `${index}, ${watts}.50 W`)].join('\n');
        expect(numbersOf(text, 'power.draw')).toEqual(rows.map(([, watts]) => watts + 0.5));
        expect(numbersOf(text, 'index')).toEqual(rows.map(([index]) => index));
      }),
    );
  });
});

describe('parseHeader', () => {
  it.each([
    'timestamp',
    'pci.bus_id',
    'bbx.time_run [seconds]',
    'power_smoothing.curr_profile.ramp_up_rate [W/s], name',
  ])('knows %j', (line) => expect(parseHeader(line)).not.toBeNull());

  it.each(['Killed', 'Enabled, Disabled', '0, 98.14 W', '[N/A]', 'a  b', ''])('takes %j for none', (line) =>
    expect(parseHeader(line)).toBeNull(),
  );
});

/** Read off each file by eye: [columns, power.draw, average, instant, utilisation, memory used, limit in force] of its first row. */
type Line = readonly [number, ...(number | null)[]];
const expectedGpus: Readonly<Record<string, Line>> = {
  'linux-x86_64__nvidia-geforce-rtx-2080-super__595.71.05__idle__query-gpu.csv': [202, 39.32, null, 39.32, 0, 214, 250],
  'linux-x86_64__nvidia-geforce-rtx-2080-super__595.71.05__load__query-gpu.csv': [202, 111.5, null, 111.5, 8, 819, 250],
  'linux-x86_64__nvidia-geforce-rtx-2080-super__610.57.04__idle__query-gpu.csv': [241, 39.17, null, 39.17, 0, 211, 250],
  'linux-x86_64__nvidia-geforce-rtx-2080-super__610.57.04__load__query-gpu.csv': [241, 98.14, null, 98.14, 8, 815, 250],
  'linux-x86_64__nvidia-geforce-rtx-4080-super__595.71.05__idle__query-gpu.csv': [202, 26.2, 26.2, 28.77, 0, 596, 320],
  'linux-x86_64__nvidia-geforce-rtx-4080-super__595.71.05__load__query-gpu.csv': [
    202, 84.24, 84.24, 86.41, 7, 1474, 320,
  ],
  'linux-x86_64__nvidia-h100-80gb-hbm3__590.48.01__idle__query-gpu.csv': [212, 69.85, 69.85, 69.62, 0, 0, 700],
  'linux-x86_64__nvidia-h100-80gb-hbm3__590.48.01__load__query-gpu.csv': [
    212, 631.95, 631.95, 625.68, 100, 19_818, 700,
  ],
  // MIG: no use of the GPU, the power is the board's.
  'linux-x86_64__nvidia-h100-mig__590.48.01__idle__query-gpu.csv': [212, 71.15, 71.15, 70.72, null, 59, 700],
  'linux-x86_64__nvidia-h100-mig__590.48.01__load__query-gpu.csv': [212, 433.78, 433.78, 447.35, null, 11_125, 700],
  'linux-x86_64__nvidia-h200__590.48.01__idle__query-gpu.csv': [212, 77.71, 77.71, 78.21, 0, 0, 700],
  'linux-x86_64__nvidia-h200__590.48.01__load__query-gpu.csv': [212, 627.4, 627.4, 626.26, 100, 32_362, 700],
  'nvidia_gpu_exporter__query-two-gpus.csv': [13, null, null, null, null, 575, null],
  'nvidia_gpu_exporter__sample-output-471.11-wddm.csv': [115, 32.7, null, null, 2, 876, 250],
  'windows-x86_64__nvidia-geforce-rtx-2080-super__610.62__idle__query-gpu.csv': [239, 39.25, null, 39.25, 0, 797, 250],
  'windows-x86_64__nvidia-geforce-rtx-2080-super__610.62__load__query-gpu.csv': [239, 97.99, null, 97.99, 7, 1366, 250],
};
/** Read off each file by eye: pid to MiB. Windows tells no memory: there the number of rows and one of them. */
const expectedApps: Readonly<Record<string, Readonly<Record<number, number>> | number>> = {
  'linux-x86_64__nvidia-geforce-rtx-2080-super__595.71.05__idle__query-compute-apps.csv': {},
  'linux-x86_64__nvidia-geforce-rtx-2080-super__595.71.05__load__query-compute-apps.csv': { 5268: 370, 5267: 230 },
  'linux-x86_64__nvidia-geforce-rtx-2080-super__610.57.04__idle__query-compute-apps.csv': {},
  'linux-x86_64__nvidia-geforce-rtx-2080-super__610.57.04__load__query-compute-apps.csv': { 28512: 370, 28511: 230 },
  'linux-x86_64__nvidia-geforce-rtx-4080-super__595.71.05__idle__query-compute-apps.csv': { 2165: 25 },
  'linux-x86_64__nvidia-geforce-rtx-4080-super__595.71.05__load__query-compute-apps.csv': {
    2165: 25,
    5022: 503,
    5021: 360,
  },
  'linux-x86_64__nvidia-h100-80gb-hbm3__590.48.01__idle__query-compute-apps.csv': {},
  'linux-x86_64__nvidia-h100-80gb-hbm3__590.48.01__load__query-compute-apps.csv': {
    11327: 2566,
    11328: 1542,
    11345: 15690,
  },
  // Under MIG the board's uuid.
  'linux-x86_64__nvidia-h100-mig__590.48.01__idle__query-compute-apps.csv': {},
  'linux-x86_64__nvidia-h100-mig__590.48.01__load__query-compute-apps.csv': { 21180: 2296, 21181: 1272, 21198: 7484 },
  'linux-x86_64__nvidia-h200__590.48.01__idle__query-compute-apps.csv': {},
  'linux-x86_64__nvidia-h200__590.48.01__load__query-compute-apps.csv': { 10291: 2566, 10293: 1542, 10309: 28234 },
  'windows-x86_64__nvidia-geforce-rtx-2080-super__610.62__idle__query-compute-apps.csv': 19,
  'windows-x86_64__nvidia-geforce-rtx-2080-super__610.62__load__query-compute-apps.csv': 21,
};

describe.skipIf(capturesFolder === null)('on real captures (skipped where there is no ../shared/data)', () => {
  const files = listCaptures('nvidia-smi/csv', '.csv').map((path) => basename(path));
  const read = (file: string) => parseQuery(readCapture(`nvidia-smi/csv/${file}`));

  it('has an expectation for every file', () =>
    expect(files).toEqual([...Object.keys(expectedGpus), ...Object.keys(expectedApps)].sort()));

  it.each(Object.keys(expectedGpus))('reads %s as a person does', (file) => {
    const table = read(file);
    const row = table?.rows[0];
    const columns = [
      'power.draw',
      'power.draw.average',
      'power.draw.instant',
      'utilization.gpu',
      'memory.used',
      'enforced.power.limit',
    ];
    expect([
      table?.columns.length,
      ...columns.map((name) => (row === undefined ? null : numberOf(row.cell(name)))),
    ]).toEqual(expectedGpus[file]);
    expect(table?.words).toEqual([]);
    expect(table?.rows).toHaveLength(file.includes('two-gpus') ? 2 : 1);
  });

  it('reads the bare cells of a GPU as missing, each with its words', () => {
    const row = read('windows-x86_64__nvidia-geforce-rtx-2080-super__610.62__load__query-gpu.csv')?.rows[0];
    const wordsOf = (name: string): string | null => {
      const cell = row?.cell(name);
      return cell?.kind === 'missing' ? cell.text : null;
    };
    expect(wordsOf('temperature.memory')).toBe('N/A');
    expect(wordsOf('power.management')).toBe('Requested functionality has been deprecated');
    expect(wordsOf('bbx.time_run')).toBe('Function Not Found');
  });

  it.each(Object.keys(expectedApps))('reads the processes of %s as a person does', (file) => {
    const rows = read(file)?.rows ?? [];
    const memory = rows.map((row) => [numberOf(row.cell('pid')), numberOf(row.cell('used_gpu_memory'))] as const);
    const wanted = expectedApps[file];
    if (typeof wanted === 'number') {
      expect(rows).toHaveLength(wanted);
      expect(memory.every(([pid, mebibytes]) => pid !== null && mebibytes === null)).toBe(true);
      expect(rows.map((row) => row.text('process_name'))).toContain('C:\\Windows\\System32\\dwm.exe');
    } else expect(Object.fromEntries(memory)).toEqual(wanted);
    expect(rows.every((row) => row.text('gpu_uuid') === 'GPU-00000000-0000-0000-0000-000000000000')).toBe(true);
  });

  it('keeps a row in which one field failed', () => {
    const table = parseQuery(readCapture('nvidia-smi/errors/csv-one-field-unknown-error.csv'));
    expect(
      table?.rows.map((row) => [row.text('name'), numberOf(row.cell('power.draw')), row.cell('power.default_limit')]),
    ).toEqual([['GeForce RTX 2080 Ti', 228.82, { kind: 'missing', text: 'Unknown Error' }]]);
  });
});
