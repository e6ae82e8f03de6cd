import { Worker } from 'node:worker_threads';
import type { FuzzFailure, FuzzReport } from './fuzz-subjects.ts';
import type { FuzzWork } from './fuzz-worker.ts';

/** An input that takes longer than this hangs. */
const hangMs = 10_000;
/** A parser that asks for more memory than this for 64 KiB of text ends its thread, and is named. */
const mostHeapMegabytes = 1024;

/** Fuzzes the subjects; one that hangs or takes all the memory is named and left out, and the others begin again with the time that is left. */
export async function runFuzz(options: Omit<FuzzWork, 'progress'>): Promise<FuzzReport> {
  const failures: FuzzFailure[] = [];
  const startedMs = performance.now();
  let { ids } = options;
  while (ids.length > 0) {
    const seconds = options.seconds - (performance.now() - startedMs) / 1000;
    const report = await runThread({ ...options, ids, seconds });
    failures.push(...report.failures);
    if (report.subjects.length > 0) return { subjects: report.subjects, failures };
    ids = ids.filter((id) => report.failures.every(({ subject }) => subject !== id));
  }
  return { subjects: [], failures };
}

/** In a thread of its own, for what never ends can only be stopped from outside. No subjects in the report: it had to be. */
function runThread(options: Omit<FuzzWork, 'progress'>): Promise<FuzzReport> {
  const progress = new Int32Array(new SharedArrayBuffer(12));
  const work: FuzzWork = { ...options, progress };
  const worker = new Worker(new URL('./fuzz-worker.ts', import.meta.url), {
    workerData: work,
    resourceLimits: { maxOldGenerationSizeMb: mostHeapMegabytes },
  });
  return new Promise((resolve) => {
    const end = (report: FuzzReport): void => {
      clearInterval(watch);
      resolve(report);
      void worker.terminate();
    };
    const fail = (what: string): void => {
      const subject = options.ids[progress[0] ?? 0] ?? '';
      end({ subjects: [], failures: [{ subject, number: progress[1] ?? 0, what, input: '' }] });
    };
    let lastCount = -1;
    const watch = setInterval(() => {
      const count = progress[2] ?? 0;
      if (count === lastCount) fail(`no end after ${hangMs / 1000} s`);
      lastCount = count;
    }, hangMs);
    worker.on('message', end);
    worker.on('error', (error) => fail(`the thread ended: ${String(error)}`));
    worker.on('exit', (code) => {
      if (code !== 0) fail(`the thread ended with exit ${code}`);
    });
  });
}
