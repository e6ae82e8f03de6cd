import { fieldNumber, missing, typedNumber } from '../../shared/format/number-text.ts';
import {
  type AlertLevel,
  type AlertRule,
  type AlertRuleInput,
  type AlertScope,
  defaultActions,
  type RuleActions,
  type RuleChoice,
  type RuleDescriptor,
  type RuleField,
  type RuleParams,
} from '../../shared/model/alert.ts';
import { roundUpToDigits } from '../../shared/model/round-limit.ts';
import { usualRuleName } from '../../shared/model/rule-name.ts';

/** A rule as its form holds it: numbers are still text, so that half-typed ones stay as typed. */
export interface RuleDraft {
  /** Null: a new rule. */
  readonly id: string | null;
  readonly kind: string;
  /** Empty: named after its kind and numbers. */
  readonly name: string;
  /** 'machine', 'any-gpu' …, or 'domain:', 'run:', 'project:' and which. */
  readonly scope: string;
  readonly params: Readonly<Record<string, string>>;
  readonly level: AlertLevel;
  readonly isEnabled: boolean;
  readonly coolDownSeconds: string;
  readonly actions: RuleActions;
  /** Whose signs its numbers are written with. */
  readonly locale: string;
}

export function scopeText(scope: AlertScope): string {
  switch (scope.kind) {
    case 'domain':
      return `domain:${scope.domainId}`;
    case 'run':
      return `run:${scope.runId}`;
    case 'project':
      return `project:${scope.project}`;
    default:
      return scope.kind;
  }
}

export function scopeFromText(text: string): AlertScope {
  const [, kind, name = ''] = /^(domain|run|project):(.*)$/s.exec(text) ?? [];
  if (kind === 'domain') return { kind, domainId: name };
  if (kind === 'run') return { kind, runId: name };
  if (kind === 'project') return { kind, project: name };
  if (text === 'any-gpu' || text === 'any-domain' || text === 'any-run' || text === 'any-project')
    return { kind: text };
  return { kind: 'machine' };
}

export function draftFromRule(rule: AlertRule, descriptor: RuleDescriptor | undefined, locale: string): RuleDraft {
  const text = (value: number | string): string => (typeof value === 'number' ? fieldNumber(value, locale) : value);
  const { id, kind, scope, params, level, isEnabled, coolDownSeconds, actions } = rule;
  return {
    id,
    kind,
    name: descriptor !== undefined && usualRuleName(descriptor, params) === rule.name ? '' : rule.name,
    scope: scopeText(scope),
    params: Object.fromEntries(Object.entries(params).map(([key, value]) => [key, text(value)])),
    level,
    isEnabled,
    coolDownSeconds: text(coolDownSeconds),
    actions,
    locale,
  };
}

/** A draft in another locale: its numbers as they are written there. What was none stays as it was typed, and is told of as such. */
export function draftInLocale(draft: RuleDraft, descriptor: RuleDescriptor | undefined, locale: string): RuleDraft {
  if (draft.locale === locale) return draft;
  const rewritten = (text: string): string => {
    const value = typedNumber(text, draft.locale);
    return value === null ? text : fieldNumber(value, locale);
  };
  const numbers = new Set(descriptor?.fields.map(({ key }) => key));
  const params = Object.entries(draft.params).map(([key, text]) => [key, numbers.has(key) ? rewritten(text) : text]);
  return { ...draft, params: Object.fromEntries(params), coolDownSeconds: rewritten(draft.coolDownSeconds), locale };
}

/** A rule with sensible numbers: the limit is set a little above what the machine draws now. */
export function newDraft(descriptor: RuleDescriptor, powerWatts: number | null, locale: string): RuleDraft {
  const scope = descriptor.scopes.includes('machine') ? 'machine' : (descriptor.scopes[0] ?? 'machine');
  const limit = limitField(descriptor);
  const suggested =
    limit?.unit === 'W' && scope === 'machine' && powerWatts !== null
      ? clamp(suggestedLimitWatts(powerWatts), limit)
      : null;
  const factor = suggested === null || limit === undefined ? 1 : suggested / limit.defaultValue;
  const params = descriptor.fields.map((field) => {
    const value = field.unit === 'W' ? clamp(roundTo(field.defaultValue * factor, 2), field) : field.defaultValue;
    return [field.key, fieldNumber(field === limit && suggested !== null ? suggested : value, locale)];
  });
  return withChoices(
    {
      id: null,
      kind: descriptor.kind,
      name: '',
      scope: scope === 'domain' || scope === 'run' || scope === 'project' ? '' : scope,
      params: Object.fromEntries(params),
      level: 'warning',
      isEnabled: true,
      coolDownSeconds: '0',
      actions: defaultActions,
      locale,
    },
    descriptor,
  );
}

/** Choices that the scope does not have are put to the first that it has. */
export function withChoices(draft: RuleDraft, descriptor: RuleDescriptor): RuleDraft {
  const chosen = descriptor.choices.map((choice) => {
    const there = choicesFor(choice, draft.scope);
    const value = there.find((one) => one.value === draft.params[choice.key]) ?? there[0];
    return [choice.key, value?.value ?? ''];
  });
  return { ...draft, params: { ...draft.params, ...Object.fromEntries(chosen) } };
}

/** What a choice offers for the scope of a form. */
export const choicesFor = (choice: RuleChoice, scope: string): RuleChoice['choices'] =>
  choice.choices.filter(({ scopes }) => scopes === null || scopes.includes(scopeFromText(scope).kind));

/** A quarter above the present power, to two digits, rounded up: 4,542 W gives 5,700 W. */
export const suggestedLimitWatts = (powerWatts: number): number => roundUpToDigits(Math.max(powerWatts, 10) * 1.25, 2);

/** Characters of a label, like 'for', that fit between two numbers. */
const shortLabel = 6;

/** Fields by line of the form: a limit and the time that follows it share one. */
export function fieldLines(descriptor: RuleDescriptor): readonly (readonly RuleField[])[] {
  const lines: RuleField[][] = [];
  for (const field of descriptor.fields) {
    const last = lines.at(-1);
    const isTime = timeUnits.includes(field.unit);
    const isShort = field.label.length <= shortLabel;
    if (isTime && isShort && last?.length === 1 && !timeUnits.includes(last[0]?.unit ?? '')) last.push(field);
    else lines.push([field]);
  }
  return lines;
}

/** The number the rule compares its reading with: the one its kind names, else the first that is not a time. */
export function limitField(descriptor: RuleDescriptor): RuleField | undefined {
  return (
    descriptor.fields.find((field) => field.key === descriptor.limitKey) ??
    descriptor.fields.find((field) => !timeUnits.includes(field.unit))
  );
}

const timeUnits: readonly string[] = ['s', 'min', 'h'];
export const mostCoolDownSeconds = 7 * 86_400;

export interface DraftProblem {
  readonly key: string;
  readonly min: number;
  readonly max: number;
  readonly unit: string;
}

/** Fields whose number is missing or out of range. */
export function draftProblems(draft: RuleDraft, descriptor: RuleDescriptor, locale: string): readonly DraftProblem[] {
  const coolDown = { key: 'coolDownSeconds', min: 0, max: mostCoolDownSeconds, unit: 's' };
  const numbers = [
    ...descriptor.fields.map((field) => ({ ...field, text: draft.params[field.key] ?? '' })),
    { ...coolDown, text: draft.coolDownSeconds },
  ];
  return numbers
    .filter(({ text, min, max }) => {
      const value = typedNumber(text, locale);
      return value === null || value < min || value > max;
    })
    .map(({ key, min, max, unit }) => ({ key, min, max, unit }));
}

/** What the engine takes; only for a draft without problems. */
export function inputFromDraft(draft: RuleDraft, descriptor: RuleDescriptor, locale: string): AlertRuleInput {
  const numbers = descriptor.fields.map(
    (field) => [field.key, typedNumber(draft.params[field.key] ?? '', locale) ?? 0] as const,
  );
  const words = descriptor.choices.map((choice) => [choice.key, draft.params[choice.key] ?? ''] as const);
  return {
    id: draft.id,
    kind: draft.kind,
    name: draft.name.trim() === '' ? null : draft.name.trim(),
    scope: scopeFromText(draft.scope),
    params: Object.fromEntries([...numbers, ...words]),
    level: draft.level,
    isEnabled: draft.isEnabled,
    coolDownSeconds: typedNumber(draft.coolDownSeconds, locale) ?? 0,
    actions: draft.actions,
  };
}

/** What a draft's name is made of: each number as it is understood, and a dash where it is not. */
export function namedParams(draft: RuleDraft, descriptor: RuleDescriptor, locale: string): RuleParams {
  const understood = descriptor.fields.map(
    ({ key }) => [key, typedNumber(draft.params[key] ?? '', locale) ?? missing] as const,
  );
  return { ...draft.params, ...Object.fromEntries(understood) };
}

const clamp = (value: number, field: RuleField): number => Math.min(field.max, Math.max(field.min, value));
const roundTo = (value: number, digits: number): number => Number(value.toPrecision(digits));
