import type { RunRecord } from '../store/records.ts';
import type { Store, StoredRun } from '../store/store.ts';

/** Closes runs that an engine which is gone left open, as `interrupted` at their last sample. Gives their ids. */
export function closeInterrupted(store: Store, except: ReadonlySet<string> = new Set()): readonly string[] {
  const stale = store.listOpenRuns().filter(({ record }) => !except.has(record.id));
  for (const run of stale) store.updateRun(interruptedRecord(run));
  return stale.map(({ record }) => record.id);
}

/** The same where nothing can be written: such runs read as closed. */
export function readAsInterrupted(store: Store, except: ReadonlySet<string>): Store {
  const read = (run: StoredRun): StoredRun =>
    run.record.status !== 'running' || except.has(run.record.id) ? run : { ...run, record: interruptedRecord(run) };
  return {
    ...store,
    listRuns: () => store.listRuns().map(read),
    readRun(id) {
      const run = store.readRun(id);
      return run === null ? null : read(run);
    },
  };
}

const interruptedRecord = ({ record, lastSampleMs }: StoredRun): RunRecord => ({
  ...record,
  status: 'interrupted',
  endedMs: lastSampleMs ?? record.startedMs,
});
