import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { joulesFromMicrojoules, wattsFromMicrowatts } from '../../../shared/units.ts';
import { readCounterJoules } from './read-counter.ts';

/** A powercap zone that is read: a package, the DRAM beside it, or the platform around both. */
export interface RaplZone {
  readonly path: string;
  readonly kind: 'package' | 'dram' | 'platform';
  /** Number in 'package-0', or of the package a dram zone belongs to. */
  readonly index: number;
  /** Number in 'package-0-die-1' where the dies count apart; null where the package counts as one. */
  readonly die: number | null;
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

/** How many zone directories there are, readable or not: a container's mask leaves links that lead nowhere. */
export async function countZoneEntries(sysfsRoot: string): Promise<number> {
  try {
    return (await readdir(join(sysfsRoot, 'class/powercap'))).filter((entry) => /^intel-rapl:/.test(entry)).length;
  } catch {
    return 0;
  }
}

/**
 * Packages, DRAM and platform (psys) of `<sysfs>/class/powercap`. core and uncore lie inside a package and intel-rapl-mmio repeats it: neither is given.
 * Source: Linux Documentation/power/powercap/powercap.rst.
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
  const named = uniqueBy(
    zones.filter((zone) => zone !== null),
    (zone) => `${zone.kind}-${zone.index}-${zone.die}`,
  );
  return withoutRepeatedDies(named);
}

async function zoneOf(root: string, zone: FoundZone, all: readonly FoundZone[]): Promise<RaplZone | null> {
  const kind = kindOf(zone.name);
  if (kind === null) return null;
  const own = numbersIn(zone.name) ?? numbersIn(parentName(zone.directory, all)) ?? { index: 0, die: null };
  const path = join(root, zone.directory);
  const rangeMicrojoules = numberOrNull(await readTrimmed(join(path, 'max_energy_range_uj')));
  const maxMicrowatts = numberOrNull(await readTrimmed(join(path, 'constraint_0_max_power_uw')));
  return {
    path,
    kind,
    ...own,
    rangeJoules: rangeMicrojoules === null ? null : joulesFromMicrojoules(rangeMicrojoules),
    maxPowerWatts: maxMicrowatts === null ? null : wattsFromMicrowatts(maxMicrowatts),
  };
}

function kindOf(name: string): RaplZone['kind'] | null {
  if (/^package-\d+/.test(name)) return 'package';
  if (name === 'dram') return 'dram';
  // 'psys-1': where another package than the first is the one that tells (intel_rapl_common.c); the kernel shows none that stands at 0.
  return /^psys(-\d+)?$/.test(name) ? 'platform' : null;
}

function numbersIn(name: string): Pick<RaplZone, 'index' | 'die'> | null {
  const match = /^package-(\d+)(?:-die-(\d+))?/.exec(name);
  return match === null ? null : { index: Number(match[1]), die: match[2] === undefined ? null : Number(match[2]) };
}

/** A dram zone intel-rapl:0:1 belongs to the package intel-rapl:0. */
function parentName(directory: string, all: readonly FoundZone[]): string {
  const parent = directory.split(':').slice(0, 2).join(':');
  return all.find((zone) => zone.directory === parent)?.name ?? '';
}

/** Two dies of a package whose counters lie this near, look after look, are one register, read twice: a moment apart it is a little further on. */
const sameRegisterJoules = 0.5;
/** Registers of their own that begin alike have drawn apart after these. */
const looks = 4;
const lookSpacingMs = 25;

/**
 * Dies of one package: on Intel each counts for itself; on AMD (Threadripper, EPYC) every die shows the package's one register, and adding them up
 * doubles it. Their counters tell which.
 */
async function withoutRepeatedDies(zones: readonly RaplZone[]): Promise<readonly RaplZone[]> {
  const kept: RaplZone[] = [];
  for (const zone of zones) {
    const first = kept.find((one) => one.kind === zone.kind && one.index === zone.index);
    if (first === undefined || !(await isSameRegister(first, zone))) kept.push(zone);
  }
  const isAlone = (zone: RaplZone): boolean =>
    kept.filter((one) => one.kind === zone.kind && one.index === zone.index).length === 1;
  return kept.map((zone) => (isAlone(zone) ? { ...zone, die: null } : zone));
}

/** Where a counter cannot be read, dies are taken for repetitions: too little is a lower bound, twice as much is wrong. */
async function isSameRegister(a: RaplZone, b: RaplZone): Promise<boolean> {
  try {
    for (let look = 0; look < looks; look++) {
      if (look > 0) await new Promise((resolve) => setTimeout(resolve, lookSpacingMs));
      const before = readCounterJoules(a.path);
      const other = readCounterJoules(b.path);
      // One register read in between is no further on than when it is read again; where it wraps meanwhile, the next look tells.
      const after = readCounterJoules(a.path);
      if (after < before) continue;
      if (other < before - sameRegisterJoules || other > after + sameRegisterJoules) return false;
    }
    return true;
  } catch {
    return true;
  }
}

function uniqueBy<T>(items: readonly T[], keyOf: (item: T) => string): readonly T[] {
  const seen = new Set<string>();
  return items.filter((item) => !seen.has(keyOf(item)) && seen.add(keyOf(item)));
}
