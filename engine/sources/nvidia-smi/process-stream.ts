import type { Clock } from '../../clock/clock.ts';
import { createLineSplitter } from '../line-splitter.ts';
import { createToolStream, type ToolStream } from '../tool-stream.ts';
import { type ComputeApp, isWithheld, parseTimedComputeApp } from './parse-rows.ts';

/** All compute processes at one moment. */
export interface ComputeAppList {
  readonly apps: readonly ComputeApp[];
  /** Monotonic time at which the tool looked. */
  readonly atMs: number;
}

export interface ProcessStream {
  /** The newest whole list since the last call; null where none has come. */
  take(): ComputeAppList | null;
  /**
   * 'telling' while lists come at their pace. 'silent' where they did and stay away: the tool prints a row for each process and nothing for none, so there
   * may be nothing to list. 'unknown' of a tool that holds its rows back or has not told enough yet. 'over' of one that ended without having told more than
   * once: it knows no loop for this, or no driver.
   */
  state(): 'telling' | 'silent' | 'unknown' | 'over';
  close(): void;
}

export interface ProcessStreamOptions {
  readonly path: string;
  readonly clock: Clock;
  readonly periodMs: number;
  /** When a row was made, by the tool's clock and the moment it arrived. */
  readonly rowTimeMs: (timestamp: string, arrivedAtMs: number) => number;
  readonly log: (message: string) => void;
}

/** Rows of one list come together: after this long without one it is whole. */
const wholeAfterMs = 500;
/** The tool rests for a period between two lists, and a list takes its time. */
const [leastPeriods, mostPeriods] = [0.9, 1.5];
/** Lists in step with the period before the stream is believed. */
const listsBeforeTrust = 2;
/** No machine runs so many on its GPUs. */
const mostRows = 4096;

/** Lists of compute processes by one `nvidia-smi --query-compute-apps=… -lms N` that is kept. */
export function createProcessStream(options: ProcessStreamOptions): ProcessStream {
  const { clock, periodMs, rowTimeMs } = options;
  let rows: ComputeApp[] = [];
  let firstAtMs = 0;
  let arrivedAtMs = Number.NEGATIVE_INFINITY;
  let whole: ComputeAppList | null = null;
  let isTaken = true;
  let inStep = 0;
  /** The list that is coming is not told in whole, or was held back on its way: who says nothing may have something to say. */
  let isDoubtful = false;
  let isOver = false;
  let split = createLineSplitter(() => {});
  let found = 0;

  function finish(): void {
    if (rows.length === 0) return;
    const periods = (firstAtMs - (whole?.atMs ?? Number.NEGATIVE_INFINITY)) / periodMs;
    const isSteady = periods >= leastPeriods && periods <= mostPeriods;
    inStep = isDoubtful ? 0 : isSteady ? inStep + 1 : 1;
    isDoubtful = false;
    whole = { apps: rows, atMs: firstAtMs };
    isTaken = false;
    rows = [];
  }

  /** A process that is named again, or a row that was made much later, begins the next list. */
  function beginsList(app: ComputeApp, atMs: number): boolean {
    return (
      atMs - firstAtMs > periodMs / 2 || rows.some(({ gpuUuid, pid }) => gpuUuid === app.gpuUuid && pid === app.pid)
    );
  }

  function receive(line: string): void {
    const timed = parseTimedComputeApp(line);
    if (timed === null || rows.length >= mostRows) {
      isDoubtful ||= isWithheld(line);
      return;
    }
    found++;
    arrivedAtMs = clock.monotonicMs();
    const atMs = rowTimeMs(timed.timestamp, arrivedAtMs);
    if (rows.length > 0 && beginsList(timed.app, atMs)) finish();
    if (rows.length === 0) firstAtMs = atMs;
    rows.push(timed.app);
    isDoubtful ||= isWithheld(line) || arrivedAtMs - atMs > periodMs / 2;
  }

  const stream: ToolStream = createToolStream({
    command: options.path,
    args: [
      '--query-compute-apps=timestamp,gpu_uuid,pid,used_gpu_memory,process_name',
      '--format=csv,noheader,nounits',
      '-lms',
      String(periodMs),
    ],
    clock,
    silenceMs: null,
    onStart() {
      split = createLineSplitter(receive);
      rows = [];
      inStep = 0;
    },
    onText(text) {
      found = 0;
      split(text);
      return found > 0;
    },
    onEnd() {
      // A tool that knows no loop for this prints one list and ends: it would be started over and over.
      isOver = inStep < listsBeforeTrust;
      if (isOver) stream.close();
      finish();
      inStep = 0;
    },
    log: options.log,
  });

  const settle = (): void => {
    if (clock.monotonicMs() - arrivedAtMs >= wholeAfterMs) finish();
  };

  return {
    take() {
      settle();
      if (isTaken) return null;
      isTaken = true;
      return whole;
    },
    state() {
      settle();
      if (isOver) return 'over';
      if (inStep < listsBeforeTrust) return 'unknown';
      return clock.monotonicMs() - arrivedAtMs <= mostPeriods * periodMs ? 'telling' : 'silent';
    },
    close: () => stream.close(),
  };
}
