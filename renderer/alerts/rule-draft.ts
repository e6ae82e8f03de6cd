import type {
  AlertLevel,
  AlertRule,
  AlertRuleInput,
  AlertScope,
  RuleDescriptor,
  RuleField,
} from '../../shared/model/alert.ts';

/** A rule as its form holds it: numbers are still text, so that half-typed ones stay as typed. */
export interface RuleDraft {
  /** Null: a new rule. */
  readonly id: string | null;
  readonly kind: string;
  /** Empty: named after its kind and numbers. */
  readonly name: string;
  /** 'machine', 'any-gpu', or 'domain:' and the domain's id. */
  readonly scope: string;
  readonly params: Readonly<Record<string, string>>;
  readonly level: AlertLevel;
  readonly isEnabled: boolean;
}

const domainPrefix = 'domain:';

export function scopeText(scope: AlertScope): string {
  return scope.kind === 'domain' ? `${domainPrefix}${scope.domainId}` : scope.kind;
}

export function scopeFromText(text: string): AlertScope {
  if (text.startsWith(domainPrefix)) return { kind: 'domain', domainId: text.slice(domainPrefix.length) };
  return { kind: text === 'any-gpu' ? 'any-gpu' : 'machine' };
}

export function draftFromRule(rule: AlertRule, descriptor: RuleDescriptor | undefined): RuleDraft {
  const { id, kind, scope, params, level, isEnabled } = rule;
  return {
    id,
    kind,
    name: descriptor !== undefined && filledName(descriptor, params) === rule.name ? '' : rule.name,
    scope: scopeText(scope),
    params: Object.fromEntries(Object.entries(params).map(([key, value]) => [key, String(value)])),
    level,
    isEnabled,
  };
}

/** A rule with sensible numbers: the limit is set a little above what the machine draws now. */
export function newDraft(descriptor: RuleDescriptor, powerWatts: number | null): RuleDraft {
  const scope = descriptor.scopes.includes('machine') ? 'machine' : (descriptor.scopes[0] ?? 'machine');
  const limit = limitField(descriptor);
  const suggested =
    limit?.unit === 'W' && scope === 'machine' && powerWatts !== null
      ? clamp(suggestedLimitWatts(powerWatts), limit)
      : null;
  const factor = suggested === null || limit === undefined ? 1 : suggested / limit.defaultValue;
  const params = descriptor.fields.map((field) => {
    const value = field.unit === 'W' ? clamp(roundTo(field.defaultValue * factor, 2), field) : field.defaultValue;
    return [field.key, String(field === limit && suggested !== null ? suggested : value)];
  });
  return {
    id: null,
    kind: descriptor.kind,
    name: '',
    scope: scope === 'domain' ? '' : scope,
    params: Object.fromEntries(params),
    level: 'warning',
    isEnabled: true,
  };
}

/** A quarter above the present power, to two digits, rounded up: 4,542 W gives 5,700 W. */
export function suggestedLimitWatts(powerWatts: number): number {
  const wanted = Math.max(powerWatts, 10) * 1.25;
  const step = 10 ** (Math.floor(Math.log10(wanted)) - 1);
  return Math.ceil(wanted / step - 1e-9) * step;
}

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

/** The number the rule compares its reading with: the first that is not a time. */
export function limitField(descriptor: RuleDescriptor): RuleField | undefined {
  return descriptor.fields.find((field) => !timeUnits.includes(field.unit));
}

const timeUnits: readonly string[] = ['s', 'min', 'h'];

export interface DraftProblem {
  readonly key: string;
  readonly min: number;
  readonly max: number;
  readonly unit: string;
}

/** Fields whose number is missing or out of range, and `scope` where no device is chosen. */
export function draftProblems(draft: RuleDraft, descriptor: RuleDescriptor): readonly DraftProblem[] {
  return descriptor.fields
    .filter((field) => {
      const value = numberFrom(draft.params[field.key] ?? '');
      return value === null || value < field.min || value > field.max;
    })
    .map(({ key, min, max, unit }) => ({ key, min, max, unit }));
}

/** What the engine takes; only for a draft without problems. */
export function inputFromDraft(draft: RuleDraft, descriptor: RuleDescriptor): AlertRuleInput {
  const params = descriptor.fields.map((field) => [field.key, numberFrom(draft.params[field.key] ?? '') ?? 0]);
  return {
    id: draft.id,
    kind: draft.kind,
    name: draft.name.trim() === '' ? null : draft.name.trim(),
    scope: scopeFromText(draft.scope),
    params: Object.fromEntries(params),
    level: draft.level,
    isEnabled: draft.isEnabled,
  };
}

/** The name a rule gets when the user gives none: 'Power above 4500 W for 30 s'. */
export function filledName(descriptor: RuleDescriptor, params: Readonly<Record<string, number | string>>): string {
  return descriptor.nameTemplate.replaceAll(/\{(\w+)\}/g, (placeholder, key: string) =>
    String(params[key] ?? placeholder),
  );
}

/** A number as people type it, with a dot or a comma; null for anything else. */
export function numberFrom(text: string): number | null {
  const value = Number(text.trim().replace(',', '.'));
  return text.trim() === '' || !Number.isFinite(value) ? null : value;
}

const clamp = (value: number, field: RuleField): number => Math.min(field.max, Math.max(field.min, value));
const roundTo = (value: number, digits: number): number => Number(value.toPrecision(digits));
