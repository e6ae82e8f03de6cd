import type { FiringAlert, LiveState } from '../../shared/model/live.ts';
import { useNotice } from '../app/announcer.tsx';
import { useEngine, useLive } from '../connection/connection-context.tsx';
import { wattrunError } from '../connection/use-request.ts';
import { Button } from '../design/button.tsx';
import { Strip } from '../design/strip.tsx';
import { useAlertWords } from './use-alert-words.ts';

/** What alerts ask, and runs that are held: each with its buttons. */
export function AlertQuestions() {
  const { t } = useAlertWords();
  const live = useLive();
  const { request } = useEngine();
  const showNotice = useNotice();
  const fail = (error: unknown): void => showNotice({ text: wattrunError(error).message });
  const asking = live?.alerts.filter((alert) => alert.question?.state === 'open') ?? [];
  const paused = live?.runs.filter((run) => run.isPaused === true) ?? [];
  return (
    <>
      {asking.map((alert) => (
        <Question
          key={alert.id}
          alert={alert}
          live={live}
          onAnswer={(isYes) => void request('alerts.answer', { alertId: alert.id, isYes }).catch(fail)}
        />
      ))}
      {paused.map(({ id, name }) => (
        <Strip
          key={id}
          tone="info"
          sign="clock"
          title={t('paused', { name })}
          actions={
            <Button size="small" onClick={() => void request('runs.resume', { runId: id }).catch(fail)}>
              {t('resume')}
            </Button>
          }
        >
          {t('pausedText')}
        </Strip>
      ))}
    </>
  );
}

interface QuestionProps {
  readonly alert: FiringAlert;
  readonly live: LiveState | null;
  readonly onAnswer: (isYes: boolean) => void;
}

function Question({ alert, live, onAnswer }: QuestionProps) {
  const { t } = useAlertWords();
  const question = alert.question;
  if (question == null) return null;
  const names = question.runIds.map((id) => live?.runs.find((run) => run.id === id)?.name ?? id).join(', ');
  return (
    <Strip
      tone={alert.level === 'critical' ? 'crit' : 'warn'}
      title={t(`question.${question.action}`, { names })}
      actions={
        <>
          <Button size="small" look="danger" onClick={() => onAnswer(true)}>
            {t(`question.${question.action}Yes`)}
          </Button>
          <Button size="small" onClick={() => onAnswer(false)}>
            {t('question.no')}
          </Button>
        </>
      }
    >
      {alert.ruleName}
    </Strip>
  );
}
