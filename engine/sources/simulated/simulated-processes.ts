import { type Machine, type MachineFacts, type TreeUse, unknownProcesses } from '../../machine/machine.ts';
import { isOn, overlapSeconds, type SimulatedProcess } from './machine-config.ts';
import type { PowerCurve } from './power-curve.ts';

/** How busy the machine's CPUs are, as a closed form of time. */
export interface Load {
  /** Share of all CPUs, 0…1. */
  ratioAt(seconds: number): number;
  /** ∫ of that share, in seconds of all CPUs together. */
  busySecondsBetween(fromSeconds: number, toSeconds: number): number;
}

export const loadOf = (processes: readonly SimulatedProcess[], backgroundRatio: number): Load => ({
  ratioAt: (seconds) =>
    processes
      .filter((process) => isOn(process, seconds))
      .reduce((sum, process) => sum + process.cpuRatio, backgroundRatio),
  busySecondsBetween: (fromSeconds, toSeconds) =>
    processes.reduce(
      (sum, process) => sum + process.cpuRatio * overlapSeconds(process, fromSeconds, toSeconds),
      backgroundRatio * (toSeconds - fromSeconds),
    ),
});

/** Power that rises with the load: P = idle + active · load. */
export const curveOfLoad = (load: Load, idleWatts: number, activeWatts: number): PowerCurve => ({
  wattsAt: (seconds) => idleWatts + activeWatts * load.ratioAt(seconds),
  joulesBetween: (fromSeconds, toSeconds) =>
    idleWatts * (toSeconds - fromSeconds) + activeWatts * load.busySecondsBetween(fromSeconds, toSeconds),
});

/** The pids of a tree, whether they are on or not. */
export function treeOf(
  rootPid: number,
  processes: readonly SimulatedProcess[],
  except?: ReadonlySet<number>,
): ReadonlySet<number> {
  const pids = new Set<number>();
  const queue = [rootPid];
  for (let pid = queue.pop(); pid !== undefined; pid = queue.pop()) {
    if (pids.has(pid) || (except?.has(pid) === true && pid !== rootPid)) continue;
    pids.add(pid);
    for (const process of processes) if (process.parentPid === pid) queue.push(process.pid);
  }
  return pids;
}

export interface ProcessMachineOptions {
  readonly now: () => number;
  readonly load: Load;
  readonly processes: readonly SimulatedProcess[];
  /** Pids that a GPU's driver names beside them. */
  readonly gpuPids: ReadonlySet<number>;
  readonly facts: MachineFacts;
  readonly countsFromSeconds: number;
  readonly usedBytesAt: ((loadRatio: number) => number) | null;
}

/** The machine around the simulated devices: its CPU time, its memory and its process trees. */
export function createProcessMachine(options: ProcessMachineOptions): Machine {
  const { now, load, processes, facts, countsFromSeconds } = options;

  function readTree(rootPid: number, except?: ReadonlySet<number>): TreeUse | null {
    const seconds = now();
    const tree = treeOf(rootPid, processes, except);
    const own = processes.filter((process) => tree.has(process.pid));
    const living = own.filter((process) => isOn(process, seconds));
    if (living.length === 0) return null;
    const used = own.map((process) => ({
      pid: process.pid,
      parentPid: process.parentPid ?? 1,
      startedTicks: null,
      ownSeconds: facts.threads * process.cpuRatio * overlapSeconds(process, countsFromSeconds, seconds),
      collectedSeconds: 0,
      isEnded: !isOn(process, seconds),
    }));
    return {
      processes: used,
      excluded: new Map(),
      cpuSeconds: used.reduce((sum, process) => sum + process.ownSeconds, 0),
      residentBytes: living.reduce((sum, process) => sum + process.residentBytes, 0),
      pids: new Set(living.map((process) => process.pid)),
      rootStartedTicks: null,
    };
  }

  return {
    facts: async () => facts,
    readCpuTimes() {
      const seconds = now();
      return {
        busySeconds: facts.threads * load.busySecondsBetween(countsFromSeconds, seconds),
        totalSeconds: facts.threads * (seconds - countsFromSeconds),
      };
    },
    readMemoryUsedBytes: () => options.usedBytesAt?.(load.ratioAt(now())) ?? null,
    readTree,
    hasProcess: (pid) => options.gpuPids.has(pid) || processes.some((process) => process.pid === pid),
    hasAllPids: () => true,
    readBootMs: () => null,
    ...unknownProcesses,
  };
}
