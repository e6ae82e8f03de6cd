import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

const usualPlaces = {
  linux: ['/usr/bin', '/usr/local/bin', '/usr/lib/wsl/lib', '/opt/bin', '/run/current-system/sw/bin'],
  win32: ['C:\\Windows\\System32', 'C:\\Program Files\\NVIDIA Corporation\\NVSMI'],
} as const;

/** First executable nvidia-smi on PATH, then in the platform's usual places; null where there is none. */
export function findNvidiaSmi(
  environment: Readonly<Record<string, string | undefined>>,
  platform: string = process.platform,
): string | null {
  const fileName = platform === 'win32' ? 'nvidia-smi.exe' : 'nvidia-smi';
  const onPath = (environment.PATH ?? environment.Path ?? '').split(delimiter).filter((folder) => folder !== '');
  const usual = platform === 'win32' ? usualPlaces.win32 : platform === 'linux' ? usualPlaces.linux : [];
  return [...onPath, ...usual].map((folder) => join(folder, fileName)).find(isExecutable) ?? null;
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
