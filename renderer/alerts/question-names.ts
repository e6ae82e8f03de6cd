import type { AlertQuestion } from '../../shared/model/alert.ts';
import type { FiringAlert, LiveState } from '../../shared/model/live.ts';

/** Whether an alert waits for an answer about runs. */
export const isAsking = (alert: Pick<FiringAlert, 'question'>): boolean => alert.question?.state === 'open';

/** The runs that a question is about, by name where they are known: 'llama, vit'. */
export function questionNames({ runIds }: AlertQuestion, live: Pick<LiveState, 'runs'> | null): string {
  return runIds.map((id) => live?.runs.find((run) => run.id === id)?.name ?? id).join(', ');
}
