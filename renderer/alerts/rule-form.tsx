import { formatNumber } from '../../shared/format/number-text.ts';
import type { AlertLevel, RuleDescriptor, RuleField } from '../../shared/model/alert.ts';
import type { LiveState } from '../../shared/model/live.ts';
import { useLive } from '../connection/connection-context.tsx';
import { Field } from '../design/field.tsx';
import { useLocale } from '../i18n/use-locale.ts';
import { Line } from './form-line.tsx';
import { RuleActionsForm } from './rule-actions.tsx';
import { choicesFor, type DraftProblem, fieldLines, namedParams, type RuleDraft, withChoices } from './rule-draft.ts';
import { choiceWord, definitionWords, fieldWord, kindWord, usualName } from './rule-words.ts';
import { type AlertWords, useAlertWords } from './use-alert-words.ts';

interface RuleFormProps {
  readonly draft: RuleDraft;
  readonly descriptor: RuleDescriptor;
  readonly kinds: readonly RuleDescriptor[];
  readonly problems: readonly DraftProblem[];
  readonly onChange: (draft: RuleDraft) => void;
  readonly onKind: (kind: string) => void;
}

const levels = ['note', 'warning', 'critical'] as const satisfies readonly AlertLevel[];

/** One line a field, as the rule's kind describes them. */
export function RuleForm({ draft, descriptor, kinds, problems, onChange, onKind }: RuleFormProps) {
  const { t } = useAlertWords();
  const locale = useLocale();
  const live = useLive();
  const change = (part: Partial<RuleDraft>): void => onChange({ ...draft, ...part });
  const setParam = (key: string, value: string): void => change({ params: { ...draft.params, [key]: value } });
  const problemOf = (key: string) => problems.find((problem) => problem.key === key);
  return (
    <div className="form">
      <Line
        label={t('alerts.editor.watch')}
        choices={kinds.map((kind) => ({ value: kind.kind, label: kindWord(t, kind) }))}
        value={draft.kind}
        onChange={onKind}
      />
      <p className="q def">{definitionWords(t, descriptor)}</p>
      <Line
        label={t('alerts.editor.of')}
        choices={scopeChoices(descriptor, live, draft.scope, t)}
        value={draft.scope}
        onChange={(scope) => onChange(withChoices({ ...draft, scope }, descriptor))}
      />
      {descriptor.choices.map((choice) => (
        <Line
          key={choice.key}
          label={fieldWord(t, descriptor.kind, choice)}
          choices={choicesFor(choice, draft.scope).map((one) => ({
            value: one.value,
            label: choiceWord(t, choice.key, one),
          }))}
          value={draft.params[choice.key] ?? ''}
          onChange={(value) => setParam(choice.key, value)}
        />
      ))}
      {fieldLines(descriptor).map((line) => (
        <div className={line.length === 1 ? 'fr ff' : 'fr ff fp'} key={line[0]?.key}>
          {line.map((field, index) => (
            <RuleNumber
              key={field.key}
              field={field}
              label={fieldWord(t, descriptor.kind, field)}
              width={line.length === 1 ? 112 : index === 0 ? 80 : null}
              problem={problemOf(field.key)}
              value={draft.params[field.key] ?? ''}
              onChange={(value) => setParam(field.key, value)}
            />
          ))}
        </div>
      ))}
      {!descriptor.isBudget && !descriptor.isMoment && (
        <div className="fr ff">
          <RuleNumber
            field={{ min: 0, max: 604_800, unit: 's' }}
            label={t('coolDown')}
            width={112}
            problem={problemOf('coolDownSeconds')}
            value={draft.coolDownSeconds}
            onChange={(coolDownSeconds) => change({ coolDownSeconds })}
          />
        </div>
      )}
      <Line
        label={t('alerts.editor.level')}
        choices={levels.map((level) => ({ value: level, label: t(`state.alert.${level}`) }))}
        value={draft.level}
        onChange={(level) => change({ level })}
      />
      <div className="fr ff">
        <Field
          label={t('alerts.editor.name')}
          maxLength={120}
          placeholder={usualName(t, descriptor, namedParams(draft, descriptor, locale))}
          value={draft.name}
          onChange={(event) => change({ name: event.target.value })}
        />
      </div>
      <RuleActionsForm
        actions={draft.actions}
        canActOnRuns={!descriptor.isMoment}
        onChange={(actions) => change({ actions })}
      />
    </div>
  );
}

interface RuleNumberProps {
  readonly field: Pick<RuleField, 'min' | 'max' | 'unit'>;
  readonly label: string;
  /** Null: what the line leaves it. */
  readonly width: number | null;
  readonly problem: DraftProblem | undefined;
  readonly value: string;
  readonly onChange: (value: string) => void;
}

function RuleNumber({ field, label, width, problem, value, onChange }: RuleNumberProps) {
  const { t } = useAlertWords();
  const locale = useLocale();
  const live = useLive();
  const number = (limit: number): string => formatNumber(limit, Number.isInteger(limit) ? 0 : 3, locale);
  const { min, max } = field;
  const unit = field.unit === 'money' ? (live?.price?.currency ?? '') : field.unit;
  return (
    <Field
      label={label}
      unit={unit}
      width={width ?? '100%'}
      inputMode="decimal"
      value={value}
      error={problem === undefined ? null : t('alerts.editor.range', { min: number(min), max: number(max), unit })}
      onChange={(event) => onChange(event.target.value)}
    />
  );
}

/** What the kind can watch: the whole, any of a sort, and each that is here. */
function scopeChoices(descriptor: RuleDescriptor, live: LiveState | null, chosen: string, t: AlertWords) {
  const choices: { readonly value: string; readonly label: string }[] = [];
  for (const scope of descriptor.scopes) {
    if (scope === 'domain')
      for (const { domain } of live?.devices ?? []) choices.push({ value: `domain:${domain.id}`, label: domain.label });
    else if (scope === 'run')
      for (const { id, name } of live?.runs ?? [])
        choices.push({ value: `run:${id}`, label: t('scope.run', { name }) });
    else if (scope === 'project')
      for (const name of new Set((live?.runs ?? []).flatMap((run) => run.project ?? [])))
        choices.push({ value: `project:${name}`, label: t('scope.project', { name }) });
    else choices.push({ value: scope, label: t(`scope.${scope}`) });
  }
  if (choices.some((choice) => choice.value === chosen)) return choices;
  // What is not here now keeps its rule; a new rule must first be given one.
  const label = chosen === '' ? t('choose') : chosen.replace(/^(domain|run|project):/, '');
  return [{ value: chosen, label }, ...choices];
}
