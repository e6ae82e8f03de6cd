import { generationOf, isRegisteredBy } from './memory-kind.ts';
import type { MemoryModule } from './memory-model.ts';

/** No module is smaller: what says so gave another unit. */
const smallestBytes = 2 ** 20;
const largestBytes = 2 ** 44;

/**
 * Modules in udev's record of the SMBIOS table, `/run/udev/data/+dmi:id`, which every user may read (systemd 248 and later, `dmi_memory_id`). Lines such as
 * `E:MEMORY_DEVICE_0_SIZE=17179869184`, in bytes; an empty slot has no size.
 */
export function parseUdevModules(text: string): readonly MemoryModule[] {
  const values = new Map<string, string>();
  for (const line of text.split('\n')) {
    const [, key, value] = /^E:(MEMORY_DEVICE_\d{1,4}_(?:SIZE|TYPE|TYPE_DETAIL))=(.*)$/.exec(line) ?? [];
    if (key !== undefined && value !== undefined) values.set(key, value.trim());
  }
  return [...values].flatMap(([key, value]) => {
    if (!key.endsWith('_SIZE')) return [];
    const slot = key.slice(0, -'_SIZE'.length);
    const generation = generationOf(values.get(`${slot}_TYPE`) ?? '');
    const sizeBytes = /^\d+$/.test(value) ? Number(value) : 0;
    if (generation === null || sizeBytes < smallestBytes || sizeBytes > largestBytes) return [];
    return [{ sizeBytes, generation, isRegistered: isRegisteredBy(values.get(`${slot}_TYPE_DETAIL`) ?? '') }];
  });
}
