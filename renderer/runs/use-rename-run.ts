import { useCallback } from 'react';
import { useNotice } from '../app/announcer.tsx';
import { useEngine } from '../connection/connection-context.tsx';
import { wattrunError } from '../connection/use-request.ts';
import { useWords } from '../i18n/use-words.ts';

/** Gives a run another name; an empty one and the same one change nothing. */
export function useRenameRun(): (runId: string, before: string, wanted: string) => void {
  const { t } = useWords();
  const { request } = useEngine();
  const showNotice = useNotice();
  return useCallback(
    (runId, before, wanted) => {
      const name = wanted.trim();
      if (name === '' || name === before) return;
      request('runs.update', { runId, name }).catch((error: unknown) =>
        showNotice({ text: t('run.renameFailed', { code: wattrunError(error).code }) }),
      );
    },
    [request, showNotice, t],
  );
}
