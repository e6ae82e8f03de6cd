import { formatUnitPrice } from '../../shared/format/money.ts';
import {
  createTariffPrice,
  type TariffBand,
  type TariffPeriod,
  tariffPeriodSchema,
} from '../../shared/model/tariff.ts';
import { useLive } from '../connection/connection-context.tsx';
import { Button } from '../design/button.tsx';
import { useLocale } from '../i18n/use-locale.ts';
import { NumberSetting } from '../settings/number-setting.tsx';
import type { SectionProps } from '../settings/section-props.ts';
import { SettingRow } from '../settings/setting-row.tsx';
import { bandMistake } from './band-draft.ts';
import { BandList } from './band-list.tsx';
import { useCarbonWords } from './use-carbon-words.ts';
import { replacedAt, useKeptDraft, without } from './use-kept-draft.ts';
import { WeekStrip } from './week-strip.tsx';
import './carbon.css';

const mostPeriods = 24;
const areWholeBands = (bands: readonly TariffBand[]): boolean => bands.every((band) => bandMistake(band) === null);
const areWholePeriods = (periods: readonly TariffPeriod[]): boolean =>
  periods.every((period) => tariffPeriodSchema.safeParse(period).success && areWholeBands(period.bands));

/** Prices by the hour and by period, over the one price above. */
export function TariffRows({ settings, save }: SectionProps) {
  const { t } = useCarbonWords();
  const { pricePerKwh, currency } = settings;
  const bands = useKeptDraft<readonly TariffBand[]>(settings.tariffBands, areWholeBands, (tariffBands) =>
    save({ tariffBands: [...tariffBands] }),
  );
  const periods = useKeptDraft<readonly TariffPeriod[]>(settings.tariffPeriods, areWholePeriods, (tariffPeriods) =>
    save({ tariffPeriods: [...tariffPeriods] }),
  );
  if (pricePerKwh === null) return null;
  return (
    <>
      <SettingRow label={t('tariff.label')} hint={t('tariff.hint', { zone: timeZone() })}>
        <Week settings={settings} pricePerKwh={pricePerKwh} />
        <BandList bands={bands.shown} pricePerKwh={pricePerKwh} currency={currency} change={bands.change} />
      </SettingRow>
      <SettingRow label={t('tariff.periods')} hint={t('tariff.periodsHint')}>
        {periods.shown.length > 0 && (
          <ul className="rows" aria-label={t('tariff.periods')}>
            {periods.shown.map((period, index) => (
              <PeriodRow
                // biome-ignore lint/suspicious/noArrayIndexKey: a period is what stands in its place
                key={index}
                period={period}
                currency={currency}
                change={(make) => periods.change((before) => replacedAt(before, index, make))}
                onRemove={() => periods.change((before) => without(before, index))}
              />
            ))}
          </ul>
        )}
        <Button
          size="small"
          icon="plus"
          disabled={periods.shown.length >= mostPeriods}
          onClick={() => periods.change((before) => [...before, newPeriod(pricePerKwh)])}
        >
          {t('tariff.addPeriod')}
        </Button>
      </SettingRow>
    </>
  );
}

const timeZone = (): string => Intl.DateTimeFormat().resolvedOptions().timeZone;

/** The week to come, and the price of now; nothing while the price never changes. */
function Week({ settings, pricePerKwh }: Pick<SectionProps, 'settings'> & { readonly pricePerKwh: number }) {
  const { t } = useCarbonWords();
  const locale = useLocale();
  const live = useLive();
  const { tariffBands: bands, tariffPeriods: periods, currency } = settings;
  if (bands.length + periods.length === 0) return null;
  return (
    <div className="week">
      <WeekStrip
        priceAt={createTariffPrice(pricePerKwh, { timeZone: timeZone(), bands, periods })}
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
  readonly change: (make: (before: TariffPeriod) => TariffPeriod) => void;
  readonly onRemove: () => void;
}

function PeriodRow({ period, currency, change, onRemove }: PeriodRowProps) {
  const { t } = useCarbonWords();
  const set = (part: Partial<TariffPeriod>): void => change((before) => ({ ...before, ...part }));
  const isBackwards = period.fromDate !== null && period.toDate !== null && period.fromDate > period.toDate;
  return (
    <li className="period">
      <div className="period-head">
        <DateField label={t('tariff.fromDate')} date={period.fromDate} onChange={(fromDate) => set({ fromDate })} />
        <span className="q">–</span>
        <DateField label={t('tariff.toDate')} date={period.toDate} onChange={(toDate) => set({ toDate })} />
        <NumberSetting
          label={t('tariff.price')}
          value={period.pricePerKwh}
          min={0}
          max={1000}
          width={96}
          unit={currency}
          onSave={(value) => value !== null && set({ pricePerKwh: value })}
        />
        <Button look="ghost" size="small" icon="trash" aria-label={t('tariff.removePeriod')} onClick={onRemove} />
      </div>
      {isBackwards && <span className="field-note crit">{t('tariff.wrongDates')}</span>}
      <div className="period-bands">
        <BandList
          bands={period.bands}
          pricePerKwh={period.pricePerKwh}
          currency={currency}
          change={(make) => change((before) => ({ ...before, bands: [...make(before.bands)] }))}
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
