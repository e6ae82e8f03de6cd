import type { RunReport, RunSummary } from '../../shared/model/run.ts';
import { navigate } from '../app/router.ts';
import { useRequest } from '../connection/use-request.ts';
import { runBefore } from './compare-choice.ts';

/** As many as one answer may hold: the run before may be long ago. */
const mostRuns = 10_000;

export interface CompareBefore {
  readonly before: Pick<RunSummary, 'id' | 'name'>;
  readonly compare: () => void;
}

/** Holds a run against the one before it, of its name or its project; null where there is none. */
export function useCompareBefore(run: RunReport['run']): CompareBefore | null {
  const runs = useRequest('runs.list', { limit: mostRuns }).data?.runs ?? [];
  const before = runBefore(run, runs);
  if (before === null) return null;
  return { before, compare: () => navigate({ page: 'compare', runIds: [before.id, run.id] }) };
}
