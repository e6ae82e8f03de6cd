import { formatClock } from '../../shared/format/moment.ts';
import { readingText } from '../../shared/format/reading.ts';
import type { AlertRule } from '../../shared/model/alert.ts';
import { useLive } from '../connection/connection-context.tsx';
import { Button } from '../design/button.tsx';
import { useLocale } from '../i18n/use-locale.ts';
import { useAlertActions } from './use-alert-keys.ts';
import { useAlertWords } from './use-alert-words.ts';

const snoozeSeconds = 60 * 60;

/** What a firing or snoozed rule says, and what to do about it. */
export function RuleFiring({ rule }: { readonly rule: AlertRule }) {
  const { t } = useAlertWords();
  const locale = useLocale();
  const actions = useAlertActions(rule);
  const firing = useLive()?.alerts.find((alert) => alert.ruleId === rule.id);
  if (rule.status.state === 'snoozed')
    return (
      <div className="fire">
        <span className="s">{t('alerts.editor.snoozed')}</span>
        <span className="grow" />
        <Button size="small" onClick={() => actions.snooze(0)}>
          {t('alerts.editor.endSnooze')}
        </Button>
      </div>
    );
  if (firing === undefined) return null;
  const since = formatClock(firing.firedAtMs, { locale, hasSeconds: true });
  const peak = firing.peak ?? firing.peakWatts;
  return (
    <div className="fire warn-ground">
      <span>
        {peak === null
          ? t('firing.since', { since })
          : t('firing.sinceWorst', { since, worst: readingText(peak, firing.unit ?? 'W', locale) })}
      </span>
      <span className="row">
        {actions.isAcknowledged ? (
          <span className="q">{t('alerts.editor.acknowledged')}</span>
        ) : (
          <Button size="small" onClick={actions.acknowledge}>
            {t('alerts.editor.acknowledge')}
          </Button>
        )}
        <Button size="small" onClick={() => actions.snooze(snoozeSeconds)}>
          {t('alerts.editor.snooze')}
        </Button>
      </span>
    </div>
  );
}
