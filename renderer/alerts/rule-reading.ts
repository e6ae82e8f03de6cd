import { formatNumber, missing, narrowSpace, threeDigitDecimals } from '../../shared/format/number-text.ts';
import { formatPower } from '../../shared/format/power.ts';
import { valueText } from '../../shared/format/quantity.ts';
import type { AlertRule, RuleDescriptor } from '../../shared/model/alert.ts';
import { limitField } from './rule-draft.ts';

export interface RuleReading {
  readonly value: number | null;
  readonly limit: number | null;
  readonly unit: string;
  /** Present value over the limit; null where either is missing. */
  readonly ratio: number | null;
}

/** What a rule reads now, and how near it is to its limit. */
export function readingOf(rule: AlertRule, descriptor: RuleDescriptor | undefined): RuleReading {
  const field = descriptor === undefined ? undefined : limitField(descriptor);
  const limit = field === undefined ? null : (rule.params[field.key] ?? null);
  const { value } = rule.status;
  return {
    value,
    limit,
    unit: field?.unit ?? '',
    ratio: value === null || limit === null || limit <= 0 ? null : value / limit,
  };
}

export function readingText(value: number | null, unit: string, locale: string): string {
  if (value === null) return missing;
  if (unit === 'W') return valueText(formatPower(value, { locale }));
  const decimals = unit === '%' ? 0 : Math.max(0, Math.min(1, threeDigitDecimals(value)));
  const text = formatNumber(value, decimals, locale);
  return unit === '' ? text : `${text}${narrowSpace}${unit}`;
}
