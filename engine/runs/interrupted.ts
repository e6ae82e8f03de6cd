import type { Store } from '../store/store.ts';

/** Closes runs that an engine which is gone left open, as `interrupted` at their last sample. Gives their ids. */
export function closeInterrupted(store: Store, except: ReadonlySet<string> = new Set()): readonly string[] {
  const stale = store.listOpenRuns().filter(({ record }) => !except.has(record.id));
  for (const { record, lastSampleMs } of stale)
    store.updateRun({ ...record, status: 'interrupted', endedMs: lastSampleMs ?? record.startedMs });
  return stale.map(({ record }) => record.id);
}
