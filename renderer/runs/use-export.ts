import { useCallback, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNotice } from '../app/announcer.tsx';
import { useEngine, useHost } from '../connection/connection-context.tsx';
import { saveExport } from '../connection/export.ts';
import { wattrunError } from '../connection/use-request.ts';
import { useWords } from '../i18n/use-words.ts';

export interface ExportJob {
  readonly isBusy: boolean;
  /** How much is behind, 0…1. */
  readonly doneRatio: number;
  /** Null runs stand for all of them. */
  readonly start: (format: string, runIds: readonly string[] | null, project?: string) => void;
  /** Null where the shell writes the file, or nothing goes on. */
  readonly cancel: (() => void) | null;
}

/** Shown in whole percent: more often is of no use. */
const progressStep = 0.01;

/** Saves an export and says where it went, or why it did not. */
export function useExport(): ExportJob {
  const { t } = useWords();
  const { t: r } = useTranslation('reports');
  const { request } = useEngine();
  const host = useHost();
  const showNotice = useNotice();
  const [isBusy, setIsBusy] = useState(false);
  const [doneRatio, setDoneRatio] = useState(0);
  const stop = useRef<AbortController | null>(null);
  const start = useCallback(
    (format: string, runIds: readonly string[] | null, project?: string) => {
      const controller = new AbortController();
      stop.current = controller;
      const { signal } = controller;
      setIsBusy(true);
      setDoneRatio(0);
      const onProgress = (_characters: number, ratio: number): void =>
        setDoneRatio((before) => (ratio - before >= progressStep ? ratio : before));
      saveExport(
        { format, runIds, ...(project === undefined ? {} : { project }) },
        { request, host, signal, onProgress },
      )
        .then((saved) => {
          if (saved.kind === 'cancelled') {
            if (signal.aborted) showNotice({ text: r('cancelled') });
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
        .finally(() => setIsBusy(false));
    },
    [request, host, showNotice, t, r],
  );
  const cancel = useCallback(() => stop.current?.abort(), []);
  return { isBusy, doneRatio, start, cancel: isBusy && host === null ? cancel : null };
}
