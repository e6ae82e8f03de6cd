import { readdirSync, readlinkSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** A process that has a GPU's device file open. */
export interface DeviceHolder {
  readonly pid: number;
  /** Numbers of its file descriptors on /dev/dri. */
  readonly descriptors: readonly string[];
  /** It also has /dev/kfd: it may compute on queues of which fdinfo knows nothing. */
  readonly hasComputeQueues: boolean;
}

export interface HolderScan {
  /**
   * Processes of this user with a GPU open, by pid; looks at processes that are new or due and at those that held one. `isRunOn`: at every young one too, for
   * what a run draws before it is seen is nobody's.
   */
  scan(atMs: number, isRunOn: boolean): Promise<readonly DeviceHolder[]>;
}

/** A process without a GPU is looked at again after 5, 10, 20, 40, 60, 60 … s: a training run opens its GPU in its first seconds. */
const firstWaitMs = 5000;
const longestWaitMs = 60_000;
/** Python reads its libraries for as long as this before it opens a GPU. */
const youngMs = 60_000;
/** A process with more open files than this is a server of files, not a user of GPUs. */
const mostDescriptors = 1024;

interface Looked {
  readonly firstAtMs: number;
  holder: DeviceHolder | null;
  dueAtMs: number;
  waitMs: number;
}

/** Processes of other users are left out: their files cannot be seen. Root sees all. */
export function createHolderScan(procfsRoot: string, userId: number): HolderScan {
  const looked = new Map<number, Looked>();

  /** False where it is not its turn. */
  function look(pid: number, atMs: number, isRunOn: boolean): boolean {
    const before = looked.get(pid);
    const firstAtMs = before?.firstAtMs ?? atMs;
    const isYoung = isRunOn && atMs - firstAtMs < youngMs;
    if (before !== undefined && before.holder === null && atMs < before.dueAtMs && !isYoung) return false;
    const holder = findHolder(procfsRoot, pid, userId);
    const waitMs = holder !== null || before === undefined ? firstWaitMs : Math.min(longestWaitMs, 2 * before.waitMs);
    looked.set(pid, { firstAtMs, holder, dueAtMs: atMs + waitMs, waitMs });
    return true;
  }

  return {
    async scan(atMs, isRunOn) {
      const pids = listPids(procfsRoot);
      const alive = new Set(pids);
      for (const pid of looked.keys()) if (!alive.has(pid)) looked.delete(pid);
      for (const pid of pids) {
        // A process with many files takes a millisecond: others get their turn in between.
        if (look(pid, atMs, isRunOn)) await new Promise((resolve) => setImmediate(resolve));
      }
      return [...looked.values()].flatMap(({ holder }) => holder ?? []).sort((a, b) => a.pid - b.pid);
    },
  };
}

function listPids(procfsRoot: string): readonly number[] {
  try {
    return readdirSync(procfsRoot)
      .filter((name) => /^\d{1,10}$/.test(name))
      .map(Number);
  } catch {
    return [];
  }
}

function findHolder(procfsRoot: string, pid: number, userId: number): DeviceHolder | null {
  const folder = join(procfsRoot, String(pid));
  try {
    if (userId !== 0 && statSync(folder).uid !== userId) return null;
    const targets = readdirSync(join(folder, 'fd'))
      .slice(0, mostDescriptors)
      .map((descriptor) => ({ descriptor, target: targetOf(join(folder, 'fd', descriptor)) }));
    const descriptors = targets.filter(({ target }) => target.startsWith('/dev/dri/')).map((one) => one.descriptor);
    if (descriptors.length === 0) return null;
    return { pid, descriptors, hasComputeQueues: targets.some(({ target }) => target === '/dev/kfd') };
  } catch {
    // It ended meanwhile, or is none of ours.
    return null;
  }
}

function targetOf(link: string): string {
  try {
    return readlinkSync(link);
  } catch {
    return '';
  }
}
