import { bytesFromMebibytes } from '../../../shared/units.ts';
import type { GpuProcess, SourceContext } from '../source.ts';
import { parseComputeApps } from './parse-rows.ts';
import { runTool } from './run-tool.ts';

const processesTimeoutMs = 5000;
const processesEveryMs = 2000;

/** Compute processes by GPU, asked every two seconds in the background. Null until known, and where the driver does not tell. */
export function createProcessList(
  path: string,
  context: SourceContext,
): { of(uuid: string): readonly GpuProcess[] | null; atMs(): number | null; refresh(): void } {
  let byGpu: ReadonlyMap<string, readonly GpuProcess[]> | null = null;
  let askedAtMs = Number.NEGATIVE_INFINITY;
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
    const next = new Map<string, GpuProcess[]>();
    for (const app of parseComputeApps(answer.stdout)) {
      const process: GpuProcess = {
        pid: app.pid,
        name: app.name,
        memoryUsedBytes: app.usedMebibytes === null ? null : bytesFromMebibytes(app.usedMebibytes),
        smRatio: null,
      };
      next.set(app.gpuUuid, [...(next.get(app.gpuUuid) ?? []), process]);
    }
    byGpu = next;
    listedAtMs = startedMs;
  }

  return {
    atMs: () => listedAtMs,
    of: (uuid) => (byGpu === null ? null : (byGpu.get(uuid) ?? [])),
    refresh() {
      const nowMs = context.clock.monotonicMs();
      if (isAsking || nowMs - askedAtMs < processesEveryMs) return;
      isAsking = true;
      askedAtMs = nowMs;
      ask().finally(() => {
        isAsking = false;
      });
    },
  };
}
