import { formatSpentShare } from '../shared/format/ratio.ts';
import type { AlertDelivery, BudgetStatus } from '../shared/model/alert.ts';
import { isoFromUnixMs } from '../shared/units.ts';
import { plainText } from './plain-text.ts';
import { durationText, wattsText } from './text.ts';

/** '4,542 W', '89 °C', '71.4 EUR', '–'. */
export function amountText(value: number | null, unit: string): string {
  if (value === null) return '–';
  if (unit === 'W') return wattsText(value);
  return `${Number(value.toPrecision(4))}${unit === '' ? '' : ` ${unit}`}`;
}

/** 'Budget 2000 kWh (month), Whole machine: 1600 of 2000 kWh, 80 %, on course for 1950 (from 20 d so far)'. */
export function budgetText(budget: BudgetStatus): string {
  const { spent, limit, unit, projected, basisSeconds, reachedAtMs } = budget;
  const stand =
    spent === null
      ? 'not known'
      : `${amountText(spent, '')} of ${amountText(limit, unit)}, ${formatSpentShare(spent, limit, { locale: 'en-US' })} %`;
  const course =
    projected === null || basisSeconds === null
      ? []
      : [`on course for ${amountText(projected, '')} (by the rate of ${durationText(basisSeconds)})`];
  const reached = reachedAtMs === null ? [] : [`spent by ${isoFromUnixMs(reachedAtMs)}`];
  return [`${plainText(budget.ruleName)}, ${plainText(budget.label)}: ${stand}`, ...course, ...reached].join(', ');
}

/** 'Slack (try 3: It answered 503.)'. */
export function deliveryText({ to, state, attempts, error }: AlertDelivery): string {
  const name = plainText(to);
  if (state === 'delivered') return name;
  if (state === 'held') return `${name} (held)`;
  return `${name} (${state === 'failed' ? 'failed' : `try ${attempts}`}${error === null ? '' : `: ${plainText(error)}`})`;
}
