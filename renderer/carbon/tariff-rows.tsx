import { useState } from 'react';
import { formatUnitPrice } from '../../shared/format/money.ts';
import { createTariffPrice, type TariffPeriod, tariffPeriodSchema } from '../../shared/model/tariff.ts';
import { useLive } from '../connection/connection-context.tsx';
import { Button } from '../design/button.tsx';
import { useLocale } from '../i18n/use-locale.ts';
import { NumberSetting } from '../settings/number-setting.tsx';
import type { SectionProps } from '../settings/place-section.tsx';
import { SettingRow } from '../settings/setting-row.tsx';
import { BandList } from './band-list.tsx';
import { useCarbonWords } from './use-carbon-words.ts';
import { WeekStrip } from './week-strip.tsx';
import './carbon.css';

const mostPeriods = 24;

/** Prices by the hour and by period, over the one price above. */
export function TariffRows({ settings, save }: SectionProps) {
  const { t } = useCarbonWords();
  const locale = useLocale();
  const live = useLive();
  const { pricePerKwh, currency, tariffBands: bands, tariffPeriods: periods } = settings;
  if (pricePerKwh === null) return null;
  const timeZone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const isVarying = bands.length + periods.length > 0;
  return (
    <>
      <SettingRow label={t('tariff.label')} hint={t('tariff.hint', { zone: timeZone })}>
        {isVarying && (
          <div className="week">
            <WeekStrip
              priceAt={createTariffPrice(pricePerKwh, { timeZone, bands, periods })}
              atMs={live?.atMs ?? Date.now()}
              currency={currency}
            />
            {live?.price != null && (
              <span className="s">
                {t('tariff.now', {
                  price: formatUnitPrice(live.price.pricePerKwh, { locale, currency: live.price.currency }),
                })}
              </span>
            )}
          </div>
        )}
        <BandList
          bands={bands}
          pricePerKwh={pricePerKwh}
          currency={currency}
          onChange={(tariffBands) => save({ tariffBands: [...tariffBands] })}
        />
      </SettingRow>
      <SettingRow label={t('tariff.periods')} hint={t('tariff.periodsHint')}>
        {periods.length > 0 && (
          <ul className="rows" aria-label={t('tariff.periods')}>
            {periods.map((period, index) => (
              <PeriodRow
                // biome-ignore lint/suspicious/noArrayIndexKey: a period is what stands in its place
                key={index}
                period={period}
                currency={currency}
                onChange={(changed) =>
                  save({ tariffPeriods: periods.map((one, at) => (at === index ? changed : one)) })
                }
                onRemove={() => save({ tariffPeriods: periods.filter((_, at) => at !== index) })}
              />
            ))}
          </ul>
        )}
        <Button
          size="small"
          icon="plus"
          disabled={periods.length >= mostPeriods}
          onClick={() => save({ tariffPeriods: [...periods, newPeriod(pricePerKwh)] })}
        >
          {t('tariff.addPeriod')}
        </Button>
      </SettingRow>
    </>
  );
}

/** The next year, at the price there is. */
const newPeriod = (pricePerKwh: number): TariffPeriod => ({
  pricePerKwh,
  fromDate: `${new Date().getFullYear() + 1}-01-01`,
  toDate: null,
  bands: [],
});

interface PeriodRowProps {
  readonly period: TariffPeriod;
  readonly currency: string;
  readonly onChange: (period: TariffPeriod) => void;
  readonly onRemove: () => void;
}

function PeriodRow({ period, currency, onChange, onRemove }: PeriodRowProps) {
  const { t } = useCarbonWords();
  const [draft, setDraft] = useState<TariffPeriod | null>(null);
  const shown = draft ?? period;
  const set = (change: Partial<TariffPeriod>): void => {
    const next = { ...shown, ...change };
    const isWhole = tariffPeriodSchema.safeParse(next).success;
    setDraft(isWhole ? null : next);
    if (isWhole) onChange(next);
  };
  return (
    <li className="period">
      <div className="period-head">
        <DateField label={t('tariff.fromDate')} date={shown.fromDate} onChange={(fromDate) => set({ fromDate })} />
        <span className="q">–</span>
        <DateField label={t('tariff.toDate')} date={shown.toDate} onChange={(toDate) => set({ toDate })} />
        <NumberSetting
          label={t('tariff.price')}
          value={shown.pricePerKwh}
          min={0}
          max={1000}
          width={96}
          unit={currency}
          onSave={(value) => value !== null && set({ pricePerKwh: value })}
        />
        <Button look="ghost" size="small" icon="trash" aria-label={t('tariff.removePeriod')} onClick={onRemove} />
      </div>
      {draft !== null && <span className="field-note crit">{t('tariff.wrongDates')}</span>}
      <div className="period-bands">
        <BandList
          bands={shown.bands}
          pricePerKwh={shown.pricePerKwh}
          currency={currency}
          onChange={(bands) => set({ bands: [...bands] })}
        />
      </div>
    </li>
  );
}

interface DateFieldProps {
  readonly label: string;
  readonly date: string | null;
  readonly onChange: (date: string | null) => void;
}

/** Empty: open. */
function DateField({ label, date, onChange }: DateFieldProps) {
  return (
    <span className="fld date">
      <input
        type="date"
        aria-label={label}
        value={date ?? ''}
        onChange={(event) => onChange(event.target.value === '' ? null : event.target.value)}
      />
    </span>
  );
}
