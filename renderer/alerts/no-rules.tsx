import { useState } from 'react';
import { formatPower } from '../../shared/format/power.ts';
import { valueText } from '../../shared/format/quantity.ts';
import type { RuleDescriptor } from '../../shared/model/alert.ts';
import { useEngine, useLive } from '../connection/connection-context.tsx';
import { wattrunError } from '../connection/use-request.ts';
import { Button } from '../design/button.tsx';
import { EmptyState } from '../design/empty-state.tsx';
import { useLocale } from '../i18n/use-locale.ts';
import { inputFromDraft, limitField, namedParams, newDraft } from './rule-draft.ts';
import { usualName } from './rule-words.ts';
import { useAlertWords } from './use-alert-words.ts';

interface NoRulesProps {
  readonly kinds: readonly RuleDescriptor[];
  readonly onOther: () => void;
  readonly onPresets: () => void;
}

/** One click to a rule that suits this machine, by what it draws now. */
export function NoRules({ kinds, onOther, onPresets }: NoRulesProps) {
  const { t } = useAlertWords();
  const locale = useLocale();
  const { request } = useEngine();
  const powerWatts = useLive()?.machine.powerWatts ?? null;
  const [errorCode, setErrorCode] = useState<string | null>(null);
  const kind = kinds.find((other) => other.scopes.includes('machine') && limitField(other)?.unit === 'W');
  const draft = kind === undefined ? null : newDraft(kind, powerWatts, locale);
  const add = (): void => {
    if (kind === undefined || draft === null) return;
    request('alerts.put', inputFromDraft(draft, kind, locale)).catch((error: unknown) =>
      setErrorCode(wattrunError(error).code),
    );
  };
  const now = valueText(formatPower(powerWatts, { locale }));
  return (
    <EmptyState
      title={t('alerts.empty.title')}
      actions={
        <>
          {draft !== null && kind !== undefined && (
            <Button look="primary" onClick={add}>
              {t('alerts.empty.add', { name: usualName(t, kind, namedParams(draft, kind, locale)) })}
            </Button>
          )}
          <Button onClick={onPresets}>{t('presets.open')}</Button>
          <Button onClick={onOther}>{t('alerts.empty.other')}</Button>
        </>
      }
    >
      {powerWatts === null ? t('alerts.empty.text') : t('alerts.empty.textNow', { power: now })}
      {errorCode !== null && <span className="crit"> {t('alerts.notSaved', { code: errorCode })}</span>}
    </EmptyState>
  );
}
