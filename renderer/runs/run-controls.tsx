import { useState } from 'react';
import type { RunReport } from '../../shared/model/run.ts';
import { useCompareBefore } from '../compare/use-compare-before.ts';
import { useEngine } from '../connection/connection-context.tsx';
import { wattrunError } from '../connection/use-request.ts';
import { Button } from '../design/button.tsx';
import { Dialog } from '../design/dialog.tsx';
import { useWords } from '../i18n/use-words.ts';
import { ExportMenu } from './export-menu.tsx';
import { ResumeButton } from './resume-button.tsx';
import { RunMoreMenu } from './run-more-menu.tsx';

interface RunControlsProps {
  readonly report: RunReport;
  readonly isPaused: boolean;
}

/** What is wanted most, in words: stop while it runs, compare once it has ended, export; the rest in a menu. */
export function RunControls({ report, isPaused }: RunControlsProps) {
  const { t } = useWords();
  const { run } = report;
  const isRunning = run.status === 'running';
  const beside = useCompareBefore(run);
  return (
    <>
      {isPaused && <ResumeButton run={run} />}
      {isRunning && <StopRun run={run} />}
      {!isRunning && beside !== null && (
        <Button icon="compare" title={t('compare.withBefore', { name: beside.before.name })} onClick={beside.compare}>
          {t('compare.button')}
        </Button>
      )}
      <ExportMenu runIds={[run.id]} />
      <RunMoreMenu report={report} beside={isRunning ? beside : null} />
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
