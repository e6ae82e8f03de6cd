import { useCallback } from 'react';
import { useNotice } from '../app/announcer.tsx';
import { useEngine } from '../connection/connection-context.tsx';
import { wattrunError } from '../connection/use-request.ts';
import { useWords } from '../i18n/use-words.ts';
import { deletedText } from './delete-words.ts';
import { offerUndo } from './undo.ts';

/** Deletes at once and offers Undo while the notice stands. False where some of it stays. */
export function useDeleteRuns(): (runIds: readonly string[]) => Promise<boolean> {
  const { t } = useWords();
  const { request } = useEngine();
  const showNotice = useNotice();
  return useCallback(
    async (runIds) => {
      const restore = (ids: string[]): void => {
        request('runs.restore', { runIds: ids }).catch((error: unknown) =>
          showNotice({ text: t('runs.restoreFailed', { code: wattrunError(error).code }) }),
        );
      };
      try {
        const told = await request('runs.delete', { runIds: [...runIds] });
        const text = deletedText((key, values) => t(key, { ...values }), told);
        const deletedIds = runIds.filter((id) => !told.running.some(({ runId }) => runId === id));
        if (told.deleted === 0) showNotice({ text });
        else offerUndo(showNotice, { text, actionLabel: t('undo') }, () => restore(deletedIds));
        return told.running.length === 0;
      } catch (error) {
        showNotice({ text: t('runs.deleteFailed', { code: wattrunError(error).code }) });
        return false;
      }
    },
    [request, showNotice, t],
  );
}
