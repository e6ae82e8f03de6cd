import { WattrunError } from '../../shared/contract/errors.ts';
import type { AlertQuestion, RuleActions } from '../../shared/model/alert.ts';
import type { StoppedBy } from '../../shared/model/run.ts';

/** Pauses or stops runs for an alert; resolves with what came of it, in words. */
export type RunActor = (question: Pick<AlertQuestion, 'action' | 'runIds'>, alert: StoppedBy) => Promise<string>;

/** What an alert that concerns runs asks; null where its rule does nothing to them. */
export function createQuestion(actions: RuleActions, runIds: readonly string[]): AlertQuestion | null {
  if (actions.runAction === 'none' || runIds.length === 0) return null;
  return {
    action: actions.runAction,
    runIds: [...runIds],
    state: actions.isAsking ? 'open' : 'unasked',
    answeredAtMs: null,
    outcome: null,
  };
}

/** Throws 'alerts/invalid' where nothing is asked any more. */
export function answerOf(question: AlertQuestion | null, isYes: boolean, unixMs: number): AlertQuestion {
  if (question === null) throw new WattrunError('alerts/invalid', 'This alert asks nothing.');
  if (question.state !== 'open')
    throw new WattrunError('alerts/invalid', 'This alert asks nothing any more.', 'It was answered, or it is over.');
  return { ...question, state: isYes ? 'yes' : 'no', answeredAtMs: unixMs };
}

/** An alert that is over asks nothing any more. */
export const lapsed = (question: AlertQuestion | null): AlertQuestion | null =>
  question?.state === 'open' ? { ...question, state: 'lapsed' } : question;
