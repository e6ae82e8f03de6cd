import { useCallback, useState } from 'react';
import { useNotice } from '../app/announcer.tsx';
import { useEngine, useHost } from '../connection/connection-context.tsx';
import { saveExport } from '../connection/export.ts';
import { wattrunError } from '../connection/use-request.ts';
import { useWords } from '../i18n/use-words.ts';

export interface ExportJob {
  readonly isBusy: boolean;
  /** Null stands for all runs. */
  readonly start: (format: string, runIds: readonly string[] | null) => void;
}

/** Saves an export and says where it went, or why it did not. */
export function useExport(): ExportJob {
  const { t } = useWords();
  const { request } = useEngine();
  const host = useHost();
  const showNotice = useNotice();
  const [isBusy, setIsBusy] = useState(false);
  const start = useCallback(
    (format: string, runIds: readonly string[] | null) => {
      setIsBusy(true);
      saveExport({ format, runIds }, { request, host })
        .then((saved) => {
          if (saved.kind === 'cancelled') return;
          const { path } = saved;
          showNotice({
            text: t('export.saved', { name: path ?? saved.fileName }),
            ...(path === null || host === null
              ? {}
              : { actionLabel: t('export.show'), onAction: () => void host.request('host.showFile', { path }) }),
          });
        })
        .catch((error: unknown) => showNotice({ text: t('export.failed', { code: wattrunError(error).code }) }))
        .finally(() => setIsBusy(false));
    },
    [request, host, showNotice, t],
  );
  return { isBusy, start };
}
