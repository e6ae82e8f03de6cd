import { useEffect } from 'react';
import { navigate } from '../app/router.ts';
import { useRunsView } from './runs-store.ts';

export interface Neighbours {
  /** Goes there; null where there is none. */
  readonly previous: (() => void) | null;
  readonly next: (() => void) | null;
}

/** The runs before and after this one in the table as it was last shown, null where it was not in it; K and J go there. */
export function useNeighbours(runId: string): Neighbours | null {
  const orderedIds = useRunsView((state) => state.orderedIds);
  const at = orderedIds.indexOf(runId);
  const previousId = at > 0 ? orderedIds[at - 1] : undefined;
  const nextId = at >= 0 ? orderedIds[at + 1] : undefined;
  useEffect(() => {
    const press = (event: KeyboardEvent): void => {
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      const busy = 'input,textarea,select,[role="dialog"],[role="menu"]';
      if (event.target instanceof Element && event.target.closest(busy) !== null) return;
      const wantedId = event.key === 'k' ? previousId : event.key === 'j' ? nextId : undefined;
      if (wantedId !== undefined) navigate({ page: 'run', runId: wantedId });
    };
    addEventListener('keydown', press);
    return () => removeEventListener('keydown', press);
  }, [previousId, nextId]);
  if (at < 0) return null;
  const to = (wantedId: string | undefined): (() => void) | null =>
    wantedId === undefined ? null : () => navigate({ page: 'run', runId: wantedId });
  return { previous: to(previousId), next: to(nextId) };
}
