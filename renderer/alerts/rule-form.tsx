import { useId } from 'react';
import { formatNumber } from '../../shared/format/number-text.ts';
import type { AlertLevel, RuleDescriptor, RuleField } from '../../shared/model/alert.ts';
import type { LiveDevice } from '../../shared/model/live.ts';
import { useLive } from '../connection/connection-context.tsx';
import { Field } from '../design/field.tsx';
import { Select } from '../design/select.tsx';
import { useLocale } from '../i18n/use-locale.ts';
import { useWords } from '../i18n/use-words.ts';
import { type DraftProblem, fieldLines, filledName, type RuleDraft } from './rule-draft.ts';

interface RuleFormProps {
  readonly draft: RuleDraft;
  readonly descriptor: RuleDescriptor;
  readonly kinds: readonly RuleDescriptor[];
  readonly problems: readonly DraftProblem[];
  readonly onChange: (draft: RuleDraft) => void;
  readonly onKind: (kind: string) => void;
}

const levels = ['note', 'warning', 'critical'] as const satisfies readonly AlertLevel[];
const noDevices: readonly LiveDevice[] = [];

/** One line a field, as the rule's kind describes them. */
export function RuleForm({ draft, descriptor, kinds, problems, onChange, onKind }: RuleFormProps) {
  const { t } = useWords();
  const id = useId();
  const devices = useLive()?.devices ?? noDevices;
  const scopes = scopeChoices(descriptor, devices, draft.scope, {
    machine: t('alerts.scope.machine'),
    anyGpu: t('alerts.scope.anyGpu'),
    choose: t('alerts.scope.choose'),
  });
  return (
    <div className="form">
      <div className="fr">
        <label className="fl" htmlFor={`${id}kind`}>
          {t('alerts.editor.watch')}
        </label>
        <Select
          id={`${id}kind`}
          label={t('alerts.editor.watch')}
          choices={kinds.map((kind) => ({ value: kind.kind, label: kind.label }))}
          value={draft.kind}
          onChange={onKind}
        />
      </div>
      <div className="fr">
        <label className="fl" htmlFor={`${id}scope`}>
          {t('alerts.editor.of')}
        </label>
        <Select
          id={`${id}scope`}
          label={t('alerts.editor.of')}
          choices={scopes}
          value={draft.scope}
          onChange={(scope) => onChange({ ...draft, scope })}
        />
      </div>
      {fieldLines(descriptor).map((line) => (
        <div className={line.length === 1 ? 'fr ff' : 'fr ff fp'} key={line[0]?.key}>
          {line.map((field, index) => (
            <RuleNumber
              key={field.key}
              field={field}
              width={line.length === 1 ? 112 : index === 0 ? 88 : 60}
              problem={problems.find((problem) => problem.key === field.key)}
              value={draft.params[field.key] ?? ''}
              onChange={(value) => onChange({ ...draft, params: { ...draft.params, [field.key]: value } })}
            />
          ))}
        </div>
      ))}
      <div className="fr">
        <label className="fl" htmlFor={`${id}level`}>
          {t('alerts.editor.level')}
        </label>
        <Select
          id={`${id}level`}
          label={t('alerts.editor.level')}
          choices={levels.map((level) => ({ value: level, label: t(`state.alert.${level}`) }))}
          value={draft.level}
          onChange={(level) => onChange({ ...draft, level })}
        />
      </div>
      <div className="fr ff">
        <Field
          label={t('alerts.editor.name')}
          maxLength={120}
          placeholder={filledName(descriptor, draft.params)}
          value={draft.name}
          onChange={(event) => onChange({ ...draft, name: event.target.value })}
        />
      </div>
    </div>
  );
}

interface RuleNumberProps {
  readonly field: RuleField;
  readonly width: number;
  readonly problem: DraftProblem | undefined;
  readonly value: string;
  readonly onChange: (value: string) => void;
}

function RuleNumber({ field, width, problem, value, onChange }: RuleNumberProps) {
  const { t } = useWords();
  const locale = useLocale();
  const number = (limit: number): string => formatNumber(limit, Number.isInteger(limit) ? 0 : 2, locale);
  const { min, max, unit } = field;
  return (
    <Field
      label={field.label}
      unit={unit}
      width={width}
      inputMode="decimal"
      value={value}
      error={problem === undefined ? null : t('alerts.editor.range', { min: number(min), max: number(max), unit })}
      onChange={(event) => onChange(event.target.value)}
    />
  );
}

interface ScopeWords {
  readonly machine: string;
  readonly anyGpu: string;
  readonly choose: string;
}

function scopeChoices(descriptor: RuleDescriptor, devices: readonly LiveDevice[], chosen: string, words: ScopeWords) {
  const choices: { readonly value: string; readonly label: string }[] = [];
  if (descriptor.scopes.includes('machine')) choices.push({ value: 'machine', label: words.machine });
  if (descriptor.scopes.includes('any-gpu')) choices.push({ value: 'any-gpu', label: words.anyGpu });
  if (descriptor.scopes.includes('domain'))
    for (const { domain } of devices) choices.push({ value: `domain:${domain.id}`, label: domain.label });
  if (choices.some((choice) => choice.value === chosen)) return choices;
  // A device that is not here now keeps its rule; a new rule must first be given one.
  return [{ value: chosen, label: chosen === '' ? words.choose : chosen.replace(/^domain:/, '') }, ...choices];
}
