import { useState } from 'react';
import type { FiringAlert, LiveState } from '../../shared/model/live.ts';
import { useNotice } from '../app/announcer.tsx';
import { useConnection, useEngine, useLive } from '../connection/connection-context.tsx';
import { wattrunError } from '../connection/use-request.ts';
import { Button } from '../design/button.tsx';
import { Strip } from '../design/strip.tsx';
import { isAsking, questionNames } from './question-names.ts';
import { useAlertWords } from './use-alert-words.ts';

/** What alerts ask about runs, each with its buttons; nothing while no engine could hear the answer. */
export function AlertQuestions() {
  const live = useLive();
  const { status } = useConnection();
  if (live === null || status !== 'connected') return null;
  return live.alerts.filter(isAsking).map((alert) => <Question key={alert.id} alert={alert} live={live} />);
}

function Question({ alert, live }: { readonly alert: FiringAlert; readonly live: LiveState }) {
  const { t } = useAlertWords();
  const { request } = useEngine();
  const showNotice = useNotice();
  const [isAnswered, setAnswered] = useState(false);
  const { question } = alert;
  if (question == null) return null;
  const answer = (isYes: boolean): void => {
    setAnswered(true);
    request('alerts.answer', { alertId: alert.id, isYes }).catch((error: unknown) => {
      setAnswered(false);
      showNotice({ text: wattrunError(error).message });
    });
  };
  return (
    <Strip
      tone={alert.level === 'critical' ? 'crit' : 'warn'}
      title={t(`question.${question.action}`, { names: questionNames(question, live) })}
      actions={
        <>
          <Button size="small" look="danger" disabled={isAnswered} onClick={() => answer(true)}>
            {t(`question.${question.action}Yes`)}
          </Button>
          <Button size="small" disabled={isAnswered} onClick={() => answer(false)}>
            {t('question.no')}
          </Button>
        </>
      }
    >
      {t('question.asked', { rule: alert.ruleName })}
    </Strip>
  );
}
