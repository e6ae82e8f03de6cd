import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { bytesFromGibibytes } from '../../../shared/units.ts';
import { exampleContext } from '../../../tests/examples.ts';
import { createFakeClock } from '../../clock/fake-clock.ts';
import { createLocalMachine } from '../../machine/local-machine.ts';
import type { MachineFacts } from '../../machine/machine.ts';
import type { SourceReading } from '../source.ts';
import { assumedModulesError, knownModulesError } from './memory-model.ts';
import { createMemoryModelDefinition } from './memory-source.ts';

const signal = new AbortController().signal;
let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'wattrun-memory-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

function write(path: string, text: string): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
}

const gibibyte = bytesFromGibibytes(1);
const usedBytes = 5 * gibibyte;

/** What the source says of a machine of that much memory whose files are those that the test wrote. */
async function read(gibibytes: number, change: Partial<MachineFacts> = {}): Promise<SourceReading & { how: string }> {
  const machine = {
    ...createLocalMachine('/nowhere', '/nowhere'),
    readMemoryUsedBytes: () => usedBytes,
    facts: async (): Promise<MachineFacts> => ({
      hostName: 'box',
      osLabel: 'Linux',
      cpuName: 'Example CPU',
      threads: 8,
      physicalCores: 4,
      sockets: 1,
      baseGhz: null,
      isVirtual: false,
      memoryBytes: gibibytes * gibibyte,
      ...change,
    }),
  };
  const context = exampleContext(createFakeClock(1_700_000_000_000, 0), {
    sysfsRoot: join(root, 'sys'),
    procfsRoot: join(root, 'proc'),
  });
  const found = await createMemoryModelDefinition(machine).probe(context);
  if (found.kind !== 'available') throw new Error(found.reason);
  const source = await found.open();
  const [reading] = await source.read(signal);
  await source.close();
  if (reading === undefined) throw new Error('no reading');
  return { ...reading, how: found.how };
}

function writeUdev(sizes: readonly number[], type = 'DDR5', detail = 'Synchronous Registered (Buffered)'): void {
  const lines = sizes.flatMap((size, i) => [
    `E:MEMORY_DEVICE_${i}_SIZE=${size * gibibyte}`,
    `E:MEMORY_DEVICE_${i}_TYPE=${type}`,
    `E:MEMORY_DEVICE_${i}_TYPE_DETAIL=${detail}`,
  ]);
  write('run/udev/data/+dmi:id', `${lines.join('\n')}\n`);
}

describe('the memory model as a source', () => {
  it('goes by the modules that udev knows', async () => {
    writeUdev([64, 64]);
    const reading = await read(125.6);
    // Two registered DDR5 modules of 64 GiB, each 1.2 W + 0.8 W + 64 × 0.06 W = 5.84 W.
    expect(reading.powerWatts).toBeCloseTo(11.68, 9);
    expect(reading).toMatchObject({ error: knownModulesError, memoryUsedBytes: usedBytes });
    expect(reading.domain).toMatchObject({ id: 'dram:0', provenance: 'model' });
    expect(reading.how).toContain('2 × 64 GiB registered DDR5');
  });

  it("leaves a GPU's memory to the GPU, where the kernel counts it as the machine's", async () => {
    // A Grace Hopper's two nodes (numactl, issue 210): 490,303 MB with the CPUs, 97,280 MB of HBM without.
    const [own, hbm] = [490_303, 97_280].map((mebibytes) => mebibytes * 1024);
    write('sys/devices/system/node/node0/cpulist', '0-71\n');
    write('sys/devices/system/node/node0/meminfo', `Node 0 MemTotal:       ${own} kB\nNode 0 MemFree: 1 kB\n`);
    write('sys/devices/system/node/node1/cpulist', '\n');
    write('sys/devices/system/node/node1/meminfo', `Node 1 MemTotal:       ${hbm} kB\nNode 1 MemFree: 1 kB\n`);
    writeUdev([120, 120, 120, 120], 'LPDDR5', 'Synchronous');
    const reading = await read((490_303 + 97_280) / 1024);
    expect(reading.how).toContain('4 × 120 GiB');
    expect(reading.domain).toMatchObject({ provenance: 'model', memoryTotalBytes: 490_303 * 1024 ** 2 });
  });

  it('goes by the memory controllers where udev knows nothing', async () => {
    for (const dimm of ['mc0/dimm0', 'mc0/dimm3', 'mc1/dimm0']) {
      write(`sys/devices/system/edac/mc/${dimm}/size`, '32768\n');
      write(`sys/devices/system/edac/mc/${dimm}/dimm_mem_type`, 'Registered-DDR4\n');
    }
    write('sys/devices/system/edac/mc/mc1/dimm1/size', '0\n');
    const reading = await read(94);
    // Three of 1.0 W + 0.8 W + 32 × 0.07 W = 4.04 W.
    expect(reading.powerWatts).toBeCloseTo(12.12, 9);
    expect(reading.how).toContain('edac');
  });

  it('goes by the firmware where it may read its table', async () => {
    const device = Buffer.alloc(36);
    device.writeUInt8(17, 0);
    device.writeUInt8(34, 1);
    device.writeUInt16LE(16_384, 0x0c);
    device.writeUInt8(26, 0x12);
    mkdirSync(join(root, 'sys/firmware/dmi/tables'), { recursive: true });
    writeFileSync(join(root, 'sys/firmware/dmi/tables/DMI'), Buffer.concat([device, device]));
    const reading = await read(31);
    // Two unbuffered DDR4 modules of 1.0 W + 16 × 0.07 W = 2.12 W.
    expect(reading.powerWatts).toBeCloseTo(4.24, 9);
  });

  it('assumes modules by size, and says so, where nothing tells', async () => {
    const reading = await read(15.5);
    // Two unbuffered DDR4 modules of 1.0 W + 8 × 0.07 W = 1.56 W.
    expect(reading.powerWatts).toBeCloseTo(3.12, 9);
    expect(reading).toMatchObject({ error: assumedModulesError });
    expect(reading.domain.provenance).toBe('assumed');
    expect(reading.how).toContain('taken for 2 × 8 GiB DDR4');
  });

  it.each([
    { what: 'too small for what is used', sizes: [8] },
    { what: 'far more than the machine has', sizes: [64, 64] },
  ])('does not believe modules that are $what', async ({ sizes }) => {
    writeUdev(sizes);
    expect((await read(16)).domain.provenance).toBe('assumed');
  });

  it('does not believe the modules that a hypervisor invents', async () => {
    writeUdev([16], 'RAM', 'Other');
    const reading = await read(16, { isVirtual: true });
    // A share of a 64 GiB registered module: 16 × 6.28 W / 64.
    expect(reading.powerWatts).toBeCloseTo(1.57, 9);
    expect(reading.domain.provenance).toBe('assumed');
    expect(reading.how).toContain('virtual machine');
  });
});

describe('the memory model in a container', () => {
  const limitTo = (gibibytes: number): void => write('sys/fs/cgroup/memory.max', `${gibibytes * gibibyte}\n`);

  it('owns 16 GiB of a host of 1 TiB, not the host', async () => {
    limitTo(16);
    write('sys/fs/cgroup/memory.current', `${9 * gibibyte}\n`);
    write('sys/fs/cgroup/memory.stat', `anon 1\ninactive_file ${2 * gibibyte}\nactive_file 3\n`);
    write('proc/self/cgroup', '0::/\n');
    const reading = await read(1024);
    // 16 modules of 64 GiB, each 1.0 W + 0.8 W + 64 × 0.07 W = 6.28 W, are 100.48 W; a 64th of it is 1.57 W. CodeCarbon said 378 W.
    expect(reading.powerWatts).toBeCloseTo(1.57, 9);
    // 9 GiB less what can be dropped at once.
    expect(reading).toMatchObject({ memoryTotalBytes: 16 * gibibyte, memoryUsedBytes: 7 * gibibyte });
    expect(reading.domain.memoryTotalBytes).toBe(16 * gibibyte);
    expect(reading.how).toMatch(/^16 GiB of 1024 GiB, the limit in .*memory\.max/);
  });

  it('owns its share of modules that are known', async () => {
    writeUdev([64, 64]);
    limitTo(32);
    // A quarter of 11.68 W.
    expect((await read(128)).powerWatts).toBeCloseTo(2.92, 9);
  });

  it('owns all of the machine where its limit is none or beyond it', async () => {
    write('.dockerenv', '');
    write('sys/fs/cgroup/memory.max', 'max\n');
    expect((await read(16)).memoryTotalBytes).toBe(16 * gibibyte);
    limitTo(64);
    expect((await read(16)).memoryTotalBytes).toBe(16 * gibibyte);
  });

  it('goes by the least limit on the way up, as a pod has one for all its containers', async () => {
    const pod = 'sys/fs/cgroup/kubepods.slice/pod1';
    write('proc/self/cgroup', '0::/kubepods.slice/pod1/main\n');
    write(`${pod}/main/memory.max`, 'max\n');
    write(`${pod}/memory.max`, `${24 * gibibyte}\n`);
    expect((await read(512)).memoryTotalBytes).toBe(24 * gibibyte);
  });

  it.each([
    { what: 'in its own view', cgroup: '12:cpu,memory:/docker/abc\n', folder: 'sys/fs/cgroup/memory' },
    { what: 'in the view of the host', cgroup: '5:memory:/docker/abc\n', folder: 'sys/fs/cgroup/memory/docker/abc' },
  ])('knows cgroups of version 1 $what', async ({ cgroup, folder }) => {
    write('proc/self/cgroup', cgroup);
    write('sys/fs/cgroup/memory/memory.limit_in_bytes', '9223372036854771712\n');
    write(`${folder}/memory.limit_in_bytes`, `${8 * gibibyte}\n`);
    expect((await read(512)).memoryTotalBytes).toBe(8 * gibibyte);
  });

  it('is not misled by the limit of a login session', async () => {
    const session = 'user.slice/user-1000.slice/session-3.scope';
    write('proc/self/cgroup', `0::/${session}\n`);
    write(`sys/fs/cgroup/${session}/memory.max`, `${4 * gibibyte}\n`);
    expect((await read(64)).memoryTotalBytes).toBe(64 * gibibyte);
  });

  it.each(['0::/../../other\n', '0::', 'garbage', '', `0::/${'a/'.repeat(5000)}\n`])(
    'is not misled by the cgroup %j',
    async (cgroup) => {
      write('proc/self/cgroup', cgroup);
      write('.dockerenv', '');
      limitTo(8);
      expect((await read(64)).memoryTotalBytes).toBe(8 * gibibyte);
    },
  );

  it.each(['', '0\n', '-1\n', 'x\n', '1e9\n'])('takes %j for no limit', async (text) => {
    write('sys/fs/cgroup/memory.max', text);
    expect((await read(64)).memoryTotalBytes).toBe(64 * gibibyte);
  });
});
