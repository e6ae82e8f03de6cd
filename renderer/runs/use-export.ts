import { useCallback, useState } from 'react';
import { useNotice } from '../app/announcer.tsx';
import { useEngine, useHost } from '../connection/connection-context.tsx';
import { type ExportProgress, saveExport } from '../connection/export.ts';
import { wattrunError } from '../connection/use-request.ts';
import { beginExportJob } from '../exports/export-jobs.ts';
import { useWords } from '../i18n/use-words.ts';

export interface ExportStart {
  readonly isBusy: boolean;
  /** Null runs stand for all of them. */
  readonly start: (format: string, runIds: readonly string[] | null, project?: string) => void;
}

/** Saves an export, tells how far it is, and says where it went or why it did not. */
export function useExport(): ExportStart {
  const { t } = useWords();
  const { request } = useEngine();
  const host = useHost();
  const showNotice = useNotice();
  const [isBusy, setIsBusy] = useState(false);
  const start = useCallback(
    (format: string, runIds: readonly string[] | null, project?: string) => {
      setIsBusy(true);
      const job = beginExportJob();
      let name: string | null = null;
      const onProgress = (progress: ExportProgress): void => {
        name = progress.fileName;
        job.tell(progress);
      };
      const asked = { format, runIds, ...(project === undefined ? {} : { project }) };
      saveExport(asked, { request, host, onProgress, signal: job.signal })
        .then((saved) => {
          if (saved.kind === 'cancelled') {
            if (name !== null) showNotice({ text: t('charts:exporting.cancelled', { name }) });
            return;
          }
          const { path } = saved;
          showNotice({
            text: t('export.saved', { name: path ?? saved.fileName }),
            ...(path === null || host === null
              ? {}
              : { actionLabel: t('export.show'), onAction: () => void host.request('host.showFile', { path }) }),
          });
        })
        .catch((error: unknown) => showNotice({ text: t('export.failed', { code: wattrunError(error).code }) }))
        .finally(() => {
          job.end();
          setIsBusy(false);
        });
    },
    [request, host, showNotice, t],
  );
  return { isBusy, start };
}
