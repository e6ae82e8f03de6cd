import { randomUUID } from 'node:crypto';
import { WattrunError } from '../../shared/contract/errors.ts';
import {
  type AlertRuleInput,
  type AlertScope,
  defaultActions,
  type RuleDescriptor,
  type RuleParams,
} from '../../shared/model/alert.ts';
import { usualRuleName } from '../../shared/model/rule-name.ts';
import type { StoredRule } from '../store/store.ts';
import { ruleDefinition, ruleDefinitions } from './registry.ts';
import { paramsSchema } from './rule.ts';

/** A rule as it is stored, from what a form or a command gives. Throws 'alerts/invalid' with what would be right. */
export function ruleFromInput(input: AlertRuleInput, before: StoredRule | null, nowMs: number): StoredRule {
  const definition = ruleDefinition(input.kind);
  if (definition === undefined)
    throw new WattrunError(
      'alerts/invalid',
      `There is no kind of rule named ${input.kind}.`,
      `Kinds: ${ruleDefinitions.map((one) => one.descriptor.kind).join(', ')}`,
    );
  const { descriptor } = definition;
  if (!descriptor.scopes.includes(input.scope.kind))
    throw new WattrunError(
      'alerts/invalid',
      `${descriptor.label} cannot watch ${input.scope.kind}.`,
      `It can watch: ${descriptor.scopes.join(', ')}`,
    );
  if (descriptor.isMoment && (input.actions?.runAction ?? 'none') !== 'none')
    throw new WattrunError(
      'alerts/invalid',
      `${descriptor.label}: a run that has ended can be neither paused nor stopped.`,
    );
  const params = checkedParams(descriptor, input.params, input.scope);
  return {
    id: before?.id ?? randomUUID().slice(0, 8),
    kind: input.kind,
    name: input.name?.trim() || usualRuleName(descriptor, params),
    scope: input.scope,
    params,
    level: input.level,
    isEnabled: input.isEnabled,
    createdAtMs: before?.createdAtMs ?? nowMs,
    coolDownSeconds: input.coolDownSeconds ?? before?.coolDownSeconds ?? 0,
    actions: input.actions ?? before?.actions ?? defaultActions,
  };
}

function checkedParams(
  descriptor: RuleDescriptor,
  given: RuleParams,
  scope: AlertScope,
): Record<string, number | string> {
  const parsed = paramsSchema(descriptor, scope.kind).safeParse(given);
  if (parsed.success) return parsed.data;
  const key = String(parsed.error.issues[0]?.path[0] ?? '');
  const field = descriptor.fields.find((one) => one.key === key);
  const choice = descriptor.choices.find((one) => one.key === key);
  throw new WattrunError(
    'alerts/invalid',
    field !== undefined
      ? `${field.key} must lie between ${field.min} and ${field.max} ${field.unit}.`
      : `${key} of ${scope.kind} must be one of: ${allowed(choice, scope.kind).join(', ')}.`,
  );
}

const allowed = (choice: RuleDescriptor['choices'][number] | undefined, scope: AlertScope['kind']): readonly string[] =>
  choice?.choices.filter(({ scopes }) => scopes === null || scopes.includes(scope)).map(({ value }) => value) ?? [];
