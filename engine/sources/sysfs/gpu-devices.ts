import { join } from 'node:path';
import { normalizeBusId } from './bus-id.ts';
import { listFolder, readSysfsText } from './sysfs-file.ts';

/** PCI vendor ids as sysfs writes them. */
export const gpuVendorIds = { nvidia: '0x10de', amd: '0x1002', intel: '0x8086' } as const;
export type GpuVendor = keyof typeof gpuVendorIds;

export interface GpuDevice {
  /** '0000:01:00.0' */
  readonly busId: string;
  /** Four hexadecimal digits, '2684'. */
  readonly deviceId: string;
  /** Six hexadecimal digits: '030000' VGA, '030200' 3D, '038000' display, '120000' accelerator. */
  readonly classCode: string;
}

/**
 * A vendor's GPUs on the PCI bus, from sysfs alone, by address. AMD's newer Instincts are no display devices but accelerators (class 12), which no other
 * vendor's GPUs are. Wakes nothing. `lspci -D -d 10de::03xx` shows the same.
 */
export async function listGpuDevices(sysfsRoot: string, vendor: GpuVendor): Promise<readonly GpuDevice[]> {
  const root = join(sysfsRoot, 'bus/pci/devices');
  const found = await Promise.all(
    (await listFolder(root)).map(async (name): Promise<GpuDevice | null> => {
      const busId = normalizeBusId(name);
      if (busId === null || (await readSysfsText(join(root, name, 'vendor'))) !== gpuVendorIds[vendor]) return null;
      const classCode = hexDigits(await readSysfsText(join(root, name, 'class')), 6);
      const deviceId = hexDigits(await readSysfsText(join(root, name, 'device')), 4);
      if (classCode === null || deviceId === null) return null;
      const isGpu = classCode.startsWith('03') || (vendor === 'amd' && classCode.startsWith('12'));
      return isGpu ? { busId, deviceId, classCode } : null;
    }),
  );
  return found.filter((device) => device !== null);
}

/** '0x030000' without its prefix; null unless it has just so many digits. */
export function hexDigits(text: string | null, count: number): string | null {
  const digits = /^0x([0-9a-f]+)$/i.exec(text ?? '')?.[1]?.toLowerCase();
  return digits !== undefined && digits.length === count ? digits : null;
}
