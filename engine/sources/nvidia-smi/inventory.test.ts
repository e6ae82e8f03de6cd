import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename } from 'node:path';
import { describe, expect, it } from 'vitest';
import { capturesFolder, listCaptures } from '../../../tests/captures.ts';
import { architectureNumber, readInventory } from './inventory.ts';

/** A listing that answers as node-nvidia-smi does: its callback with an error, or null and the parsed XML. */
const answers =
  (error: unknown, data: unknown = undefined) =>
  (callback: (error: unknown, data: unknown) => void): void =>
    callback(error, data);
const log = (gpu: unknown): unknown => ({ nvidia_smi_log: { driver_version: '570.124.06', gpu } });

describe('readInventory', () => {
  it('reads a single GPU, which comes as an object and not as a list', async () =>
    expect(
      await readInventory(
        answers(null, log({ uuid: 'GPU-1', product_name: 'NVIDIA A100', product_architecture: 'Ampere' })),
      ),
    ).toEqual([{ uuid: 'GPU-1', name: 'NVIDIA A100', architecture: 'Ampere' }]));

  it('reads several GPUs; what an old driver does not tell is null', async () =>
    expect(
      await readInventory(
        answers(
          null,
          log([{ uuid: 'GPU-1', product_name: 'Tesla T4', product_architecture: 'N/A' }, { uuid: 'GPU-2' }]),
        ),
      ),
    ).toEqual([
      { uuid: 'GPU-1', name: 'Tesla T4', architecture: null },
      { uuid: 'GPU-2', name: null, architecture: null },
    ]));

  it('leaves out a GPU without a uuid and keeps the others', async () =>
    expect(await readInventory(answers(null, log([{ product_name: 'x' }, { uuid: 'GPU-2' }])))).toHaveLength(1));

  it.each([
    ['the text of a warning in place of the data', answers('WARNING: infoROM is corrupted\n')],
    ['an error', answers(new Error('Command failed: nvidia-smi -q -x'))],
    ['no data', answers(null, null)],
    ['data of another shape', answers(null, { something_else: 1 })],
    ['a log without a GPU', answers(null, log(undefined))],
  ])('gives nothing for %s', async (_, listing) => expect(await readInventory(listing)).toEqual([]));
});

describe('architectureNumber', () => {
  // nvmlDeviceArchitecture_t in nvml.h: NVML_DEVICE_ARCH_AMPERE 7, NVML_DEVICE_ARCH_HOPPER 9.
  it.each([
    ['Ampere', 7],
    ['Hopper', 9],
    ['Some Later One', null],
    [null, null],
  ])('of %j is %j', (name, number) => expect(architectureNumber(name)).toBe(number));
});

describe.skipIf(capturesFolder === null)('on real XML (skipped where there is no ../shared/data)', () => {
  const captures = listCaptures('nvidia-smi/xml', '.xml').map((path) => ({ name: basename(path), path }));
  // The parser that node-nvidia-smi itself uses, with its options.
  const { parseString } = createRequire(createRequire(import.meta.url).resolve('node-nvidia-smi'))('xml2js') as {
    parseString(text: string, options: object, callback: (error: unknown, data: unknown) => void): void;
  };

  it('has captures to read', () => expect(captures.length).toBeGreaterThan(10));

  it.each(captures)('finds every GPU of $name', async ({ path }) => {
    const text = readFileSync(path, 'utf8');
    const uuids = [...text.matchAll(/<uuid>(.*?)<\/uuid>/g)].map((match) => match[1]);
    expect(uuids).toHaveLength((text.match(/<gpu[ >]/g) ?? []).length);
    const entries = await readInventory((callback) =>
      parseString(text, { explicitArray: false, trim: true }, callback),
    );
    expect(entries.map((entry) => entry.uuid)).toEqual(uuids);
  });
});
