import { join } from 'node:path';
import { normalizeBusId } from './bus-id.ts';
import { type GpuVendor, listGpuDevices } from './gpu-devices.ts';
import { readSysfsNumber, readSysfsText } from './sysfs-file.ts';

/**
 * What the kernel's runtime power management says of a device. 'unknown': it does not tell (no such device, power management off or unsupported);
 * such a device is powered.
 */
export type RuntimePowerState = 'active' | 'suspended' | 'suspending' | 'unknown';

export interface RuntimePower {
  readonly state: RuntimePowerState;
  /** `power/control`: 'on' keeps the device awake for good, 'auto' lets it sleep. */
  readonly control: 'on' | 'auto' | null;
  /** Its slot may be cut from power altogether while it sleeps. */
  readonly isD3coldAllowed: boolean | null;
  /** It goes to sleep this long after its last use, and every read of its sensors is one; null where it is not told or never does. */
  readonly autosuspendDelayMs: number | null;
}

/**
 * Power state of the device in a folder of sysfs. Reads only what the PCI core keeps in memory (`power/runtime_status`, else `power_state`), so it wakes
 * nothing: `cat /sys/bus/pci/devices/0000:01:00.0/power/runtime_status`. Source: Documentation/ABI/testing/sysfs-devices-power, sysfs-bus-pci.
 */
export async function readRuntimePower(devicePath: string): Promise<RuntimePower> {
  const [status, pciState, control, d3cold, delayMs] = await Promise.all([
    readSysfsText(join(devicePath, 'power/runtime_status')),
    readSysfsText(join(devicePath, 'power_state')),
    readSysfsText(join(devicePath, 'power/control')),
    readSysfsText(join(devicePath, 'd3cold_allowed')),
    readSysfsNumber(join(devicePath, 'power/autosuspend_delay_ms')),
  ]);
  return {
    state: stateOf(status, pciState),
    control: control === 'on' || control === 'auto' ? control : null,
    isD3coldAllowed: d3cold === '1' ? true : d3cold === '0' ? false : null,
    autosuspendDelayMs: delayMs !== null && delayMs >= 0 ? delayMs : null,
  };
}

/** By address instead of by folder; the address may be written as NVIDIA does. */
export async function runtimePowerState(sysfsRoot: string, busId: string): Promise<RuntimePowerState> {
  const normalized = normalizeBusId(busId);
  if (normalized === null) return 'unknown';
  return (await readRuntimePower(join(sysfsRoot, 'bus/pci/devices', normalized))).state;
}

/** True where a read of its sensors would wake the device, or hold up its going to sleep. */
export const isAsleep = (state: RuntimePowerState): boolean => state === 'suspended' || state === 'suspending';

/** Addresses ('0000:01:00.0') of a vendor's GPUs that sleep now; leave these alone. */
export async function findSleepingGpus(sysfsRoot: string, vendor: GpuVendor): Promise<readonly string[]> {
  const devices = await listGpuDevices(sysfsRoot, vendor);
  const states = await Promise.all(devices.map((device) => runtimePowerState(sysfsRoot, device.busId)));
  return devices.filter((_, i) => isAsleep(states[i] ?? 'unknown')).map((device) => device.busId);
}

function stateOf(status: string | null, pciState: string | null): RuntimePowerState {
  if (status === 'suspended' || status === 'suspending') return status;
  if (status === 'active' || status === 'resuming') return 'active';
  if (status !== null) return 'unknown';
  if (pciState === 'D0') return 'active';
  return pciState === 'D3hot' || pciState === 'D3cold' ? 'suspended' : 'unknown';
}
