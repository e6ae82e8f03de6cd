import { chooseRule } from '../../alerts/chosen-rule.ts';
import type { Command, CommandContext, CommandSource } from '../command.ts';
import { goTo } from '../go-to.ts';

const snoozeSeconds = 60 * 60;

const firing = ({ live, isConnected }: CommandContext) => (isConnected ? (live?.alerts ?? []) : []);
const unacknowledged = (context: CommandContext) => firing(context).filter((alert) => !alert.isAcknowledged);

export const alertCommands: readonly Command[] = [
  {
    id: 'alerts:new',
    title: { key: 'command.newRule' },
    keywords: [{ key: 'keywords.newRule' }],
    group: 'alerts',
    icon: 'plus',
    isAvailable: ({ isConnected }) => isConnected,
    run() {
      chooseRule('new');
      goTo({ page: 'alerts' });
    },
  },
  {
    id: 'alerts:snooze',
    title: { key: 'command.snoozeAll' },
    keywords: [{ key: 'keywords.quiet' }],
    group: 'alerts',
    icon: 'alerts',
    isAvailable: (context) => firing(context).length > 0,
    async run(context) {
      const ruleIds = [...new Set(firing(context).map((alert) => alert.ruleId))];
      await Promise.all(ruleIds.map((ruleId) => context.request('alerts.snooze', { ruleId, seconds: snoozeSeconds })));
      context.showNotice(context.words('done.snoozed', { count: ruleIds.length }));
    },
  },
  {
    id: 'alerts:acknowledge',
    title: { key: 'command.acknowledgeAll' },
    keywords: [{ key: 'keywords.quiet' }],
    group: 'alerts',
    icon: 'check',
    isAvailable: (context) => unacknowledged(context).length > 0,
    async run(context) {
      const ids = unacknowledged(context).map((alert) => alert.id);
      await Promise.all(ids.map((alertId) => context.request('alerts.acknowledge', { alertId })));
      context.showNotice(context.words('done.acknowledged', { count: ids.length }));
    },
  },
];

/** Each rule by its name. */
export const ruleCommands: CommandSource = ({ rules }) =>
  rules.map((rule) => ({
    id: `rule:${rule.id}`,
    title: { name: rule.name },
    hint: { key: 'command.rule' },
    keywords: [{ key: 'keywords.rule' }, { name: rule.scopeLabel }],
    group: 'rules',
    icon: 'bell',
    isListed: false,
    run() {
      chooseRule(rule.id);
      goTo({ page: 'alerts' });
    },
  }));
