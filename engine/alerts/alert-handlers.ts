import type { Handlers } from '../../shared/contract/contract.ts';
import type { EngineContract } from '../../shared/contract/engine-contract.ts';
import type { AlertDesk } from './alert-desk.ts';
import { ruleDefinitions } from './registry.ts';

type AlertRequest =
  | Extract<keyof Handlers<EngineContract>, `alerts.${string}` | `destinations.${string}`>
  | 'runs.pause'
  | 'runs.resume';

/** What the requests about alerts do. */
export function createAlertHandlers(alerts: AlertDesk): Pick<Handlers<EngineContract>, AlertRequest> {
  const { destinations, control } = alerts;
  return {
    'alerts.describe': () => ({ kinds: ruleDefinitions.map((definition) => definition.descriptor) }),
    'alerts.list': () => ({ rules: [...alerts.listRules()] }),
    'alerts.put'(input) {
      const rule = alerts.putRule(input);
      alerts.invalidate();
      return rule;
    },
    'alerts.enable': ({ ruleId, isEnabled }) => alerts.setEnabled(ruleId, isEnabled),
    'alerts.remove'({ ruleId }) {
      alerts.removeRule(ruleId);
      return {};
    },
    'alerts.test': ({ ruleId }) => alerts.test(ruleId),
    'alerts.acknowledge'({ alertId }) {
      alerts.acknowledge(alertId);
      return {};
    },
    'alerts.snooze'({ ruleId, seconds }) {
      alerts.snooze(ruleId, seconds);
      return {};
    },
    'alerts.presets': () => ({ presets: [...alerts.presets()] }),
    'alerts.budgets': () => ({ budgets: [...alerts.budgets()] }),
    'alerts.preview': ({ input, hours }) => alerts.preview(input, hours),
    'alerts.answer': ({ alertId, isYes }) => alerts.answer(alertId, isYes),
    'alerts.told'({ alertId, to, isDelivered }) {
      alerts.noteTold(alertId, to, isDelivered);
      return {};
    },
    'alerts.log': ({ limit }) => ({ entries: [...alerts.log(limit ?? 200)] }),

    'destinations.list': () => ({ destinations: [...destinations.list()] }),
    'destinations.put': (input) => destinations.put(input),
    'destinations.remove'({ destinationId }) {
      destinations.remove(destinationId);
      return {};
    },
    'destinations.confirm': ({ destinationId }) => destinations.confirm(destinationId),
    'destinations.test': ({ destinationId }) => destinations.test(destinationId),

    'runs.pause': async ({ runId }) => ({ outcome: await control.pause(runId) }),
    'runs.resume': async ({ runId }) => ({ outcome: await control.resume(runId) }),
  };
}
