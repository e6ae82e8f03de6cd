import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';

/** Something that keeps every core busy until it is told to stop. */
export interface CpuLoad {
  /** Resolves when all of it runs. Throws where a thread cannot be started; then nothing is left running. */
  start(): Promise<void>;
  /** Resolves when none of it runs; twice is safe. */
  stop(): Promise<void>;
}

export interface CpuLoadOptions {
  readonly threads?: number;
  /** Ends by itself after this long, should nobody stop it. */
  readonly longestMs?: number;
}

/** A minute, up to two more for a person's reading, and some. */
const defaultLongestMs = 200_000;

/**
 * Given as text: a bundle moves files, not texts. Floating-point and memory work in slices of some milliseconds; the deadline is checked between them.
 */
const busyScript = `
const { parentPort, workerData } = require('node:worker_threads');
parentPort.postMessage('running');
const until = performance.now() + workerData.longestMs;
const values = new Float64Array(4096).fill(1.000001);
let sum = 0;
while (performance.now() < until) {
  for (let round = 0; round < 200; round++)
    for (let i = 0; i < values.length; i++) {
      sum = sum * 0.999999 + values[i] * values[(i * 7) & 4095];
      values[i] = 1 + sum * 1e-12;
    }
}
if (sum === -1) parentPort.postMessage(sum);
`;

/** One busy worker thread for each thread of the CPU. No power virus: what ordinary code draws at full load. */
export function createCpuLoad({
  threads = availableParallelism(),
  longestMs = defaultLongestMs,
}: CpuLoadOptions = {}): CpuLoad {
  let workers: readonly Worker[] = [];

  async function stop(): Promise<void> {
    const ending = workers;
    workers = [];
    // terminate() ends a busy loop as well: V8 is told to stop where it is.
    await Promise.all(ending.map((worker) => worker.terminate()));
  }

  return {
    async start() {
      if (workers.length > 0) return;
      workers = Array.from(
        { length: threads },
        () => new Worker(busyScript, { eval: true, workerData: { longestMs } }),
      );
      try {
        await Promise.all(workers.map(isRunning));
      } catch (error) {
        await stop();
        throw error;
      }
    },
    stop,
  };
}

function isRunning(worker: Worker): Promise<void> {
  return new Promise((resolve, reject) => {
    worker.once('message', () => resolve());
    worker.once('exit', () => reject(new Error('a busy thread ended before it ran')));
    // Stays: a thread that fails later must not bring down the process, the load seen tells of it.
    worker.on('error', reject);
  });
}
