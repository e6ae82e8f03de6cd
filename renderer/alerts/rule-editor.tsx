import { useEffect, useRef, useState } from 'react';
import type { AlertRule, RuleDescriptor } from '../../shared/model/alert.ts';
import { useNotice } from '../app/announcer.tsx';
import { useEngine, useLive } from '../connection/connection-context.tsx';
import { wattrunError } from '../connection/use-request.ts';
import { Button } from '../design/button.tsx';
import { Keys } from '../design/menu.tsx';
import { useLocale } from '../i18n/use-locale.ts';
import {
  draftFromRule,
  draftInLocale,
  draftProblems,
  inputFromDraft,
  namedParams,
  newDraft,
  type RuleDraft,
} from './rule-draft.ts';
import { dropDraft, isSameDraft, keepDraft, newRuleKey, useRuleDrafts } from './rule-drafts.ts';
import { RuleFiring } from './rule-firing.tsx';
import { RuleForm } from './rule-form.tsx';
import { RulePast } from './rule-past.tsx';
import { ruleName, usualName } from './rule-words.ts';
import { useAlertWords } from './use-alert-words.ts';

interface RuleEditorProps {
  /** Null: a new rule. */
  readonly rule: AlertRule | null;
  readonly initial: RuleDraft | null;
  readonly kinds: readonly RuleDescriptor[];
  readonly onChosen: (ruleId: string | null) => void;
}

/** The rule's form, drawn from its descriptor, with what it would have meant lately. */
export function RuleEditor({ rule, initial, kinds, onChosen }: RuleEditorProps) {
  const { t } = useAlertWords();
  const locale = useLocale();
  const powerWatts = useLive()?.machine.powerWatts ?? null;
  const key = rule?.id ?? newRuleKey;
  const [first] = useState(initial);
  const kept = useRuleDrafts((state) => state.drafts.get(key));
  const kindOf = (kind: string): RuleDescriptor | undefined => kinds.find((other) => other.kind === kind);
  const stored = rule === null ? null : draftFromRule(rule, kindOf(rule.kind), locale);
  const held = kept ?? first ?? stored;
  const draft = held === null ? null : draftInLocale(held, kindOf(held.kind), locale);
  const descriptor = draft === null ? undefined : kindOf(draft.kind);
  const problems = draft === null || descriptor === undefined ? [] : draftProblems(draft, descriptor, locale);
  const isChanged = draft !== null && (stored === null || !isSameDraft(draft, stored));
  const canSave = isChanged && problems.length === 0 && draft !== null && draft.scope !== '';
  const actions = useRuleActions(rule, descriptor, onChosen);
  const save = (): void => {
    if (!canSave || draft === null || descriptor === undefined) return;
    void actions.save(inputFromDraft(draft, descriptor, locale)).then((isDone) => isDone && dropDraft(key));
  };
  useSaveKey(save);
  if (draft === null || descriptor === undefined)
    return (
      <aside className="ed" aria-label={t('alerts.editor.title')}>
        <p className="ed-note q">{t('alerts.editor.unknownKind', { kind: draft?.kind ?? '' })}</p>
      </aside>
    );
  const change = (next: RuleDraft): void => {
    if (stored !== null && isSameDraft(next, stored)) dropDraft(key);
    else keepDraft(key, next);
  };
  const changeKind = (kind: string): void => {
    const next = kindOf(kind);
    if (next !== undefined) change({ ...newDraft(next, powerWatts, locale), id: draft.id, level: draft.level });
  };
  return (
    <aside className="ed" aria-label={t('alerts.editor.title')}>
      <div className="hd">
        <h2 className="cut">
          {draft.name.trim() === '' ? usualName(t, descriptor, namedParams(draft, descriptor, locale)) : draft.name}
        </h2>
        {kept !== undefined && <span className="tag">{t('alerts.editor.unsaved')}</span>}
        {rule !== null && (
          <div className="r">
            <Button
              look="ghost"
              size="small"
              icon="trash"
              aria-label={t('alerts.editor.remove')}
              onClick={actions.remove}
            />
          </div>
        )}
      </div>
      {rule !== null && <RuleFiring rule={rule} />}
      <RuleForm
        draft={draft}
        descriptor={descriptor}
        kinds={kinds}
        problems={problems}
        onChange={change}
        onKind={changeKind}
      />
      <RulePast draft={draft} descriptor={descriptor} />
      {actions.errorCode !== null && (
        <p className="ed-note crit">{t('alerts.notSaved', { code: actions.errorCode })}</p>
      )}
      <div className="efoot">
        {rule !== null && (
          <Button
            onClick={actions.test}
            disabled={isChanged}
            title={isChanged ? t('alerts.editor.saveFirst') : undefined}
          >
            {t('alerts.editor.test')}
          </Button>
        )}
        <span className="grow" />
        <Button
          look="ghost"
          disabled={!isChanged}
          onClick={() => {
            dropDraft(key);
            if (rule === null) onChosen(null);
          }}
        >
          {t('alerts.editor.discard')}
        </Button>
        <Button look="primary" disabled={!canSave} onClick={save}>
          {t('alerts.editor.save')} <Keys keys={['Ctrl', 'S']} />
        </Button>
      </div>
    </aside>
  );
}

function useRuleActions(
  rule: AlertRule | null,
  descriptor: RuleDescriptor | undefined,
  onChosen: (ruleId: string | null) => void,
) {
  const { t } = useAlertWords();
  const { request } = useEngine();
  const showNotice = useNotice();
  const [errorCode, setErrorCode] = useState<string | null>(null);
  const fail = (error: unknown): false => {
    setErrorCode(wattrunError(error).code);
    return false;
  };
  return {
    errorCode,
    async save(input: ReturnType<typeof inputFromDraft>): Promise<boolean> {
      setErrorCode(null);
      try {
        onChosen((await request('alerts.put', input)).id);
        return true;
      } catch (error) {
        return fail(error);
      }
    },
    test(): void {
      if (rule === null) return;
      request('alerts.test', { ruleId: rule.id }).then((entry) => {
        const told = entry.deliveries.filter((delivery) => delivery.isDelivered).map((delivery) => delivery.to);
        showNotice({
          text: told.length === 0 ? t('alerts.editor.testNobody') : t('alerts.editor.tested', { to: told.join(', ') }),
        });
      }, fail);
    },
    remove(): void {
      if (rule === null) return;
      const { kind, name, scope, params, level, isEnabled, coolDownSeconds, actions } = rule;
      const input = { kind, name, scope, params, level, isEnabled, coolDownSeconds, actions };
      request('alerts.remove', { ruleId: rule.id }).then(() => {
        dropDraft(rule.id);
        onChosen(null);
        showNotice({
          text: t('alerts.editor.removed', { name: ruleName(t, rule, descriptor) }),
          actionLabel: t('undo'),
          onAction: () =>
            void request('alerts.put', input).catch((error: unknown) => {
              showNotice({ text: t('alerts.notSaved', { code: wattrunError(error).code }) });
            }),
        });
      }, fail);
    },
  };
}

function useSaveKey(save: () => void): void {
  const latest = useRef(save);
  latest.current = save;
  useEffect(() => {
    const press = (event: KeyboardEvent): void => {
      if (!(event.ctrlKey || event.metaKey) || event.key !== 's') return;
      event.preventDefault();
      latest.current();
    };
    addEventListener('keydown', press);
    return () => removeEventListener('keydown', press);
  }, []);
}
