import { useCallback } from 'react';
import { useNotice } from '../app/announcer.tsx';
import { useEngine } from '../connection/connection-context.tsx';
import { wattrunError } from '../connection/use-request.ts';
import { useWords } from '../i18n/use-words.ts';

/** Deletes at once and offers Undo while the notice stands. */
export function useDeleteRuns(): (runIds: readonly string[]) => Promise<boolean> {
  const { t } = useWords();
  const { request } = useEngine();
  const showNotice = useNotice();
  return useCallback(
    async (runIds) => {
      const payload = { runIds: [...runIds] };
      try {
        const { deleted } = await request('runs.delete', payload);
        lastDeleted = payload.runIds;
        showNotice({
          text: t('runs.deleted', { count: deleted }),
          actionLabel: t('undo'),
          onAction: () => {
            lastDeleted = null;
            request('runs.restore', payload).catch((error: unknown) =>
              showNotice({ text: t('runs.restoreFailed', { code: wattrunError(error).code }) }),
            );
          },
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

let lastDeleted: readonly string[] | null = null;

/** What Ctrl Z brings back; asking takes it, so that it is brought back once. */
export function takeLastDeleted(): readonly string[] | null {
  const runIds = lastDeleted;
  lastDeleted = null;
  return runIds;
}
