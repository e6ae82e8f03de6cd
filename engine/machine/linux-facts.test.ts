import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir, totalmem } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { parseCpuInfo, readLinuxFacts } from './linux-facts.ts';

const scratch = mkdtempSync(join(tmpdir(), 'wattrun-facts-'));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

interface Thread {
  readonly socket?: number;
  readonly core?: number;
}

/** /proc/cpuinfo of such threads, one block each. */
const cpuInfo = (threads: readonly Thread[], model: string, flags: string, megahertz = '1200.000'): string =>
  threads
    .map(({ socket, core }, i) =>
      [
        `processor\t: ${i}`,
        'vendor_id\t: GenuineIntel',
        `model name\t: ${model}`,
        `cpu MHz\t\t: ${megahertz}`,
        ...(socket === undefined ? [] : [`physical id\t: ${socket}`]),
        ...(core === undefined ? [] : [`core id\t\t: ${core}`]),
        `flags\t\t: ${flags}`,
      ].join('\n'),
    )
    .join('\n\n');

describe('parseCpuInfo', () => {
  it('tells sockets, cores and threads of two packages apart', () => {
    // Two sockets of two cores with two threads each; core numbers repeat from socket to socket.
    const threads = [0, 1].flatMap((socket) => [0, 1, 0, 1].map((core) => ({ socket, core })));
    expect(parseCpuInfo(cpuInfo(threads, 'Intel(R) Xeon(R) CPU E5-2620 v3 @ 2.40GHz', 'fpu vme'))).toEqual({
      cpuName: 'Intel(R) Xeon(R) CPU E5-2620 v3 @ 2.40GHz',
      threads: 8,
      physicalCores: 4,
      sockets: 2,
      baseGhz: 2.4,
      isVirtual: false,
      isArm: false,
      isGuestUntold: false,
    });
  });

  it("names an Arm's cores by implementer and part, of two kinds both", () => {
    const block = (part: string): string => `processor\t: 0\nCPU implementer\t: 0x41\nCPU part\t: ${part}`;
    const nameOf = (...parts: readonly string[]) => parseCpuInfo(parts.map(block).join('\n\n'))?.cpuName;
    expect(nameOf('0xd4f', '0xd4f')).toBe('Arm Neoverse-V2');
    expect(nameOf('0xd87', '0xd85')).toBe('Arm Cortex-A725, Arm Cortex-X925');
    expect(nameOf('0xfff')).toBe('unknown CPU');
    expect(nameOf('constructor')).toBe('unknown CPU');
    expect(parseCpuInfo(block('0xd4f'))).toMatchObject({ physicalCores: null, isArm: true });
  });

  it('takes the present clock for the base clock in a guest only, where it cannot change', () => {
    const guest = cpuInfo([{ socket: 0, core: 0 }], 'AMD EPYC 7763 64-Core Processor', 'fpu hypervisor', '2445.404');
    expect(parseCpuInfo(guest)).toMatchObject({ baseGhz: 2.445404, isVirtual: true });
    const bare = cpuInfo([{ socket: 0, core: 0 }], 'AMD EPYC 7763 64-Core Processor', 'fpu', '1500.000');
    expect(parseCpuInfo(bare)).toMatchObject({ baseGhz: null, isVirtual: false });
  });

  it.each([
    ['2.4.4', '2100.000', 2.1],
    ['9'.repeat(400), '2100.000', 2.1],
    ['0', 'nonsense', null],
    ['.', '-1', null],
    ['0.00', '1e999', null],
  ])('takes no %s for a clock: the present one of %s MHz is %j GHz', (named, megahertz, baseGhz) => {
    const guest = cpuInfo([{ socket: 0, core: 0 }], `Some CPU @ ${named}GHz`, 'fpu hypervisor', megahertz);
    expect(parseCpuInfo(guest)?.baseGhz).toBe(baseGhz);
  });

  it('does not know the cores where the kernel does not say them, as on ARM', () => {
    const arm = 'processor\t: 0\nBogoMIPS\t: 48.00\n\nprocessor\t: 1\nBogoMIPS\t: 48.00\n\nHardware\t: Board\n';
    expect(parseCpuInfo(arm)).toMatchObject({ threads: 2, physicalCores: null, sockets: 1, cpuName: 'unknown CPU' });
  });

  it('is null where there is no processor', () => expect(parseCpuInfo('')).toBeNull());

  it('throws for no text at all, and counts at least one thread and socket', () => {
    const words = fc.constantFrom('processor', 'model name', 'core id', ':', '\n', '\n\n', '\t', '0', 'x', ' ');
    fc.assert(
      fc.property(fc.array(words), (parts) => {
        const info = parseCpuInfo(parts.join(''));
        if (info === null) return;
        expect(info.threads).toBeGreaterThan(0);
        expect(info.sockets).toBeGreaterThan(0);
        expect(info.baseGhz === null || Number.isFinite(info.baseGhz)).toBe(true);
      }),
    );
  });
});

describe('readLinuxFacts', () => {
  it('prefers the base clock that the kernel knows to the one in the name', () => {
    const [procfs, sysfs] = [join(scratch, 'proc'), join(scratch, 'sys')];
    const cpufreq = join(sysfs, 'devices/system/cpu/cpu0/cpufreq');
    mkdirSync(procfs, { recursive: true });
    mkdirSync(cpufreq, { recursive: true });
    writeFileSync(join(procfs, 'cpuinfo'), cpuInfo([{ socket: 0, core: 0 }], 'Some CPU @ 3.00GHz', 'fpu'));
    expect(readLinuxFacts(procfs, sysfs)).toMatchObject({
      cpuName: 'Some CPU @ 3.00GHz',
      baseGhz: 3,
      memoryBytes: totalmem(),
    });
    // In kHz.
    writeFileSync(join(cpufreq, 'base_frequency'), '2900000\n');
    expect(readLinuxFacts(procfs, sysfs)?.baseGhz).toBe(2.9);
  });

  it('counts cores and sockets by their topology where /proc/cpuinfo names none', () => {
    const root = join(scratch, 'topology');
    const cpus = [0, 1, 2, 3];
    mkdirSync(root, { recursive: true });
    writeFileSync(
      join(root, 'cpuinfo'),
      cpus.map((cpu) => `processor\t: ${cpu}\nCPU implementer\t: 0x41\nCPU part\t: 0xd4f\n`).join('\n'),
    );
    expect(readLinuxFacts(root, root)).toMatchObject({ threads: 4, physicalCores: null, sockets: 1 });
    for (const cpu of cpus) {
      const folder = join(root, `devices/system/cpu/cpu${cpu}/topology`);
      mkdirSync(folder, { recursive: true });
      writeFileSync(join(folder, 'thread_siblings_list'), `${cpu}\n`);
      writeFileSync(join(folder, 'physical_package_id'), `${cpu < 2 ? 36 : 3180}\n`);
    }
    expect(readLinuxFacts(root, root)).toMatchObject({
      cpuName: 'Arm Neoverse-V2',
      physicalCores: 4,
      sockets: 2,
      isArm: true,
    });
  });

  it.each([
    ['a Graviton guest', { sys_vendor: 'Amazon EC2', product_name: 'c7g.4xlarge' }, true],
    ['a Graviton of one’s own', { sys_vendor: 'Amazon EC2', product_name: 'c7g.metal' }, false],
    ['a guest of QEMU', { sys_vendor: 'QEMU', product_name: 'KVM Virtual Machine' }, true],
    ['a guest of Azure', { sys_vendor: 'Microsoft Corporation', product_name: 'Virtual Machine' }, true],
    ['a laptop of Microsoft', { sys_vendor: 'Microsoft Corporation', product_name: 'Surface Pro 11' }, false],
    ['a board without a table', {}, false],
  ])('tells %s by its firmware where the CPU has no flags, as on ARM', (name, files, isVirtual) => {
    const root = join(scratch, name);
    mkdirSync(join(root, 'class/dmi/id'), { recursive: true });
    writeFileSync(join(root, 'cpuinfo'), 'processor\t: 0\nBogoMIPS\t: 48.00\n');
    for (const [file, text] of Object.entries(files)) writeFileSync(join(root, 'class/dmi/id', file), `${text}\n`);
    expect(readLinuxFacts(root, root)?.isVirtual).toBe(isVirtual);
  });

  it('tells a guest by the device tree that QEMU makes, and no machine with flags by its maker', () => {
    const root = join(scratch, 'tree');
    mkdirSync(join(root, 'firmware/devicetree/base'), { recursive: true });
    writeFileSync(join(root, 'firmware/devicetree/base/compatible'), 'linux,dummy-virt\0');
    writeFileSync(join(root, 'cpuinfo'), 'processor\t: 0\nBogoMIPS\t: 48.00\n');
    expect(readLinuxFacts(root, root)?.isVirtual).toBe(true);
    writeFileSync(join(root, 'cpuinfo'), cpuInfo([{ socket: 0, core: 0 }], 'Some CPU', 'fpu'));
    expect(readLinuxFacts(root, root)?.isVirtual).toBe(false);
  });

  it('is null where there is no procfs', () => expect(readLinuxFacts(join(scratch, 'none'), scratch)).toBeNull());
});
