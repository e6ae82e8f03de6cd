import { parentPort, workerData } from 'node:worker_threads';
import { type FuzzReport, fuzzSubjects } from './fuzz-subjects.ts';
import { subjects } from './subjects/registry.ts';

/** What the thread is given. `progress`: place of the subject in `ids`, number of its input, inputs begun; written before each. */
export interface FuzzWork {
  readonly seed: string;
  readonly seconds: number;
  readonly mostInputs: number;
  readonly ids: readonly string[];
  readonly progress: Int32Array;
}

if (parentPort !== null) {
  const work = workerData as FuzzWork;
  const report: FuzzReport = fuzzSubjects(
    subjects.filter(({ id }) => work.ids.includes(id)),
    {
      ...work,
      onInput(place, number) {
        work.progress[0] = place;
        work.progress[1] = number;
        work.progress[2] = (work.progress[2] ?? 0) + 1;
      },
    },
  );
  parentPort.postMessage(report);
}
