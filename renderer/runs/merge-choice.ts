import type { RunSummary } from '../../shared/model/run.ts';

export type MergeRefusal = 'too-few' | 'running';

type MergePart = Pick<RunSummary, 'id' | 'status' | 'foundBy' | 'startedAt'>;

/** Why these runs cannot be made one; null: they can. As the engine has it: what has ended, and running ones that were found. */
export function mergeRefusal(runs: readonly MergePart[]): MergeRefusal | null {
  if (runs.length < 2) return 'too-few';
  return runs.some((run) => run.status === 'running' && run.foundBy !== 'process') ? 'running' : null;
}

/** Whose name, id and notes stay: one that a person began before one that was found, then the earliest. */
export function mergeHost<T extends MergePart>(runs: readonly T[]): T | null {
  const rank = (run: MergePart): number => (run.foundBy === 'process' ? 1 : 0);
  return [...runs].sort((a, b) => rank(a) - rank(b) || Date.parse(a.startedAt) - Date.parse(b.startedAt))[0] ?? null;
}
