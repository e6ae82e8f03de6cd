import { formatClock } from '../../shared/format/moment.ts';
import { formatPower } from '../../shared/format/power.ts';
import { valueText } from '../../shared/format/quantity.ts';
import type { AlertRule } from '../../shared/model/alert.ts';
import { useLive } from '../connection/connection-context.tsx';
import { Button } from '../design/button.tsx';
import { useLocale } from '../i18n/use-locale.ts';
import { useWords } from '../i18n/use-words.ts';
import { useAlertActions } from './use-alert-keys.ts';

const snoozeSeconds = 60 * 60;

/** What a firing or snoozed rule says, and what to do about it. */
export function RuleFiring({ rule }: { readonly rule: AlertRule }) {
  const { t } = useWords();
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
  const peak = valueText(formatPower(firing.peakWatts, { locale }));
  return (
    <div className="fire warn-ground">
      <span>
        {firing.peakWatts === null
          ? t('alerts.editor.since', { since })
          : t('alerts.editor.sincePeak', { since, peak })}
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
