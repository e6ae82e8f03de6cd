import { createRequire } from 'node:module';
import { z } from 'zod';
import { withTimeout } from '../with-timeout.ts';

/** What the long listing tells once about a GPU, besides what the stream repeats. */
export interface InventoryEntry {
  readonly uuid: string;
  readonly name: string | null;
  /** 'Ampere', 'Hopper'; null before the 470 drivers. */
  readonly architecture: string | null;
}

const inventoryTimeoutMs = 8000;

const text = z.string().catch('');
const gpuSchema = z.object({ uuid: text, product_name: text, product_architecture: text }).partial();
const logSchema = z.object({ nvidia_smi_log: z.object({ gpu: z.union([z.array(gpuSchema), gpuSchema]).optional() }) });

type Listing = (callback: (error: unknown, data: unknown) => void) => void;

/**
 * GPUs by `nvidia-smi -q -x` through node-nvidia-smi. That module has no time limit, and gives an error in place of the data when the tool prints a
 * warning: so it is asked once, with a limit, and an empty answer is fine, for the stream knows all that measuring needs.
 */
export async function readInventory(list: Listing = loadListing()): Promise<readonly InventoryEntry[]> {
  const asked = new Promise<unknown>((resolve) =>
    list((error, data) => resolve(error === null || error === undefined ? data : null)),
  );
  const answer = await withTimeout(asked, inventoryTimeoutMs);
  const parsed = logSchema.safeParse(answer);
  if (!parsed.success) return [];
  const gpus = parsed.data.nvidia_smi_log.gpu ?? [];
  return (Array.isArray(gpus) ? gpus : [gpus]).flatMap((gpu) =>
    gpu.uuid === undefined || gpu.uuid === ''
      ? []
      : [{ uuid: gpu.uuid, name: gpu.product_name || null, architecture: knownWord(gpu.product_architecture) }],
  );
}

const knownWord = (word: string | undefined): string | null =>
  word === undefined || word === '' || word === 'N/A' ? null : word;

function loadListing(): Listing {
  try {
    return createRequire(import.meta.url)('node-nvidia-smi') as Listing;
  } catch {
    return (callback) => callback(new Error('node-nvidia-smi is not installed'), null);
  }
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
