import { useState } from 'react';
import { useEngine } from '../connection/connection-context.tsx';
import { Button } from '../design/button.tsx';
import { Select } from '../design/select.tsx';
import { Switch } from '../design/switch.tsx';
import { useWords } from '../i18n/use-words.ts';
import type { CalibrationActions } from './calibration-actions.ts';
import { SettingRow } from './setting-row.tsx';

/** No meter has this name: names hold no capitals. */
const byHand = 'BY HAND';

/** Who reads the meter, whether the CPU model is asked for as well, and the button; or why it cannot be started. */
export function CalibrationStart({ status, act }: CalibrationActions) {
  const { t } = useWords();
  const { request } = useEngine();
  const [chosen, setChosen] = useState<string | null>(null);
  const [isCpuAsked, setIsCpuAsked] = useState(false);
  const meter = chosen ?? status.meters[0] ?? byHand;
  const isByHand = meter === byHand || !status.meters.includes(meter);
  const choices = [
    ...status.meters.map((name) => ({ value: name, label: t('settings.calibration.meter', { name }) })),
    { value: byHand, label: t('settings.calibration.byHand') },
  ];
  const start = (): void =>
    act(
      request('calibration.start', {
        meter: isByHand ? null : meter,
        typed: null,
        isTypedLater: isByHand,
        isCpuAsked: isCpuAsked && status.isCpuModelled,
      }),
    );
  return (
    <>
      <SettingRow label={t('settings.calibration.reader')}>
        <Select
          label={t('settings.calibration.reader')}
          choices={choices}
          value={isByHand ? byHand : meter}
          onChange={setChosen}
        />
      </SettingRow>
      {status.isCpuModelled && (
        <SettingRow label={t('settings.calibration.also')}>
          <Switch label={t('settings.calibration.askCpu')} isOn={isCpuAsked} onChange={setIsCpuAsked} />
          <span className="q">{t('settings.calibration.askCpu')}</span>
        </SettingRow>
      )}
      <SettingRow label="" hint={t('settings.calibration.load')}>
        <Button look="primary" icon="play" disabled={status.blockedBy !== null} onClick={start}>
          {t('settings.calibration.start')}
        </Button>
        {status.blockedBy !== null && (
          <span className="q">{t(`settings.calibration.blocked.${status.blockedBy}`)}</span>
        )}
      </SettingRow>
    </>
  );
}
