import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useNotice } from '../app/announcer.tsx';
import { useConnection, useEngine } from '../connection/connection-context.tsx';
import { wattrunError } from '../connection/use-request.ts';
import { Button } from '../design/button.tsx';

interface ResumeButtonProps {
  readonly run: { readonly id: string; readonly name: string };
  readonly size?: 'normal' | 'small';
}

/** Lets the held processes of a run go on. */
export function ResumeButton({ run, size = 'normal' }: ResumeButtonProps): ReactNode {
  const { t } = useTranslation();
  const { request } = useEngine();
  const { status } = useConnection();
  const showNotice = useNotice();
  const resume = (): void => {
    request('runs.resume', { runId: run.id }).catch((error: unknown) =>
      showNotice({ text: wattrunError(error).message }),
    );
  };
  return (
    <Button
      size={size}
      icon="play"
      aria-label={t('live.running.resumeRun', { name: run.name })}
      disabled={status !== 'connected'}
      onClick={resume}
    >
      {t('live.running.resume')}
    </Button>
  );
}
