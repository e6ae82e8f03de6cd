import type { LiveState } from '../../shared/model/live.ts';
import { secondsFromMs } from '../../shared/units.ts';
import type { Clock } from '../clock/clock.ts';
import type { Machine } from '../machine/machine.ts';

export interface OverheadOptions {
  readonly clock: Clock;
  readonly machine: Machine;
  /** Roots of process trees that are the user's and not the monitor's, though they descend from it: wrapped commands. */
  readonly foreignPids: () => readonly number[];
  /** Power that the CPUs draw beyond idle, in watts; null where it is not known. */
  readonly activeCpuWatts: () => number | null;
  readonly own?: OwnUse;
}

/** What this process says of itself. */
export interface OwnUse {
  readonly pid: number;
  cpuSeconds(): number;
  residentBytes(): number;
}

const thisProcess: OwnUse = {
  pid: process.pid,
  cpuSeconds() {
    const { user, system } = process.cpuUsage();
    return (user + system) / 1e6;
  },
  residentBytes: () => process.memoryUsage.rss(),
};

interface Look {
  readonly atMs: number;
  readonly ownSeconds: number;
  readonly treeSeconds: number | null;
  readonly busySeconds: number | null;
}

const everyMs = 10_000;

/**
 * What the monitor itself costs over the last ten seconds: its own CPU time, that of the tools it keeps running (its process tree without the commands that
 * it wraps), and both as a share of the CPU's active power: watts = active watts × own CPU time / all busy CPU time.
 */
export function createOverhead(options: OverheadOptions): { read(): LiveState['overhead'] } {
  const { clock, machine, own = thisProcess } = options;

  function look(): Look {
    const tree = machine.readTree(own.pid);
    const foreign = options
      .foreignPids()
      .filter((pid) => tree?.pids.has(pid))
      .reduce((sum, pid) => sum + (machine.readTree(pid)?.cpuSeconds ?? 0), 0);
    return {
      atMs: clock.monotonicMs(),
      ownSeconds: own.cpuSeconds(),
      treeSeconds: tree === null ? null : tree.cpuSeconds - foreign,
      busySeconds: machine.readCpuTimes()?.busySeconds ?? null,
    };
  }

  let last = look();
  let latest: LiveState['overhead'] = {
    cpuRatio: null,
    toolsCpuRatio: null,
    powerWatts: null,
    memoryBytes: own.residentBytes(),
  };
  return {
    read() {
      if (clock.monotonicMs() - last.atMs < everyMs) return latest;
      const next = look();
      const seconds = secondsFromMs(next.atMs - last.atMs);
      const ownSeconds = next.ownSeconds - last.ownSeconds;
      const treeSeconds =
        next.treeSeconds === null || last.treeSeconds === null ? null : next.treeSeconds - last.treeSeconds;
      const busySeconds =
        next.busySeconds === null || last.busySeconds === null ? null : next.busySeconds - last.busySeconds;
      // A wrapped command that ended took its time out of the tree: a negative rest is no cost.
      const toolsSeconds = treeSeconds === null ? null : Math.max(0, treeSeconds - ownSeconds);
      const activeWatts = options.activeCpuWatts();
      const isPowerKnown = activeWatts !== null && busySeconds !== null && busySeconds > 0;
      latest = {
        cpuRatio: ownSeconds / seconds,
        toolsCpuRatio: toolsSeconds === null ? null : toolsSeconds / seconds,
        powerWatts: isPowerKnown ? activeWatts * Math.min(1, (ownSeconds + (toolsSeconds ?? 0)) / busySeconds) : null,
        memoryBytes: own.residentBytes(),
      };
      last = next;
      return latest;
    },
  };
}
