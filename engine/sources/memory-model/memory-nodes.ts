import { join } from 'node:path';
import { bytesFromKibibytes } from '../../../shared/units.ts';
import { listNames, readText } from '../../machine/procfs.ts';

/**
 * Memory of NUMA nodes that have no CPU: the HBM of a Grace Hopper's GPU or of a Xeon Max, which the kernel counts as the machine's and which the GPU's or the
 * package's power holds already. Memory behind CXL looks the same and is left out with it. 0 where no node tells.
 */
export function readBytesWithoutCpus(sysfsRoot: string): number {
  const root = join(sysfsRoot, 'devices/system/node');
  return listNames(root)
    .filter((name) => /^node\d+$/.test(name))
    .reduce((sum, name) => sum + bytesWithoutCpus(join(root, name)), 0);
}

function bytesWithoutCpus(folder: string): number {
  if (readText(join(folder, 'cpulist'))?.trim() !== '') return 0;
  const kibibytes = /MemTotal:\s*(\d{1,15}) kB/.exec(readText(join(folder, 'meminfo')) ?? '')?.[1];
  return bytesFromKibibytes(Number(kibibytes ?? 0));
}
