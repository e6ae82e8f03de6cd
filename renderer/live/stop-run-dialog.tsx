import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useEngine } from '../connection/connection-context.tsx';
import { Dialog } from '../design/dialog.tsx';

interface StopRunDialogProps {
  readonly run: { readonly id: string; readonly name: string };
  readonly onClose: () => void;
}

/** Asks before a run is ended: the only act that asks first. */
export function StopRunDialog({ run, onClose }: StopRunDialogProps): ReactNode {
  const { t } = useTranslation();
  const { request } = useEngine();
  const [error, setError] = useState<string | null>(null);
  const stop = async (): Promise<void> => {
    try {
      await request('runs.stop', { runId: run.id });
      onClose();
    } catch (problem) {
      setError(problem instanceof Error ? problem.message : String(problem));
    }
  };
  return (
    <Dialog
      isOpen
      title={t('live.stopDialog.title', { name: run.name })}
      cancelLabel={t('live.stopDialog.keep')}
      confirmLabel={t('live.stopDialog.confirm')}
      confirmLook="danger"
      onClose={onClose}
      onConfirm={stop}
    >
      <p className="s">{t('live.stopDialog.text')}</p>
      {error !== null && <p className="crit">{error}</p>}
    </Dialog>
  );
}
