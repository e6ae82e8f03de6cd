import { createRequire } from 'node:module';
import { delimiter } from 'node:path';
import type { NvmlLibrary } from './nvml-api.ts';
import { bindNvml } from './nvml-bindings.ts';

const usualNames = {
  linux: ['libnvidia-ml.so.1', 'libnvidia-ml.so', '/usr/lib/wsl/lib/libnvidia-ml.so.1'],
  win32: ['nvml.dll', 'C:\\Windows\\System32\\nvml.dll', 'C:\\Program Files\\NVIDIA Corporation\\NVSMI\\nvml.dll'],
} as const;

/** Usual file names of the library, or only what `WATTRUN_NVML` names. */
export function nvmlCandidates(
  environment: Readonly<Record<string, string | undefined>>,
  platform: string = process.platform,
): readonly string[] {
  const override = environment.WATTRUN_NVML;
  if (override !== undefined && override !== '') return override.split(delimiter);
  return platform === 'linux' ? usualNames.linux : platform === 'win32' ? usualNames.win32 : [];
}

type Koffi = typeof import('koffi');

/** Loads the first candidate that opens. The loader's words where none does. */
export function loadNvml(
  candidates: readonly string[],
): { readonly library: NvmlLibrary } | { readonly reason: string } {
  if (candidates.length === 0) return { reason: 'NVIDIA has no NVML for this system.' };
  const koffi = loadKoffi();
  if (koffi === null) return { reason: 'The module koffi, which calls NVML, could not be loaded on this system.' };
  let lastReason = '';
  for (const path of candidates) {
    try {
      return { library: bindNvml(koffi.load(path), path) };
    } catch (error) {
      lastReason = error instanceof Error ? error.message : String(error);
    }
  }
  return { reason: `NVML could not be loaded (${lastReason.slice(0, 200)}).` };
}

/** Null where it cannot be loaded on this system. */
export function loadKoffi(): Koffi | null {
  try {
    return createRequire(import.meta.url)('koffi') as Koffi;
  } catch {
    return null;
  }
}
