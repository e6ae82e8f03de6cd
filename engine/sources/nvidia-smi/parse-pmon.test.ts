import { basename } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { capturesFolder, listCaptures, readCapture } from '../../../tests/captures.ts';
import { createPmonReader, parsePmon } from './parse-pmon.ts';

const header = '# gpu         pid   type     sm    mem    enc    dec    jpg    ofa    command \n';
const units = '# Idx           #    C/G      %      %      %      %      %      %    name \n';

describe('parsePmon', () => {
  it('reads a process a line', () =>
    expect(
      parsePmon(
        `${header}${units}    0      11345     C     99     10      -      -      -      -    gpu_burn       \n`,
      ),
    ).toEqual([{ gpuIndex: 0, pid: 11_345, type: 'C', smPercent: 99, memPercent: 10, command: 'gpu_burn' }]));

  it('takes the columns of an old driver from its header: no jpg and no ofa', () =>
    expect(
      parsePmon(
        '# gpu        pid  type    sm   mem   enc   dec   command\n# Idx          #   C/G     %     %     %     %   name\n    1      58813     C    99    29     -     -   python         \n',
      ),
    ).toEqual([{ gpuIndex: 1, pid: 58_813, type: 'C', smPercent: 99, memPercent: 29, command: 'python' }]));

  it('finds the columns behind a date and a time, and in any order', () => {
    expect(
      parsePmon(
        '#Date       Time        gpu         pid   type     sm    mem    command \n 20260714   09:00:44      2       4242   M+C     55      -    train worker   \n',
      ),
    ).toEqual([{ gpuIndex: 2, pid: 4242, type: 'M+C', smPercent: 55, memPercent: null, command: 'train worker' }]);
    expect(parsePmon('# pid command gpu mem sm type\n7 a b 0 1 2 C\n')).toEqual([
      { gpuIndex: 0, pid: 7, type: 'C', smPercent: 2, memPercent: 1, command: 'a b' },
    ]);
  });

  it('keeps a blank in the command and reads one that is all cut away', () =>
    expect(
      parsePmon(
        `${header}    0   8   C+G   -   -   -   -   -   -    NVIDIA Overlay.\n    0   9   G   -   -   -   -   -   -\n`,
      ).map(({ command, type }) => [command, type]),
    ).toEqual([
      ['NVIDIA Overlay.', 'C+G'],
      ['', 'G'],
    ]));

  it.each([
    ['-', null],
    ['0', 0],
    ['100', 100],
    // No share of a GPU's time.
    ['101', null],
    ['4294967295', null],
    ['-5', null],
  ])('reads a use of %j as %j', (printed, percent) =>
    expect(parsePmon(`# gpu pid type sm mem command\n0 8 C ${printed} - x\n`)[0]?.smPercent).toBe(percent),
  );

  it.each([
    ['a row before any header', '    0      11345     C     99     10      -      -      -      -    gpu_burn\n'],
    ['half a row', `${header}    0      11345     C\n`],
    ['words', `${header}Unable to determine the device handle for GPU 0000:0B:00.0: Unknown Error\n`],
    ['a dmon header', '# gpu    pwr  gtemp\n    0    438     55\n'],
    ['a pid that is no number', `${header} 0 x C - - - - - - y\n`],
  ])('takes %s for no process', (_, text) => expect(parsePmon(text)).toEqual([]));
});

describe('createPmonReader', () => {
  it('tells headers, processes, idle GPUs and words apart, line by line', () => {
    const read = createPmonReader();
    expect(
      ['nothing yet', header, units, '0 8 C - - - - - - x', '1 - - - - - - - - -', 'Killed', header].map(
        (line) => read(line).kind,
      ),
    ).toEqual(['words', 'header', 'header', 'process', 'idle', 'words', 'header']);
  });

  it('throws for no line at all', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'grapheme' })), (lines) => {
        const read = createPmonReader();
        read(header);
        for (const line of lines) expect(['header', 'idle', 'process', 'words']).toContain(read(line).kind);
      }),
    );
  });
});

/** Counted by eye: [rows of processes, different pids, sum of the sm column]. */
const expected: Readonly<Record<string, readonly [number, number, number]>> = {
  'linux-x86_64__nvidia-geforce-rtx-2080-super__595.71.05__idle__pmon.txt': [10, 2, 0],
  'linux-x86_64__nvidia-geforce-rtx-2080-super__595.71.05__load__pmon.txt': [20, 4, 36],
  'linux-x86_64__nvidia-geforce-rtx-2080-super__610.57.04__idle__pmon.txt': [10, 2, 0],
  'linux-x86_64__nvidia-geforce-rtx-2080-super__610.57.04__load__pmon.txt': [20, 4, 31],
  'linux-x86_64__nvidia-geforce-rtx-4080-super__595.71.05__idle__pmon.txt': [25, 5, 0],
  'linux-x86_64__nvidia-geforce-rtx-4080-super__595.71.05__load__pmon.txt': [35, 7, 26],
  'linux-x86_64__nvidia-h100-80gb-hbm3__590.48.01__idle__pmon.txt': [0, 0, 0],
  // 5 × 99 = 495.
  'linux-x86_64__nvidia-h100-80gb-hbm3__590.48.01__load__pmon.txt': [15, 3, 495],
  'linux-x86_64__nvidia-h100-mig__590.48.01__idle__pmon.txt': [0, 0, 0],
  // MIG tells no use.
  'linux-x86_64__nvidia-h100-mig__590.48.01__load__pmon.txt': [15, 3, 0],
  'linux-x86_64__nvidia-h200__590.48.01__idle__pmon.txt': [0, 0, 0],
  'linux-x86_64__nvidia-h200__590.48.01__load__pmon.txt': [15, 3, 494],
  'windows-x86_64__nvidia-geforce-rtx-2080-super__610.62__idle__pmon.txt': [95, 19, 0],
  'windows-x86_64__nvidia-geforce-rtx-2080-super__610.62__load__pmon.txt': [105, 21, 32],
};

describe.skipIf(capturesFolder === null)('on real pmon output (skipped where there is no ../shared/data)', () => {
  const files = listCaptures('nvidia-smi/pmon', '.txt').map((path) => basename(path));

  it('has an expectation for every file', () => expect(files).toEqual(Object.keys(expected).sort()));

  it.each(files)('reads %s as a person does', (file) => {
    const rows = parsePmon(readCapture(`nvidia-smi/pmon/${file}`));
    const smPercent = rows.reduce((sum, row) => sum + (row.smPercent ?? 0), 0);
    expect([rows.length, new Set(rows.map((row) => row.pid)).size, smPercent]).toEqual(expected[file]);
    expect(rows.every((row) => row.gpuIndex === 0 && row.command !== '' && row.type !== null)).toBe(true);
  });
});
