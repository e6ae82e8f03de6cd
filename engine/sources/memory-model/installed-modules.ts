import { open, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { bytesFromMebibytes } from '../../../shared/units.ts';
import { generationOf, isRegisteredBy } from './memory-kind.ts';
import type { MemoryModule } from './memory-model.ts';
import { parseSmbiosModules } from './smbios.ts';
import { parseUdevModules } from './udev-modules.ts';

export interface InstalledModules {
  readonly modules: readonly MemoryModule[];
  /** The file or folder that told. */
  readonly from: string;
}

export interface FileRoots {
  readonly sysfsRoot: string;
  /** The root that /run lies in. */
  readonly fileRoot: string;
}

/** The longest table of a real server is some tens of kilobytes. */
const mostBytes = 1024 * 1024;

/**
 * Modules that the machine says it has, from the first that tells: udev's record, the firmware's table (root only), the memory controllers (EDAC). Null
 * where none does, or what they tell does not hold `memoryBytes`.
 */
export async function findInstalledModules(roots: FileRoots, memoryBytes: number): Promise<InstalledModules | null> {
  const udev = join(roots.fileRoot, 'run/udev/data/+dmi:id');
  const firmware = join(roots.sysfsRoot, 'firmware/dmi/tables/DMI');
  const controllers = join(roots.sysfsRoot, 'devices/system/edac/mc');
  const places = [
    { from: udev, read: async () => parseUdevModules((await readUpTo(udev)).toString('utf8')) },
    { from: firmware, read: async () => parseSmbiosModules(await readUpTo(firmware)) },
    { from: controllers, read: () => readEdacModules(controllers) },
  ];
  for (const { from, read } of places) {
    const modules = await read().catch(() => []);
    if (isPlausible(modules, memoryBytes)) return { modules, from };
  }
  return null;
}

/** The kernel keeps some for itself, graphics and crash dumps take more, and mirrored memory shows half of itself: never less than what is used. */
function isPlausible(modules: readonly MemoryModule[], memoryBytes: number): boolean {
  const main = modules.filter((module) => module.generation !== 'persistent');
  const installedBytes = main.reduce((sum, module) => sum + module.sizeBytes, 0);
  return (
    main.length > 0 && installedBytes >= memoryBytes && installedBytes <= 2.2 * memoryBytes + bytesFromMebibytes(4096)
  );
}

async function readUpTo(path: string): Promise<Buffer> {
  const file = await open(path, 'r');
  try {
    const buffer = Buffer.alloc(mostBytes);
    let length = 0;
    // sysfs gives a page at a time.
    for (;;) {
      const { bytesRead } = await file.read(buffer, length, mostBytes - length, length);
      if (bytesRead === 0 || length + bytesRead >= mostBytes) return buffer.subarray(0, length + bytesRead);
      length += bytesRead;
    }
  } finally {
    await file.close();
  }
}

/** Each `dimm` folder of each controller: `size` in MiB and `dimm_mem_type`. Controllers that name ranks do not tell modules and are left out. */
async function readEdacModules(root: string): Promise<readonly MemoryModule[]> {
  const controllers = (await readdir(root)).filter((name) => /^mc\d+$/.test(name));
  const folders = await Promise.all(
    controllers.map(async (controller) =>
      (await readdir(join(root, controller)))
        .filter((name) => /^dimm\d+$/.test(name))
        .map((name) => join(root, controller, name)),
    ),
  );
  const modules = await Promise.all(folders.flat().map(readEdacModule));
  return modules.filter((module) => module !== null);
}

async function readEdacModule(folder: string): Promise<MemoryModule | null> {
  const readTrimmed = (name: string): Promise<string> =>
    readFile(join(folder, name), 'utf8').then(
      (text) => text.trim(),
      () => '',
    );
  const [size, type] = await Promise.all([readTrimmed('size'), readTrimmed('dimm_mem_type')]);
  const generation = generationOf(type);
  if (!/^\d{1,9}$/.test(size) || Number(size) === 0 || generation === null) return null;
  return { sizeBytes: bytesFromMebibytes(Number(size)), generation, isRegistered: isRegisteredBy(type) };
}
