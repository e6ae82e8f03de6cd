import { useMemo, useState } from 'react';
import type { TariffBand } from '../../shared/model/tariff.ts';
import { Button } from '../design/button.tsx';
import { useLocale } from '../i18n/use-locale.ts';
import { NumberSetting } from '../settings/number-setting.tsx';
import { TextSetting } from '../settings/text-setting.tsx';
import { bandMistake, clockOfMinute, endOfClock, minuteOfClock, newBand } from './band-draft.ts';
import { useCarbonWords } from './use-carbon-words.ts';

interface BandListProps {
  readonly bands: readonly TariffBand[];
  readonly pricePerKwh: number;
  readonly currency: string;
  readonly onChange: (bands: readonly TariffBand[]) => void;
}

const mostBands = 24;
const nothingWrong = (): null => null;

/** Hours with a price of their own, one row each; the first that fits counts. */
export function BandList({ bands, pricePerKwh, currency, onChange }: BandListProps) {
  const { t } = useCarbonWords();
  return (
    <>
      {bands.length > 0 && (
        <ul className="rows" aria-label={t('tariff.label')}>
          {bands.map((band, index) => (
            <BandRow
              // biome-ignore lint/suspicious/noArrayIndexKey: a band is what stands in its place
              key={index}
              band={band}
              currency={currency}
              onChange={(changed) => onChange(bands.map((one, at) => (at === index ? changed : one)))}
              onRemove={() => onChange(bands.filter((_, at) => at !== index))}
            />
          ))}
        </ul>
      )}
      <Button
        size="small"
        icon="plus"
        disabled={bands.length >= mostBands}
        onClick={() => onChange([...bands, newBand(pricePerKwh)])}
      >
        {t('tariff.add')}
      </Button>
    </>
  );
}

interface BandRowProps {
  readonly band: TariffBand;
  readonly currency: string;
  readonly onChange: (band: TariffBand) => void;
  readonly onRemove: () => void;
}

/** Saved as soon as it makes sense; until then it says what is missing. */
function BandRow({ band, currency, onChange, onRemove }: BandRowProps) {
  const { t } = useCarbonWords();
  const locale = useLocale();
  const [draft, setDraft] = useState<TariffBand | null>(null);
  const days = useMemo(() => weekdays(locale), [locale]);
  const shown = draft ?? band;
  const mistake = bandMistake(shown);
  const set = (change: Partial<TariffBand>): void => {
    const next = { ...shown, ...change };
    const isWhole = bandMistake(next) === null;
    setDraft(isWhole ? null : next);
    if (isWhole) onChange(next);
  };
  return (
    <li className="band">
      <div className="band-line">
        <TextSetting
          label={t('tariff.name')}
          value={shown.label === '' ? null : shown.label}
          placeholder={t('tariff.namePlaceholder')}
          maxLength={40}
          width={80}
          errorOf={nothingWrong}
          onSave={(label) => set({ label: label ?? '' })}
        />
        <fieldset className="days" aria-label={t('tariff.days')}>
          {days.map(({ day, short, long }) => {
            const isOn = shown.days.includes(day);
            return (
              <button
                key={day}
                type="button"
                aria-pressed={isOn}
                aria-label={long}
                title={long}
                onClick={() =>
                  set({ days: isOn ? shown.days.filter((one) => one !== day) : [...shown.days, day].sort() })
                }
              >
                {short}
              </button>
            );
          })}
        </fieldset>
        <Button look="ghost" size="small" icon="trash" aria-label={t('tariff.remove')} onClick={onRemove} />
      </div>
      <div className="band-line">
        <TimeField
          label={t('tariff.from')}
          minute={shown.fromMinute}
          onChange={(text) => {
            const fromMinute = minuteOfClock(text);
            if (fromMinute !== null) set({ fromMinute });
          }}
        />
        <span className="q">–</span>
        <TimeField
          label={t('tariff.to')}
          minute={shown.toMinute}
          onChange={(text) => {
            const toMinute = endOfClock(text);
            if (toMinute !== null) set({ toMinute });
          }}
        />
        <NumberSetting
          label={t('tariff.price')}
          value={shown.pricePerKwh}
          min={0}
          max={1000}
          width={104}
          unit={currency}
          onSave={(value) => value !== null && set({ pricePerKwh: value })}
        />
      </div>
      {mistake !== null && <span className="field-note crit">{t(`tariff.${mistake}`)}</span>}
    </li>
  );
}

interface TimeFieldProps {
  readonly label: string;
  readonly minute: number;
  readonly onChange: (text: string) => void;
}

function TimeField({ label, minute, onChange }: TimeFieldProps) {
  return (
    <span className="fld time">
      <input
        type="time"
        aria-label={label}
        value={clockOfMinute(minute)}
        onChange={(event) => onChange(event.target.value)}
      />
    </span>
  );
}

/** Monday to Sunday, as the language writes them. 5 January 2026 was a Monday. */
function weekdays(locale: string) {
  const names = (weekday: 'narrow' | 'long') => new Intl.DateTimeFormat(locale, { weekday, timeZone: 'UTC' });
  const [short, long] = [names('narrow'), names('long')];
  return Array.from({ length: 7 }, (_, i) => {
    const atMs = Date.UTC(2026, 0, 5 + i);
    return { day: i + 1, short: short.format(atMs), long: long.format(atMs) };
  });
}
