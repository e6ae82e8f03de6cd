import { join } from 'node:path';
import { normalizeBusId } from './bus-id.ts';
import { type GpuVendor, gpuVendorIds, hexDigits } from './gpu-devices.ts';
import { listFolder, parseUevent, readSysfsText } from './sysfs-file.ts';

/** A GPU that the kernel's graphics layer drives: `/sys/class/drm/card<number>`. */
export interface DrmCard {
  /** Not an identity: it may be another one after a restart. */
  readonly number: number;
  readonly path: string;
  readonly devicePath: string;
  /** '0000:01:00.0'; null where the kernel does not say it. */
  readonly busId: string | null;
  /** Four hexadecimal digits, '73bf'; null where the kernel does not say it. */
  readonly deviceId: string | null;
}

/** A vendor's cards in the order of their numbers; connectors (`card0-DP-1`) and render nodes are no cards. Wakes nothing. */
export async function listDrmCards(sysfsRoot: string, vendor: GpuVendor): Promise<readonly DrmCard[]> {
  const root = join(sysfsRoot, 'class/drm');
  const numbers = (await listFolder(root)).flatMap((name) => /^card(\d{1,6})$/.exec(name)?.[1] ?? []).map(Number);
  const cards = await Promise.all(
    numbers.sort((a, b) => a - b).map((number) => readCard(join(root, `card${number}`), number, vendor)),
  );
  // Partitions of one accelerator are cards of one device: the device is what draws power.
  const seen = new Set<string>();
  return cards.filter((card): card is DrmCard => {
    if (card === null) return false;
    if (card.busId === null) return true;
    return seen.has(card.busId) ? false : seen.add(card.busId) !== undefined;
  });
}

const driversOf: Readonly<Record<GpuVendor, readonly string[]>> = {
  amd: ['amdgpu'],
  intel: ['i915', 'xe'],
  nvidia: ['nouveau'],
};

async function readCard(path: string, number: number, vendor: GpuVendor): Promise<DrmCard | null> {
  const devicePath = join(path, 'device');
  const vendorId = await readSysfsText(join(devicePath, 'vendor'));
  // Where a container or an old kernel hides the vendor, the sensors' driver tells it.
  const isOfVendor =
    vendorId === null ? (await findHwmon(devicePath, driversOf[vendor])) !== null : vendorId === gpuVendorIds[vendor];
  if (!isOfVendor) return null;
  const uevent = parseUevent((await readSysfsText(join(devicePath, 'uevent'))) ?? '');
  const deviceId =
    hexDigits(await readSysfsText(join(devicePath, 'device')), 4) ??
    /^[0-9a-f]{4}:([0-9a-f]{4})$/i.exec(uevent.get('PCI_ID') ?? '')?.[1]?.toLowerCase() ??
    null;
  return { number, path, devicePath, busId: normalizeBusId(uevent.get('PCI_SLOT_NAME') ?? ''), deviceId };
}

/** The sensors' folder of a card by the name that its driver gave it, whatever its number; null where there is none. */
export async function findHwmon(devicePath: string, driverNames: readonly string[]): Promise<string | null> {
  const root = join(devicePath, 'hwmon');
  for (const folder of await listFolder(root)) {
    const name = await readSysfsText(join(root, folder, 'name'));
    if (name !== null && driverNames.includes(name)) return join(root, folder);
  }
  return null;
}
