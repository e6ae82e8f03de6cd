import { formatUnitPrice } from '../../shared/format/money.ts';
import type { PriceNow } from '../../shared/model/tariff.ts';
import { useLocale } from '../i18n/use-locale.ts';
import { useCarbonWords } from './use-carbon-words.ts';

interface WeekStripProps {
  readonly priceAt: (unixMs: number) => PriceNow;
  readonly atMs: number;
  readonly currency: string;
}

const dayHours = 24;
const leastShade = 12;
const shades = 72;

/** The days from today on, an hour a cell: the darker, the dearer. */
export function WeekStrip({ priceAt, atMs, currency }: WeekStripProps) {
  const { t } = useCarbonWords();
  const locale = useLocale();
  const today = new Date(atMs);
  const hours = Array.from({ length: 7 * dayHours }, (_, i) => {
    const day = Math.floor(i / dayHours);
    const atHour = new Date(today.getFullYear(), today.getMonth(), today.getDate() + day, i % dayHours, 30).getTime();
    return { day, atHour, ...priceAt(atHour) };
  });
  const prices = hours.map(({ pricePerKwh }) => pricePerKwh);
  const [least, most] = [Math.min(...prices), Math.max(...prices)];
  const shadeOf = (price: number): number =>
    most === least ? leastShade : leastShade + ((price - least) / (most - least)) * shades;
  const money = { locale, currency };
  const names = new Intl.DateTimeFormat(locale, { weekday: 'narrow' });
  return (
    <div
      className="strip-week"
      role="img"
      aria-label={t('tariff.week', { least: formatUnitPrice(least, money), most: formatUnitPrice(most, money) })}
    >
      {Array.from({ length: 7 }, (_, day) => hours.slice(day * dayHours, (day + 1) * dayHours)).map((row) => (
        <div key={row[0]?.day} className="strip-day">
          <span className="q">{names.format(row[0]?.atHour)}</span>
          {row.map(({ atHour, pricePerKwh, label }) => (
            <i
              key={atHour}
              title={`${label === '' ? '' : `${label}: `}${formatUnitPrice(pricePerKwh, money)}`}
              style={{ background: `color-mix(in oklab, var(--ink) ${shadeOf(pricePerKwh)}%, var(--bg))` }}
            />
          ))}
        </div>
      ))}
    </div>
  );
}
