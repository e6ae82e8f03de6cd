import { bytesFromMebibytes } from '../../../shared/units.ts';
import type { GpuProcess, SourceContext } from '../source.ts';
import { parseComputeApps } from './parse-rows.ts';
import { runTool } from './run-tool.ts';
import type { SmShares } from './sm-shares.ts';

const processesTimeoutMs = 5000;
const processesEveryMs = 2000;
/** A list that takes long costs the driver much: it is asked for less often. */
const restRatio = 4;
const longestRestMs = 10_000;

export interface ProcessListOptions {
  readonly path: string;
  readonly context: SourceContext;
  readonly shares: SmShares;
  readonly indexOf: (uuid: string) => number | null;
}

/** Compute processes by GPU, asked every two seconds in the background. Null until known, and where the driver does not tell. */
export function createProcessList({ path, context, shares, indexOf }: ProcessListOptions): {
  of(uuid: string): readonly GpuProcess[] | null;
  atMs(): number | null;
  refresh(): void;
} {
  let byGpu: ReadonlyMap<string, readonly GpuProcess[]> | null = null;
  let askedAtMs = Number.NEGATIVE_INFINITY;
  let everyMs = processesEveryMs;
  let listedAtMs: number | null = null;
  let isAsking = false;

  async function ask(): Promise<void> {
    const startedMs = context.clock.monotonicMs();
    const answer = await runTool(
      path,
      ['--query-compute-apps=gpu_uuid,pid,used_gpu_memory,process_name', '--format=csv,noheader,nounits'],
      processesTimeoutMs,
    );
    if (!answer.isOk || /Insufficient Permissions|not a valid field/i.test(answer.stdout)) {
      byGpu = null;
      listedAtMs = null;
      return;
    }
    const tookMs = context.clock.monotonicMs() - startedMs;
    everyMs = Math.min(longestRestMs, Math.max(processesEveryMs, restRatio * tookMs));
    const apps = Map.groupBy(parseComputeApps(answer.stdout), (app) => app.gpuUuid);
    const shared = [...apps].filter(([, ofGpu]) => ofGpu.length > 1);
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
    byGpu = next;
    listedAtMs = startedMs;
    shares.forget();
  }

  function smRatioOf(uuid: string, pid: number): number | null {
    const index = indexOf(uuid);
    return index === null ? null : shares.smRatioOf(index, pid);
  }

  return {
    atMs: () => listedAtMs,
    of: (uuid) => (byGpu === null ? null : (byGpu.get(uuid) ?? [])),
    refresh() {
      const nowMs = context.clock.monotonicMs();
      if (isAsking || nowMs - askedAtMs < everyMs) return;
      isAsking = true;
      askedAtMs = nowMs;
      ask().finally(() => {
        isAsking = false;
      });
    },
  };
}
