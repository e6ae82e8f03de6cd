import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { exampleContext } from '../../../tests/examples.ts';
import { writeFileTree } from '../../../tests/fakes/file-tree.ts';
import { amdApuTree, amdCardTree, amdgpuFdinfo, drmProcessTree } from '../../../tests/fakes/graphics-cards.ts';
import { createFakeClock } from '../../clock/fake-clock.ts';
import type { Source, SourceContext, SourceDefinition, SourceReading } from '../source.ts';
import { findAmdgpuDevices } from './amdgpu-devices.ts';
import { amdApuSource, amdgpuSource } from './amdgpu-source.ts';
import { readAmdgpuValues } from './amdgpu-values.ts';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'wattrun-amdgpu-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const clock = createFakeClock(1_700_000_000_000, 5000);
const context = (): SourceContext => exampleContext(clock, { sysfsRoot: root, procfsRoot: join(root, 'proc') });
const signal = new AbortController().signal;
const inCard = (number: number, file: string): string => join(root, `class/drm/card${number}/device`, file);

async function open(definition: SourceDefinition): Promise<Source> {
  const found = await definition.probe(context());
  if (found.kind !== 'available') throw new Error(found.reason);
  return found.open();
}
const readOnce = async (definition: SourceDefinition): Promise<readonly SourceReading[]> =>
  (await open(definition)).read(signal);

describe('amdgpuSource', () => {
  it("reads a card's power as the mean of a tenth of a second, with its use, memory, temperature, clocks and limit", async () => {
    writeFileTree(root, amdCardTree(0, '0000:0c:00.0'));
    const [reading] = await readOnce(amdgpuSource);
    expect(reading).toMatchObject({
      domain: {
        id: 'gpu:0000:0c:00.0',
        kind: 'gpu',
        name: 'AMD Radeon RX 6800/6900',
        limitWatts: 250,
        memoryTotalBytes: 17_179_869_184,
        source: 'amdgpu',
        provenance: 'sensor',
      },
      atMs: 5000,
      // 36,000,000 µW
      powerWatts: 36,
      powerWindowSeconds: 0.1,
      instantWatts: null,
      counterJoules: null,
      utilizationRatio: 0.11,
      memoryUsedBytes: 1_073_741_824,
      temperatureCelsius: 54,
      clockMegahertz: 500,
      memoryClockMegahertz: 1000,
      limitWatts: 250,
      missing: null,
    });
  });

  it('knows a card by its serial number where it has one, whatever slot it is in', async () => {
    writeFileTree(
      root,
      amdCardTree(0, '0000:0c:00.0', { unique_id: '4edfb117a17a07d\n', product_name: 'Radeon Pro W7900\n' }),
    );
    expect((await open(amdgpuSource)).domains()).toMatchObject([
      { id: 'gpu:04edfb117a17a07d', name: 'Radeon Pro W7900' },
    ]);
  });

  it('goes by the slots where two cards share a serial number, or have it all zeros', async () => {
    writeFileTree(root, amdCardTree(0, '0000:0c:00.0', { unique_id: '0123456789abcdef\n' }));
    writeFileTree(root, amdCardTree(1, '0000:0d:00.0', { unique_id: '0123456789abcdef\n' }));
    writeFileTree(root, amdCardTree(2, '0000:0e:00.0', { unique_id: '0000000000000000\n' }));
    expect((await open(amdgpuSource)).domains().map((domain) => domain.id)).toEqual([
      'gpu:0000:0c:00.0',
      'gpu:0000:0d:00.0',
      'gpu:0000:0e:00.0',
    ]);
  });

  it('shows a card without a sensor beside one that has one, without power', async () => {
    writeFileTree(root, amdCardTree(0, '0000:0c:00.0'));
    writeFileTree(root, amdCardTree(1, '0000:0d:00.0'));
    rmSync(inCard(1, 'hwmon/hwmon5/power1_average'));
    const readings = await readOnce(amdgpuSource);
    expect(readings.map((reading) => reading.powerWatts)).toEqual([36, null]);
    expect(readings.map((reading) => reading.missing)).toEqual([null, null]);
  });

  it('leaves the part to another source where no card has a sensor', async () => {
    writeFileTree(root, amdCardTree(0, '0000:0c:00.0'));
    rmSync(inCard(0, 'hwmon/hwmon5/power1_average'));
    expect(await amdgpuSource.probe(context())).toMatchObject({
      kind: 'unavailable',
      reason: 'The amdgpu driver gives no power for AMD Radeon RX 6800/6900.',
    });
  });

  it('says so where the card runs on the older driver', async () => {
    writeFileTree(root, {
      'class/drm/card0/device/vendor': '0x1002\n',
      'class/drm/card0/device/uevent': 'DRIVER=radeon\nPCI_ID=1002:6818\nPCI_SLOT_NAME=0000:01:00.0\n',
      'class/drm/card0/device/hwmon/hwmon3/name': 'radeon\n',
    });
    expect(await amdgpuSource.probe(context())).toMatchObject({ reason: expect.stringContaining('radeon driver') });
  });

  it('leaves a sleeping card asleep and reads the other one', async () => {
    writeFileTree(root, amdCardTree(0, '0000:0c:00.0'));
    writeFileTree(root, amdCardTree(1, '0000:0d:00.0', { 'power/runtime_status': 'suspended\n' }));
    const source = await open(amdgpuSource);
    expect((await source.read(signal)).map((reading) => [reading.domain.id, reading.missing?.reason])).toEqual([
      ['gpu:0000:0c:00.0', undefined],
      ['gpu:0000:0d:00.0', 'asleep'],
    ]);
    // Its domain stays, without what only a card that is awake tells.
    expect(source.domains().map((domain) => domain.limitWatts)).toEqual([250, null]);
    writeFileSync(inCard(1, 'power/runtime_status'), 'active\n');
    expect((await source.read(signal)).map((reading) => reading.powerWatts)).toEqual([36, 36]);
    expect(source.domains().map((domain) => domain.limitWatts)).toEqual([250, 250]);
  });

  it('sees a load that keeps step with the readings while a run is on, and leaves the card alone between them before', async () => {
    writeFileTree(root, amdCardTree(0, '0000:0c:00.0'));
    let isRunOn = false;
    const found = await amdgpuSource.probe({ ...context(), isRunOn: () => isRunOn });
    if (found.kind !== 'available') throw new Error(found.reason);
    const source = await found.open();
    const startMs = clock.monotonicMs();
    /** 0.3 of each second at 300 W, the rest at 60: 132 W on the average. Readings come in the middle of the 0.3. */
    const wattsAt = (atMs: number): number => ((atMs - startMs + 150) % 1000 < 300 ? 300 : 60);
    async function second(): Promise<SourceReading | undefined> {
      for (let i = 0; i < 50; i++) {
        clock.advance(20);
        writeFileSync(inCard(0, 'hwmon/hwmon5/power1_average'), `${wattsAt(clock.monotonicMs())}000000\n`);
        await new Promise((resolve) => setTimeout(resolve, 2));
      }
      return (await source.read(signal))[0];
    }
    await source.read(signal);
    expect(await second()).toMatchObject({ powerWatts: 300, powerWindowSeconds: 0.1, powerStandardErrorWatts: 0 });
    isRunOn = true;
    await source.read(signal);
    const readings = [];
    for (let i = 0; i < 8; i++) readings.push(await second());
    const watts = readings.reduce((sum, reading) => sum + (reading?.powerWatts ?? 0), 0) / readings.length;
    expect(Math.abs(watts / 132 - 1)).toBeLessThan(0.15);
    expect(readings.at(-1)).toMatchObject({ powerWindowSeconds: 1, instantWatts: 300 });
    expect(readings.at(-1)?.powerStandardErrorWatts).toBeGreaterThan(0);
    isRunOn = false;
    await source.read(signal);
    expect(await second()).toMatchObject({ powerWatts: 300, powerWindowSeconds: 0.1 });
    await source.close();
  });

  it('lets an idle card that may sleep fall asleep: it is read every 8 s, and at once when a run begins', async () => {
    const files = { gpu_busy_percent: '0\n', 'power/control': 'auto\n', 'power/autosuspend_delay_ms': '5000\n' };
    writeFileTree(root, amdCardTree(0, '0000:0c:00.0', files));
    const source = await open(amdgpuSource);
    // Before the processes were read nobody knows that the card is idle; then it must be so for 10 s.
    await expect.poll(async () => (await source.read(signal))[0]?.processes).toEqual([]);
    clock.advance(10_000);
    expect(await source.read(signal)).toHaveLength(1);
    expect(await source.read(signal)).toHaveLength(0);
    expect(await source.read(signal, { isEdge: true })).toHaveLength(1);
    clock.advance(7999);
    expect(await source.read(signal)).toHaveLength(0);
    clock.advance(1);
    expect(await source.read(signal)).toHaveLength(1);
    await source.close();
  });

  it('lets a card fall asleep on which a desktop holds memory and does nothing, and reads it at once when it works', async () => {
    const busId = '0000:0c:00.0';
    const files = { gpu_busy_percent: '0\n', 'power/control': 'auto\n', 'power/autosuspend_delay_ms': '5000\n' };
    writeFileTree(root, amdCardTree(0, busId, files));
    const drawn = (gfxNanoseconds: number): string =>
      amdgpuFdinfo({ busId, clientId: 7, memoryKibibytes: 900, gfxNanoseconds });
    writeFileTree(join(root, 'proc'), drmProcessTree(4242, 'gnome-shell', drawn(5_000_000)));
    const source = await open(amdgpuSource);
    /** A second later, and time for the processes to be read anew. */
    async function second(): Promise<readonly SourceReading[]> {
      clock.advance(1000);
      const readings = await source.read(signal);
      await new Promise((resolve) => setTimeout(resolve, 30));
      return readings;
    }
    for (let i = 0; i < 15; i++) await second();
    let reads = 0;
    for (let i = 0; i < 16; i++) reads += (await second()).length;
    // Every 8 s.
    expect(reads).toBeLessThanOrEqual(3);
    writeFileTree(join(root, 'proc'), { '4242/fdinfo/5': drawn(405_000_000) });
    await second();
    expect(await second()).toMatchObject([{ powerWatts: 36, processes: [{ pid: 4242 }] }]);
    await source.close();
  });

  it.each(['', 'N/A\n', '-3\n'])('gives a missing reading, never 0, for a power of %j', async (content) => {
    writeFileTree(root, amdCardTree(0, '0000:0c:00.0', { 'hwmon/hwmon5/power1_average': content }));
    expect(await readOnce(amdgpuSource)).toMatchObject([
      { powerWatts: null, utilizationRatio: null, missing: { reason: 'failed' } },
    ]);
  });

  it('says that a card is lost once its folder is gone, and finds it again under another number', async () => {
    writeFileTree(root, amdCardTree(0, '0000:0c:00.0'));
    const source = await open(amdgpuSource);
    rmSync(inCard(0, ''), { recursive: true });
    expect(await source.read(signal)).toMatchObject([{ powerWatts: null, missing: { reason: 'lost' } }]);
    // The driver comes back under other numbers.
    writeFileTree(root, amdCardTree(3, '0000:0c:00.0'));
    expect(await source.read(signal)).toMatchObject([
      { domain: { id: 'gpu:0000:0c:00.0' }, powerWatts: 36, missing: null },
    ]);
  });

  it('reads a card again whose sensor went away for a while, however long it was looked for meanwhile', async () => {
    writeFileTree(root, amdCardTree(0, '0000:0c:00.0'));
    const source = await open(amdgpuSource);
    const [before] = await source.read(signal);
    const path = inCard(0, 'hwmon/hwmon5/power1_average');
    const content = readFileSync(path, 'utf8');
    rmSync(path);
    for (let i = 0; i < 3; i++)
      expect(await source.read(signal)).toMatchObject([{ powerWatts: null, missing: { reason: 'failed' } }]);
    writeFileSync(path, content);
    expect(await source.read(signal)).toMatchObject([{ powerWatts: before?.powerWatts, missing: null }]);
  });

  it.skipIf(process.platform === 'win32')(
    'holds one thread for a card of which every file hangs, and reads the other one',
    async () => {
      for (const number of [0, 1]) writeFileTree(root, amdCardTree(number, `0000:0${number}:00.0`));
      const source = await open(amdgpuSource);
      expect(await source.read(signal)).toMatchObject([{ missing: null }, { missing: null }]);
      // To open a pipe that nobody writes into takes for ever.
      const hung = [
        'gpu_busy_percent',
        'mem_info_vram_used',
        ...['power1_average', 'power1_cap', 'temp1_input', 'freq1_input'].map((name) => `hwmon/hwmon5/${name}`),
      ].map((file) => inCard(0, file));
      for (const path of hung) {
        rmSync(path);
        execFileSync('mkfifo', [path]);
      }
      for (let i = 0; i < 4; i++)
        expect(await source.read(signal)).toMatchObject([
          { missing: { reason: 'timeout' } },
          { powerWatts: 36, missing: null },
        ]);
      const held = process.getActiveResourcesInfo().filter((name) => name.startsWith('FSReq'));
      expect(held).toHaveLength(1);
      await source.close();
      // Lets the thread go.
      writeFileSync(inCard(0, 'hwmon/hwmon5/power1_average'), '1\n');
    },
  );

  it('does not take the second die of a board, 0 W under a cap of 0 W, for one that draws nothing', async () => {
    writeFileTree(root, amdCardTree(0, '0000:0c:00.0'));
    const second = { 'hwmon/hwmon5/power1_average': '0\n', 'hwmon/hwmon5/power1_cap': '0\n' };
    writeFileTree(root, amdCardTree(1, '0000:0d:00.0', second));
    const source = await open(amdgpuSource);
    // No domain of its own: one that never has power would halve the coverage of every run.
    expect((await source.read(signal)).map((reading) => reading.powerWatts)).toEqual([36]);
    expect(source.domains().map((domain) => domain.id)).toEqual(['gpu:0000:0c:00.0']);
    await source.close();
  });

  it('counts who uses the second die of a board among the users of the first, whose power is of both', async () => {
    writeFileTree(root, amdCardTree(0, '0000:0c:00.0'));
    const second = { 'hwmon/hwmon5/power1_average': '0\n', 'hwmon/hwmon5/power1_cap': '0\n' };
    writeFileTree(root, amdCardTree(1, '0000:0d:00.0', second));
    const fdinfo = amdgpuFdinfo({ busId: '0000:0d:00.0', clientId: 7, memoryKibibytes: 2048 });
    writeFileTree(join(root, 'proc'), drmProcessTree(4242, 'python3', fdinfo));
    const source = await open(amdgpuSource);
    await expect
      .poll(async () =>
        (await source.read(signal)).map(({ domain, processes }) => [domain.id, processes?.map(({ pid }) => pid)]),
      )
      .toEqual([['gpu:0000:0c:00.0', [4242]]]);
    await source.close();
  });

  it('takes the instant value, as one, where the mean stands at 0 beside it', async () => {
    const files = { 'hwmon/hwmon5/power1_average': '0\n', 'hwmon/hwmon5/power1_input': '30000000\n' };
    writeFileTree(root, amdCardTree(0, '0000:0c:00.0', files));
    expect(await readOnce(amdgpuSource)).toMatchObject([{ powerWatts: 30, powerWindowSeconds: 0 }]);
  });

  it('names the processes on a card once they were read', async () => {
    const busId = '0000:0c:00.0';
    writeFileTree(root, amdCardTree(0, busId));
    const fdinfo = amdgpuFdinfo({ busId, clientId: 7, memoryKibibytes: 2048 });
    writeFileTree(join(root, 'proc'), drmProcessTree(4242, 'python3', fdinfo));
    const source = await open(amdgpuSource);
    await expect
      .poll(async () => (await source.read(signal))[0]?.processes)
      .toEqual([{ pid: 4242, name: 'python3', memoryUsedBytes: 2_097_152, smRatio: null }]);
    await source.close();
  });

  it('gives no value out of its range, whatever the files hold', async () => {
    writeFileTree(root, amdCardTree(0, '0000:0c:00.0'));
    const [device] = await findAmdgpuDevices(root);
    await fc.assert(
      fc.asyncProperty(fc.string({ maxLength: 30 }), fc.integer(), async (text, number) => {
        for (const file of ['gpu_busy_percent', 'mem_info_vram_used']) writeFileSync(inCard(0, file), text);
        for (const file of ['power1_average', 'power1_cap'])
          writeFileSync(inCard(0, `hwmon/hwmon5/${file}`), `${number}\n`);
        const values = await readAmdgpuValues(device!);
        // Whole microwatts; a cap of 0 beside a power of 0 is a second die's.
        expect(values.powerWatts).toBe(number > 0 ? number / 1e6 : null);
        expect(values.utilizationRatio ?? 0).toBeLessThanOrEqual(1);
        expect(values.memoryUsedBytes ?? 0).toBeGreaterThanOrEqual(0);
      }),
      { numRuns: 40 },
    );
  });
});

describe('amdApuSource', () => {
  it("gives the whole package as the CPU: its graphics' use and memory are not shown beside it", async () => {
    writeFileTree(root, amdApuTree(1, '0000:64:00.0', { gpu_busy_percent: '7\n', mem_info_vram_used: '1\n' }));
    writeFileTree(join(root, 'proc'), {
      cpuinfo: 'processor\t: 0\nmodel name\t: AMD Ryzen 7 7840U w/ Radeon 780M Graphics\n',
    });
    expect(await amdApuSource.probe(context())).toMatchObject({ kind: 'available', covers: ['cpu'] });
    expect(await readOnce(amdApuSource)).toMatchObject([
      {
        domain: {
          id: 'cpu:0',
          kind: 'cpu',
          name: 'AMD Ryzen 7 7840U w/ Radeon 780M Graphics',
          label: 'CPU',
          limitWatts: null,
          source: 'amd-apu',
        },
        powerWatts: 9.5,
        powerWindowSeconds: 0.1,
        instantWatts: 10,
        temperatureCelsius: 45,
        utilizationRatio: null,
        memoryUsedBytes: null,
        processes: null,
        missing: null,
      },
    ]);
  });

  it('keeps a laptop with both apart: the APU is the CPU, the card a GPU', async () => {
    writeFileTree(root, amdApuTree(1, '0000:64:00.0'));
    writeFileTree(root, amdCardTree(0, '0000:03:00.0'));
    expect((await open(amdgpuSource)).domains().map((domain) => domain.id)).toEqual(['gpu:0000:03:00.0']);
    expect((await open(amdApuSource)).domains()).toMatchObject([{ id: 'cpu:0', name: 'AMD Phoenix (Radeon 780M)' }]);
  });

  it('takes the MI300A for an APU, though its files look like a card’s', async () => {
    writeFileTree(root, amdCardTree(0, '0000:01:00.0', { device: '0x74a0\n' }));
    expect(await amdgpuSource.probe(context())).toMatchObject({ kind: 'unavailable' });
    expect(await amdApuSource.probe(context())).toMatchObject({ kind: 'available', covers: ['cpu'] });
  });

  it.each(['0x13c0', '0x1586', '0x15e7'])(
    'knows an APU by its id %s where its files do not tell it',
    async (device) => {
      writeFileTree(root, amdCardTree(0, '0000:01:00.0', { device: `${device}\n` }));
      expect(await amdgpuSource.probe(context())).toMatchObject({ kind: 'unavailable' });
      expect(await amdApuSource.probe(context())).toMatchObject({ kind: 'available', covers: ['cpu'] });
    },
  );

  it('does not believe an APU that says 0 W: a CPU runs this very test', async () => {
    const files = { 'hwmon/hwmon6/power1_average': '0\n', 'hwmon/hwmon6/power1_input': '0\n' };
    writeFileTree(root, amdApuTree(1, '0000:64:00.0', files));
    expect(await readOnce(amdApuSource)).toMatchObject([{ powerWatts: null, missing: { reason: 'failed' } }]);
  });
});
