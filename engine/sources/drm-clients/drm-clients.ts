import { join } from 'node:path';
import type { Clock } from '../../clock/clock.ts';
import type { GpuProcess, SourceContext, SourceReading } from '../source.ts';
import { readSysfsFile, readSysfsText } from '../sysfs/sysfs-file.ts';
import { createHolderScan, type DeviceHolder } from './device-holders.ts';
import { type ClientSample, engineShare, hasOnlyDrawn } from './engine-share.ts';
import { type DrmClient, parseFdinfo } from './parse-fdinfo.ts';

export type GpuUsers = Pick<SourceReading, 'processes' | 'processesAtMs'>;

/**
 * Whether one of them may be at work. A desktop keeps a little memory on every card of a laptop for as long as somebody is logged in: who holds memory and has
 * kept no engine busy since the reading before does not need the card awake.
 */
export const isInUse = ({ processes }: GpuUsers): boolean =>
  (processes ?? []).some(({ smRatio }) => smRatio === null || smRatio > 0);

export interface DrmClients {
  /** Starts reading the processes anew, unless it was done less than a second ago or is under way. Never rejects. */
  refresh(): Promise<void>;
  /**
   * This user's processes on the GPU with that address, as last read; both null before the first reading and where the kernel is too old to tell. Their
   * `smRatio` is engine time (drm-engine-…), null until two readings are there and for processes with ROCm's compute queues, which no engine time counts.
   */
  usersOf(busId: string | null): GpuUsers;
  close(): void;
}

const scanEveryMs = 5000;
const refreshEveryMs = 900;

interface Known {
  readonly name: string | null;
  readonly hasComputeQueues: boolean;
  readonly samples: Map<string, { readonly now: ClientSample; readonly share: number | null }>;
}

/** Processes that use a GPU through the kernel's graphics layer (amdgpu, i915, xe), from /proc alone. */
export function createDrmClients(context: Pick<SourceContext, 'procfsRoot' | 'clock' | 'isRunOn'>): DrmClients {
  const { procfsRoot, clock, isRunOn } = context;
  const userId = process.getuid?.();
  const scan = createHolderScan(procfsRoot, userId ?? -1);
  let holders: readonly DeviceHolder[] = [];
  let known = new Map<number, Known>();
  let scannedAtMs = Number.NEGATIVE_INFINITY;
  let refreshedAtMs: number | null = null;
  let refreshing: Promise<void> | null = null;
  /** False where GPUs are open and no kernel's word is found on any: too old to tell. */
  let isTold = true;
  let isClosed = false;

  async function readAll(): Promise<void> {
    const atMs = clock.monotonicMs();
    if (isRunOn() || atMs - scannedAtMs >= scanEveryMs) {
      holders = await scan.scan(atMs, isRunOn());
      scannedAtMs = atMs;
    }
    const taken = new Set<string>();
    let isAnyRead = false;
    const next = new Map<number, Known>();
    for (const holder of holders) {
      if (isClosed) return;
      const folder = join(procfsRoot, String(holder.pid));
      const one = await readHolder({ folder, holder, clock, before: known.get(holder.pid), taken });
      isAnyRead ||= one.isRead;
      if (one.known !== null) next.set(holder.pid, one.known);
    }
    known = next;
    // One that has ended tells nothing, and is no sign of an old kernel.
    isTold = !isAnyRead || next.size > 0;
    refreshedAtMs = atMs;
  }

  return {
    refresh() {
      const isDue = refreshedAtMs === null || clock.monotonicMs() - refreshedAtMs >= refreshEveryMs;
      if (isClosed || userId === undefined || (refreshing === null && !isDue)) return Promise.resolve();
      refreshing ??= readAll().finally(() => {
        refreshing = null;
      });
      return refreshing;
    },
    usersOf(busId) {
      if (refreshedAtMs === null || !isTold || busId === null) return { processes: null, processesAtMs: null };
      const processes = [...known].flatMap(([pid, one]) => processOn(busId, pid, one) ?? []);
      return { processes, processesAtMs: refreshedAtMs };
    },
    close() {
      isClosed = true;
    },
  };
}

interface HolderRead {
  readonly holder: DeviceHolder;
  /** Its folder in procfs. */
  readonly folder: string;
  readonly clock: Clock;
  readonly before: Known | undefined;
  /** Clients that an earlier process has; grows. */
  readonly taken: Set<string>;
}

interface HolderTold {
  /** False where none of its descriptors could be read: it has ended. */
  readonly isRead: boolean;
  /** Null where no descriptor of it tells anything: it has ended, or the kernel is too old. */
  readonly known: Known | null;
}

async function readHolder({ folder, holder, clock, before, taken }: HolderRead): Promise<HolderTold> {
  const contents = await Promise.all(
    holder.descriptors.map((descriptor) => readSysfsFile(join(folder, 'fdinfo', descriptor))),
  );
  const atMs = clock.monotonicMs();
  const byGpu = new Map<string, Map<string, DrmClient>>();
  let isAnyTold = false;
  for (const content of contents) {
    const client = content.kind === 'text' ? parseFdinfo(content.text) : null;
    if (client === null) continue;
    isAnyTold = true;
    const key = `${client.busId} ${client.clientId}`;
    const clients = byGpu.get(client.busId) ?? new Map<string, DrmClient>();
    // A worker inherits its parent's files: the client is the parent's, which has the lower pid.
    if (!taken.has(key)) byGpu.set(client.busId, clients.set(client.clientId, client));
    taken.add(key);
  }
  if (!isAnyTold) return { isRead: contents.some((content) => content.kind === 'text'), known: null };
  const samples = new Map(
    [...byGpu].map(([busId, clients]) => {
      const now = { atMs, clients };
      const earlier = before?.samples.get(busId)?.now;
      return [busId, { now, share: earlier === undefined ? null : engineShare(earlier, now) }] as const;
    }),
  );
  const name = before?.name ?? (await readSysfsText(join(folder, 'comm')));
  return { isRead: true, known: { name, hasComputeQueues: holder.hasComputeQueues, samples } };
}

/** Null where it merely opened the GPU: it holds none of its memory and has computed nothing there. */
function processOn(busId: string, pid: number, known: Known): GpuProcess | null {
  const sample = known.samples.get(busId);
  if (sample === undefined) return null;
  const clients = [...sample.now.clients.values()];
  const told = clients.flatMap((client) => client.memoryUsedBytes ?? []);
  const memoryUsedBytes = told.length === 0 ? null : told.reduce((sum, bytes) => sum + bytes, 0);
  const hasWorked = clients.some((client) => [...client.engines.values()].some((use) => use.busy > 0));
  if ((memoryUsedBytes ?? 0) === 0 && !hasWorked) return null;
  return {
    pid,
    name: known.name,
    memoryUsedBytes,
    smRatio: known.hasComputeQueues ? null : sample.share,
    ...(!known.hasComputeQueues && hasOnlyDrawn(clients) ? { isOnlyDrawing: true } : {}),
  };
}
