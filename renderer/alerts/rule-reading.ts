import { formatMoney } from '../../shared/format/money.ts';
import { formatNumber, missing, narrowSpace, threeDigitDecimals } from '../../shared/format/number-text.ts';
import { formatPower } from '../../shared/format/power.ts';
import { valueText } from '../../shared/format/quantity.ts';
import type { AlertRule, RuleDescriptor } from '../../shared/model/alert.ts';

export interface RuleReading {
  readonly value: number | null;
  readonly limit: number | null;
  readonly unit: string;
  /** Present value over the limit; null where either is missing. */
  readonly ratio: number | null;
}

/** What a rule reads now, and how near it is to its limit. */
export function readingOf(rule: AlertRule, descriptor: RuleDescriptor | undefined): RuleReading {
  const { value, limit, unit } = rule.status;
  return {
    value,
    limit: descriptor === undefined ? null : limit,
    unit,
    ratio: descriptor === undefined || value === null || limit === null || limit <= 0 ? null : value / limit,
  };
}

/** An ISO 4217 code, as the unit of what a cost budget watches. */
const isCurrency = (unit: string): boolean => /^[A-Z]{3}$/.test(unit);

export function readingText(value: number | null, unit: string, locale: string): string {
  if (value === null) return missing;
  if (unit === 'W') return valueText(formatPower(value, { locale }));
  if (isCurrency(unit)) return formatMoney(value, { locale, currency: unit });
  const decimals = unit === '%' || unit === 's' ? 0 : Math.max(0, Math.min(1, threeDigitDecimals(value)));
  const text = formatNumber(value, decimals, locale);
  return unit === '' ? text : `${text}${narrowSpace}${unit === 'kg' ? 'kg CO₂e' : unit}`;
}

/** Of a log's entry: '4,531 W', and of a power rule of an older engine the watts it kept. */
export const entryText = (
  entry: {
    readonly value?: number | null | undefined;
    readonly valueWatts: number | null;
    readonly unit?: string | undefined;
  },
  locale: string,
): string => readingText(entry.value ?? entry.valueWatts, entry.unit ?? 'W', locale);
