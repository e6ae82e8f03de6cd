import { ratioFromPercent } from '../../../shared/units.ts';
import type { Clock } from '../../clock/clock.ts';
import { createLineSplitter } from '../line-splitter.ts';
import { createToolStream, type ToolStream } from '../tool-stream.ts';
import { createPmonReader, type PmonProcess } from './parse-pmon.ts';

export interface SmShares {
  /** Asked for while several processes share a GPU: the tool costs the driver something, and one process alone needs no share. */
  setWanted(isWanted: boolean): void;
  /** Mean share of the SMs' time, 0…1, of a process since the last `forget`; null where the driver does not tell. */
  smRatioOf(gpuIndex: number, pid: number): number | null;
  /** Begins a new mean; until it has samples the last one stands. */
  forget(): void;
  close(): void;
}

interface Sum {
  percent: number;
  count: number;
}

/** After this long without a shared GPU the tool is let go. */
const lingerMs = 60_000;
const silenceMs = 10_000;

/** SM shares of processes by `nvidia-smi pmon -s u`, one line a second for each. */
export function createSmShares(options: {
  readonly path: string;
  readonly clock: Clock;
  readonly log: (message: string) => void;
}): SmShares {
  const { clock } = options;
  let stream: ToolStream | null = null;
  let wantedAtMs = Number.NEGATIVE_INFINITY;
  let sums = new Map<string, Sum>();
  let before = new Map<string, Sum>();
  const keyOf = (gpuIndex: number, pid: number): string => `${gpuIndex}/${pid}`;

  function add(process: PmonProcess): void {
    const key = keyOf(process.gpuIndex, process.pid);
    const sum = sums.get(key) ?? { percent: 0, count: 0 };
    // '-' is a process without a sample: it did nothing, provided that the driver gives samples at all.
    sum.percent += process.smPercent ?? 0;
    sum.count += 1;
    sums.set(key, sum);
  }

  /** Where no process of a GPU ever has a number (MIG, Windows' own driver model), nothing is told. */
  const toldGpus = new Set<number>();

  function open(): ToolStream {
    const read = createPmonReader();
    let split = createLineSplitter(() => {});
    let found = 0;
    return createToolStream({
      command: options.path,
      args: ['pmon', '-s', 'u', '-d', '1'],
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

  return {
    setWanted(isWanted) {
      if (isWanted) wantedAtMs = clock.monotonicMs();
      if (isWanted && stream === null) stream = open();
      if (stream === null || clock.monotonicMs() - wantedAtMs < lingerMs) return;
      stream.close();
      stream = null;
      toldGpus.clear();
    },
    smRatioOf(gpuIndex, pid) {
      if (!toldGpus.has(gpuIndex)) return null;
      const key = keyOf(gpuIndex, pid);
      const sum = sums.get(key) ?? before.get(key);
      return sum === undefined ? null : ratioFromPercent(sum.percent / sum.count);
    },
    forget() {
      if (sums.size === 0) return;
      before = sums;
      sums = new Map();
    },
    close() {
      stream?.close();
      stream = null;
    },
  };
}
