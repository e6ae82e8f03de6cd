import type { GpuProcesses, GpuProcessRow } from '../../shared/model/processes.ts';
import { msFromSeconds, secondsFromMs } from '../../shared/units.ts';
import { attributeInterval, type RunUse, type Share } from '../attribution/attribute.ts';
import { idleDrawOf } from '../attribution/idle-baseline.ts';
import type { Clock } from '../clock/clock.ts';
import type { Machine } from '../machine/machine.ts';
import { type DomainState, shownWatts } from '../measuring/domain-state.ts';
import type { ActiveRun } from '../runs/active-run.ts';
import type { GpuProcess } from '../sources/source.ts';

export interface GpuProcessesOptions {
  readonly clock: Clock;
  readonly machine: Machine;
  readonly states: () => readonly DomainState[];
  readonly runs: () => readonly ActiveRun[];
}

interface CpuLook {
  readonly atMs: number;
  readonly cpuSeconds: number;
}

/** Two looks nearer than this say too little: the kernel counts in steps of 10 ms. */
const leastLookMs = 500;
/** USER_HZ, as in procfs. */
const ticksPerSecond = 100;

/** The table of processes on GPUs, for as long as somebody looks at it: nothing of it is kept up in between. */
export function createGpuProcesses(options: GpuProcessesOptions): { read(): GpuProcesses } {
  const { clock, machine } = options;
  let looks = new Map<number, CpuLook>();
  let cores = new Map<number, number>();

  /** CPU time of each process with what hangs below it, without the others of the table. */
  function lookAtCpu(pids: ReadonlySet<number>): void {
    const atMs = clock.monotonicMs();
    const nextLooks = new Map<number, CpuLook>();
    const nextCores = new Map<number, number>();
    for (const pid of pids) {
      const before = looks.get(pid);
      if (before !== undefined && atMs - before.atMs < leastLookMs) {
        nextLooks.set(pid, before);
        const known = cores.get(pid);
        if (known !== undefined) nextCores.set(pid, known);
        continue;
      }
      const others = new Set([...pids].filter((other) => other !== pid));
      const cpuSeconds = machine.readTree(pid, others)?.cpuSeconds ?? null;
      if (cpuSeconds === null) continue;
      nextLooks.set(pid, { atMs, cpuSeconds });
      if (before !== undefined)
        nextCores.set(pid, Math.max(0, cpuSeconds - before.cpuSeconds) / secondsFromMs(atMs - before.atMs));
    }
    looks = nextLooks;
    cores = nextCores;
  }

  function startedAtMs(startedTicks: number | null): number | null {
    const bootMs = machine.readBootMs();
    if (bootMs === null || startedTicks === null) return null;
    return clock.unixMs() - (bootMs - msFromSeconds(startedTicks / ticksPerSecond));
  }

  function rowsOf(state: DomainState): readonly GpuProcessRow[] {
    const processes = state.reading?.processes ?? [];
    const shares = sharesOf(state, processes);
    return processes.map((process): GpuProcessRow => {
      const facts = machine.readProcess(process.pid);
      const share = shares.get(process.pid) ?? null;
      const run = options.runs().find(({ pids }) => pids.has(process.pid))?.record ?? null;
      const isRoot = run !== null && run.rootPid === process.pid;
      const words = facts?.command ?? (isRoot ? run.command : null) ?? [];
      return {
        pid: process.pid,
        domainId: state.domain.id,
        runId: run?.id ?? null,
        command: words.length > 0 ? words.join(' ') : (process.name ?? facts?.name ?? null),
        user: facts?.user ?? null,
        smRatio: process.smRatio,
        memoryUsedBytes: process.memoryUsedBytes,
        powerWatts: share?.joules ?? null,
        splitBy: share?.splitBy ?? 'none',
        cpuCores: cores.get(process.pid) ?? null,
        startedAtMs: startedAtMs(facts?.startedTicks ?? null) ?? (isRoot ? run.startedMs : null),
      };
    });
  }

  return {
    read() {
      const gpus = options.states().filter(({ domain }) => domain.kind === 'gpu');
      lookAtCpu(new Set(gpus.flatMap(({ reading }) => (reading?.processes ?? []).map(({ pid }) => pid))));
      return {
        atMs: clock.unixMs(),
        processes: gpus.flatMap(rowsOf),
        untold: gpus
          .filter(({ reading }) => reading !== null && reading.missing === null && reading.processes === null)
          .map(({ domain }) => domain.label),
      };
    },
  };
}

/** The GPU's power among its processes, as a second of it would be divided among runs with one process each. */
function sharesOf(state: DomainState, processes: readonly GpuProcess[]): ReadonlyMap<number, Share> {
  const watts = shownWatts(state);
  if (watts === null || state.reading === null) return new Map();
  const domainId = state.domain.id;
  const joules = { joules: watts, lowJoules: watts, highJoules: watts };
  const second = { domainId, fromMs: 0, toMs: 1000, ...joules, samples: [], course: [] };
  const isIndivisible = state.domain.cannotBeSplit !== null;
  if (isIndivisible && processes.length > 1) return new Map();
  const use = {
    kind: state.domain.kind,
    idle: idleDrawOf({
      kind: state.domain.kind,
      saidWatts: state.reading.idleWatts,
      learnedWatts: state.idle.idleWatts,
      lowestWatts: state.lowestWatts,
      watts,
      loadRatio: null,
    }),
    areUsersKnown: true,
    isIndivisible,
    foreignSmShare: 0,
  };
  const users = processes.map(
    ({ pid, smRatio }): RunUse => ({
      runId: String(pid),
      startMs: 0,
      endMs: null,
      cpuShare: 0,
      takesRest: false,
      smShares: new Map([[domainId, smRatio]]),
    }),
  );
  const shares = attributeInterval(second, use, users);
  return new Map(shares.map((share) => [Number(share.runId), share]));
}
