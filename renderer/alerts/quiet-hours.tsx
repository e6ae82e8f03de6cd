import { useId } from 'react';
import { defaultQuietHours, type QuietHours } from '../../shared/model/alert.ts';
import { useSettings } from '../connection/connection-context.tsx';
import { Button } from '../design/button.tsx';
import { Popover } from '../design/popover.tsx';
import { Checkbox, Switch } from '../design/switch.tsx';
import { useSaveSettings } from '../settings/use-save-settings.ts';
import { useAlertWords } from './use-alert-words.ts';

const two = (value: number): string => String(value).padStart(2, '0');
/** '22:00', as the time fields of every browser hold it. */
const timeText = (minute: number): string => `${two(Math.floor(minute / 60))}:${two(minute % 60)}`;

function minuteOf(text: string): number | null {
  const [, hours, minutes] = /^(\d\d):(\d\d)/.exec(text) ?? [];
  return hours === undefined ? null : Number(hours) * 60 + Number(minutes);
}

const useQuietHours = (): QuietHours => useSettings()?.quietHours ?? defaultQuietHours;

/** 'Quiet 22:00 – 07:00'; nothing where anyone is told at any hour. */
export function QuietHoursState() {
  const { t } = useAlertWords();
  const { isOn, fromMinute, toMinute } = useQuietHours();
  if (!isOn) return null;
  return <span className="q nw">{t('quiet.on', { from: timeText(fromMinute), to: timeText(toMinute) })}</span>;
}

/** Sets the hours in which nobody is told. */
export function QuietHoursButton() {
  const { t } = useAlertWords();
  const { save } = useSaveSettings();
  const quiet = useQuietHours();
  const change = (part: Partial<QuietHours>): void => save({ quietHours: { ...quiet, ...part } });
  return (
    <Popover trigger={<Button>{t('quiet.set')}</Button>} label={t('quiet.title')} align="end">
      <div className="quiet">
        <p className="q">{t('quiet.text')}</p>
        <div className="row">
          <Switch label={t('quiet.switch')} isOn={quiet.isOn} onChange={(isOn) => change({ isOn })} />
          <span>{t('quiet.switch')}</span>
        </div>
        <div className="row">
          <TimeField
            label={t('quiet.from')}
            minute={quiet.fromMinute}
            onChange={(fromMinute) => change({ fromMinute })}
          />
          <TimeField label={t('quiet.to')} minute={quiet.toMinute} onChange={(toMinute) => change({ toMinute })} />
        </div>
        <div className="row">
          <Checkbox
            label={t('quiet.critical')}
            state={quiet.isCriticalTold}
            onChange={(isCriticalTold) => change({ isCriticalTold })}
          />
          <span>{t('quiet.critical')}</span>
        </div>
      </div>
    </Popover>
  );
}

interface TimeFieldProps {
  readonly label: string;
  readonly minute: number;
  readonly onChange: (minute: number) => void;
}

function TimeField({ label, minute, onChange }: TimeFieldProps) {
  const id = useId();
  return (
    <span className="row">
      <label className="fl" htmlFor={id}>
        {label}
      </label>
      <span className="fld">
        <input
          id={id}
          type="time"
          defaultValue={timeText(minute)}
          onChange={(event) => {
            const next = minuteOf(event.target.value);
            if (next !== null) onChange(next);
          }}
        />
      </span>
    </span>
  );
}
