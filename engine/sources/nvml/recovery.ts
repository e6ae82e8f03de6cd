import type { Clock } from '../../clock/clock.ts';
import { withTimeout } from '../with-timeout.ts';
import { isGone } from './device.ts';
import type { DeviceReader } from './device-reader.ts';
import { type Handle, type NvmlLibrary, nvmlCodes, valueOrNull } from './nvml-api.ts';

export interface Recovery {
  /** A round of this device failed with the code; from here on a way back is looked for. */
  failed(reader: DeviceReader, code: number): void;
  recovered(reader: DeviceReader): void;
  /** Starts NVML anew and gives every device its new handle. */
  restart(): Promise<void>;
  /** Resolves when NVML has been started anew; null while it is not being. No call may be made meanwhile. */
  restarting(): Promise<void> | null;
  close(): void;
}

const firstDelayMs = 1000;
const longestDelayMs = 10_000;
/** Of attempts for a single device, every so many starts NVML anew: that disturbs the others for some milliseconds. */
const attemptsBetweenRestarts = 6;
const longestWaitMs = 1000;

/**
 * Brings devices back without a restart of the program: asks for their handles again, and starts NVML anew where the driver was reloaded or none is
 * left. After 0 s for a reloaded driver, else 1, 2, 4 … 10 s.
 */
export function createRecovery(options: {
  readonly library: NvmlLibrary;
  readonly clock: Clock;
  readonly readers: () => readonly DeviceReader[];
  /** Ends when no round is under way. */
  readonly idle: () => Promise<unknown>;
  readonly log: (message: string) => void;
}): Recovery {
  const { library, clock, readers, idle, log } = options;
  const failing = new Map<DeviceReader, number>();
  const abort = new AbortController();
  let isRunning = false;
  let restarting: Promise<void> | null = null;

  async function findHandle({ uuid, index }: DeviceReader['device']): Promise<Handle | null> {
    if (uuid === null) return valueOrNull(await library.handleByIndex.later(index));
    const byUuid = await library.handleByUuid.later(uuid);
    if (byUuid.kind === 'value' || byUuid.code !== nvmlCodes.notSupported) return valueOrNull(byUuid);
    const count = valueOrNull(await library.deviceCount.later()) ?? 0;
    for (let at = 0; at < count; at++) {
      const handle = valueOrNull(await library.handleByIndex.later(at));
      if (handle !== null && valueOrNull(await library.uuid.later(handle)) === uuid) return handle;
    }
    return null;
  }

  async function renew(reader: DeviceReader): Promise<void> {
    const handle = await findHandle(reader.device);
    if (handle === null) return;
    reader.device.handle = handle;
    reader.renew();
  }

  async function restart(): Promise<void> {
    // A round that hangs would go on in a library that is shut down.
    if ((await withTimeout(idle(), longestWaitMs)) === 'timeout') return;
    for (const reader of readers()) reader.rest();
    await library.shutdown.later();
    const started = await library.init.later();
    if (started.kind === 'code') return;
    for (const reader of readers()) await renew(reader);
  }

  async function restartOnce(): Promise<void> {
    restarting ??= restart().finally(() => {
      restarting = null;
    });
    await restarting;
  }

  async function run(): Promise<void> {
    let delayMs = firstDelayMs;
    for (let attempt = 1; failing.size > 0 && !abort.signal.aborted; attempt++) {
      const codes = [...failing.values()];
      const isReloaded = codes.some((code) => code === nvmlCodes.uninitialized || code === nvmlCodes.driverNotLoaded);
      if (!isReloaded || attempt > 1) {
        await clock.sleep(delayMs, abort.signal);
        delayMs = Math.min(delayMs * 2, longestDelayMs);
      }
      if (abort.signal.aborted || failing.size === 0) return;
      if (isReloaded || failing.size === readers().length || attempt % attemptsBetweenRestarts === 0) {
        await restartOnce();
      } else for (const reader of [...failing.keys()]) await renew(reader);
    }
  }

  return {
    failed(reader, code) {
      if (!isGone(code)) return;
      if (!failing.has(reader)) log(`nvml: GPU ${reader.device.index} answers ${code}; looking for a way back.`);
      failing.set(reader, code);
      if (isRunning) return;
      isRunning = true;
      run()
        .catch((error: unknown) => log(`nvml: ${String(error)}`))
        .finally(() => {
          isRunning = false;
        });
    },
    recovered(reader) {
      if (failing.delete(reader)) log(`nvml: GPU ${reader.device.index} is back.`);
    },
    restart: restartOnce,
    restarting: () => restarting,
    close: () => abort.abort(),
  };
}
