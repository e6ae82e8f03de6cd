import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import type { ProbeResult, SourceContext, SourceDefinition } from '../source.ts';
import { failingNow, unavailable } from '../source.ts';
import { withTimeout } from '../with-timeout.ts';
import { type Device, openDevice } from './device.ts';
import { isEveryAsleep, listNvidiaDisplays } from './gpu-sleep.ts';
import { type NvmlLibrary, nvmlCodeText, valueOrNull } from './nvml-api.ts';
import { loadNvml, nvmlCandidates } from './nvml-library.ts';
import { createNvmlSession } from './nvml-session.ts';

const initTimeoutMs = 8000;

export const nvmlSource: SourceDefinition = {
  descriptor: {
    id: 'nvml',
    label: 'NVIDIA energy counter (NVML)',
    measures: 'NVIDIA GPUs: energy, power, use, memory, temperature, clocks, processes, health',
    provenance: 'counter',
    sameNumberCommand:
      'nvidia-smi --query-gpu=index,power.draw,utilization.gpu,memory.used,temperature.gpu --format=csv',
  },
  probe,
  isExpected: ({ environment, procfsRoot }) =>
    existsSync(join(procfsRoot, 'driver/nvidia/version')) ||
    (environment.WATTRUN_NVML ?? '').split(delimiter).some((path) => path !== '' && existsSync(path)),
};

async function probe(context: SourceContext): Promise<ProbeResult> {
  // Before NVML is so much as loaded: a call into it would wake the card.
  if (isEveryAsleep(await listNvidiaDisplays(context.sysfsRoot)))
    return unavailable('The NVIDIA GPU sleeps: it is not woken.');
  const loaded = loadNvml(nvmlCandidates(context.environment));
  if ('reason' in loaded) return unavailable(loaded.reason);
  const { library } = loaded;
  try {
    const found = await withTimeout(findDevices(library), initTimeoutMs);
    if (found === 'timeout') return failingNow('The NVIDIA driver did not answer within 8 s.');
    if (typeof found === 'string') return failingNow(found);
    return {
      kind: 'available',
      covers: ['nvidia-gpu'],
      how: `${library.path}, driver ${found.driver ?? 'unknown'}`,
      open: async () => ({
        ...createNvmlSession(library, found, context),
        driver: () => ({ version: found.driver, cudaVersion: found.cudaVersion }),
      }),
    };
  } catch (error) {
    return failingNow(`NVML failed: ${error instanceof Error ? error.message : String(error)}`);
  }
}

interface FoundDevices {
  readonly driver: string | null;
  readonly cudaVersion: string | null;
  readonly devices: readonly Device[];
  /** Indexes at which the driver has a device that it cannot give now. */
  readonly absentIndexes: readonly number[];
}

/** Starts NVML and leaves it started where there is a device; in words what is wrong where there is none. */
async function findDevices(library: NvmlLibrary): Promise<FoundDevices | string> {
  const init = await library.init.later();
  if (init.kind === 'code') return `NVML does not start: ${nvmlCodeText(init.code)}.`;
  const driver = valueOrNull(await library.driverVersion.later());
  const cudaVersion = cudaText(valueOrNull(await library.cudaDriverVersion.later()));
  const count = valueOrNull(await library.deviceCount.later()) ?? 0;
  const opened = await Promise.all(Array.from({ length: count }, (_, index) => openDevice(library, index)));
  const devices = opened.flatMap((result) => (result.kind === 'value' ? [result.value] : []));
  if (devices.length > 0) {
    const absentIndexes = opened.flatMap((result, index) => (result.kind === 'code' ? [index] : []));
    return { driver, cudaVersion, devices, absentIndexes };
  }
  await library.shutdown.later();
  const refusal = opened.find((result) => result.kind === 'code');
  return refusal === undefined
    ? 'The NVIDIA driver is loaded, but it knows no GPU.'
    : `The NVIDIA driver knows ${count} GPUs, but none answers: ${nvmlCodeText(refusal.code)}.`;
}

/** 13000 → '13.0', 12_080 → '12.8'; null for what is no version (`nvidia-smi` shows the same in its first lines). */
const cudaText = (version: number | null): string | null =>
  version === null || version < 1000 ? null : `${Math.floor(version / 1000)}.${Math.floor((version % 1000) / 10)}`;
