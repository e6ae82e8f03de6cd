import type { DeviceHealth } from '../../../shared/model/health.ts';
import type { Clock } from '../../clock/clock.ts';
import { type Getter, type Handle, type NvmlLibrary, type NvmlResult, nvmlCodes, valueOrNull } from './nvml-api.ts';

export interface HealthWatch {
  /** What is known; asked anew in the background where it is older than 10 s. Null until something answered, or where nothing does. */
  latest(device: Handle): DeviceHealth | null;
  /** NVML was started anew: what it knew of us is gone. */
  forget(): void;
  close(): Promise<void>;
}

const periodMs = 10_000;
/** XIDs taken from the driver's queue at a time. */
const mostXids = 16;

/**
 * ECC errors since the driver was loaded, remapped rows, and the newest XID. Six calls every 10 s, all on a pool thread: ECC totals take the driver
 * 0.1 to 10 ms a call, which no reading waits for.
 */
export function createHealthWatch(library: NvmlLibrary, clock: Clock): HealthWatch {
  const unsupported = new Set<object>();
  let latest: DeviceHealth | null = null;
  let askedAtMs = Number.NEGATIVE_INFINITY;
  let asking: Promise<void> | null = null;
  let events: { readonly device: Handle; readonly set: Handle | null } | null = null;
  let xid: DeviceHealth['xid'] = null;

  async function ask<A extends readonly unknown[], T>(getter: Getter<A, T>, ...args: A): Promise<T | null> {
    if (unsupported.has(getter)) return null;
    const result: NvmlResult<T> = await getter.later(...args);
    if (result.kind === 'code' && result.code === nvmlCodes.notSupported) unsupported.add(getter);
    return valueOrNull(result);
  }

  /** XIDs are told only to who registered for them, from then on. */
  async function readXids(device: Handle): Promise<void> {
    if (events?.device !== device) {
      const set = await ask(library.eventSetCreate);
      if (set === null) return;
      const isRegistered = (await library.registerXidEvents.later(device, set)).kind === 'value';
      if (!isRegistered) await library.eventSetFree.later(set);
      events = { device, set: isRegistered ? set : null };
    }
    if (events.set === null) return;
    for (let taken = 0; taken < mostXids; taken++) {
      const code = valueOrNull(await library.nextXid.later(events.set));
      if (code === null) return;
      xid = { code, atMs: clock.unixMs() };
    }
  }

  async function askAll(device: Handle): Promise<void> {
    const corrected = await ask(library.eccErrors, device, 'corrected' as const);
    const uncorrected = await ask(library.eccErrors, device, 'uncorrected' as const);
    const rows = await ask(library.remappedRows, device);
    await readXids(device);
    if (corrected === null && uncorrected === null && rows === null && (events?.set ?? null) === null) return;
    latest = {
      eccCorrectedCount: corrected,
      eccUncorrectedCount: uncorrected,
      remappedRowCount: rows?.count ?? null,
      isRemapPending: rows?.isPending ?? null,
      hasRemapFailed: rows?.hasFailed ?? null,
      xid,
    };
  }

  return {
    latest(device) {
      const nowMs = clock.monotonicMs();
      if (asking === null && nowMs - askedAtMs >= periodMs) {
        askedAtMs = nowMs;
        asking = askAll(device)
          .catch(() => undefined)
          .finally(() => {
            asking = null;
          });
      }
      return latest;
    },
    forget() {
      events = null;
    },
    async close() {
      await asking;
      const set = events?.set ?? null;
      events = null;
      if (set !== null) await library.eventSetFree.later(set);
    },
  };
}
