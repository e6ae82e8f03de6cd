import type { Machine, ProcessFacts, TreeUse } from './machine.ts';

export interface FakeProcess {
  readonly pid: number;
  /** Default: 1. */
  readonly parentPid?: number;
  /** Words between blanks. */
  readonly command: string;
  readonly cwd?: string | null;
  readonly environment?: ProcessFacts['environment'];
  readonly startedTicks?: number;
}

/** A tree of which nothing but its sums matters: all of its time is its root's. */
export const fakeTree = (rootPid: number, cpuSeconds: number, pids = [rootPid], residentBytes = 0): TreeUse => ({
  processes: pids.map((pid) => ({
    pid,
    parentPid: pid === rootPid ? 1 : rootPid,
    startedTicks: null,
    ownSeconds: pid === rootPid ? cpuSeconds : 0,
    collectedSeconds: 0,
    isEnded: false,
  })),
  excluded: new Map(),
  cpuSeconds,
  residentBytes,
  pids: new Set(pids),
  rootStartedTicks: null,
});

export interface FakeMachine {
  readonly machine: Machine;
  /** A process that begins; one that had its pid is gone. */
  add(process: FakeProcess): void;
  /** It ends; its children become those of the first process. */
  end(pid: number): void;
  /** Adds CPU time to a process, and to the machine. */
  work(pid: number, cpuSeconds: number): void;
  pids(): readonly number[];
  /** How often a process was asked about, and the list of all. */
  readonly reads: { process: number; list: number };
}

/** A machine whose processes are what a test says, for what looks at them from outside. */
export function createFakeMachine(): FakeMachine {
  const processes = new Map<number, ProcessFacts>();
  const cpuSeconds = new Map<number, number>();
  const reads = { process: 0, list: 0 };
  let busySeconds = 0;
  let ticks = 1000;

  function treeOf(rootPid: number, except: ReadonlySet<number>): ReadonlySet<number> {
    const pids = new Set<number>();
    const queue = [rootPid];
    for (let pid = queue.pop(); pid !== undefined; pid = queue.pop()) {
      if (pids.has(pid) || (pid !== rootPid && except.has(pid)) || !processes.has(pid)) continue;
      pids.add(pid);
      for (const child of processes.values()) if (child.parentPid === pid) queue.push(child.pid);
    }
    return pids;
  }

  return {
    reads,
    pids: () => [...processes.keys()],
    add({ pid, parentPid = 1, command, cwd = null, environment = {}, startedTicks = ++ticks }) {
      const words = command.split(' ');
      cpuSeconds.set(pid, 0);
      processes.set(pid, {
        pid,
        parentPid,
        startedTicks,
        name: '',
        command: words,
        cwd,
        isOurs: true,
        user: 'kai',
        environment,
      });
    },
    end(pid) {
      processes.delete(pid);
      for (const child of processes.values())
        if (child.parentPid === pid) processes.set(child.pid, { ...child, parentPid: 1 });
    },
    work(pid, seconds) {
      cpuSeconds.set(pid, (cpuSeconds.get(pid) ?? 0) + seconds);
      busySeconds += seconds;
    },
    machine: {
      facts: () => Promise.reject(new Error('not asked for')),
      readCpuTimes: () => ({ busySeconds, totalSeconds: 1e6 }),
      readMemoryUsedBytes: () => null,
      readTree(rootPid, except = new Set()) {
        const pids = treeOf(rootPid, except);
        if (pids.size === 0) return null;
        const used = [...pids].map((pid) => ({
          pid,
          parentPid: processes.get(pid)?.parentPid ?? 1,
          startedTicks: processes.get(pid)?.startedTicks ?? null,
          ownSeconds: cpuSeconds.get(pid) ?? 0,
          collectedSeconds: 0,
          isEnded: false,
        }));
        return {
          processes: used,
          excluded: new Map(
            [...except].flatMap((pid) => {
              const parentPid = processes.get(pid)?.parentPid ?? 0;
              return !pids.has(pid) && pids.has(parentPid) ? [[pid, parentPid] as const] : [];
            }),
          ),
          pids,
          cpuSeconds: used.reduce((sum, process) => sum + process.ownSeconds, 0),
          residentBytes: 0,
          rootStartedTicks: processes.get(rootPid)?.startedTicks ?? null,
        };
      },
      hasProcess: (pid) => processes.has(pid),
      hasAllPids: () => true,
      readBootMs: () => null,
      readProcess(pid) {
        reads.process++;
        return processes.get(pid) ?? null;
      },
      readProgram: async (pid) => {
        const facts = processes.get(pid);
        return facts === undefined ? null : { python: null, variables: { ...facts.environment } };
      },
      listProcesses() {
        reads.list++;
        return [...processes.values()].map(({ pid, command }) => ({ pid, commandLine: command.join(' ') }));
      },
    },
  };
}
