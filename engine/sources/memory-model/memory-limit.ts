import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { readText } from '../../machine/procfs.ts';

/** The memory that a container, or a job of a batch system, was given of its machine. */
export interface MemoryLimit {
  readonly limitBytes: number;
  /** The file that says so. */
  readonly from: string;
  /** Used without what the kernel can drop at once, as `docker stats` shows it; null where it cannot be told. */
  readonly readUsedBytes: () => number | null;
}

export interface LimitRoots {
  readonly procfsRoot: string;
  readonly sysfsRoot: string;
  /** The root that the container's marks lie in. */
  readonly fileRoot: string;
}

/** Names of the two cgroup versions: folder below /sys/fs/cgroup, and files. */
const versions = [
  { folder: '', line: /^0::(\/.*)$/m, limit: 'memory.max', used: 'memory.current', idle: 'inactive_file' },
  {
    folder: 'memory',
    line: /^\d+:(?:[^:\n]*,)?memory(?:,[^:\n]*)?:(\/.*)$/m,
    limit: 'memory.limit_in_bytes',
    used: 'memory.usage_in_bytes',
    idle: 'total_inactive_file',
  },
] as const;

/** Cgroups that containers and batch systems make. A login session's limit says nothing about what is installed. */
const ownedCgroup = /docker|kubepods|containerd|crio|libpod|lxc|slurm|nspawn|garden|buildkit|\/job_/i;
const containerMarks = ['.dockerenv', 'run/.containerenv'];
const deepestCgroup = 32;

/** The least memory limit on the way up from this process's cgroup; null outside of containers and jobs, and where none is below `memoryBytes`. */
export function readMemoryLimit(roots: LimitRoots, memoryBytes: number): MemoryLimit | null {
  const cgroups = readText(join(roots.procfsRoot, 'self/cgroup')) ?? '';
  const limits = versions.flatMap((version) => {
    const root = join(roots.sysfsRoot, 'fs/cgroup', version.folder);
    const path = version.line.exec(cgroups)?.[1] ?? '/';
    // The true root of version 2 has no limit file: one there means that this is the root of a container's own view.
    const isOwnView = version.folder === '' && existsSync(join(root, version.limit));
    const isContainer = isOwnView || containerMarks.some((mark) => existsSync(join(roots.fileRoot, mark)));
    if (!isContainer && !ownedCgroup.test(path)) return [];
    return foldersUpFrom(path).flatMap((folder) => readLimit(join(root, folder), version));
  });
  const least = limits.toSorted((a, b) => a.limitBytes - b.limitBytes).at(0);
  return least !== undefined && least.limitBytes < memoryBytes ? least : null;
}

/** '/a/b' gives '/a/b', '/a' and '/'. A path with '..' is outside of the container's view: only its root can be read. */
function foldersUpFrom(path: string): readonly string[] {
  if (path.split('/').includes('..')) return ['/'];
  const folders = [path];
  for (let folder = path; folder !== '/' && folders.length < deepestCgroup; folders.push(folder))
    folder = dirname(folder);
  return folders.includes('/') ? folders : [...folders, '/'];
}

function readLimit(folder: string, version: (typeof versions)[number]): readonly MemoryLimit[] {
  const from = join(folder, version.limit);
  // 'max' is no limit; version 1 says so with a number beyond every machine.
  const limitBytes = parseBytes(readText(from));
  if (limitBytes === null || limitBytes === 0) return [];
  return [{ limitBytes, from, readUsedBytes: () => readUsed(folder, version) }];
}

function readUsed(folder: string, version: (typeof versions)[number]): number | null {
  const usedBytes = parseBytes(readText(join(folder, version.used)));
  if (usedBytes === null) return null;
  const stat = readText(join(folder, 'memory.stat')) ?? '';
  const idleBytes = parseBytes(new RegExp(`^${version.idle} (\\d+)$`, 'm').exec(stat)?.[1] ?? null) ?? 0;
  return Math.max(0, usedBytes - idleBytes);
}

const parseBytes = (text: string | null): number | null =>
  text !== null && /^\d{1,20}\s*$/.test(text) ? Number(text) : null;
