import { useState } from 'react';
import { formatPower } from '../../shared/format/power.ts';
import { valueText } from '../../shared/format/quantity.ts';
import type { WallMeter } from '../../shared/model/settings.ts';
import { useLive } from '../connection/connection-context.tsx';
import { Button } from '../design/button.tsx';
import { Sign } from '../design/sign.tsx';
import { useLocale } from '../i18n/use-locale.ts';
import { useWords } from '../i18n/use-words.ts';
import { MeterDialog } from './meter-dialog.tsx';
import { mostMeters } from './meter-draft.ts';
import type { SectionProps } from './section-props.ts';
import { SettingRow } from './setting-row.tsx';

/** Wattmeters at the wall: each with what it says now, and a way to add and to remove one. */
export function MetersSection({ settings, save }: SectionProps) {
  const { t } = useWords();
  const [isAdding, setIsAdding] = useState(false);
  const { wallMeters } = settings;
  return (
    <SettingRow label={t('settings.meters.label')} hint={t('settings.meters.hint')}>
      {wallMeters.length > 0 && (
        <ul className="mts" aria-label={t('settings.meters.label')}>
          {wallMeters.map((meter) => (
            <MeterRow
              key={meter.name}
              meter={meter}
              onRemove={() => save({ wallMeters: wallMeters.filter((other) => other.name !== meter.name) })}
            />
          ))}
        </ul>
      )}
      <Button size="small" icon="plus" disabled={wallMeters.length >= mostMeters} onClick={() => setIsAdding(true)}>
        {t('settings.meters.add')}
      </Button>
      {isAdding && (
        <MeterDialog
          others={wallMeters}
          onClose={() => setIsAdding(false)}
          onAdd={(meter) => {
            save({ wallMeters: [...wallMeters, meter] });
            setIsAdding(false);
          }}
        />
      )}
    </SettingRow>
  );
}

function MeterRow({ meter, onRemove }: { readonly meter: WallMeter; readonly onRemove: () => void }) {
  const { t } = useWords();
  return (
    <li>
      <span className="mt-name">
        <b className="cut" title={meter.name}>
          {meter.name}
        </b>
        <span className="q cut" title={meter.url}>
          {t(`settings.meters.kind.${meter.kind}`)} · {new URL(meter.url).host}
        </span>
      </span>
      <MeterState meter={meter} />
      <Button
        look="ghost"
        size="small"
        icon="trash"
        aria-label={t('settings.meters.remove', { name: meter.name })}
        onClick={onRemove}
      />
    </li>
  );
}

/** What the meter says now, or why it says nothing. */
function MeterState({ meter }: { readonly meter: WallMeter }) {
  const { t } = useWords();
  const locale = useLocale();
  const device = useLive()?.devices.find(({ domain }) => domain.id === `wall:${meter.name}`);
  if (device?.powerWatts != null)
    return (
      <span className="mt-state nw">
        <Sign name="disc" className="ok" />{' '}
        <b>{valueText(formatPower(device.powerWatts, { locale, style: 'device' }))}</b>
      </span>
    );
  const note = device?.note ?? null;
  return (
    <span className={note === null ? 'mt-state q' : 'mt-state warn'}>
      <Sign name={note === null ? 'ring' : 'cross'} /> {note ?? t('settings.meters.waiting')}
    </span>
  );
}
