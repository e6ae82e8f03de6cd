import { bytesFromMebibytes } from '../../../shared/units.ts';
import type { GpuProcess, SourceContext } from '../source.ts';
import { isWithheld, parseComputeApps } from './parse-rows.ts';
import {
  type ComputeAppList,
  createProcessStream,
  type ProcessStream,
  type ProcessStreamOptions,
} from './process-stream.ts';
import { runTool } from './run-tool.ts';
import type { SmShares } from './sm-shares.ts';

const processesTimeoutMs = 5000;
const usualPeriodMs = 2000;
/** A list that takes long costs the driver much: it is asked for less often. */
const restRatio = 4;
const longestRestMs = 10_000;
/** A stream that ended may have met a driver that was being loaded. */
const streamAgainMs = 600_000;

export interface ProcessListOptions {
  readonly path: string;
  readonly context: SourceContext;
  readonly shares: SmShares;
  readonly indexOf: (uuid: string) => number | null;
  /** Whether a screen is drawn by this GPU: by processes that are no compute processes. */
  readonly isScreenOn: (uuid: string) => boolean;
  readonly rowTimeMs: ProcessStreamOptions['rowTimeMs'];
  /** Between two lists; left out: two seconds. */
  readonly periodMs?: number;
}

export interface ProcessList {
  /** Of one GPU; null until known, and where the driver does not tell. */
  of(uuid: string): readonly GpuProcess[] | null;
  /** Monotonic time at which the tool looked. */
  atMs(): number | null;
  /** Takes what has come, and asks in the background where nothing comes by itself. */
  refresh(): void;
  close(): void;
}

/**
 * Compute processes by GPU every two seconds, and the others that do something on one of theirs: told by a stream while there are any and the tool keeps its
 * pace, so that no process is started for it; else asked for. What a stream cannot tell, that there is none, is asked for when it falls silent.
 */
export function createProcessList(options: ProcessListOptions): ProcessList {
  const { path, context, shares, indexOf, isScreenOn, rowTimeMs, periodMs = usualPeriodMs } = options;
  const { clock } = context;
  let stream: ProcessStream | null = null;
  let streamOpenedAtMs = Number.NEGATIVE_INFINITY;
  let byGpu: ReadonlyMap<string, readonly GpuProcess[]> | null = null;
  let askedAtMs = Number.NEGATIVE_INFINITY;
  let everyMs = periodMs;
  let listedAtMs: number | null = null;
  let isBusy = false;
  let isClosed = false;

  async function ask(): Promise<void> {
    const startedMs = clock.monotonicMs();
    askedAtMs = startedMs;
    const answer = await runTool(
      path,
      ['--query-compute-apps=gpu_uuid,pid,used_gpu_memory,process_name', '--format=csv,noheader,nounits'],
      processesTimeoutMs,
    );
    if (!answer.isOk || isWithheld(answer.stdout)) {
      byGpu = null;
      listedAtMs = null;
      return;
    }
    const tookMs = clock.monotonicMs() - startedMs;
    everyMs = Math.min(longestRestMs, Math.max(periodMs, restRatio * tookMs));
    await accept({ apps: parseComputeApps(answer.stdout), atMs: startedMs });
  }

  async function accept(list: ComputeAppList): Promise<void> {
    if (list.atMs <= (listedAtMs ?? Number.NEGATIVE_INFINITY)) return;
    const apps = Map.groupBy(list.apps, (app) => app.gpuUuid);
    const shared = [...apps].filter(([uuid, ofGpu]) => ofGpu.length > 1 || isScreenOn(uuid));
    shares.setWanted(shared.flatMap(([uuid]) => indexOf(uuid) ?? []));
    // A list without shares would have the first seconds of two runs divided equally.
    await shares.ready();
    const next = new Map<string, GpuProcess[]>();
    for (const app of [...apps.values()].flat()) {
      const process: GpuProcess = {
        pid: app.pid,
        name: app.name,
        memoryUsedBytes: app.usedMebibytes === null ? null : bytesFromMebibytes(app.usedMebibytes),
        smRatio: smRatioOf(app.gpuUuid, app.pid),
      };
      next.set(app.gpuUuid, [...(next.get(app.gpuUuid) ?? []), process]);
    }
    for (const [uuid, processes] of next) processes.push(...drawingOn(uuid, processes));
    byGpu = next;
    listedAtMs = list.atMs;
    shares.forget();
  }

  /** What a GPU did meanwhile for processes that are not on its list. */
  function drawingOn(uuid: string, listed: readonly GpuProcess[]): readonly GpuProcess[] {
    const index = indexOf(uuid);
    if (index === null) return [];
    const others = shares.othersOn(index, new Set(listed.map(({ pid }) => pid)));
    return [...others].flatMap(([pid, smRatio]) =>
      context.isPid(pid) ? [{ pid, name: null, memoryUsedBytes: null, smRatio, isOffComputeList: true }] : [],
    );
  }

  function smRatioOf(uuid: string, pid: number): number | null {
    const index = indexOf(uuid);
    return index === null ? null : shares.smRatioOf(index, pid);
  }

  function openStream(): ProcessStream {
    streamOpenedAtMs = clock.monotonicMs();
    return createProcessStream({ path, clock, periodMs, rowTimeMs, log: context.log });
  }

  /** Null: nothing to do now. */
  function next(): Promise<void> | null {
    const hasUsers = byGpu !== null && byGpu.size > 0;
    if (hasUsers) stream ??= openStream();
    const told = stream?.take() ?? null;
    const state = stream?.state();
    if (state === 'over' && clock.monotonicMs() - streamOpenedAtMs >= streamAgainMs) stream = null;
    // With nothing to print it would not notice that its engine was killed, and stay for good.
    if (state === 'silent' && !hasUsers) {
      stream?.close();
      stream = null;
    }
    if (state === 'telling') return told === null ? null : accept(told);
    return clock.monotonicMs() - askedAtMs < everyMs ? null : ask();
  }

  return {
    atMs: () => listedAtMs,
    of: (uuid) => (byGpu === null ? null : (byGpu.get(uuid) ?? [])),
    refresh() {
      if (isBusy || isClosed) return;
      const work = next();
      if (work === null) return;
      isBusy = true;
      work.finally(() => {
        isBusy = false;
      });
    },
    close() {
      isClosed = true;
      stream?.close();
    },
  };
}
