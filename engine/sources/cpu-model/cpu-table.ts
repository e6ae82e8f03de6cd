import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

export interface CpuRow {
  readonly tdpWatts?: number;
  readonly cores?: number;
  readonly threads?: number;
  readonly baseGhz?: number;
  readonly efficiencyCores?: number;
  readonly efficiencyBaseGhz?: number;
}

/** From this file, and from a bundle in `out/main`. */
const folders = ['../../../resources/cpu', '../../resources/cpu'].map((path) => join(import.meta.dirname, path));

const rows = new Map<string, CpuRow | null>();

/**
 * The row of a normalised CPU name in resources/cpu/cpus.json; null where it has none. The file is read for a name and let go: kept, its 4,485 rows take 2 MiB
 * for the one that this machine is.
 */
export function findCpuRow(name: string): CpuRow | null {
  const known = rows.get(name);
  if (known !== undefined) return known;
  const folder = folders.find((candidate) => existsSync(candidate)) ?? '';
  const table = JSON.parse(readFileSync(join(folder, 'cpus.json'), 'utf8')) as {
    cpus: Readonly<Record<string, CpuRow>>;
  };
  const row = Object.hasOwn(table.cpus, name) ? (table.cpus[name] ?? null) : null;
  rows.set(name, row);
  return row;
}
