import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { capturesFolder, listCaptures } from '../../../tests/captures.ts';
import { architectureNumber, readInventory } from './inventory.ts';

const scratch = mkdtempSync(join(tmpdir(), 'wattrun-inventory-'));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

/** Path of a tool that runs these lines of sh. */
function tool(...lines: readonly string[]): string {
  const folder = mkdtempSync(join(scratch, 'tool-'));
  const path = join(folder, 'nvidia-smi');
  writeFileSync(path, ['#!/bin/sh', ...lines, ''].join('\n'));
  chmodSync(path, 0o755);
  return path;
}

/** A line of sh that prints this text. */
function printed(text: string): string {
  const file = join(mkdtempSync(join(scratch, 'text-')), 'text');
  writeFileSync(file, text);
  return `cat '${file}'`;
}

const log = (...gpus: readonly string[]): string =>
  `<?xml version="1.0" ?>\n<!DOCTYPE nvidia_smi_log SYSTEM "nvsmi_device_v12.dtd">\n<nvidia_smi_log>\n${gpus.map((inside) => `<gpu id="00000000:01:00.0">${inside}</gpu>`).join('\n')}\n</nvidia_smi_log>\n`;
const ampere =
  '<product_name>NVIDIA A100</product_name><product_architecture>Ampere</product_architecture><uuid>GPU-1</uuid>';
const oneGpu = [{ uuid: 'GPU-1', name: 'NVIDIA A100', architecture: 'Ampere' }];

// Scripts of sh: what is told of them holds everywhere, but on Windows no such tool can be started.
describe.skipIf(process.platform === 'win32')('readInventory', () => {
  it('reads a GPU by the tool it is given, asked for its long listing', async () => {
    const path = tool('[ "$*" = "-q -x" ] || exit 2', printed(log(ampere)));
    expect((await readInventory(path)).gpus).toEqual(oneGpu);
  });

  it('reads several GPUs; what an old driver does not tell is null', async () => {
    const path = tool(
      printed(
        log(
          '<uuid>GPU-1</uuid><product_name>Tesla T4</product_name><product_architecture>N/A</product_architecture>',
          '<uuid>GPU-2</uuid>',
        ),
      ),
    );
    expect((await readInventory(path)).gpus).toEqual([
      { uuid: 'GPU-1', name: 'Tesla T4', architecture: null },
      { uuid: 'GPU-2', name: null, architecture: null },
    ]);
  });

  it('leaves out a GPU without a uuid and keeps the others', async () =>
    expect((await readInventory(tool(printed(log('<product_name>x</product_name>', ampere))))).gpus).toEqual(oneGpu));

  it.each([
    ['a warning beside the listing', ['echo "WARNING: infoROM is corrupted at gpu 0000:02:00.0" >&2']],
    ['a warning before the listing', ['echo "WARNING: infoROM is <corrupted>"']],
  ])('keeps the data with %s, and with a failed exit after it', async (_, before) =>
    expect((await readInventory(tool(...before, printed(log(ampere)), 'echo "WARNING: x"', 'exit 14'))).gpus).toEqual(
      oneGpu,
    ),
  );

  it.each([
    ['a tool that is not there', join(scratch, 'none')],
    ['no output', tool('exit 9')],
    ['a reason in place of the listing', tool('echo "No devices were found"', 'exit 6')],
    ['a listing that is cut short', tool(printed(log(ampere).slice(0, -20)))],
    ['a listing without a GPU', tool(printed(log()))],
  ])('gives nothing for %s', async (_, path) => expect((await readInventory(path)).gpus).toEqual([]));

  it('takes what a tool has told when it hangs, and ends it after its time', async () => {
    const startedMs = performance.now();
    expect((await readInventory(tool(printed(log(ampere)), 'exec sleep 60'), 1000)).gpus).toEqual(oneGpu);
    const seconds = (performance.now() - startedMs) / 1000;
    expect(seconds).toBeGreaterThan(0.9);
    expect(seconds).toBeLessThan(20);
  }, 30_000);
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

describe.skipIf(capturesFolder === null || process.platform === 'win32')(
  'on real XML (skipped where there is no ../shared/data)',
  () => {
    const captures = listCaptures('nvidia-smi/xml', '.xml').map((path) => ({ name: basename(path), path }));

    it('has captures to read', () => expect(captures.length).toBeGreaterThan(10));

    it.each(captures)('finds every GPU of $name', async ({ path }) => {
      const text = readFileSync(path, 'utf8');
      const uuids = [...text.matchAll(/<uuid>(.*?)<\/uuid>/g)].map((match) => match[1]);
      expect(uuids).toHaveLength((text.match(/<gpu[ >]/g) ?? []).length);
      const entries = (await readInventory(tool(`cat '${path}'`))).gpus;
      expect(entries.map((entry) => entry.uuid)).toEqual(uuids);
    });
  },
);
