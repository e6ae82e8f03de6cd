import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const fakeFile = join(import.meta.dirname, 'nvidia-smi.mjs');

/**
 * Puts an executable `nvidia-smi` into the folder, which a test then has first on its PATH. It runs on the
 * Node of the caller, so that it also works where PATH holds nothing else. Give its config in FAKE_NVIDIA_SMI.
 */
export function installFakeNvidiaSmi(binFolder: string): string {
  mkdirSync(binFolder, { recursive: true });
  const file = join(binFolder, 'nvidia-smi');
  // exec: a signal sent to the tool must reach the fake, not a shell in front of it.
  writeFileSync(file, `#!/bin/sh\nexec '${process.execPath}' '${fakeFile}' "$@"\n`);
  chmodSync(file, 0o755);
  return file;
}
