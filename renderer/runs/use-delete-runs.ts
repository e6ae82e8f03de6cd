import { useCallback } from 'react';
import { useNotice } from '../app/announcer.tsx';
import { useEngine } from '../connection/connection-context.tsx';
import { wattrunError } from '../connection/use-request.ts';
import { useWords } from '../i18n/use-words.ts';
import { rememberUndo, takeUndo } from './undo.ts';

/** Deletes at once and offers Undo while the notice stands. */
export function useDeleteRuns(): (runIds: readonly string[]) => Promise<boolean> {
  const { t } = useWords();
  const { request } = useEngine();
  const showNotice = useNotice();
  return useCallback(
    async (runIds) => {
      const payload = { runIds: [...runIds] };
      const undo = (): void => {
        request('runs.restore', payload).catch((error: unknown) =>
          showNotice({ text: t('runs.restoreFailed', { code: wattrunError(error).code }) }),
        );
      };
      try {
        const { deleted } = await request('runs.delete', payload);
        rememberUndo(undo);
        showNotice({
          text: t('runs.deleted', { count: deleted }),
          actionLabel: t('undo'),
          onAction: () => takeUndo()?.(),
        });
        return true;
      } catch (error) {
        showNotice({ text: t('runs.deleteFailed', { code: wattrunError(error).code }) });
        return false;
      }
    },
    [request, showNotice, t],
  );
}
