import { useRef, useState } from 'react';
import type { RunReport } from '../../shared/model/run.ts';
import { navigate } from '../app/router.ts';
import { CompareBefore } from '../compare/compare-before.tsx';
import { useEngine } from '../connection/connection-context.tsx';
import { wattrunError } from '../connection/use-request.ts';
import { Button } from '../design/button.tsx';
import { Dialog } from '../design/dialog.tsx';
import { useWords } from '../i18n/use-words.ts';
import { ExportMenu } from './export-menu.tsx';
import { PrintButton } from './print-button.tsx';
import { RunNeighbours } from './run-neighbours.tsx';
import { useDeleteRuns } from './use-delete-runs.ts';
import { useDismissRun } from './use-dismiss-run.ts';

/** Stop while it runs, export, delete; a found one is put aside where it is no training. */
export function RunControls({ run }: { readonly run: RunReport['run'] }) {
  const { t } = useWords();
  const deleteRuns = useDeleteRuns();
  const dismiss = useDismissRun();
  const putAside = (): void => {
    void dismiss(run.id, run.name).then((isDone) => isDone && navigate({ page: 'runs' }));
  };
  const exportButton = useRef<HTMLButtonElement>(null);
  const remove = (): void => {
    void deleteRuns([run.id]).then((isDone) => isDone && navigate({ page: 'runs' }));
  };
  return (
    <>
      <RunNeighbours runId={run.id} />
      <CompareBefore run={run} />
      {run.status === 'running' && <StopRun run={run} />}
      {run.foundBy === 'process' && (
        <Button title={t('runs.dismiss.hint')} onClick={putAside}>
          {t('runs.dismiss.button')}
        </Button>
      )}
      <ExportMenu runIds={[run.id]} buttonRef={exportButton} />
      <PrintButton />
      {run.status !== 'running' && <Button look="ghost" icon="trash" aria-label={t('runs.delete')} onClick={remove} />}
    </>
  );
}

function StopRun({ run }: { readonly run: RunReport['run'] }) {
  const { t } = useWords();
  const { request } = useEngine();
  const [isOpen, setIsOpen] = useState(false);
  const [isBusy, setIsBusy] = useState(false);
  const [errorCode, setErrorCode] = useState<string | null>(null);
  const stop = (): void => {
    setIsBusy(true);
    request('runs.stop', { runId: run.id, status: 'stopped' })
      .then(
        () => setIsOpen(false),
        (error: unknown) => setErrorCode(wattrunError(error).code),
      )
      .finally(() => setIsBusy(false));
  };
  return (
    <>
      <Button icon="stop" onClick={() => setIsOpen(true)}>
        {t('run.stop.button')}
      </Button>
      <Dialog
        title={t('run.stop.title', { name: run.name })}
        isOpen={isOpen}
        onClose={() => setIsOpen(false)}
        onConfirm={stop}
        confirmLabel={t('run.stop.confirm')}
        confirmLook="danger"
        cancelLabel={t('run.stop.keep')}
        isBusy={isBusy}
      >
        <p className="s">{run.foundBy === 'command' ? t('run.stop.wrapped') : t('run.stop.text')}</p>
        {errorCode !== null && <p className="crit">{t('run.stop.failed', { code: errorCode })}</p>}
      </Dialog>
    </>
  );
}
