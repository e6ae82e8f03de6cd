import { useState } from 'react';
import { missing } from '../../shared/format/number-text.ts';
import { formatPower } from '../../shared/format/power.ts';
import { valueText } from '../../shared/format/quantity.ts';
import { formatShare, percentText } from '../../shared/format/ratio.ts';
import type { CalibrationStatus } from '../../shared/model/calibration.ts';
import { useEngine } from '../connection/connection-context.tsx';
import { ProgressBar } from '../design/bar.tsx';
import { Button } from '../design/button.tsx';
import { Field } from '../design/field.tsx';
import { useLocale } from '../i18n/use-locale.ts';
import { useWords } from '../i18n/use-words.ts';
import type { CalibrationActions } from './calibration-actions.ts';
import { parseWatts } from './calibration-words.ts';
import { SettingRow } from './setting-row.tsx';

type Running = NonNullable<CalibrationStatus['running']>;

interface CalibrationRunningProps extends Pick<CalibrationActions, 'act'> {
  readonly running: Running;
}

/** How far it is, what is read meanwhile, and the field for a meter that a person reads. */
export function CalibrationRunning({ running, act }: CalibrationRunningProps) {
  const { t } = useWords();
  const locale = useLocale();
  const { request } = useEngine();
  const watts = (value: number | null): string =>
    value === null ? missing : valueText(formatPower(value, { locale, style: 'device' }));
  const share = percentText(formatShare(running.progressRatio, { locale }));
  return (
    <>
      <SettingRow
        label={t(`settings.calibration.phase.${running.phase}`)}
        hint={t(`settings.calibration.during.${running.phase}`)}
      >
        <span className="cal-bar">
          <ProgressBar ratio={running.progressRatio} label={share} />
        </span>
        <span>{share}</span>
        <Button size="small" icon="stop" onClick={() => act(request('calibration.cancel', {}))}>
          {t('cancel')}
        </Button>
      </SettingRow>
      <SettingRow label={t('settings.calibration.read')}>
        <span>{t('settings.calibration.bySources', { power: watts(running.machineWatts) })}</span>
        {running.wallWatts !== null && (
          <span>{t('settings.calibration.byMeter', { power: watts(running.wallWatts) })}</span>
        )}
      </SettingRow>
      {running.meter === null && <TypedReading key={running.phase} running={running} act={act} />}
    </>
  );
}

function TypedReading({ running, act }: CalibrationRunningProps) {
  const { t } = useWords();
  const locale = useLocale();
  const { request } = useEngine();
  const [text, setText] = useState('');
  const wallWatts = parseWatts(text, locale);
  const send = (): void => {
    if (wallWatts !== null) act(request('calibration.addTyped', { wallWatts, kind: running.phase }));
  };
  return (
    <SettingRow label={t('settings.calibration.typed')}>
      <Field
        label={t('settings.calibration.typed')}
        isLabelShown={false}
        inputMode="decimal"
        unit="W"
        width={96}
        value={text}
        error={text.trim() !== '' && wallWatts === null ? t('settings.calibration.noPower') : null}
        onChange={(event) => setText(event.target.value)}
        onKeyDown={(event) => event.key === 'Enter' && send()}
      />
      <Button look={running.isReadingAwaited ? 'primary' : 'plain'} disabled={wallWatts === null} onClick={send}>
        {t('settings.calibration.send')}
      </Button>
      {running.isReadingAwaited && <span className="warn">{t('settings.calibration.awaited')}</span>}
    </SettingRow>
  );
}
