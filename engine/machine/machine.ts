import type { Program } from '../../shared/model/run-environment.ts';

/** A process of a tree. */
export interface TreeProcess {
  readonly pid: number;
  readonly parentPid: number;
  /** Kernel ticks since boot; null where it is not told. */
  readonly startedTicks: number | null;
  /** Its own user and system CPU seconds. */
  readonly ownSeconds: number;
  /** Those of the children that it has collected, with all that these had collected. */
  readonly collectedSeconds: number;
  /** It has ended and nobody has collected it: its time is told still, and its parent's by none of it. */
  readonly isEnded: boolean;
}

/** CPU time and memory of a process and all its descendants. */
export interface TreeUse {
  /** With those that have ended and are not collected yet. */
  readonly processes: readonly TreeProcess[];
  /** Pids that were excluded, by the parents they hang below. */
  readonly excluded: ReadonlyMap<number, number>;
  /** CPU seconds of all of them, own and collected: falls where one ends that nobody collects. */
  readonly cpuSeconds: number;
  readonly residentBytes: number;
  /** Of those that live. */
  readonly pids: ReadonlySet<number>;
  /** When its root began, as in `ProcessFacts`: a pid that was given away anew is told by it. */
  readonly rootStartedTicks: number | null;
}

/** What a launcher or a scheduler tells its processes of the run they belong to. Anything else of their environment is never looked at. */
export const processVariables = [
  'SLURM_JOB_ID',
  'SLURM_STEP_ID',
  'SLURM_JOB_NAME',
  'SLURM_PROCID',
  'TORCHELASTIC_RUN_ID',
  'RANK',
  'LOCAL_RANK',
  'WORLD_SIZE',
  'MASTER_ADDR',
  'MASTER_PORT',
  'RAY_JOB_ID',
  'RAY_RAYLET_PID',
  'JPY_SESSION_NAME',
  'WATTRUN_RUN_ID',
] as const;
export type ProcessVariable = (typeof processVariables)[number];

export interface ProcessFacts {
  readonly pid: number;
  readonly parentPid: number;
  /** Kernel ticks since boot at which it began; with the pid it tells a process from all others of this boot. */
  readonly startedTicks: number;
  /** The kernel's short name of it, 15 characters. */
  readonly name: string;
  /** argv, as far as 64 KiB go; empty for a kernel thread. */
  readonly command: readonly string[];
  /** Null where it belongs to another user, or the folder is gone. */
  readonly cwd: string | null;
  /** Whether it belongs to the user that this engine runs as. */
  readonly isOurs: boolean;
  /** Its user's name, or number where that has none here; null where unknown. */
  readonly user: string | null;
  /** Empty where it may not be read. */
  readonly environment: Readonly<Partial<Record<ProcessVariable, string>>>;
}

export interface ListedProcess {
  readonly pid: number;
  /** Its words with blanks between them, cut at 4096 characters. */
  readonly commandLine: string;
}

export interface CpuTimes {
  /** Seconds in which any CPU was busy, and in all, summed over CPUs since boot. */
  readonly busySeconds: number;
  readonly totalSeconds: number;
}

export interface MachineFacts {
  readonly hostName: string;
  readonly osLabel: string;
  /** 'Linux 6.1.0-18-amd64'; null where there is none to tell. */
  readonly kernel?: string | null;
  readonly cpuName: string;
  /** Logical CPUs that this machine (or guest) has. */
  readonly threads: number;
  readonly physicalCores: number | null;
  readonly sockets: number;
  readonly baseGhz: number | null;
  readonly isVirtual: boolean;
  /** Its cores are Arm's, and have one thread each. */
  readonly isArm?: boolean;
  readonly memoryBytes: number;
}

/** What the engine asks of the machine it runs on, besides power. The simulated server is another one of these. */
export interface Machine {
  facts(): Promise<MachineFacts>;
  /** Null where it cannot be told. */
  readCpuTimes(): CpuTimes | null;
  readMemoryUsedBytes(): number | null;
  /** Null once no process of the tree is left. What hangs below a pid of `except`, other than the root, is excluded. */
  readTree(rootPid: number, except?: ReadonlySet<number>): TreeUse | null;
  /** Also for one that may not be looked at. False for one of another PID namespace. */
  hasProcess(pid: number): boolean;
  /** Whether every pid that a driver may name is one of this machine's, as long as its process lives: not in a PID namespace of a container's own. */
  hasAllPids(): boolean;
  /** Time since boot with suspended time; null where unknown. */
  readBootMs(): number | null;
  /** Null for a process that has ended, and where this cannot be told. */
  readProcess(pid: number): ProcessFacts | null;
  /** What a process of this user brings along; null for anybody else's, one that has ended, and where this cannot be told. */
  readProgram(pid: number): Promise<Program | null>;
  /** Every process of the machine: for the rule on command lines alone, and seldom. */
  listProcesses(): readonly ListedProcess[];
}

/** A machine that can tell nothing of single processes. */
export const unknownProcesses = {
  readProcess: (): null => null,
  readProgram: async (): Promise<null> => null,
  listProcesses: (): readonly ListedProcess[] => [],
} as const satisfies Partial<Machine>;
