import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** A powercap zone that is summed: a package, or the DRAM beside it. */
export interface RaplZone {
  readonly path: string;
  readonly kind: 'package' | 'dram';
  /** Number in 'package-0', or of the package a dram zone belongs to. */
  readonly index: number;
  readonly rangeJoules: number | null;
  readonly maxPowerWatts: number | null;
}

interface FoundZone {
  readonly directory: string;
  readonly name: string;
}

async function readTrimmed(path: string): Promise<string | null> {
  try {
    // Some captures (and kernels' sysfs copies) pad with NUL to a page.
    return (await readFile(path, 'utf8')).replaceAll('\0', '').trim();
  } catch {
    return null;
  }
}

const numberOrNull = (text: string | null): number | null => {
  const value = text === null || text === '' ? Number.NaN : Number(text);
  return Number.isFinite(value) && value > 0 ? value : null;
};

/**
 * Packages and DRAM of `<sysfs>/class/powercap`. core and uncore lie inside a package, psys contains it, intel-rapl-mmio repeats it:
 * none of these is summed. Dies that repeat a package's name count once.
 */
export async function findRaplZones(sysfsRoot: string): Promise<readonly RaplZone[]> {
  const root = join(sysfsRoot, 'class/powercap');
  let entries: readonly string[];
  try {
    entries = await readdir(root);
  } catch {
    return [];
  }
  const directories = entries.filter((entry) => /^intel-rapl:/.test(entry)).sort();
  const found: FoundZone[] = [];
  for (const directory of directories) {
    const name = await readTrimmed(join(root, directory, 'name'));
    if (name !== null) found.push({ directory, name });
  }
  const zones = await Promise.all(found.map((zone) => zoneOf(root, zone, found)));
  return uniqueBy(
    zones.filter((zone) => zone !== null),
    (zone) => `${zone.kind}-${zone.index}`,
  );
}

async function zoneOf(root: string, zone: FoundZone, all: readonly FoundZone[]): Promise<RaplZone | null> {
  const packageNumber = /^package-(\d+)/.exec(zone.name)?.[1];
  const kind = packageNumber !== undefined ? 'package' : zone.name === 'dram' ? 'dram' : null;
  if (kind === null) return null;
  const path = join(root, zone.directory);
  const rangeMicrojoules = numberOrNull(await readTrimmed(join(path, 'max_energy_range_uj')));
  const maxMicrowatts = numberOrNull(await readTrimmed(join(path, 'constraint_0_max_power_uw')));
  return {
    path,
    kind,
    index: Number(packageNumber ?? packageOf(zone.directory, all)),
    rangeJoules: rangeMicrojoules === null ? null : rangeMicrojoules / 1e6,
    maxPowerWatts: maxMicrowatts === null ? null : maxMicrowatts / 1e6,
  };
}

/** A dram zone intel-rapl:0:1 belongs to the package intel-rapl:0. */
function packageOf(directory: string, all: readonly FoundZone[]): number {
  const parent = directory.split(':').slice(0, 2).join(':');
  const name = all.find((zone) => zone.directory === parent)?.name ?? '';
  return Number(/^package-(\d+)/.exec(name)?.[1] ?? 0);
}

function uniqueBy<T>(items: readonly T[], keyOf: (item: T) => string): readonly T[] {
  const seen = new Set<string>();
  return items.filter((item) => !seen.has(keyOf(item)) && seen.add(keyOf(item)));
}
