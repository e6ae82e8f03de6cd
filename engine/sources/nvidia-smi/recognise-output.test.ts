import { basename } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { capturesFolder, listCaptures, readCapture } from '../../../tests/captures.ts';
import { recogniseOutput } from './recognise-output.ts';

const table = { kind: 'refused', reason: 'the table for people' };

describe('recogniseOutput', () => {
  it.each([
    ['<?xml version="1.0" ?>\n<nvidia_smi_log>', { kind: 'listing' }],
    ['index, power.draw [W]\n0, 98.14 W\n', { kind: 'gpu-rows' }],
    ['gpu_uuid, pid, process_name\n', { kind: 'app-rows' }],
    ['GPU-..., 114687, /usr/local/bin/python, 19135\n', { kind: 'app-rows' }],
    ['# gpu         pid   type     sm\n', { kind: 'pmon' }],
    [
      'Fri Jun 11 19:27:00 2021\n+-----------------------------------------------------------------------------+\n',
      table,
    ],
    ['No devices were found\n', { kind: 'refused', reason: 'no-device: No devices were found' }],
    ['', { kind: 'refused', reason: 'no output of nvidia-smi' }],
    ['Killed', { kind: 'refused', reason: 'no output of nvidia-smi' }],
    [
      'GPU 0: NVIDIA H100 80GB HBM3 (UUID: GPU-00000000-0000-0000-0000-000000000000)\n',
      { kind: 'refused', reason: 'the list of GPUs (-L)' },
    ],
    ['List of valid properties to query for the switch "--query-gpu":\n', { kind: 'field-help' }],
  ])('takes %j for what it is', (text, wanted) => expect(recogniseOutput(text)).toEqual(wanted));

  it('throws for no text, and refuses with few words', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        const found = recogniseOutput(text);
        if (found.kind === 'refused') expect(found.reason.length).toBeLessThan(250);
      }),
    );
  });
});

describe.skipIf(capturesFolder === null)('on real output (skipped where there is no ../shared/data)', () => {
  it.each([
    ['xml', '.xml', { kind: 'listing' }, 18],
    ['csv', 'compute-apps.csv', { kind: 'app-rows' }, 14],
    ['csv', 'query-gpu.csv', { kind: 'gpu-rows' }, 14],
    ['pmon', '.txt', { kind: 'pmon' }, 14],
    ['dmon', '.txt', { kind: 'refused', reason: 'a device monitor (dmon): whole watts, no GPU id' }, 14],
    ['table', '.txt', table, 17],
    ['q-text', '.txt', { kind: 'refused', reason: 'the long listing as text (-q); its XML form (-q -x) is read' }, 20],
    ['captures', '.txt', { kind: 'refused', reason: 'a record of several commands' }, 7],
  ] as const)('takes every file of %s ending in %s for what it is', (folder, ending, wanted, count) => {
    const files = listCaptures(`nvidia-smi/${folder}`, ending).map((path) => basename(path));
    expect(files).toHaveLength(count);
    for (const file of files)
      expect(recogniseOutput(readCapture(`nvidia-smi/${folder}/${file}`)), file).toEqual(wanted);
  });

  it.each([
    ['csv/nvidia_gpu_exporter__query-two-gpus.csv', { kind: 'gpu-rows' }],
    ['csv/nvidia_gpu_exporter__sample-output-471.11-wddm.csv', { kind: 'gpu-rows' }],
    ['errors/csv-one-field-unknown-error.csv', { kind: 'gpu-rows' }],
    ['errors/csv-gb10-compute-apps.noheader.csv', { kind: 'app-rows' }],
    ['errors/table-gb10-580.126.txt', table],
    [
      'errors/nvml-version-mismatch.txt',
      { kind: 'refused', reason: 'version-mismatch: Failed to initialize NVML: Driver/library version mismatch' },
    ],
    [
      'errors/device-handle-unknown-error.txt',
      { kind: 'refused', reason: 'lost: Unable to determine the device handle for GPU 0000:0B:00.0: Unknown Error' },
    ],
  ])('takes %s for what it is', (file, wanted) =>
    expect(recogniseOutput(readCapture(`nvidia-smi/${file}`))).toEqual(wanted),
  );
});
