import type {
  AlertRule,
  AlertScope,
  RuleChoice,
  RuleDescriptor,
  RuleField,
  RuleParams,
} from '../../shared/model/alert.ts';
import { usualRuleName } from '../../shared/model/rule-name.ts';
import type { AlertWords } from './use-alert-words.ts';

/** The engine's words in the page's language, found by what is stable of them; the engine's own where there are none. */
export const kindWord = (t: AlertWords, { kind, label }: Pick<RuleDescriptor, 'kind' | 'label'>): string =>
  t(`kind.${kind}`, { defaultValue: label });

export const definitionWords = (t: AlertWords, { kind, definition, isBudget }: RuleDescriptor): string =>
  t(`definition.${isBudget ? 'budget' : kind}`, { defaultValue: definition });

export const fieldWord = (
  t: AlertWords,
  kind: string,
  { key, label }: Pick<RuleField | RuleChoice, 'key' | 'label'>,
): string => t([`fieldOf.${kind}.${key}`, `field.${key}`], { defaultValue: label });

export const choiceWord = (t: AlertWords, key: string, { value, label }: RuleChoice['choices'][number]): string =>
  t(`choice.${key}.${value}`, { defaultValue: label });

/** 'Power above 4500 W for 30 s' in the page's language. */
export function usualName(t: AlertWords, descriptor: RuleDescriptor, params: RuleParams): string {
  const spoken = Object.fromEntries(
    descriptor.choices.flatMap((choice) => {
      const chosen = choice.choices.find(({ value }) => value === params[choice.key]);
      return chosen === undefined ? [] : [[choice.key, choiceWord(t, choice.key, chosen).toLowerCase()]];
    }),
  );
  return t(`name.${descriptor.kind}`, { ...params, ...spoken, defaultValue: usualRuleName(descriptor, params) });
}

/** A rule's name: as its user gave it, else in the page's language. */
export function ruleName(
  t: AlertWords,
  rule: Pick<AlertRule, 'name' | 'params' | 'status'>,
  descriptor: RuleDescriptor | undefined,
): string {
  const isUsual = descriptor !== undefined && usualRuleName(descriptor, rule.params) === rule.name;
  if (!isUsual) return rule.name;
  const { limitAmount } = rule.params;
  const isMoney = descriptor.unit === 'money' && typeof limitAmount === 'number';
  return usualName(
    t,
    descriptor,
    isMoney ? { ...rule.params, limitAmount: `${limitAmount} ${rule.status.unit}`.trim() } : rule.params,
  );
}

/** 'Whole machine', 'Any GPU', 'Run llama3'; a device by the label it has. */
export function scopeWord(t: AlertWords, scope: AlertScope, label: string): string {
  switch (scope.kind) {
    case 'domain':
      return label;
    case 'run':
      return t('scope.run', { name: label });
    case 'project':
      return t('scope.project', { name: scope.project });
    default:
      return t(`scope.${scope.kind}`);
  }
}

/** What an alert was about: the engine's label, but for the whole machine. */
export const targetWord = (t: AlertWords, target: string, label: string): string =>
  target === 'machine' && label === 'Whole machine' ? t('scope.machine') : label;

/** 'failed, exit 1'. */
export function outcomeWord(t: AlertWords, outcome: string): string {
  const [, status = outcome, code] = /^(\w+)(?:, exit code (-?\d+))?$/.exec(outcome) ?? [];
  const word = t(`outcome.${status}`, { defaultValue: status });
  return code === undefined ? word : t('outcome.exit', { outcome: word, code });
}
