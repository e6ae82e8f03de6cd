import { create } from 'zustand';
import type { ExportProgress } from '../connection/export.ts';

/** An export that is being written. */
export interface ExportJob {
  readonly id: number;
  /** Null until its first piece is there; while a dialog asks where to, too. */
  readonly progress: ExportProgress | null;
  readonly cancel: () => void;
}

/** Every export that goes on, the oldest first: seen from every page, whoever started it. */
export const useExportJobs = create<{ readonly jobs: readonly ExportJob[] }>(() => ({ jobs: [] }));

let lastId = 0;

/** A new job; ended by its `end`. */
export function beginExportJob(): {
  readonly signal: AbortSignal;
  tell(progress: ExportProgress): void;
  end(): void;
} {
  const id = ++lastId;
  const abort = new AbortController();
  const change = (edit: (jobs: readonly ExportJob[]) => readonly ExportJob[]): void =>
    useExportJobs.setState(({ jobs }) => ({ jobs: edit(jobs) }));
  change((jobs) => [...jobs, { id, progress: null, cancel: () => abort.abort() }]);
  return {
    signal: abort.signal,
    tell: (progress) => change((jobs) => jobs.map((job) => (job.id === id ? { ...job, progress } : job))),
    end: () => change((jobs) => jobs.filter((job) => job.id !== id)),
  };
}
