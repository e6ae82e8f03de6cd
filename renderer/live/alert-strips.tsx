import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { formatClock } from '../../shared/format/moment.ts';
import { readingText } from '../../shared/format/reading.ts';
import type { FiringAlert } from '../../shared/model/live.ts';
import { isAsking } from '../alerts/question-names.ts';
import { hrefTo } from '../app/router.ts';
import { useEngine } from '../connection/connection-context.tsx';
import { Button } from '../design/button.tsx';
import { Strip } from '../design/strip.tsx';
import { useLocale } from '../i18n/use-locale.ts';
import { alertAmount } from './alert-amount.ts';

const mostStrips = 2;
const snoozeSeconds = 60 * 60;
const tones = { note: 'info', warning: 'warn', critical: 'crit' } as const;
const signs = { note: 'info', warning: 'triangle', critical: 'diamond' } as const;

/** What fires and is not acknowledged, newest on top; what asks has its strip on every page. */
export function AlertStrips({ alerts }: { readonly alerts: readonly FiringAlert[] }): ReactNode {
  const waiting = alerts
    .filter((alert) => !alert.isAcknowledged && !isAsking(alert))
    .toSorted((a, b) => b.firedAtMs - a.firedAtMs);
  return waiting
    .slice(0, mostStrips)
    .map((alert, index) => (
      <AlertStrip key={alert.id} alert={alert} more={index === mostStrips - 1 ? waiting.length - mostStrips : 0} />
    ));
}

function AlertStrip({ alert, more }: { readonly alert: FiringAlert; readonly more: number }): ReactNode {
  const { t } = useTranslation();
  const locale = useLocale();
  const { request, status } = useEngine();
  const peak = alert.peak ?? alert.peakWatts;
  const amount = alertAmount(alert, status === 'connected');
  const text = (amount: number | null): string => readingText(amount, alert.unit ?? 'W', locale);
  const parts = [
    alert.scopeLabel,
    amount === null ? null : t(`live.alert.${amount.when}`, { value: text(amount.value) }),
    t('live.alert.since', { time: formatClock(alert.firedAtMs, { locale, hasSeconds: true }) }),
    peak === null ? null : t('live.alert.peak', { power: text(peak) }),
    more > 0 ? t('live.alert.more', { count: more }) : null,
  ];
  return (
    <Strip
      tone={tones[alert.level]}
      sign={signs[alert.level]}
      title={alert.ruleName}
      actions={
        <>
          <a className="btn sm" href={hrefTo({ page: 'alerts' })}>
            {t('live.alert.show')}
          </a>
          <Button
            size="small"
            onClick={() => void request('alerts.snooze', { ruleId: alert.ruleId, seconds: snoozeSeconds })}
          >
            {t('live.alert.snooze')}
          </Button>
          <Button
            size="small"
            look="ghost"
            icon="check"
            aria-label={t('live.alert.acknowledge')}
            onClick={() => void request('alerts.acknowledge', { alertId: alert.id })}
          />
        </>
      }
    >
      {parts.filter((part) => part !== null).join(' · ')}
    </Strip>
  );
}
