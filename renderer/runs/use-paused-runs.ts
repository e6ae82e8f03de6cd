import { useMemo } from 'react';
import { useEngineState } from '../connection/connection-context.tsx';

/** Ids of the runs whose processes are held now; the same set until one is held or goes on. */
export function usePausedRuns(): ReadonlySet<string> {
  const ids = useEngineState(({ live }) =>
    JSON.stringify((live?.runs ?? []).flatMap((run) => (run.isPaused === true ? [run.id] : []))),
  );
  return useMemo(() => new Set<string>(JSON.parse(ids)), [ids]);
}
