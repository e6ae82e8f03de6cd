import { join } from 'node:path';
import { type DrmCard, findHwmon, listDrmCards } from '../sysfs/drm-cards.ts';
import { listFolder, readSysfsText } from '../sysfs/sysfs-file.ts';
import { amdGpuName, isApu } from './amd-facts.ts';

export interface AmdgpuDevice {
  readonly card: DrmCard;
  /** Serial number of the silicon, else the PCI address, else the card's number. */
  readonly identity: string;
  readonly name: string;
  readonly isApu: boolean;
  /** Null where the driver made no sensors. */
  readonly hwmon: AmdgpuHwmon | null;
}

export interface AmdgpuHwmon {
  readonly path: string;
  readonly files: ReadonlySet<string>;
  /** N of the `powerN_…` files that count. */
  readonly powerChannel: number;
  /** N of the `tempN_input` file at the edge of the die. */
  readonly temperatureChannel: number;
}

/**
 * GPUs that the amdgpu driver drives, in the order of their cards. A card on the older radeon driver has no power sensor and is not among them. Wakes
 * nothing: it reads names and labels, which the driver keeps in memory, and no sensor.
 */
export async function findAmdgpuDevices(sysfsRoot: string): Promise<readonly AmdgpuDevice[]> {
  const devices = await Promise.all((await listDrmCards(sysfsRoot, 'amd')).map(readDevice));
  const found = devices.filter((device) => device !== null);
  const counts = new Map<string, number>();
  for (const { identity } of found) counts.set(identity, (counts.get(identity) ?? 0) + 1);
  // A serial number that two boards share (masked, or never burned in) tells nothing apart.
  return found.map((device) =>
    (counts.get(device.identity) ?? 0) > 1 ? { ...device, identity: addressOf(device.card) } : device,
  );
}

export const hasPowerSensor = ({ hwmon }: AmdgpuDevice): boolean =>
  hwmon !== null && ['average', 'input'].some((ending) => hwmon.files.has(`power${hwmon.powerChannel}_${ending}`));

async function readDevice(card: DrmCard): Promise<AmdgpuDevice | null> {
  const { devicePath } = card;
  const path = await findHwmon(devicePath, ['amdgpu']);
  const uevent = (await readSysfsText(join(devicePath, 'uevent'))) ?? '';
  if (path === null && !/^DRIVER=amdgpu$/m.test(uevent)) return null;
  const files = new Set(path === null ? [] : await listFolder(path));
  const [uniqueId, productName] = await Promise.all([
    readSysfsText(join(devicePath, 'unique_id')),
    readSysfsText(join(devicePath, 'product_name')),
  ]);
  return {
    card,
    identity: uniqueIdentity(uniqueId) ?? addressOf(card),
    name: amdGpuName(productName, card.deviceId),
    isApu: isApu(card.deviceId, files),
    hwmon:
      path === null
        ? null
        : {
            path,
            files,
            // fastPPT is the same package under a shorter limit: adding both would count it twice.
            powerChannel: await channelOf(path, files, { kind: 'power', labels: ['PPT', 'slowPPT'] }),
            temperatureChannel: await channelOf(path, files, { kind: 'temp', labels: ['edge'] }),
          },
  };
}

/** 16 hexadecimal digits, however it was written; null for none and for all zeros. */
export function uniqueIdentity(text: string | null): string | null {
  const digits = /^(?:0x)?([0-9a-f]{1,16})$/i.exec(text ?? '')?.[1]?.toLowerCase();
  return digits === undefined || /^0+$/.test(digits) ? null : digits.padStart(16, '0');
}

const addressOf = (card: DrmCard): string => card.busId ?? `card${card.number}`;

/** Number of the channel that bears the first of the labels that any bears; 1 where none does. */
async function channelOf(
  path: string,
  files: ReadonlySet<string>,
  wanted: { readonly kind: 'power' | 'temp'; readonly labels: readonly string[] },
): Promise<number> {
  const labelled = await Promise.all(
    [1, 2, 3]
      .filter((channel) => files.has(`${wanted.kind}${channel}_label`))
      .map(async (channel) => ({
        channel,
        label: await readSysfsText(join(path, `${wanted.kind}${channel}_label`)),
      })),
  );
  for (const label of wanted.labels) {
    const found = labelled.find((one) => one.label === label);
    if (found !== undefined) return found.channel;
  }
  return 1;
}
