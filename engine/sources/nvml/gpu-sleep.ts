import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** A display device's runtime power management, as the kernel tells it without touching the device. */
export interface DisplayDevice {
  /** 'auto': the kernel may put it to sleep; 'on': it stays awake. */
  readonly control: string | null;
  /** 'active', 'suspended', 'suspending', 'resuming', 'unsupported'. */
  readonly status: string | null;
}

const nvidiaVendor = '0x10de';
/** PCI class 3, display: VGA and 3D controllers; the card's sound and USB functions are not it. */
const displayClass = /^0x03/;

/** NVIDIA's display devices in `<sysfs>/bus/pci/devices`; none where there is no such folder. */
export async function listNvidiaDisplays(sysfsRoot: string): Promise<readonly DisplayDevice[]> {
  const root = join(sysfsRoot, 'bus/pci/devices');
  const entries = await readdir(root).catch(() => []);
  const found = await Promise.all(
    entries.map(async (entry): Promise<DisplayDevice | null> => {
      const read = async (file: string): Promise<string | null> =>
        readFile(join(root, entry, file), 'utf8').then(
          (text) => text.trim(),
          () => null,
        );
      if ((await read('vendor')) !== nvidiaVendor || !displayClass.test((await read('class')) ?? '')) return null;
      return { control: await read('power/control'), status: await read('power/runtime_status') };
    }),
  );
  return found.filter((device) => device !== null);
}

export const isEveryAsleep = (devices: readonly DisplayDevice[]): boolean =>
  devices.length > 0 && devices.every((device) => device.status === 'suspended');

export const maySleep = (devices: readonly DisplayDevice[]): boolean =>
  devices.length > 0 && devices.every((device) => device.control === 'auto');

/** What to do with the NVML session, which keeps a card awake for as long as it is open. */
export type SleepAdvice = 'stay' | 'close' | 'reopen';

export interface SleepState {
  readonly isClosed: boolean;
  readonly idleSinceMs: number | null;
  readonly closedAtMs: number;
  readonly hasSlept: boolean;
  /** How long the cards must have been idle before the next close. */
  readonly idleLimitMs: number;
}

const firstIdleLimitMs = 30_000;
const longestIdleLimitMs = 3_600_000;
/** Cards fall asleep some 6 s after the last session was closed; one that has not by then is held by someone else. */
const fallAsleepMs = 20_000;

export const awake: SleepState = {
  isClosed: false,
  idleSinceMs: null,
  closedAtMs: Number.NEGATIVE_INFINITY,
  hasSlept: false,
  idleLimitMs: firstIdleLimitMs,
};

/**
 * Leaves a sleeping card asleep and lets an idle one fall asleep: the session is closed after 30 s in which no process used any card, where the kernel
 * may suspend all of them ('auto': laptops; servers and most desktops say 'on'). It is opened again when one is awake by someone else's doing. Cards
 * that do not fall asleep although it is closed are held by another: it is opened again and closed only after ten times as long.
 */
export function stepSleep(
  state: SleepState,
  look: { readonly atMs: number; readonly isIdle: boolean; readonly devices: readonly DisplayDevice[] },
): { readonly state: SleepState; readonly advice: SleepAdvice } {
  const { atMs, isIdle, devices } = look;
  if (!state.isClosed) {
    const idleSinceMs = isIdle && maySleep(devices) ? (state.idleSinceMs ?? atMs) : null;
    if (idleSinceMs === null || atMs - idleSinceMs < state.idleLimitMs)
      return { state: { ...state, idleSinceMs }, advice: 'stay' };
    return {
      state: { ...state, isClosed: true, closedAtMs: atMs, hasSlept: false, idleSinceMs: null },
      advice: 'close',
    };
  }
  if (isEveryAsleep(devices)) return { state: { ...state, hasSlept: true }, advice: 'stay' };
  if (state.hasSlept) return { state: { ...awake }, advice: 'reopen' };
  if (atMs - state.closedAtMs < fallAsleepMs) return { state, advice: 'stay' };
  const idleLimitMs = Math.min(state.idleLimitMs * 10, longestIdleLimitMs);
  return { state: { ...awake, idleLimitMs }, advice: 'reopen' };
}
