import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { capturesFolder, listCaptures, readCapture } from '../../../tests/captures.ts';
import { parseTrouble } from './parse-trouble.ts';

describe('parseTrouble', () => {
  it('names the GPU that is gone, by its address', () =>
    expect(parseTrouble('Unable to determine the device handle for GPU 0000:0b:00.0: Unknown Error\n')).toEqual({
      reason: 'lost',
      busId: '0000:0b:00.0',
      words: 'Unable to determine the device handle for GPU 0000:0b:00.0: Unknown Error',
    }));

  it.each([
    ['Unable to determine the device handle for GPU0000:20:00.0: Unknown Error', 'lost', '0000:20:00.0'],
    [
      'Unable to determine the device handle for GPU 00001580:00:00.0: GPU is lost.  Reboot the system to recover this GPU',
      'lost',
      '1580:00:00.0',
    ],
    [
      'Unable to determine the device handle for GPU 0000:01:00.0: Insufficient Permissions',
      'permission',
      '0000:01:00.0',
    ],
    ['GPU is lost.  Reboot the system to recover this GPU', 'lost', null],
    ['[GPU requires reset]', 'lost', null],
    ['[Insufficient Permissions]', 'permission', null],
    ['Failed to initialize NVML: Insufficient Permissions', 'permission', null],
    [
      'Failed to initialize NVML: Driver/library version mismatch\nNVML library version: 570.124',
      'version-mismatch',
      null,
    ],
    // The container's devices were taken away while it ran.
    ['Failed to initialize NVML: Unknown Error', 'driver', null],
    ['Failed to initialize NVML: GPU access blocked by the operating system', 'driver', null],
    [
      "NVIDIA-SMI has failed because it couldn't communicate with the NVIDIA driver. Make sure that the latest NVIDIA driver is installed and running.",
      'driver',
      null,
    ],
    ["NVIDIA-SMI couldn't find libnvidia-ml.so library in your system.", 'driver', null],
    ['No devices were found', 'no-device', null],
    ['Error: something that no version has said yet', 'unknown', null],
    ["Invalid combination of input arguments. Please run 'nvidia-smi -h' for help.", 'unknown', null],
  ])('takes %j for %s', (text, reason, busId) =>
    expect(parseTrouble(text)).toEqual({ reason, busId, words: text.split('\n')[0] }),
  );

  it('finds the complaint between rows and warnings, and the known one before the unknown', () => {
    const text = [
      'WARNING: infoROM is corrupted at gpu 0008:00:00.0',
      'Error: who knows',
      '2026/07/14 09:00:44.742, GPU-1, 98.14, [Unknown Error]',
      'No devices were found\r',
    ].join('\n');
    expect(parseTrouble(text)).toEqual({ reason: 'no-device', busId: null, words: 'No devices were found' });
  });

  it.each([
    '',
    'No running processes found',
    'WARNING: infoROM is corrupted at gpu 0008:00:00.0',
    'GeForce RTX 2080 Ti, 100, 37, [Unknown Error]',
    '    ECC Errors',
    '|  Unknown Error  |',
    'Field "power.draw.average" is not a valid field to query.',
  ])('hears no complaint in %j', (text) => expect(parseTrouble(text)).toBeNull());

  it('keeps at most 200 characters of it', () =>
    expect(parseTrouble(`error ${'x'.repeat(100_000)}`)?.words).toHaveLength(200));

  it('throws for no text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        expect(parseTrouble(text)?.words.length ?? 0).toBeLessThanOrEqual(200);
      }),
    );
  });
});

describe.skipIf(capturesFolder === null)('on real failures (skipped where there is no ../shared/data)', () => {
  it.each([
    ['device-handle-unknown-error.txt', 'lost', '0000:0b:00.0'],
    ['device-handle-unknown-error-new-spelling.txt', 'lost', '0000:20:00.0'],
    ['nvml-version-mismatch.txt', 'version-mismatch', null],
  ])('takes %s for %s', (file, reason, busId) =>
    expect(parseTrouble(readCapture(`nvidia-smi/errors/${file}`))).toMatchObject({ reason, busId }),
  );

  it('hears no complaint in what is not one', () => {
    const quiet = [
      ...listCaptures('nvidia-smi/csv', '.csv'),
      ...listCaptures('nvidia-smi/pmon', '.txt'),
      ...listCaptures('nvidia-smi/dmon', '.txt'),
      ...listCaptures('nvidia-smi/table', '.txt'),
      ...listCaptures('nvidia-smi/q-text', '.txt'),
      ...listCaptures('nvidia-smi/errors', '.csv'),
    ];
    expect(quiet.length).toBeGreaterThan(90);
    expect(quiet.filter((path) => parseTrouble(readFileSync(path, 'utf8')) !== null)).toEqual([]);
  });
});
