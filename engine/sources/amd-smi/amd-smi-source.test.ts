import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { exampleContext } from '../../../tests/examples.ts';
import { amdSmiMetric, type FakeAmdTool, installFakeAmdTool } from '../../../tests/fakes/amd-tools.ts';
import { writeFileTree } from '../../../tests/fakes/file-tree.ts';
import { amdApuTree, amdCardTree } from '../../../tests/fakes/graphics-cards.ts';
import { createFakeClock, type FakeClock } from '../../clock/fake-clock.ts';
import { stepMeter } from '../../energy/meter.ts';
import { initialMeter } from '../../energy/meter-state.ts';
import type { Source, SourceContext, SourceReading } from '../source.ts';
import { amdSmiSource } from './amd-smi-source.ts';

let root: string;
let clock: FakeClock;
let opened: Source | null = null;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'wattrun-amd-smi-'));
  clock = createFakeClock(1_700_000_000_000, 5000);
});
afterEach(async () => {
  await opened?.close();
  opened = null;
  rmSync(root, { recursive: true, force: true });
});

const context = (): SourceContext =>
  exampleContext(clock, { sysfsRoot: root, environment: { PATH: join(root, 'bin') } });
const install = (name: string, sleepSeconds = 0): FakeAmdTool =>
  installFakeAmdTool(join(root, 'bin'), name, { sleepSeconds });
const signal = new AbortController().signal;
const addCard = (number: number, busId: string): void => writeFileTree(root, amdCardTree(number, busId));
const identities = {
  list: JSON.stringify([
    { gpu: 0, bdf: '0000:83:00.0' },
    { gpu: 1, bdf: '0000:84:00.0' },
  ]),
  static: JSON.stringify({
    gpu_data: [
      { gpu: 0, asic: { market_name: 'AMD Instinct MI210' }, limit: { max_power: { value: 300, unit: 'W' } } },
    ],
  }),
};

async function open(): Promise<Source> {
  const found = await amdSmiSource.probe(context());
  if (found.kind !== 'available') throw new Error(found.reason);
  opened = await found.open();
  return opened;
}

/** Readings of the next answer of the tool, asked for now. */
async function nextReadings(source: Source): Promise<readonly SourceReading[]> {
  clock.advance(2000);
  const readings = [...(await source.read(signal))];
  await expect.poll(async () => readings.push(...(await source.read(signal)))).toBeGreaterThan(0);
  return readings;
}

describe('amdSmiSource', () => {
  it('asks without what the tool does not know in a virtual machine, and not again with it', async () => {
    addCard(0, '0000:83:00.0');
    const unknownOptions = ['--energy', '--limit'];
    const tool = installFakeAmdTool(join(root, 'bin'), 'amd-smi', { unknownOptions });
    tool.print({ metric: amdSmiMetric([{ gpu: 0, powerWatts: 231 }]), ...identities });
    const source = await open();
    expect(source.domains()).toMatchObject([{ id: 'gpu:0000:83:00.0', name: 'AMD Instinct MI210' }]);
    expect(await nextReadings(source)).toMatchObject([{ powerWatts: 231, missing: null }]);
    expect(tool.calls()).toEqual(['metric', 'metric', 'list', 'static', 'static', 'metric']);
  });

  it('reads what amd-smi prints, with names, addresses and limits that were asked for once', async () => {
    addCard(0, '0000:83:00.0');
    const tool = install('amd-smi');
    tool.print({ metric: amdSmiMetric([{ gpu: 0, powerWatts: 94 }]), ...identities });
    const source = await open();
    expect(source.domains()).toMatchObject([
      { id: 'gpu:0000:83:00.0', kind: 'gpu', name: 'AMD Instinct MI210', limitWatts: 300, source: 'amd-smi' },
    ]);
    expect(await nextReadings(source)).toMatchObject([
      {
        powerWatts: 94,
        powerWindowSeconds: 0,
        counterJoules: null,
        utilizationRatio: 0.42,
        // 16 MiB
        memoryUsedBytes: 16_777_216,
        limitWatts: 300,
        missing: null,
      },
    ]);
    expect(tool.calls()).toEqual(['metric', 'list', 'static', 'metric']);
  });

  it('keeps a second die without power apart: null, and its own domain', async () => {
    addCard(0, '0000:83:00.0');
    install('amd-smi').print({
      metric: amdSmiMetric([
        { gpu: 0, powerWatts: 237 },
        { gpu: 1, powerWatts: 'N/A' },
      ]),
      ...identities,
    });
    const readings = await nextReadings(await open());
    expect(readings.map(({ domain, powerWatts }) => [domain.id, powerWatts])).toEqual([
      ['gpu:0000:83:00.0', 237],
      ['gpu:0000:84:00.0', null],
    ]);
  });

  it('makes no domain of a second die whose neighbour tells the power of both', async () => {
    addCard(0, '0000:83:00.0');
    const card = (power: string, busId: string): object => ({
      'Average Graphics Package Power (W)': power,
      'PCI Bus': busId,
    });
    install('rocm-smi').print({
      '*': JSON.stringify({
        card0: card('237.0', '0000:83:00.0'),
        card1: card('N/A (Secondary die)', '0000:84:00.0'),
        card2: card('N/A (Secondary die)', '0000:87:00.0'),
        card3: card('230.0', '0000:86:00.0'),
      }),
    });
    const source = await open();
    expect(source.domains().map((domain) => domain.id)).toEqual(['gpu:0000:83:00.0', 'gpu:0000:86:00.0']);
    expect((await nextReadings(source)).map((reading) => reading.powerWatts)).toEqual([237, 230]);
  });

  it('knows the second die of an MI250 by its name where amd-smi tells its power as N/A', async () => {
    addCard(0, '0000:83:00.0');
    const named = (gpu: number): object => ({ gpu, asic: { market_name: 'AMD INSTINCT MI250 (MCM) OAM AC MBA' } });
    install('amd-smi').print({
      metric: amdSmiMetric([
        { gpu: 0, powerWatts: 237 },
        { gpu: 1, powerWatts: 'N/A' },
      ]),
      list: identities.list,
      static: JSON.stringify({ gpu_data: [named(0), named(1)] }),
    });
    expect((await open()).domains().map((domain) => domain.id)).toEqual(['gpu:0000:83:00.0']);
  });

  it('asks at most every 2 s', async () => {
    addCard(0, '0000:83:00.0');
    const tool = install('amd-smi');
    tool.print({ metric: amdSmiMetric([{ gpu: 0, powerWatts: 94 }]) });
    const source = await open();
    await nextReadings(source);
    const before = tool.calls().length;
    for (let i = 0; i < 5; i++) {
      clock.advance(390);
      await source.read(signal);
    }
    expect(tool.calls()).toHaveLength(before);
  });

  it('asks with the tick that comes a little early, not a second later', async () => {
    addCard(0, '0000:83:00.0');
    const tool = install('amd-smi');
    tool.print({ metric: amdSmiMetric([{ gpu: 0, powerWatts: 94 }]) });
    const source = await open();
    await nextReadings(source);
    const before = tool.calls().length;
    clock.advance(1998);
    await source.read(signal);
    await expect.poll(() => tool.calls().length).toBe(before + 1);
  });

  it('loses no energy to a tool that takes four seconds for each answer', async () => {
    addCard(0, '0000:83:00.0');
    install('amd-smi').print({ metric: amdSmiMetric([{ gpu: 0, powerWatts: 100 }]) });
    const source = await open();
    const options = { periodMs: 1000, longestStepMs: 2500, longestBridgeMs: 600_000, maxWatts: 5000 };
    let state = initialMeter;
    let joules = 0;
    let gaps = 0;
    for (let i = 0; i < 4; i++) {
      clock.advance(2000);
      for (const reading of await nextReadings(source)) {
        const step = stepMeter(state, reading, options);
        state = step.state;
        joules += step.intervals.reduce((sum, interval) => sum + interval.joules, 0);
        gaps += step.gaps.length;
      }
    }
    // 100 W from the first answer to the fourth, 12 s.
    expect({ joules, gaps }).toEqual({ joules: 1200, gaps: 0 });
  });

  it('lets the counter speak once it agreed with the power three times', async () => {
    addCard(0, '0000:83:00.0');
    const tool = install('amd-smi');
    const print = (energyJoules: number): void =>
      tool.print({ metric: amdSmiMetric([{ gpu: 0, powerWatts: 100, energyJoules }]) });
    print(1000);
    const source = await open();
    const counters: (number | null)[] = [];
    // 200 J in each 2 s: 100 W.
    for (const joules of [1000, 1200, 1400, 1600]) {
      print(joules);
      counters.push(...(await nextReadings(source)).map((reading) => reading.counterJoules));
    }
    expect(counters).toEqual([null, null, null, 1600]);
  });

  it('turns to rocm-smi where amd-smi tells no power, and takes its average for one', async () => {
    addCard(0, '0000:83:00.0');
    install('amd-smi').print({ metric: amdSmiMetric([{ gpu: 0, powerWatts: 'N/A' }]) });
    install('rocm-smi').print({
      '*': '{"card0": {"Average Graphics Package Power (W)": "41.0", "Unique ID": "0x43cc8cc8af246708", "PCI Bus": "0000:83:00.0"}}',
    });
    const source = await open();
    expect(source.domains()).toMatchObject([{ id: 'gpu:43cc8cc8af246708' }]);
    expect(await nextReadings(source)).toMatchObject([{ powerWatts: 41, powerWindowSeconds: 0.1 }]);
  });

  const cardAndApu = {
    metric: amdSmiMetric([
      { gpu: 0, powerWatts: 94 },
      { gpu: 1, powerWatts: 30 },
    ]),
    ...identities,
  };

  it("leaves an APU out, whose power is the CPU's too", async () => {
    addCard(0, '0000:83:00.0');
    writeFileTree(root, amdApuTree(1, '0000:84:00.0'));
    install('amd-smi').print(cardAndApu);
    expect((await open()).domains().map((domain) => domain.id)).toEqual(['gpu:0000:83:00.0']);
  });

  it('leaves an APU out of which only the bus tells, in a container without the driver’s files', async () => {
    const onBus = (busId: string, device: string) => ({
      [`bus/pci/devices/${busId}/vendor`]: '0x1002\n',
      [`bus/pci/devices/${busId}/device`]: `${device}\n`,
      [`bus/pci/devices/${busId}/class`]: '0x030000\n',
    });
    writeFileTree(root, { ...onBus('0000:83:00.0', '0x744c'), ...onBus('0000:84:00.0', '0x1681') });
    install('amd-smi').print(cardAndApu);
    expect((await open()).domains().map((domain) => domain.id)).toEqual(['gpu:0000:83:00.0']);
  });

  it.each([
    [
      'two boards with one masked number by their addresses',
      '0000:84:00.0',
      ['gpu:0000:83:00.0', 'gpu:0000:84:00.0'],
      [94, 60],
    ],
    [
      'two partitions of one accelerator as the one device that draws power',
      '0000:83:00.1',
      ['gpu:00abcdef01234567'],
      [94],
    ],
  ])('knows %s', async (_, secondBusId, ids, powers) => {
    addCard(0, '0000:83:00.0');
    const numbered = (gpu: number): object => ({ gpu, asic: { asic_serial: '0x00ABCDEF01234567' } });
    install('amd-smi').print({
      metric: amdSmiMetric([
        { gpu: 0, powerWatts: 94 },
        { gpu: 1, powerWatts: 60 },
      ]),
      list: JSON.stringify([
        { gpu: 0, bdf: '0000:83:00.0' },
        { gpu: 1, bdf: secondBusId },
      ]),
      static: JSON.stringify({ gpu_data: [numbered(0), numbered(1)] }),
    });
    const source = await open();
    expect(source.domains().map((domain) => domain.id)).toEqual(ids);
    expect((await nextReadings(source)).map((reading) => reading.powerWatts)).toEqual(powers);
  });

  it('starts no tool while a GPU sleeps: it would wake it', async () => {
    addCard(0, '0000:83:00.0');
    const tool = install('amd-smi');
    tool.print({ metric: amdSmiMetric([{ gpu: 0, powerWatts: 94 }]) });
    const source = await open();
    await nextReadings(source);
    const before = tool.calls().length;
    writeFileSync(join(root, 'bus/pci/devices/0000:83:00.0/power/runtime_status'), 'suspended\n');
    clock.advance(20_000);
    await source.read(signal);
    // Named as such: the 94 W of before are not its power any more.
    await expect
      .poll(async () => (await source.read(signal)).map((reading) => [reading.powerWatts, reading.missing?.reason]))
      .toEqual([[null, 'asleep']]);
    expect(tool.calls()).toHaveLength(before);
    expect(await amdSmiSource.probe(context())).toMatchObject({ reason: expect.stringContaining('sleeps') });
    expect(tool.calls()).toHaveLength(before);
  });

  it('gives no GPU the power of another when one falls off the bus and the tool numbers the rest anew', async () => {
    addCard(0, '0000:83:00.0');
    const tool = install('amd-smi');
    const at = (powers: readonly number[], buses: readonly string[]): void =>
      tool.print({
        metric: amdSmiMetric(powers.map((powerWatts, gpu) => ({ gpu, powerWatts }))),
        list: JSON.stringify(buses.map((bdf, gpu) => ({ gpu, bdf }))),
        static: '[]',
      });
    at([94, 60], ['0000:83:00.0', '0000:84:00.0']);
    const source = await open();
    // For a while it does not tell who is who.
    tool.print({ metric: amdSmiMetric([{ gpu: 0, powerWatts: 60 }]), list: 'busy', static: 'busy' });
    const before = tool.calls().length;
    clock.advance(2000);
    await source.read(signal);
    await expect.poll(() => tool.calls().slice(before)).toEqual(['metric', 'list', 'static']);
    at([60], ['0000:84:00.0']);
    expect((await nextReadings(source)).map(({ domain, powerWatts }) => [domain.id, powerWatts])).toEqual([
      ['gpu:0000:84:00.0', 60],
    ]);
    clock.advance(11_000);
    await expect
      .poll(async () => (await source.read(signal)).map(({ domain, missing }) => [domain.id, missing?.reason]))
      .toContainEqual(['gpu:0000:83:00.0', 'lost']);
  });

  it('says that it hears nothing once the tool fails for 10 s', async () => {
    addCard(0, '0000:83:00.0');
    const tool = install('amd-smi');
    tool.print({ metric: amdSmiMetric([{ gpu: 0, powerWatts: 94 }]) });
    const source = await open();
    tool.print({ metric: 'WARNING: No JSON data to report\n' });
    await source.read(signal);
    clock.advance(11_000);
    await expect
      .poll(async () => (await source.read(signal))[0]?.missing?.note)
      .toBe('amd-smi gives nothing: it printed no JSON: WARNING: No JSON data to report.');
  });

  it.each([
    ['no AMD GPU', () => {}, /^There is no AMD GPU\.$/],
    ['no tool', () => addCard(0, '0000:83:00.0'), /neither amd-smi nor rocm-smi/],
    [
      'a tool that fails',
      () => {
        addCard(0, '0000:83:00.0');
        install('rocm-smi');
      },
      /^AMD's tools give no power \(rocm-smi: no answer\)\.$/,
    ],
  ])('says in words that there is %s', async (_, arrange, reason) => {
    arrange();
    expect(await amdSmiSource.probe(context())).toMatchObject({
      kind: 'unavailable',
      reason: expect.stringMatching(reason),
    });
  });

  it('ends a tool that hangs when it is closed, and leaves nothing running', async () => {
    addCard(0, '0000:83:00.0');
    const tool = install('amd-smi');
    tool.print({ metric: amdSmiMetric([{ gpu: 0, powerWatts: 94 }]) });
    const source = await open();
    const hanging = install('amd-smi', 60);
    await source.read(signal);
    await expect.poll(() => hanging.calls().length).toBe(1);
    const startedMs = performance.now();
    await source.close();
    await source.close();
    expect(performance.now() - startedMs).toBeLessThan(3000);
  });
});
