import { formatExactDuration } from '../../shared/format/duration.ts';
import { formatLogMoment } from '../../shared/format/moment.ts';
import { formatPower } from '../../shared/format/power.ts';
import { valueText } from '../../shared/format/quantity.ts';
import type { AlertLogEntry, AlertRule } from '../../shared/model/alert.ts';
import { secondsFromMs } from '../../shared/units.ts';
import { useNow } from '../app/use-now.ts';
import { useRequest } from '../connection/use-request.ts';
import { FailedState, LoadingBars } from '../design/empty-state.tsx';
import { Sign } from '../design/sign.tsx';
import { StateSign } from '../design/state-glyph.tsx';
import { useLocale } from '../i18n/use-locale.ts';
import { useWords } from '../i18n/use-words.ts';

const mostEntries = 200;

/** What fired, how long, and who was told; newest first. */
export function AlertLog({ rules }: { readonly rules: readonly AlertRule[] }) {
  const { t } = useWords();
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
        <LogTable entries={entries} />
      )}
    </section>
  );
}

function LogTable({ entries }: { readonly entries: readonly AlertLogEntry[] }) {
  const { t } = useWords();
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
            <LogRow key={entry.id} entry={entry} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function LogRow({ entry }: { readonly entry: AlertLogEntry }) {
  const { t } = useWords();
  const locale = useLocale();
  const nowMs = useNow();
  const peak =
    entry.peakWatts === null
      ? undefined
      : t('alerts.log.peak', { power: valueText(formatPower(entry.peakWatts, { locale })) });
  return (
    <tr>
      <td className="s">{formatLogMoment(entry.firedAtMs, { locale, nowMs })}</td>
      <td className="cut" title={`${entry.ruleName}, ${entry.scopeLabel}`}>
        <span className="row log-rule">
          <StateSign of={{ kind: 'alert', state: entry.level }} />
          <span className="cut">{entry.ruleName}</span>
          {entry.isTest && <span className="tag">{t('alerts.log.test')}</span>}
        </span>
      </td>
      <td className="s cut" title={entry.scopeLabel}>
        {entry.scopeLabel}
      </td>
      <td className="n" title={peak}>
        {valueText(formatPower(entry.valueWatts, { locale }))}
      </td>
      <td className="s">
        <Lasted entry={entry} />
      </td>
      <td className="cut">
        <span className="row">
          {entry.deliveries.map((delivery) => (
            <span className={delivery.isDelivered ? 'st s' : 'st warn'} key={`${delivery.to}${delivery.atMs}`}>
              <Sign
                name={delivery.isDelivered ? 'tick' : 'cross'}
                className={delivery.isDelivered ? 'ok' : 'warn'}
                label={delivery.isDelivered ? t('alerts.log.delivered') : t('alerts.log.undelivered')}
              />
              {delivery.to}
            </span>
          ))}
          {entry.deliveries.length === 0 && <span className="q">{t('alerts.log.nobody')}</span>}
        </span>
      </td>
    </tr>
  );
}

function Lasted({ entry }: { readonly entry: AlertLogEntry }) {
  const { t } = useWords();
  const locale = useLocale();
  if (entry.isTest) return null;
  if (entry.clearedAtMs === null)
    return entry.isAcknowledged ? t('alerts.log.firingAcknowledged') : t('alerts.log.firing');
  return formatExactDuration(secondsFromMs(entry.clearedAtMs - entry.firedAtMs), { locale });
}
