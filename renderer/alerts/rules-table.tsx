import { formatDuration } from '../../shared/format/duration.ts';
import { formatLogMoment } from '../../shared/format/moment.ts';
import { formatShare } from '../../shared/format/ratio.ts';
import { readingText } from '../../shared/format/reading.ts';
import type { AlertRule, RuleDescriptor } from '../../shared/model/alert.ts';
import { secondsFromMs } from '../../shared/units.ts';
import { useNotice } from '../app/announcer.tsx';
import { useNow } from '../app/use-now.ts';
import { useEngine } from '../connection/connection-context.tsx';
import { wattrunError } from '../connection/use-request.ts';
import { StateGlyph } from '../design/state-glyph.tsx';
import { Switch } from '../design/switch.tsx';
import { useLocale } from '../i18n/use-locale.ts';
import { useRuleDrafts } from './rule-drafts.ts';
import { readingOf } from './rule-reading.ts';
import { ruleName, scopeWord } from './rule-words.ts';
import { useAlertWords } from './use-alert-words.ts';

interface RulesTableProps {
  readonly rules: readonly AlertRule[];
  readonly kinds: readonly RuleDescriptor[];
  readonly selectedId: string | null;
  readonly onSelect: (ruleId: string) => void;
}

export function RulesTable({ rules, kinds, selectedId, onSelect }: RulesTableProps) {
  const { t } = useAlertWords();
  return (
    <table className="tb art" aria-label={t('alerts.rules')}>
      <colgroup>
        <col className="a-state" />
        <col />
        <col className="a-scope" />
        <col className="a-now" />
        <col className="a-bar" />
        <col className="a-last" />
        <col className="a-on" />
      </colgroup>
      <thead>
        <tr>
          <th scope="col">{t('alerts.column.state')}</th>
          <th scope="col">{t('alerts.column.rule')}</th>
          <th scope="col" className="a-scope">
            {t('alerts.column.scope')}
          </th>
          <th scope="col" className="n">
            {t('alerts.column.now')}
          </th>
          <th scope="col" className="a-bar">
            {t('alerts.column.limit')}
          </th>
          <th scope="col" className="a-last">
            {t('alerts.column.last')}
          </th>
          <th scope="col">{t('alerts.column.on')}</th>
        </tr>
      </thead>
      <tbody>
        {rules.map((rule) => (
          <RuleRow
            key={rule.id}
            rule={rule}
            descriptor={kinds.find((kind) => kind.kind === rule.kind)}
            isSelected={rule.id === selectedId}
            onSelect={onSelect}
          />
        ))}
      </tbody>
    </table>
  );
}

interface RuleRowProps {
  readonly rule: AlertRule;
  readonly descriptor: RuleDescriptor | undefined;
  readonly isSelected: boolean;
  readonly onSelect: (ruleId: string) => void;
}

function RuleRow({ rule, descriptor, isSelected, onSelect }: RuleRowProps) {
  const { t } = useAlertWords();
  const locale = useLocale();
  const { request } = useEngine();
  const showNotice = useNotice();
  const { value, unit, ratio } = readingOf(rule, descriptor);
  const { state } = rule.status;
  const isOff = state === 'off';
  const name = ruleName(t, rule, descriptor);
  const scope = scopeWord(t, rule.scope, rule.scopeLabel);
  const isUnsaved = useRuleDrafts((state) => state.drafts.has(rule.id));
  const toggle = (isEnabled: boolean): void => {
    request('alerts.enable', { ruleId: rule.id, isEnabled }).catch((error: unknown) =>
      showNotice({ text: t('alerts.notSaved', { code: wattrunError(error).code }) }),
    );
  };
  return (
    <tr
      className={`${isSelected ? 'sel' : ''}${isOff ? ' q' : ''}`}
      onClick={(event) => {
        if (!(event.target instanceof Element && event.target.closest('[role="switch"]'))) onSelect(rule.id);
      }}
    >
      <td className={state === 'firing' ? 'b' : undefined}>
        <StateGlyph of={{ kind: 'rule', state }} />
      </td>
      <td>
        <span className="rule-cell">
          <button
            type="button"
            className="rule-name cut"
            aria-current={isSelected ? 'true' : undefined}
            title={name}
            onClick={() => onSelect(rule.id)}
          >
            {name}
          </button>
          {isUnsaved && <span className="tag">{t('alerts.editor.unsaved')}</span>}
        </span>
      </td>
      <td className="s cut a-scope" title={scope}>
        {scope}
      </td>
      <td className="n">{isOff ? null : <Now rule={rule} text={readingText(value, unit, locale)} />}</td>
      <td className="a-bar">
        {!isOff && ratio !== null && <LimitBar ratio={ratio} state={state} isBudget={descriptor?.isBudget === true} />}
      </td>
      <td className="s cut a-last">
        <LastFired rule={rule} />
      </td>
      <td>
        <Switch label={t('alerts.watches', { name })} isOn={rule.isEnabled} onChange={toggle} />
      </td>
    </tr>
  );
}

const barColors: Readonly<Record<AlertRule['status']['state'], string>> = {
  firing: 'var(--warn-mark)',
  counting: 'var(--ink-3)',
  armed: 'var(--ink-3)',
  snoozed: 'var(--none)',
  off: 'var(--none)',
};

/** The present value, and of several the one that it is of. */
function Now({ rule, text }: { readonly rule: AlertRule; readonly text: string }) {
  const { label, value } = rule.status;
  if (label === null || value === null || rule.scope.kind === 'domain') return text;
  return (
    <span className="rule-reading" title={`${label}, ${text}`}>
      <span className="q cut">{label}</span> {text}
    </span>
  );
}

/** How much of the limit is used; the tick is the limit. */
interface LimitBarProps {
  readonly ratio: number;
  readonly state: AlertRule['status']['state'];
  readonly isBudget: boolean;
}

function LimitBar({ ratio, state, isBudget }: LimitBarProps) {
  const { t } = useAlertWords();
  const locale = useLocale();
  const width = `${100 * Math.min(1, Math.max(0, ratio))}%`;
  return (
    <span className="bar" role="img" aria-label={t('alerts.ofLimit', { share: formatShare(ratio, { locale }) })}>
      <i style={{ width, background: barColors[state] }} />
      {isBudget && <s className="soft" style={{ left: '50%' }} />}
      {isBudget && <s className="soft" style={{ left: '80%' }} />}
      <s style={{ left: '99%' }} />
    </span>
  );
}

function LastFired({ rule }: { readonly rule: AlertRule }) {
  const { t } = useAlertWords();
  const locale = useLocale();
  const nowMs = useNow();
  const { state, sinceMs, lastFiredAtMs } = rule.status;
  if (state === 'firing' && sinceMs !== null)
    return t('alerts.nowFor', {
      duration: formatDuration(secondsFromMs(Math.max(0, nowMs - sinceMs)), { locale, isWhole: true }),
    });
  return lastFiredAtMs === null ? t('alerts.never') : formatLogMoment(lastFiredAtMs, { locale, nowMs });
}
