/** CPU time and memory of a process and all its descendants. */
export interface TreeUse {
  /** User and system CPU seconds since the tree began, of living processes and of children they reaped; never falls. */
  readonly cpuSeconds: number;
  readonly residentBytes: number;
  readonly pids: ReadonlySet<number>;
}

export interface CpuTimes {
  /** Seconds in which any CPU was busy, and in all, summed over CPUs since boot. */
  readonly busySeconds: number;
  readonly totalSeconds: number;
}

export interface MachineFacts {
  readonly hostName: string;
  readonly osLabel: string;
  readonly cpuName: string;
  /** Logical CPUs that this machine (or guest) has. */
  readonly threads: number;
  readonly physicalCores: number | null;
  readonly sockets: number;
  readonly baseGhz: number | null;
  readonly isVirtual: boolean;
  readonly memoryBytes: number;
}

/** What the engine asks of the machine it runs on, besides power. The simulated server is another one of these. */
export interface Machine {
  facts(): Promise<MachineFacts>;
  /** Null where it cannot be told. */
  readCpuTimes(): CpuTimes | null;
  readMemoryUsedBytes(): number | null;
  /** Null once no process of the tree is left. */
  readTree(rootPid: number): TreeUse | null;
  /** False where a pid named by a driver is not one of this machine's: a container without the host's PID namespace. */
  hasProcess(pid: number): boolean;
  /** Time since boot with suspended time; null where unknown. */
  readBootMs(): number | null;
}
