import { useEffect } from 'react';
import type { AlertRule } from '../../shared/model/alert.ts';
import { useEngine, useLive } from '../connection/connection-context.tsx';

const snoozeSeconds = 60 * 60;

interface AlertKeysOptions {
  readonly rule: AlertRule | null;
  readonly onNew: () => void;
}

/** N new rule, A acknowledge, S snooze for an hour: the rule that is selected. */
export function useAlertKeys({ rule, onNew }: AlertKeysOptions): void {
  const { acknowledge, snooze } = useAlertActions(rule);
  useEffect(() => {
    const press = (event: KeyboardEvent): void => {
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      if (event.target instanceof Element && event.target.closest('input,textarea,select,[role="dialog"]') !== null)
        return;
      if (event.key === 'n') onNew();
      else if (event.key === 'a') acknowledge();
      else if (event.key === 's') snooze(snoozeSeconds);
      else return;
      event.preventDefault();
    };
    addEventListener('keydown', press);
    return () => removeEventListener('keydown', press);
  }, [onNew, acknowledge, snooze]);
}

export interface AlertActions {
  /** The alert of this rule that fires now; null where none does. */
  readonly alertId: string | null;
  readonly isAcknowledged: boolean;
  readonly acknowledge: () => void;
  /** 0 ends a snooze. */
  readonly snooze: (seconds: number) => void;
}

export function useAlertActions(rule: AlertRule | null): AlertActions {
  const { request } = useEngine();
  const firing = useLive()?.alerts.find((alert) => alert.ruleId === rule?.id);
  return {
    alertId: firing?.id ?? null,
    isAcknowledged: firing?.isAcknowledged ?? false,
    acknowledge() {
      // A refusal changes nothing that is shown: the alert stays unacknowledged until the engine says otherwise.
      if (firing !== undefined) void request('alerts.acknowledge', { alertId: firing.id }).catch(() => undefined);
    },
    snooze(seconds) {
      if (rule !== null) void request('alerts.snooze', { ruleId: rule.id, seconds }).catch(() => undefined);
    },
  };
}
