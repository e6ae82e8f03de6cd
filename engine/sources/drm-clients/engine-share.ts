import { secondsFromMs, secondsFromNanoseconds } from '../../../shared/units.ts';
import type { DrmClient, EngineUse } from './parse-fdinfo.ts';

/** Engines that compute and draw; copies and video decoding are not what a training run is divided by. */
const countedEngines = ['gfx', 'compute', 'render', 'rcs', 'ccs'];

/** Of these the ones that draw nothing (amdgpu and i915, xe): what works on the others alone is a game, a window, a film. */
const computeEngines = ['compute', 'ccs'];

const haveWorked = (clients: readonly DrmClient[], names: readonly string[]): boolean =>
  clients.some(({ engines }) => names.some((name) => (engines.get(name)?.busy ?? 0) > 0));

/** Whether a process has worked on this GPU, and never on an engine that only computes. */
export const hasOnlyDrawn = (clients: readonly DrmClient[]): boolean =>
  haveWorked(clients, countedEngines) && !haveWorked(clients, computeEngines);

/** Clients of one process on one GPU, by their ids, and when they were read (monotonic). */
export interface ClientSample {
  readonly atMs: number;
  readonly clients: ReadonlyMap<string, DrmClient>;
}

/**
 * Share of the time between two samples in which a process kept the GPU's engines busy, 0…1: Σ Δbusy ⁄ (Δt · capacity) over engines that compute or draw,
 * or Δcycles ⁄ (Δtotal · capacity) where the driver counts cycles. Null where there is nothing to subtract from. A client that is new since the first
 * sample began at 0, unless it has worked for longer than that is ago: then it was seen late, or was another process's that has ended, and nothing tells what
 * of it is of now. Source: Documentation/gpu/drm-usage-stats.rst.
 */
export function engineShare(before: ClientSample, now: ClientSample): number | null {
  const elapsedSeconds = secondsFromMs(now.atMs - before.atMs);
  if (elapsedSeconds <= 0) return null;
  let share: number | null = null;
  for (const [id, client] of now.clients) {
    for (const name of countedEngines) {
      const use = client.engines.get(name);
      if (use === undefined) continue;
      const useBefore = before.clients.get(id)?.engines.get(name);
      if (useBefore === undefined && isOlder(use, elapsedSeconds)) return null;
      const ratio = busyRatio(useBefore, use, elapsedSeconds);
      if (ratio !== null) share = (share ?? 0) + ratio;
    }
  }
  return share === null ? null : Math.min(1, share);
}

const isOlder = ({ busy, total, capacity }: EngineUse, elapsedSeconds: number): boolean =>
  total === null && secondsFromNanoseconds(busy) > elapsedSeconds * capacity;

function busyRatio(before: EngineUse | undefined, now: EngineUse, elapsedSeconds: number): number | null {
  const busy = now.busy - (before?.busy ?? 0);
  // Numbers that fall are another client's under an old id.
  if (busy < 0) return null;
  if (now.total === null) return secondsFromNanoseconds(busy) / (elapsedSeconds * now.capacity);
  const total = before?.total === undefined || before.total === null ? 0 : now.total - before.total;
  return total > 0 ? busy / (total * now.capacity) : null;
}
