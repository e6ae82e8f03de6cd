import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { capturesFolder, readCapture } from '../../../tests/captures.ts';
import { type FileTree, writeFileTree } from '../../../tests/fakes/file-tree.ts';
import { parseTtar } from '../../../tests/fakes/ttar.ts';
import { type AmdgpuDevice, findAmdgpuDevices } from './amdgpu-devices.ts';
import { readAmdgpuValues } from './amdgpu-values.ts';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'wattrun-amd-captures-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

interface Expected {
  readonly isApu?: boolean;
  readonly name: string;
  readonly watts: number | null;
  readonly instantWatts?: number;
  readonly limitWatts?: number | null;
  readonly celsius: number;
  readonly utilization?: number | null;
  readonly usedBytes?: number | null;
  readonly totalBytes?: number | null;
}

/** What a person reads in the files of each: microwatts, millidegrees and percent turned into watts, degrees and ratios by hand. */
const expected: Readonly<Record<string, Expected>> = {
  phoenix: {
    isApu: true,
    name: 'AMD Phoenix (Radeon 780M)',
    watts: 3.103,
    // Written so that no one takes it for pi.
    instantWatts: 3_142_000 / 1e6,
    celsius: 25,
    usedBytes: 1_272_893_440,
    totalBytes: 4_294_967_296,
  },
  // A label 'PPT' and no value behind it: no power, not 0 W.
  'r7-240': {
    name: 'AMD Radeon R7 240',
    watts: null,
    celsius: 52,
    utilization: null,
    usedBytes: 495_321_088,
    totalBytes: 2_147_483_648,
  },
  rx5500xt: { name: 'AMD Radeon RX 5500', watts: 16, limitWatts: 130, celsius: 48 },
  rx5700xt: { name: 'AMD Radeon RX 5600/5700', watts: 29, limitWatts: 220, celsius: 58 },
  rx580: {
    name: 'AMD Radeon RX 470/480/570/580',
    watts: 41.045,
    limitWatts: 155,
    celsius: 44,
    utilization: 0.11,
    usedBytes: 536_870_912,
    totalBytes: 4_294_967_296,
  },
  rx6600: { name: 'AMD Radeon RX 6600', watts: 3, limitWatts: 120, celsius: 28 },
  rx6600xt: { name: 'AMD Radeon RX 6600', watts: 3, limitWatts: 100, celsius: 35 },
  // All its files are padded with NUL to a page.
  rx6900xt: {
    name: 'AMD Radeon RX 6800/6900',
    watts: 36,
    limitWatts: 289,
    celsius: 56,
    utilization: 0.03,
    usedBytes: 668_274_688,
    totalBytes: 17_163_091_968,
  },
  rx7600s: { name: 'AMD Radeon RX 7600/7700S', watts: 1, limitWatts: 95, celsius: 53 },
  rx7700s: { name: 'AMD Radeon RX 7600/7700S', watts: 1, limitWatts: 100, celsius: 34 },
  rx7800xt: { name: 'AMD Radeon RX 7700 XT/7800 XT', watts: 32, limitWatts: 236, celsius: 24, utilization: 0.02 },
  // Its owner set the cap to 120 W; the board's own is 304 W.
  rx9070xt: { name: 'AMD Radeon RX 9070', watts: 55, limitWatts: 120, celsius: 42, utilization: 0.03 },
  strixpoint: {
    isApu: true,
    name: 'AMD Strix Point (Radeon 880M/890M)',
    watts: 9.087,
    instantWatts: 9.087,
    celsius: 38,
    utilization: 0.03,
    usedBytes: 514_580_480,
    totalBytes: 536_870_912,
  },
  // slowPPT: 3.218 W and 4.057 W now; fastPPT says 3.04 W of the same package and is not added.
  vangogh: {
    isApu: true,
    name: 'AMD Van Gogh (Steam Deck)',
    watts: 3.218,
    instantWatts: 4.057,
    limitWatts: 15,
    celsius: 56,
  },
};

async function expectDevice(device: AmdgpuDevice, wanted: Expected): Promise<void> {
  expect([device.name, device.isApu]).toEqual([wanted.name, wanted.isApu ?? false]);
  expect(await readAmdgpuValues(device)).toMatchObject({
    powerWatts: wanted.watts,
    // The mean of a tenth of a second, which every one of these boards has if it has any power.
    powerWindowSeconds: wanted.watts === null ? 0 : 0.1,
    instantWatts: wanted.instantWatts ?? null,
    powerTrouble: null,
    limitWatts: wanted.limitWatts ?? null,
    temperatureCelsius: wanted.celsius,
    utilizationRatio: wanted.utilization === undefined ? 0 : wanted.utilization,
    memoryUsedBytes: wanted.usedBytes ?? null,
    memoryTotalBytes: wanted.totalBytes ?? null,
  });
}

const recordingsFolder = join(import.meta.dirname, 'recordings');

describe('recordings', () => {
  const names = readdirSync(recordingsFolder).map((file) => file.replace('.json', ''));

  it.each(names)('reads %s as a person does', async (name) => {
    const tree = JSON.parse(readFileSync(join(recordingsFolder, `${name}.json`), 'utf8')) as FileTree;
    writeFileTree(root, tree);
    const devices = await findAmdgpuDevices(root);
    // The HD 7870 runs on the radeon driver, which has no power.
    expect(devices).toHaveLength(name === 'hd7870' ? 0 : 1);
    for (const device of devices) await expectDevice(device, expected[name]!);
  });
});

describe.skipIf(capturesFolder === null)('captures of real machines', () => {
  const folder = join(capturesFolder ?? '', 'amd/sysfs');
  const names = capturesFolder === null ? [] : readdirSync(folder).sort();

  function linkCapture(name: string): string {
    const [card = ''] = readdirSync(join(folder, name));
    mkdirSync(join(root, 'class/drm'), { recursive: true });
    symlinkSync(join(folder, name, card), join(root, 'class/drm', card));
    return join(folder, name, card, 'device');
  }

  it('knows each of them', () => expect(names).toEqual(['hd7870', ...Object.keys(expected)].sort()));

  it.each(names)('reads %s as a person does', async (name) => {
    linkCapture(name);
    const devices = await findAmdgpuDevices(root);
    expect(devices).toHaveLength(name === 'hd7870' ? 0 : 1);
    for (const device of devices) await expectDevice(device, expected[name]!);
  });

  // Layout 1.x of gpu_metrics is a card's, 2.x and 3.x an APU's (struct metrics_table_header: size, format, content).
  it.each([
    ['phoenix', 2],
    ['strixpoint', 3],
    ['rx6900xt', 1],
    ['rx7600s', 1],
    ['rx7800xt', 1],
  ])('tells %s from the other sort as its gpu_metrics do', async (name, format) => {
    const header = readFileSync(join(linkCapture(name), 'gpu_metrics'));
    expect(header[2]).toBe(format);
    const [device] = await findAmdgpuDevices(root);
    expect(device?.isApu).toBe(format > 1);
  });

  it('reads a card without sensors out of a ttar archive: no power, 4 % busy', async () => {
    writeFileTree(root, parseTtar(readCapture('amd/sysfs-ttar/procfs__drm-card0-amdgpu.ttar.txt')));
    const [device] = await findAmdgpuDevices(join(root, 'fixtures/sys'));
    expect(device).toMatchObject({
      name: 'AMD Radeon RX Vega 56/64',
      identity: '0123456789abcdef',
      isApu: false,
      hwmon: null,
    });
    expect(await readAmdgpuValues(device!)).toMatchObject({
      powerWatts: null,
      utilizationRatio: 0.04,
      memoryUsedBytes: 1_490_378_752,
      memoryTotalBytes: 8_573_157_376,
    });
  });
});
