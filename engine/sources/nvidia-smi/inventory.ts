import type { GpuDriver } from '../source.ts';
import { loadListingParser } from './parse-listing-xml.ts';
import { runTool } from './run-tool.ts';

/** What the long listing tells once about a GPU, besides what the stream repeats. */
export interface InventoryEntry {
  readonly uuid: string;
  readonly name: string | null;
  /** 'Ampere', 'Hopper'; null before the 470 drivers. */
  readonly architecture: string | null;
}

export interface Inventory {
  readonly driver: GpuDriver | null;
  readonly gpus: readonly InventoryEntry[];
}

const inventoryTimeoutMs = 8000;

/** GPUs by `nvidia-smi -q -x`, asked once. An empty answer is fine, for the stream knows all that measuring needs. Never throws. */
export async function readInventory(path: string, timeoutMs: number = inventoryTimeoutMs): Promise<Inventory> {
  const [parse, { stdout }] = await Promise.all([loadListingParser(), runTool(path, ['-q', '-x'], timeoutMs)]);
  const listing = parse(stdout);
  return {
    driver: listing === null ? null : { version: listing.driverVersion, cudaVersion: listing.cudaVersion },
    gpus: (listing?.gpus ?? []).flatMap(({ uuid, name, architecture }) =>
      uuid === null ? [] : [{ uuid, name, architecture }],
    ),
  };
}

/** nvmlDeviceArchitecture_t of a name in the listing; null for a name that is not known. */
export function architectureNumber(name: string | null): number | null {
  const numbers: Readonly<Record<string, number>> = {
    Kepler: 2,
    Maxwell: 3,
    Pascal: 4,
    Volta: 5,
    Turing: 6,
    Ampere: 7,
    'Ada Lovelace': 8,
    Hopper: 9,
    Blackwell: 10,
  };
  return name === null ? null : (numbers[name] ?? null);
}
