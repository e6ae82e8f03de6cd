import { useEffect } from 'react';
import { navigate } from '../app/router.ts';
import { Button } from '../design/button.tsx';
import { useWords } from '../i18n/use-words.ts';
import { useRunsView } from './runs-store.ts';

/** The runs before and after this one in the table as it was last shown; K and J go there. */
export function RunNeighbours({ runId }: { readonly runId: string }) {
  const { t } = useWords();
  const orderedIds = useRunsView((state) => state.orderedIds);
  const at = orderedIds.indexOf(runId);
  const previousId = at > 0 ? orderedIds[at - 1] : undefined;
  const nextId = at >= 0 ? orderedIds[at + 1] : undefined;
  useEffect(() => {
    const press = (event: KeyboardEvent): void => {
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      if (event.target instanceof Element && event.target.closest('input,textarea,select,[role="dialog"]') !== null)
        return;
      const wantedId = event.key === 'k' ? previousId : event.key === 'j' ? nextId : undefined;
      if (wantedId !== undefined) navigate({ page: 'run', runId: wantedId });
    };
    addEventListener('keydown', press);
    return () => removeEventListener('keydown', press);
  }, [previousId, nextId]);
  if (at < 0) return null;
  const go = (wantedId: string | undefined) => (): void => {
    if (wantedId !== undefined) navigate({ page: 'run', runId: wantedId });
  };
  return (
    <>
      <Button
        look="ghost"
        icon="left"
        aria-label={t('run.previous')}
        disabled={previousId === undefined}
        onClick={go(previousId)}
      />
      <Button
        look="ghost"
        icon="right"
        aria-label={t('run.next')}
        disabled={nextId === undefined}
        onClick={go(nextId)}
      />
    </>
  );
}
