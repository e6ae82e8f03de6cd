import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { exampleContext } from '../../../tests/examples.ts';
import { writeFileTree } from '../../../tests/fakes/file-tree.ts';
import { intelCardTree } from '../../../tests/fakes/graphics-cards.ts';
import { createFakeClock } from '../../clock/fake-clock.ts';
import type { Source, SourceContext } from '../source.ts';
import { findIntelGpus } from './intel-devices.ts';
import { intelGpuSource } from './intel-source.ts';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'wattrun-intel-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const clock = createFakeClock(1_700_000_000_000, 5000);
const context = (): SourceContext => exampleContext(clock, { sysfsRoot: root, procfsRoot: join(root, 'proc') });
const signal = new AbortController().signal;
const inHwmon = (file: string): string => join(root, 'class/drm/card0/device/hwmon/hwmon3', file);

async function open(): Promise<Source> {
  const found = await intelGpuSource.probe(context());
  if (found.kind !== 'available') throw new Error(found.reason);
  return found.open();
}

describe('intelGpuSource', () => {
  it("reads the card's counter, not the chip's inside it, with its limit and temperature", async () => {
    writeFileTree(root, intelCardTree(0, '0000:03:00.0'));
    expect(await (await open()).read(signal)).toMatchObject([
      {
        domain: {
          id: 'gpu:0000:03:00.0',
          kind: 'gpu',
          name: 'Intel Arc B580',
          limitWatts: 150,
          source: 'intel-gpu',
          provenance: 'counter',
        },
        atMs: 5000,
        // 1,500,000,000 µJ
        counterJoules: 1500,
        counterRangeJoules: null,
        powerWatts: null,
        limitWatts: 150,
        temperatureCelsius: 61,
        missing: null,
      },
    ]);
  });

  it('follows the counter between two reads', async () => {
    writeFileTree(root, intelCardTree(0, '0000:03:00.0'));
    const source = await open();
    await source.read(signal);
    writeFileSync(inHwmon('energy1_input'), '1642500000\n');
    // 142.5 J more.
    expect((await source.read(signal))[0]?.counterJoules).toBe(1642.5);
    await source.close();
    await source.close();
  });

  it('reads an older driver without labels: energy1 is the card', async () => {
    writeFileTree(root, {
      'class/drm/card1/device/vendor': '0x8086\n',
      'class/drm/card1/device/uevent': 'DRIVER=i915\nPCI_ID=8086:56A0\nPCI_SLOT_NAME=0000:03:00.0\n',
      'class/drm/card1/device/hwmon/hwmon2/name': 'i915_gt0\n',
      'class/drm/card1/device/hwmon/hwmon2/energy1_input': '7\n',
      'class/drm/card1/device/hwmon/hwmon4/name': 'i915\n',
      'class/drm/card1/device/hwmon/hwmon4/energy1_input': '2000000\n',
      // 0: there is no limit; the rated one stands in.
      'class/drm/card1/device/hwmon/hwmon4/power1_max': '0\n',
      'class/drm/card1/device/hwmon/hwmon4/power1_rated_max': '225000000\n',
    });
    expect(await (await open()).read(signal)).toMatchObject([
      { domain: { name: 'Intel Arc A770', limitWatts: 225 }, counterJoules: 2, temperatureCelsius: null },
    ]);
  });

  it("takes a cap for the limit where there is no other, as on Arc Pro's B-series", async () => {
    writeFileTree(root, intelCardTree(0, '0000:03:00.0', { 'hwmon/hwmon3/power1_cap': '275000000\n' }));
    rmSync(inHwmon('power1_max'), { force: true });
    expect(await (await open()).read(signal)).toMatchObject([{ limitWatts: 275 }]);
  });

  it('goes by the labels, not by the numbers, where there are labels', async () => {
    const swapped = { 'hwmon/hwmon3/energy1_label': 'pkg\n', 'hwmon/hwmon3/energy2_label': 'card\n' };
    writeFileTree(root, intelCardTree(0, '0000:03:00.0', swapped));
    expect(await findIntelGpus(root)).toMatchObject([{ channel: 2, scope: 'card' }]);
  });

  it('says so, with wider bounds, where the chip alone is counted', async () => {
    writeFileTree(root, intelCardTree(0, '0000:03:00.0'));
    rmSync(inHwmon('energy1_input'));
    expect(await findIntelGpus(root)).toMatchObject([{ channel: 2, scope: 'package' }]);
    expect(await (await open()).read(signal)).toMatchObject([
      { domain: { name: 'Intel Arc B580 (chip only)', gain: { highRatio: 1.32 } }, counterJoules: 900 },
    ]);
  });

  it("finds no integrated graphics: these are in the CPU's package", async () => {
    writeFileTree(root, {
      'class/drm/card0/device/vendor': '0x8086\n',
      'class/drm/card0/device/uevent': 'DRIVER=i915\nPCI_ID=8086:46A6\nPCI_SLOT_NAME=0000:00:02.0\n',
    });
    expect(await intelGpuSource.probe(context())).toMatchObject({
      kind: 'unavailable',
      reason: expect.stringContaining('integrated graphics'),
    });
  });

  it('leaves a sleeping card asleep, and reads it once it is awake', async () => {
    writeFileTree(root, intelCardTree(0, '0000:03:00.0', { 'power/runtime_status': 'suspended\n' }));
    const source = await open();
    expect(await source.read(signal)).toMatchObject([{ counterJoules: null, missing: { reason: 'asleep' } }]);
    expect(source.domains()).toHaveLength(1);
    writeFileSync(join(root, 'class/drm/card0/device/power/runtime_status'), 'active\n');
    expect(await source.read(signal)).toMatchObject([{ counterJoules: 1500 }]);
  });

  it('lets an idle card that may sleep fall asleep: it is read every 8 s', async () => {
    const files = { 'power/control': 'auto\n', 'power/autosuspend_delay_ms': '1000\n' };
    writeFileTree(root, intelCardTree(0, '0000:03:00.0', files));
    const source = await open();
    await expect.poll(async () => (await source.read(signal))[0]?.processes).toEqual([]);
    clock.advance(10_000);
    expect(await source.read(signal)).toHaveLength(1);
    expect(await source.read(signal)).toHaveLength(0);
    clock.advance(8000);
    expect(await source.read(signal)).toMatchObject([{ counterJoules: 1500, processes: [] }]);
    await source.close();
  });

  it.each(['', 'garbage\n', '-5\n', '1e3\n'])(
    'gives a missing reading, never 0, for the content %j',
    async (content) => {
      writeFileTree(root, intelCardTree(0, '0000:03:00.0', { 'hwmon/hwmon3/energy1_input': content }));
      expect(await (await open()).read(signal)).toMatchObject([{ counterJoules: null, missing: { reason: 'failed' } }]);
    },
  );

  it('says that a card is lost once its folder is gone, and finds it again under another number', async () => {
    writeFileTree(root, intelCardTree(0, '0000:03:00.0'));
    const source = await open();
    rmSync(join(root, 'class/drm/card0/device'), { recursive: true });
    expect(await source.read(signal)).toMatchObject([{ counterJoules: null, missing: { reason: 'lost' } }]);
    writeFileTree(root, intelCardTree(4, '0000:03:00.0'));
    expect(await source.read(signal)).toMatchObject([{ counterJoules: 1500, missing: null }]);
  });

  it('gives back every counter in joules', async () => {
    writeFileTree(root, intelCardTree(0, '0000:03:00.0'));
    const source = await open();
    await fc.assert(
      fc.asyncProperty(fc.nat({ max: Number.MAX_SAFE_INTEGER }), async (microjoules) => {
        writeFileSync(inHwmon('energy1_input'), `${microjoules}\n`);
        expect((await source.read(signal))[0]?.counterJoules).toBeCloseTo(microjoules / 1e6, 3);
      }),
      { numRuns: 30 },
    );
  });
});
