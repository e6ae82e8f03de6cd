import { hostname, release, totalmem, type } from 'node:os';
import { join } from 'node:path';
import { armCoreName } from './arm-names.ts';
import type { MachineFacts } from './machine.ts';
import { listNames, readText } from './procfs.ts';

/** Facts of a Linux machine from /proc and /sys: a millisecond, where asking tools for them takes half a second before a run may start. */
export function readLinuxFacts(procfsRoot: string, sysfsRoot: string): MachineFacts | null {
  const text = readText(join(procfsRoot, 'cpuinfo'));
  const cpu = text === null ? null : parseCpuInfo(text);
  if (cpu === null) return null;
  const { isGuestUntold, ...told } = cpu;
  const topology = told.physicalCores === null ? readTopology(sysfsRoot) : null;
  const baseKilohertz = Number(
    readText(join(sysfsRoot, 'devices/system/cpu/cpu0/cpufreq/base_frequency')) ?? Number.NaN,
  );
  return {
    hostName: hostname(),
    osLabel: osLabel(readText('/etc/os-release')),
    kernel: `${type()} ${release()}`,
    ...told,
    ...topology,
    isVirtual: told.isVirtual || (isGuestUntold && isGuestByFirmware(sysfsRoot)),
    baseGhz: Number.isFinite(baseKilohertz) && baseKilohertz > 0 ? baseKilohertz / 1e6 : told.baseGhz,
    memoryBytes: totalmem(),
  };
}

/** Cores and sockets where /proc/cpuinfo names neither, as on Arm; null where the kernel does not tell them here either. */
function readTopology(sysfsRoot: string): Pick<MachineFacts, 'physicalCores' | 'sockets'> | null {
  const root = join(sysfsRoot, 'devices/system/cpu');
  const names = listNames(root).filter((name) => /^cpu\d+$/.test(name));
  const told = (file: string): ReadonlySet<string> =>
    new Set(names.flatMap((name) => readText(join(root, name, 'topology', file))?.trim() || []));
  const cores = told('thread_siblings_list').size;
  // -1: no package is known.
  const packages = [...told('physical_package_id')].filter((id) => id !== '-1').length;
  return cores === 0 ? null : { physicalCores: cores, sockets: Math.max(1, packages) };
}

/** `isGuestUntold`: there are no flags that would say whether it is a guest, as on ARM. */
type CpuInfo = Pick<
  MachineFacts,
  'cpuName' | 'threads' | 'physicalCores' | 'sockets' | 'baseGhz' | 'isVirtual' | 'isArm'
> & {
  readonly isGuestUntold: boolean;
};

/** `/proc/cpuinfo`: one block a thread. The clock is the one in the name ('@ 2.40GHz'), else the present one where it cannot change: in a guest. */
export function parseCpuInfo(text: string): CpuInfo | null {
  const blocks = text
    .split(/\n\s*\n/)
    .map(
      (block) =>
        new Map(
          block
            .split('\n')
            .map((line) => [line.split(':')[0]?.trim() ?? '', line.slice(line.indexOf(':') + 1).trim()] as const),
        ),
    )
    .filter((block) => block.has('processor'));
  const [first] = blocks;
  if (first === undefined) return null;
  const cpuName =
    armName(blocks) ?? first.get('model name') ?? first.get('Model') ?? first.get('Hardware') ?? 'unknown CPU';
  const cores = new Set(blocks.map((block) => `${block.get('physical id')}/${block.get('core id')}`));
  const sockets = new Set(blocks.map((block) => block.get('physical id') ?? '0')).size;
  const isVirtual = (first.get('flags') ?? '').split(' ').includes('hypervisor');
  const named = /@\s*([\d.]+)\s*GHz/i.exec(cpuName)?.[1];
  const presentMegahertz = Number(first.get('cpu MHz') ?? Number.NaN);
  const presentGhz = isVirtual ? positiveOf(presentMegahertz / 1000) : null;
  return {
    cpuName,
    threads: blocks.length,
    physicalCores: first.has('core id') ? cores.size : null,
    sockets,
    baseGhz: positiveOf(Number(named)) ?? presentGhz,
    isVirtual,
    isArm: first.has('CPU implementer'),
    isGuestUntold: !first.has('flags'),
  };
}

/** All kinds of cores that there are ('Arm Cortex-X925, Arm Cortex-A725'), where they are known. */
function armName(blocks: readonly ReadonlyMap<string, string>[]): string | null {
  const names = blocks.map((block) => armCoreName(block.get('CPU implementer') ?? '', block.get('CPU part') ?? ''));
  return names.includes(null) ? null : [...new Set(names)].join(', ');
}

/** As hypervisors and clouds call the machines that they make (`cat /sys/class/dmi/id/sys_vendor /sys/class/dmi/id/product_name`). */
const guestNames =
  /^(QEMU|VMware|Xen|innotek GmbH|Parallels|OpenStack|Amazon EC2(?!.*\bmetal)|Google Google Compute Engine|Microsoft Corporation Virtual Machine|Apple Inc\. Apple Virtualization|Alibaba Cloud|Hetzner vServer)/i;

/** What the firmware says of a machine whose CPU has no flag for it: its maker and model, or the device tree of QEMU and Firecracker. */
function isGuestByFirmware(sysfsRoot: string): boolean {
  const [vendor, product] = ['sys_vendor', 'product_name'].map(
    (name) => readText(join(sysfsRoot, 'class/dmi/id', name))?.trim() ?? '',
  );
  const compatible = readText(join(sysfsRoot, 'firmware/devicetree/base/compatible')) ?? '';
  return guestNames.test(`${vendor} ${product}`) || compatible.split('\0').includes('linux,dummy-virt');
}

/** Null for what is no clock: 0, NaN of '2.4.4', Infinity of four hundred digits. */
const positiveOf = (number: number): number | null => (Number.isFinite(number) && number > 0 ? number : null);

function osLabel(osRelease: string | null): string {
  return /^PRETTY_NAME="?([^"\n]+)"?/m.exec(osRelease ?? '')?.[1] ?? 'Linux';
}
