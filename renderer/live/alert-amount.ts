import type { FiringAlert } from '../../shared/model/live.ts';

export interface AlertAmount {
  readonly when: 'now' | 'fired';
  /** In the alert's unit; null where it is not known now. */
  readonly value: number | null;
}

/** What a firing alert's rule reads now; of an engine that does not tell it, or that is gone, what it read when it fired. Null: it reads no amount. */
export function alertAmount(
  alert: Pick<FiringAlert, 'value' | 'valueNow' | 'valueWatts'>,
  isAnswering: boolean,
): AlertAmount | null {
  const fired = alert.value ?? alert.valueWatts;
  if (isAnswering && alert.valueNow !== undefined)
    return fired === null && alert.valueNow === null ? null : { when: 'now', value: alert.valueNow };
  return fired === null ? null : { when: 'fired', value: fired };
}
