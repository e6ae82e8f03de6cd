import { formatExactDuration } from '../../shared/format/duration.ts';
import { formatLogMoment } from '../../shared/format/moment.ts';
import { readingText } from '../../shared/format/reading.ts';
import type { AlertDelivery, AlertLogEntry, AlertRule, RuleDescriptor } from '../../shared/model/alert.ts';
import { secondsFromMs } from '../../shared/units.ts';
import { useNow } from '../app/use-now.ts';
import { useRequest } from '../connection/use-request.ts';
import { FailedState, LoadingBars } from '../design/empty-state.tsx';
import { Sign } from '../design/sign.tsx';
import { StateSign } from '../design/state-glyph.tsx';
import { useLocale } from '../i18n/use-locale.ts';
import { causeTexts } from './cause-texts.ts';
import { entryText } from './rule-reading.ts';
import { outcomeWord, ruleName, targetWord } from './rule-words.ts';
import { useAlertWords } from './use-alert-words.ts';

const mostEntries = 200;

/** What fired, how long, and who was told; newest first. */
interface AlertLogProps {
  readonly rules: readonly AlertRule[];
  readonly kinds: readonly RuleDescriptor[];
}

export function AlertLog({ rules, kinds }: AlertLogProps) {
  const { t } = useAlertWords();
  const asked = useRequest(
    'alerts.log',
    { limit: mostEntries },
    { refreshOn: ['alerts.changed', 'alerts.fired', 'alerts.cleared'] },
  );
  const entries = asked.data?.entries.toSorted((a, b) => b.firedAtMs - a.firedAtMs) ?? [];
  return (
    <section className="lg">
      <div className="hd">
        <h2>{t('alerts.log.title')}</h2>
        {entries.length > 0 && <span className="q">{entries.length}</span>}
      </div>
      {asked.data === null && asked.error !== null ? (
        <FailedState what="table" error={asked.error} onRetry={asked.retry} />
      ) : asked.data === null ? (
        <LoadingBars />
      ) : entries.length === 0 ? (
        <p className="ed-note q">{rules.length === 0 ? t('alerts.log.emptyNoRules') : t('alerts.log.empty')}</p>
      ) : (
        <LogTable entries={entries} rules={rules} kinds={kinds} />
      )}
    </section>
  );
}

function LogTable({ entries, rules, kinds }: AlertLogProps & { readonly entries: readonly AlertLogEntry[] }) {
  const { t } = useAlertWords();
  /** In the page's language where the rule has its usual name. */
  const nameOf = (entry: AlertLogEntry): string => {
    const rule = rules.find((one) => one.id === entry.ruleId && one.name === entry.ruleName);
    const name =
      rule === undefined
        ? entry.ruleName
        : ruleName(
            t,
            rule,
            kinds.find((kind) => kind.kind === rule.kind),
          );
    return entry.stagePercent === null ? name : t('log.stage', { share: entry.stagePercent, name });
  };
  return (
    <div className="lg-scroll">
      <table className="tb d" aria-label={t('alerts.log.title')}>
        <colgroup>
          <col className="l-fired" />
          <col className="l-rule" />
          <col className="l-what" />
          <col className="l-reading" />
          <col className="l-lasted" />
          <col className="l-told" />
        </colgroup>
        <thead>
          <tr>
            <th scope="col">{t('alerts.log.fired')}</th>
            <th scope="col">{t('alerts.log.rule')}</th>
            <th scope="col">{t('alerts.log.what')}</th>
            <th scope="col" className="n">
              {t('alerts.log.reading')}
            </th>
            <th scope="col">{t('alerts.log.lasted')}</th>
            <th scope="col">{t('alerts.log.told')}</th>
          </tr>
        </thead>
        <tbody>
          {entries.map((entry) => (
            <LogRow key={entry.id} entry={entry} name={nameOf(entry)} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function LogRow({ entry, name }: { readonly entry: AlertLogEntry; readonly name: string }) {
  const { t } = useAlertWords();
  const locale = useLocale();
  const nowMs = useNow();
  const target = targetWord(t, entry.target, entry.scopeLabel);
  const peak = entry.peak ?? entry.peakWatts;
  const worst = peak === null ? null : t('log.worst', { value: readingText(peak, entry.unit, locale) });
  return (
    <tr>
      <td className="s">{formatLogMoment(entry.firedAtMs, { locale, nowMs })}</td>
      <td className="cut" title={`${name}, ${target}`}>
        <span className="row log-rule">
          <StateSign of={{ kind: 'alert', state: entry.level }} />
          <span className="cut">{name}</span>
          {entry.isTest && <span className="tag">{t('alerts.log.test')}</span>}
          {entry.isHeld && <span className="tag">{t('log.held')}</span>}
        </span>
      </td>
      <td className="s cut" title={target}>
        {target}
      </td>
      <td
        className="n cut"
        title={[worst, ...causeTexts(entry, t, { locale })].filter((part) => part !== null).join('\n') || undefined}
      >
        {entry.outcome === null ? entryText(entry, locale) : outcomeWord(t, entry.outcome)}
      </td>
      <td className="s cut">
        <Lasted entry={entry} />
      </td>
      <td className="cut">
        <span className="row">
          {entry.question !== null && (
            <span className="st s" title={entry.question.outcome ?? undefined}>
              {t(`log.answered.${entry.question.state}`)}
            </span>
          )}
          {entry.deliveries.map((delivery) => (
            <Delivery key={`${delivery.to}${delivery.what}${delivery.atMs}`} delivery={delivery} />
          ))}
          {entry.deliveries.length === 0 && entry.question === null && (
            <span className="q">{t('alerts.log.nobody')}</span>
          )}
        </span>
      </td>
    </tr>
  );
}

/** Who was told, and how that went. */
function Delivery({ delivery }: { readonly delivery: AlertDelivery }) {
  const { t } = useAlertWords();
  const { state, what, to, attempts, error } = delivery;
  const name = t(`to.${to}`, { defaultValue: to });
  const isFine = state === 'delivered';
  const more = [
    what === 'cleared' ? t('log.cleared') : null,
    state === 'held'
      ? t('log.held')
      : state === 'failed'
        ? t('log.failed')
        : !isFine && attempts > 0
          ? t('log.try', { count: attempts })
          : null,
  ].filter((part) => part !== null);
  return (
    <span className={isFine || state === 'held' ? 'st s' : 'st warn'} title={error ?? undefined}>
      <Sign
        name={isFine ? 'tick' : state === 'failed' ? 'cross' : 'clock'}
        className={isFine ? 'ok' : state === 'held' ? 's' : 'warn'}
        label={isFine ? t('alerts.log.delivered') : t('alerts.log.undelivered')}
      />
      {name}
      {more.length > 0 && <span className="q">{more.join(', ')}</span>}
    </span>
  );
}

function Lasted({ entry }: { readonly entry: AlertLogEntry }) {
  const { t } = useAlertWords();
  const locale = useLocale();
  if (entry.isTest) return null;
  if (entry.clearedAtMs === entry.firedAtMs) return t('log.told');
  if (entry.clearedAtMs === null)
    return entry.isAcknowledged ? t('alerts.log.firingAcknowledged') : t('alerts.log.firing');
  return formatExactDuration(secondsFromMs(entry.clearedAtMs - entry.firedAtMs), { locale });
}
