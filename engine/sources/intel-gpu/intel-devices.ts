import { join } from 'node:path';
import { type DrmCard, findHwmon, listDrmCards } from '../sysfs/drm-cards.ts';
import { listFolder, readSysfsText } from '../sysfs/sysfs-file.ts';

export interface IntelGpu {
  readonly card: DrmCard;
  readonly driver: 'i915' | 'xe';
  readonly name: string;
  readonly hwmonPath: string;
  readonly files: ReadonlySet<string>;
  /** N of the `energyN_input` that counts. */
  readonly channel: number;
  /** 'card': all that the board draws. 'package': the chip alone, where the board has no counter of its own. */
  readonly scope: 'card' | 'package';
}

/** Names by PCI device id. Everything else is called by its ids. */
const names: Readonly<Record<string, string>> = {
  '56a0': 'Intel Arc A770',
  '56a1': 'Intel Arc A750',
  '56a5': 'Intel Arc A380',
  '56c0': 'Intel Data Center GPU Flex 170',
  '56c1': 'Intel Data Center GPU Flex 140',
  e20b: 'Intel Arc B580',
  e20c: 'Intel Arc B570',
};

/**
 * Intel's discrete GPUs with an energy counter, by the order of their cards. Integrated ones have none: what they draw is in the CPU's package. i915 counts
 * the card in energy1 (Linux 6.2); xe the card in energy1 (6.5) and the package in energy2 (6.8), told by labels in newer ones. Wakes nothing.
 * Source: Documentation/ABI/testing/sysfs-driver-intel-i915-hwmon, -xe-hwmon.
 */
export async function findIntelGpus(sysfsRoot: string): Promise<readonly IntelGpu[]> {
  const found = await Promise.all((await listDrmCards(sysfsRoot, 'intel')).map(readGpu));
  return found.filter((gpu) => gpu !== null);
}

async function readGpu(card: DrmCard): Promise<IntelGpu | null> {
  for (const driver of ['xe', 'i915'] as const) {
    const hwmonPath = await findHwmon(card.devicePath, [driver]);
    if (hwmonPath === null) continue;
    const files = new Set(await listFolder(hwmonPath));
    const counter = await counterOf(hwmonPath, files);
    if (counter === null) return null;
    const name = names[card.deviceId ?? ''] ?? `Intel GPU 8086:${card.deviceId ?? '????'}`;
    return { card, driver, name, hwmonPath, files, ...counter };
  }
  return null;
}

/** The package lies inside the card: where both are counted only the card's counts. */
async function counterOf(
  path: string,
  files: ReadonlySet<string>,
): Promise<Pick<IntelGpu, 'channel' | 'scope'> | null> {
  const channels = [1, 2].filter((channel) => files.has(`energy${channel}_input`));
  const told = await Promise.all(
    channels.map(async (channel) => {
      const label = await readSysfsText(join(path, `energy${channel}_label`));
      const isPackage = label === null ? channel === 2 : label === 'pkg';
      return { channel, scope: isPackage ? ('package' as const) : ('card' as const) };
    }),
  );
  return told.find((one) => one.scope === 'card') ?? told[0] ?? null;
}
