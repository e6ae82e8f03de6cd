import { useLive } from '../connection/connection-context.tsx';
import { Strip } from '../design/strip.tsx';
import { ResumeButton } from '../runs/resume-button.tsx';
import { useAlertWords } from './use-alert-words.ts';

/** Runs that are held, each with the button that lets it go on. */
export function PausedRuns() {
  const { t } = useAlertWords();
  const paused = useLive()?.runs.filter((run) => run.isPaused === true) ?? [];
  return paused.map((run) => (
    <Strip
      key={run.id}
      tone="info"
      sign="pause"
      title={t('paused', { name: run.name })}
      actions={<ResumeButton run={run} size="small" />}
    >
      {t('pausedText')}
    </Strip>
  ));
}
