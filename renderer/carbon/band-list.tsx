import { useMemo } from 'react';
import type { TariffBand } from '../../shared/model/tariff.ts';
import { Button } from '../design/button.tsx';
import { useLocale } from '../i18n/use-locale.ts';
import { NumberSetting } from '../settings/number-setting.tsx';
import { TextSetting } from '../settings/text-setting.tsx';
import { bandMistake, clockOfMinute, endOfClock, minuteOfClock, newBand } from './band-draft.ts';
import { useCarbonWords } from './use-carbon-words.ts';
import { replacedAt, without } from './use-kept-draft.ts';

interface BandListProps {
  readonly bands: readonly TariffBand[];
  readonly pricePerKwh: number;
  readonly currency: string;
  readonly change: (change: (before: readonly TariffBand[]) => readonly TariffBand[]) => void;
}

const mostBands = 24;
const nothingWrong = (): null => null;

/** Hours with a price of their own, two lines each; the first that fits counts. */
export function BandList({ bands, pricePerKwh, currency, change }: BandListProps) {
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
              set={(part) => change((before) => replacedAt(before, index, (one) => ({ ...one, ...part })))}
              onRemove={() => change((before) => without(before, index))}
            />
          ))}
        </ul>
      )}
      <Button
        size="small"
        icon="plus"
        disabled={bands.length >= mostBands}
        onClick={() => change((before) => [...before, newBand(pricePerKwh)])}
      >
        {t('tariff.add')}
      </Button>
    </>
  );
}

interface BandRowProps {
  readonly band: TariffBand;
  readonly currency: string;
  readonly set: (part: Partial<TariffBand>) => void;
  readonly onRemove: () => void;
}

function BandRow({ band, currency, set, onRemove }: BandRowProps) {
  const { t } = useCarbonWords();
  const mistake = bandMistake(band);
  return (
    <li className="band">
      <div className="band-line">
        <TextSetting
          label={t('tariff.name')}
          value={band.label === '' ? null : band.label}
          placeholder={t('tariff.namePlaceholder')}
          maxLength={40}
          width={80}
          errorOf={nothingWrong}
          onSave={(label) => set({ label: label ?? '' })}
        />
        <DayButtons days={band.days} onChange={(days) => set({ days: [...days] })} />
        <Button look="ghost" size="small" icon="trash" aria-label={t('tariff.remove')} onClick={onRemove} />
      </div>
      <div className="band-line">
        <TimeField
          label={t('tariff.from')}
          minute={band.fromMinute}
          onChange={(text) => {
            const fromMinute = minuteOfClock(text);
            if (fromMinute !== null) set({ fromMinute });
          }}
        />
        <span className="q">–</span>
        <TimeField
          label={t('tariff.to')}
          minute={band.toMinute}
          onChange={(text) => {
            const toMinute = endOfClock(text);
            if (toMinute !== null) set({ toMinute });
          }}
        />
        <NumberSetting
          label={t('tariff.price')}
          value={band.pricePerKwh}
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

interface DayButtonsProps {
  readonly days: readonly number[];
  readonly onChange: (days: readonly number[]) => void;
}

function DayButtons({ days, onChange }: DayButtonsProps) {
  const { t } = useCarbonWords();
  const locale = useLocale();
  const names = useMemo(() => weekdays(locale), [locale]);
  return (
    <fieldset className="days" aria-label={t('tariff.days')}>
      {names.map(({ day, short, long }) => {
        const isOn = days.includes(day);
        return (
          <button
            key={day}
            type="button"
            aria-pressed={isOn}
            aria-label={long}
            title={long}
            onClick={() => onChange(isOn ? days.filter((one) => one !== day) : [...days, day].sort())}
          >
            {short}
          </button>
        );
      })}
    </fieldset>
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
