import { ratioFromPercent } from '../../../shared/units.ts';
import type { Clock } from '../../clock/clock.ts';
import { createLineSplitter } from '../line-splitter.ts';
import { createToolStream, type ToolStream } from '../tool-stream.ts';
import { createPmonReader, type PmonProcess } from './parse-pmon.ts';

export interface SmShares {
  /** GPUs that several processes share, or a process and a screen: the tool costs the driver something, and one process alone needs no share. */
  setWanted(gpuIndexes: Iterable<number>): void;
  /** Resolves when each of them has been told of, or after what a driver needs to begin. */
  ready(): Promise<void>;
  /** Mean share of the SMs' time, 0…1, of a process since the last `forget`; null where the driver does not tell. */
  smRatioOf(gpuIndex: number, pid: number): number | null;
  /** Those above 0 of the processes that are not `listed`, by pid. */
  othersOn(gpuIndex: number, listed: ReadonlySet<number>): ReadonlyMap<number, number>;
  /** Begins a new mean; until it has samples the last one stands. */
  forget(): void;
  /** The driver numbers its GPUs anew: what was told of a number is void. */
  renew(): void;
  close(): void;
}

interface Sum {
  readonly gpuIndex: number;
  readonly pid: number;
  percent: number;
  count: number;
}

/** After this long without a shared GPU the tool is let go. */
const lingerMs = 60_000;
const silenceMs = 10_000;
/** pmon's first line comes a second after its start; one that has nothing to tell by then is not waited for. */
const readyLimitMs = 4000;
const readyPollMs = 100;
/** Older drivers' pmon follows four GPUs, and the first four where none are named. */
const mostGpusAStream = 4;

/** SM shares of processes by `nvidia-smi pmon -s u`, one line a second for each. */
export function createSmShares(options: {
  readonly path: string;
  readonly clock: Clock;
  readonly log: (message: string) => void;
}): SmShares {
  const { clock } = options;
  let streams: readonly ToolStream[] = [];
  let wanted: ReadonlySet<number> = new Set();
  let wantedAtMs = Number.NEGATIVE_INFINITY;
  let openedAtMs = Number.NEGATIVE_INFINITY;
  let sums = new Map<string, Sum>();
  let before: ReadonlyMap<string, Sum> = new Map();
  /** Where no process of a GPU ever has a number (MIG, Windows' own driver model), nothing is told. */
  const toldGpus = new Set<number>();
  const keyOf = (gpuIndex: number, pid: number): string => `${gpuIndex} ${pid}`;

  function add({ gpuIndex, pid, smPercent }: PmonProcess): void {
    const key = keyOf(gpuIndex, pid);
    const sum = sums.get(key) ?? { gpuIndex, pid, percent: 0, count: 0 };
    // '-' is a process without a sample: it did nothing, provided that the driver gives samples at all.
    sum.percent += smPercent ?? 0;
    sum.count += 1;
    sums.set(key, sum);
  }

  function smRatioOf(gpuIndex: number, pid: number): number | null {
    if (!toldGpus.has(gpuIndex)) return null;
    const key = keyOf(gpuIndex, pid);
    const sum = sums.get(key) ?? before.get(key);
    return sum === undefined ? null : ratioFromPercent(sum.percent / sum.count);
  }

  function open(named: readonly number[]): ToolStream {
    const read = createPmonReader();
    let split = createLineSplitter(() => {});
    let found = 0;
    return createToolStream({
      command: options.path,
      args: ['pmon', '-s', 'u', '-d', '1', ...(named.length === 0 ? [] : ['-i', named.join(',')])],
      clock,
      silenceMs,
      onStart() {
        split = createLineSplitter((line) => {
          const told = read(line);
          if (told.kind === 'words') return;
          found++;
          if (told.kind !== 'process') return;
          if (told.process.smPercent !== null) toldGpus.add(told.process.gpuIndex);
          add(told.process);
        });
      },
      onText(text) {
        found = 0;
        split(text);
        return found > 0;
      },
      onEnd: () => toldGpus.clear(),
      log: options.log,
    });
  }

  function closeAll(): void {
    for (const stream of streams) stream.close();
    streams = [];
    wanted = new Set();
    toldGpus.clear();
  }

  function openFor(gpuIndexes: ReadonlySet<number>): void {
    for (const stream of streams) stream.close();
    wanted = gpuIndexes;
    openedAtMs = clock.monotonicMs();
    const indexes = [...gpuIndexes].sort((a, b) => a - b);
    streams = (indexes.at(-1) ?? 0) < mostGpusAStream ? [open([])] : inGroups(indexes, mostGpusAStream).map(open);
  }

  return {
    setWanted(gpuIndexes) {
      const asked = [...gpuIndexes];
      if (asked.length > 0) {
        wantedAtMs = clock.monotonicMs();
        if (asked.some((index) => !wanted.has(index))) openFor(new Set([...wanted, ...asked]));
      } else if (streams.length > 0 && clock.monotonicMs() - wantedAtMs >= lingerMs) closeAll();
    },
    async ready() {
      while (clock.monotonicMs() - openedAtMs < readyLimitMs && [...wanted].some((index) => !toldGpus.has(index)))
        await clock.sleep(readyPollMs);
    },
    smRatioOf,
    othersOn(gpuIndex, listed) {
      const pids = new Set(
        [...sums.values(), ...before.values()].filter((sum) => sum.gpuIndex === gpuIndex).map(({ pid }) => pid),
      );
      const others = [...pids]
        .filter((pid) => !listed.has(pid))
        .map((pid) => [pid, smRatioOf(gpuIndex, pid) ?? 0] as const);
      return new Map(others.filter(([, smRatio]) => smRatio > 0));
    },
    forget() {
      if (sums.size === 0) return;
      before = sums;
      sums = new Map();
    },
    renew() {
      closeAll();
      sums = new Map();
      before = new Map();
    },
    close: closeAll,
  };
}

const inGroups = <T>(items: readonly T[], size: number): readonly (readonly T[])[] =>
  Array.from({ length: Math.ceil(items.length / size) }, (_, i) => items.slice(i * size, (i + 1) * size));
