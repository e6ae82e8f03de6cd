import { readingText } from '../../shared/format/reading.ts';
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

/** Of a log's entry: '4,531 W', and of a power rule of an older engine the watts it kept. */
export const entryText = (
  entry: {
    readonly value?: number | null | undefined;
    readonly valueWatts: number | null;
    readonly unit?: string | undefined;
  },
  locale: string,
): string => readingText(entry.value ?? entry.valueWatts, entry.unit ?? 'W', locale);
