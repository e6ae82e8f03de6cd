import { formatMoney } from '../../shared/format/money.ts';
import type { RunReport } from '../../shared/model/run.ts';

/** What a part of a run's energy cost, at the run's mean price; null without a price. */
export function moneyOfJoules(
  { energy, cost }: Pick<RunReport, 'energy' | 'cost'>,
  joules: number | null,
  locale: string,
): string | null {
  if (cost === null || cost.amount === null || joules === null || !energy.totalJoules) return null;
  return formatMoney((cost.amount * joules) / energy.totalJoules, { locale, currency: cost.currency });
}
