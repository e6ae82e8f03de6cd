import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gigahertzFromKilohertz, wattsFromMicrowatts } from '../../../shared/units.ts';

/** What sysfs tells of the CPU that its name does not. Nothing here needs root. */
export interface CpuHardware {
  /** Greatest sustained power of all packages together, in watts, as the maker set it: the TDP. Null where one of them does not tell. */
  readonly packageLimitWatts: number | null;
  /** Highest turbo clock: what is left where nothing tells the base clock. */
  readonly highestGhz: number | null;
  /** Efficiency cores of a hybrid part, which count among its physical cores. */
  readonly efficiency: { readonly cores: number; readonly baseGhz: number | null } | null;
}

export const unknownHardware: CpuHardware = { packageLimitWatts: null, highestGhz: null, efficiency: null };

/** Of one package. Beyond it a file holds no maker's figure: one real capture says 4090 W in power_limit_uw. */
const maxPackageWatts = 1000;
const maxCoreNumber = 8191;
/** Room for every one of these numbers by itself, '8191,' each. */
const longestListCharacters = 5 * (maxCoreNumber + 1);

export async function readCpuHardware(sysfsRoot: string): Promise<CpuHardware> {
  const [packageLimitWatts, highestKilohertz, efficiency] = await Promise.all([
    readPackageLimitWatts(join(sysfsRoot, 'class/powercap')),
    readPositive(join(sysfsRoot, 'devices/system/cpu/cpu0/cpufreq/cpuinfo_max_freq')),
    readEfficiencyCores(sysfsRoot),
  ]);
  return {
    packageLimitWatts,
    highestGhz: highestKilohertz === null ? null : gigahertzFromKilohertz(highestKilohertz),
    efficiency,
  };
}

/** Sum of `max_power_uw` of the constraint that is named long_term, over packages. Never `power_limit_uw`: that is whatever someone wrote there. */
async function readPackageLimitWatts(powercap: string): Promise<number | null> {
  // The kernel numbers its zones in hexadecimal digits (drivers/powercap/powercap_sys.c: '%s:%x').
  const zones = (await readEntries(powercap)).filter((entry) => /^intel-rapl:[0-9a-f]+$/.test(entry));
  const limitOfPackage = new Map<string, number | null>();
  for (const zone of zones) {
    // Dies repeat the name of their package; psys is none.
    const name = /^package-\d+/.exec((await readTrimmed(join(powercap, zone, 'name'))) ?? '')?.[0];
    if (name !== undefined && !limitOfPackage.has(name))
      limitOfPackage.set(name, await readZoneLimitWatts(join(powercap, zone)));
  }
  const limits = [...limitOfPackage.values()];
  if (limits.length === 0 || limits.includes(null)) return null;
  return limits.reduce<number>((sum, watts) => sum + (watts ?? 0), 0);
}

async function readZoneLimitWatts(zone: string): Promise<number | null> {
  for (const index of [0, 1, 2]) {
    if ((await readTrimmed(join(zone, `constraint_${index}_name`))) !== 'long_term') continue;
    const microwatts = await readPositive(join(zone, `constraint_${index}_max_power_uw`));
    const watts = microwatts === null ? null : wattsFromMicrowatts(microwatts);
    return watts !== null && watts <= maxPackageWatts ? watts : null;
  }
  return null;
}

/** Hybrid parts have a PMU for each kind of core; efficiency cores have one thread each. */
async function readEfficiencyCores(sysfsRoot: string): Promise<CpuHardware['efficiency']> {
  const numbers = parseCpuList((await readTrimmed(join(sysfsRoot, 'devices/cpu_atom/cpus'))) ?? '');
  const [first] = numbers;
  if (first === undefined) return null;
  const kilohertz = await readPositive(join(sysfsRoot, `devices/system/cpu/cpu${first}/cpufreq/base_frequency`));
  return { cores: numbers.length, baseGhz: kilohertz === null ? null : gigahertzFromKilohertz(kilohertz) };
}

/** '0-3,8': the kernel's lists of CPUs, each number once, ascending. Empty for anything else. */
export function parseCpuList(text: string): readonly number[] {
  if (text.length > longestListCharacters || !/^\d{1,4}(-\d{1,4})?(,\d{1,4}(-\d{1,4})?)*$/.test(text)) return [];
  const ranges = text.split(',').map((range) => {
    const [from = 0, to = from] = range.split('-').map(Number);
    return { from, to: Math.min(to, maxCoreNumber) };
  });
  const numbers: number[] = [];
  let next = 0;
  // A range begins after what those before it have reached: thousands of ranges over all CPUs are no more work than one.
  for (const { from, to } of ranges.sort((a, b) => a.from - b.from))
    for (next = Math.max(next, from); next <= to; next += 1) numbers.push(next);
  return numbers;
}

async function readEntries(folder: string): Promise<readonly string[]> {
  try {
    return (await readdir(folder)).sort();
  } catch {
    return [];
  }
}

async function readTrimmed(path: string): Promise<string | null> {
  try {
    // Copies of sysfs pad with NUL to a page.
    return (await readFile(path, 'utf8')).replaceAll('\0', '').trim();
  } catch {
    return null;
  }
}

async function readPositive(path: string): Promise<number | null> {
  const text = await readTrimmed(path);
  return text !== null && /^\d{1,15}$/.test(text) && Number(text) > 0 ? Number(text) : null;
}
