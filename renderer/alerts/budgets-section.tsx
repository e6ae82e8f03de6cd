import { formatDuration } from '../../shared/format/duration.ts';
import { formatLogMoment } from '../../shared/format/moment.ts';
import { missing } from '../../shared/format/number-text.ts';
import { formatSpentShare } from '../../shared/format/ratio.ts';
import { readingText } from '../../shared/format/reading.ts';
import type { AlertRule, BudgetStatus, RuleDescriptor } from '../../shared/model/alert.ts';
import { useNow } from '../app/use-now.ts';
import { useRequest } from '../connection/use-request.ts';
import { useLocale } from '../i18n/use-locale.ts';
import { useRepeated } from '../runs/use-repeated.ts';
import { ruleName, targetWord } from './rule-words.ts';
import { type AlertWords, useAlertWords } from './use-alert-words.ts';

const refreshMs = 5000;
const marks = [50, 80, 100] as const;

interface BudgetsProps {
  readonly rules: readonly AlertRule[];
  readonly kinds: readonly RuleDescriptor[];
  readonly onSelect: (ruleId: string) => void;
}

/** What is spent of each budget, where it is heading, and by which rate. */
export function BudgetsSection({ rules, kinds, onSelect }: BudgetsProps) {
  const { t } = useAlertWords();
  const asked = useRequest('alerts.budgets', {}, { refreshOn: ['alerts.changed'] });
  useRepeated(asked.retry, refreshMs);
  const isAny = rules.some((rule) => rule.isEnabled && kinds.some((kind) => kind.isBudget && kind.kind === rule.kind));
  const budgets = asked.data?.budgets ?? [];
  if (!isAny) return null;
  return (
    <section className="bg" aria-label={t('budgets.title')}>
      <div className="hd">
        <h2>{t('budgets.title')}</h2>
        {budgets.length > 0 && <span className="q">{budgets.length}</span>}
      </div>
      {budgets.length === 0 ? (
        <p className="ed-note q">{t('budgets.notYet')}</p>
      ) : (
        <ul className="bg-list">
          {budgets.map((budget) => (
            <Budget
              key={`${budget.ruleId} ${budget.target}`}
              budget={budget}
              name={nameOf(budget)}
              onSelect={() => onSelect(budget.ruleId)}
            />
          ))}
        </ul>
      )}
    </section>
  );

  function nameOf({ ruleId, ruleName: given }: BudgetStatus): string {
    const rule = rules.find((one) => one.id === ruleId);
    return rule === undefined
      ? given
      : ruleName(
          t,
          rule,
          kinds.find((kind) => kind.kind === rule.kind),
        );
  }
}

interface BudgetProps {
  readonly budget: BudgetStatus;
  readonly name: string;
  readonly onSelect: () => void;
}

function Budget({ budget, name, onSelect }: BudgetProps) {
  const { t } = useAlertWords();
  const locale = useLocale();
  const { spent, limit, unit, projected } = budget;
  const amount = (value: number): string => readingText(value, unit, locale);
  const label = targetWord(t, budget.target, budget.label);
  const share = spent === null ? null : spent / limit;
  const percent = spent === null ? missing : formatSpentShare(spent, limit, { locale });
  // The bar ends where the most of it does, and never before its limit.
  const scale = Math.max(1, share ?? 0, projected === null ? 0 : projected / limit) * 1.02;
  const at = (ratio: number): string => `${(100 * ratio) / scale}%`;
  return (
    <li className="bg-one">
      <div className="row">
        <button type="button" className="rule-name cut" title={name} onClick={onSelect}>
          {name}
        </button>
        <span className="grow" />
        <span className="nw n">
          {spent === null ? t('budgets.unknown') : t('budgets.of', { spent: amount(spent), limit: amount(limit) })}
          {spent !== null && ` · ${percent} %`}
        </span>
      </div>
      <span className="bar bg-bar" role="img" aria-label={t('budgets.bar', { share: percent, name, label })}>
        {share !== null && (
          <i
            style={{
              width: at(share),
              background: share >= 1 ? 'var(--crit)' : share >= 0.8 ? 'var(--warn-mark)' : 'var(--ink-2)',
            }}
          />
        )}
        {share !== null && projected !== null && projected / limit > share && (
          <u style={{ left: at(share), width: at(projected / limit - share) }} />
        )}
        {marks.map((mark) => (
          <s key={mark} className={mark === 100 ? '' : 'soft'} style={{ left: at(mark / 100) }} />
        ))}
      </span>
      <p className="q bg-course">
        <span className="row">
          <b className="cut">{t('budgets.who', { label, span: useSpanWord(budget) })}</b>
          <span className="grow" />
          <span className="nw">{useLimitWords(budget, amount)}</span>
        </span>
        {courseWords(budget, { t, locale, amount })}
      </p>
    </li>
  );
}

function useSpanWord({ period, fromMs }: BudgetStatus): string {
  const { t } = useAlertWords();
  const locale = useLocale();
  if (period === 'day') return t('budgets.today');
  if (period === 'whole') return t('budgets.whole');
  return t('budgets.month', { month: new Intl.DateTimeFormat(locale, { month: 'long' }).format(fromMs) });
}

/** 'over by 12 kWh', or 'spent by 30 Nov 14:00': where it stands to its limit; nothing while it ends below. */
function useLimitWords({ spent, limit, reachedAtMs }: BudgetStatus, amount: (value: number) => string): string {
  const { t } = useAlertWords();
  const locale = useLocale();
  const nowMs = useNow();
  if (spent === null) return '';
  const parts = [
    spent > limit ? t('budgets.over', { over: amount(spent - limit) }) : null,
    reachedAtMs === null ? null : t('budgets.reached', { when: formatLogMoment(reachedAtMs, { locale, nowMs }) }),
  ];
  return parts.filter((part) => part !== null).join(' · ');
}

interface CourseWords {
  readonly t: AlertWords;
  readonly locale: string;
  readonly amount: (value: number) => string;
}

/** 'on course for 1,950 kWh, going by 20 d so far'. */
function courseWords({ spent, projected, basisSeconds }: BudgetStatus, { t, locale, amount }: CourseWords): string {
  if (spent === null) return '';
  if (basisSeconds === null) return t('budgets.noCourse');
  if (projected === null) return '';
  return t('budgets.course', {
    projected: amount(projected),
    basis: formatDuration(basisSeconds, { locale, isWhole: true }),
  });
}
