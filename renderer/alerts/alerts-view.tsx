import { useEffect, useRef, useState } from 'react';
import type { AlertRule, RuleDescriptor } from '../../shared/model/alert.ts';
import { Page } from '../app/page.tsx';
import { TopBar } from '../app/top-bar.tsx';
import { useLive } from '../connection/connection-context.tsx';
import { useRequest } from '../connection/use-request.ts';
import { Button } from '../design/button.tsx';
import { FailedState, LoadingBars } from '../design/empty-state.tsx';
import { StateGlyph } from '../design/state-glyph.tsx';
import { useLocale } from '../i18n/use-locale.ts';
import { useRepeated } from '../runs/use-repeated.ts';
import { AlertLog } from './alert-log.tsx';
import './alerts.css';
import { BudgetsSection } from './budgets-section.tsx';
import { chooseRule, useChosenRule } from './chosen-rule.ts';
import { DestinationsSection } from './destinations-section.tsx';
import { NoRules } from './no-rules.tsx';
import { PausedRuns } from './paused-runs.tsx';
import { PresetsDialog } from './presets-dialog.tsx';
import { QuietHoursButton, QuietHoursState } from './quiet-hours.tsx';
import { newDraft } from './rule-draft.ts';
import { newRuleKey, useRuleDrafts } from './rule-drafts.ts';
import { RuleEditor } from './rule-editor.tsx';
import { RulesTable } from './rules-table.tsx';
import { useAlertKeys } from './use-alert-keys.ts';
import { useAlertWords } from './use-alert-words.ts';

/** Present readings of the rules are not pushed; they are asked for this often. */
const refreshMs = 2000;
const noRules: readonly [] = [];

/** Which rules watch, what they read now, and what they said. */
export function AlertsView() {
  const { t } = useAlertWords();
  const described = useRequest('alerts.describe', {});
  const asked = useRequest('alerts.list', {}, { refreshOn: ['alerts.changed', 'alerts.fired', 'alerts.cleared'] });
  useRepeated(asked.retry, refreshMs);
  const rules = asked.data?.rules ?? noRules;
  const kinds = described.data?.kinds ?? noRules;
  const chosen = useChosenRule((state) => state.chosen);
  const selected = chosen === 'new' ? null : (rules.find((rule) => rule.id === chosen) ?? rules[0] ?? null);
  const isNewKept = useRuleDrafts((state) => state.drafts.has(newRuleKey));
  const create = (): void => chooseRule('new');
  const [isChoosing, setChoosing] = useState(false);
  useAlertKeys({ rule: selected, onNew: create });
  const firing = rules.filter((rule) => rule.status.state === 'firing').length;
  const error = asked.error ?? described.error;
  const isKnown = asked.data !== null && described.data !== null;
  useFocusOnChosen(chosen, selected?.id ?? null, isKnown);
  return (
    <>
      <TopBar
        title={t('alerts.title')}
        lead={
          <>
            {firing > 0 && (
              <StateGlyph of={{ kind: 'rule', state: 'firing' }} word={t('alerts.firing', { count: firing })} />
            )}
            <QuietHoursState />
            {isNewKept && chosen !== 'new' && (
              <Button look="ghost" size="small" onClick={create}>
                {t('alerts.unsavedNew')}
              </Button>
            )}
          </>
        }
      >
        <QuietHoursButton />
        <Button className="open-presets" disabled={kinds.length === 0} onClick={() => setChoosing(true)}>
          {t('presets.open')}
        </Button>
        <Button look="primary" icon="plus" disabled={kinds.length === 0} onClick={create}>
          {t('alerts.new')}
        </Button>
      </TopBar>
      <Page>
        <PausedRuns />
        {!isKnown && error !== null ? (
          <FailedState
            what="table"
            error={error}
            onRetry={() => {
              asked.retry();
              described.retry();
            }}
          />
        ) : !isKnown ? (
          <LoadingBars widths={[92, 86, 94, 80]} />
        ) : (
          <div className="al">
            <section className="rs" aria-label={t('alerts.rules')}>
              {rules.length === 0 ? (
                <NoRules kinds={kinds} onOther={create} onPresets={() => setChoosing(true)} />
              ) : (
                <RulesTable
                  rules={rules}
                  kinds={kinds}
                  selectedId={chosen === 'new' ? null : (selected?.id ?? null)}
                  onSelect={chooseRule}
                />
              )}
            </section>
            <EditorFor rule={selected} isNew={chosen === 'new'} kinds={kinds} onChosen={chooseRule} />
            <div className="al-rest">
              <BudgetsSection rules={rules} kinds={kinds} onSelect={chooseRule} />
              <DestinationsSection />
              <AlertLog rules={rules} kinds={kinds} />
            </div>
          </div>
        )}
      </Page>
      {isChoosing && <PresetsDialog kinds={kinds} onClose={() => setChoosing(false)} />}
    </>
  );
}

/** A new rule's form has the focus when it opens; once it is saved or thrown away, the rule that is then shown in the table. Each may be drawn a moment later. */
function useFocusOnChosen(chosen: string | null, shownId: string | null, isKnown: boolean): void {
  const before = useRef(chosen);
  const wanted = useRef<string | null>(null);
  useEffect(() => {
    if (chosen === 'new' && before.current !== 'new') wanted.current = '.ed .form select';
    if (chosen !== 'new' && before.current === 'new') wanted.current = '.art [aria-current="true"]';
    before.current = chosen;
    const isShown = isKnown && (chosen === null || chosen === 'new' || chosen === shownId);
    if (wanted.current === null || !isShown) return;
    (document.querySelector<HTMLElement>(wanted.current) ?? document.getElementById('content'))?.focus();
    wanted.current = null;
  }, [chosen, shownId, isKnown]);
}

interface EditorForProps {
  readonly rule: AlertRule | null;
  readonly isNew: boolean;
  readonly kinds: readonly RuleDescriptor[];
  readonly onChosen: (ruleId: string | null) => void;
}

function EditorFor({ rule, isNew, kinds, onChosen }: EditorForProps) {
  const { t } = useAlertWords();
  const locale = useLocale();
  const powerWatts = useLive()?.machine.powerWatts ?? null;
  const first = kinds[0];
  if (isNew && first !== undefined)
    return (
      <RuleEditor
        key="new"
        rule={null}
        initial={newDraft(first, powerWatts, locale)}
        kinds={kinds}
        onChosen={onChosen}
      />
    );
  if (rule === null) return <aside className="ed" aria-label={t('alerts.editor.title')} />;
  return <RuleEditor key={rule.id} rule={rule} initial={null} kinds={kinds} onChosen={onChosen} />;
}
