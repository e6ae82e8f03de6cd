import { useCallback } from 'react';
import { useNotice } from '../app/announcer.tsx';
import { useEngine } from '../connection/connection-context.tsx';
import { wattrunError } from '../connection/use-request.ts';
import { useWords } from '../i18n/use-words.ts';
import { offerUndo } from './undo.ts';

/** Puts a found run aside that is no training run, and offers Undo while the notice stands: its record then comes back, ended. */
export function useDismissRun(): (runId: string, name: string) => Promise<boolean> {
  const { t } = useWords();
  const { request } = useEngine();
  const showNotice = useNotice();
  return useCallback(
    async (runId, name) => {
      try {
        await request('runs.dismiss', { runId });
        offerUndo(showNotice, { text: t('runs.dismiss.done', { name }), actionLabel: t('undo') }, () => {
          request('runs.restore', { runIds: [runId] }).catch((error: unknown) =>
            showNotice({ text: t('runs.restoreFailed', { code: wattrunError(error).code }) }),
          );
        });
        return true;
      } catch (error) {
        showNotice({ text: t('runs.dismiss.failed', { code: wattrunError(error).code }) });
        return false;
      }
    },
    [request, showNotice, t],
  );
}
