import { type BoundedEnergy, energyLike, formatEnergyWithBounds } from '../../shared/format/energy.ts';
import { formatMoney } from '../../shared/format/money.ts';
import { missing } from '../../shared/format/number-text.ts';
import { valueText } from '../../shared/format/quantity.ts';
import { differenceText, partText } from '../../shared/format/ratio.ts';
import type { ProjectTrend } from '../../shared/model/project.ts';

interface Options {
  readonly locale: string;
}

/** An energy of a project, with the digits that its sum has. */
export const joulesText = (joules: number | null, totals: BoundedEnergy, { locale }: Options): string =>
  valueText(formatEnergyWithBounds(energyLike(joules, totals), { locale }));

/** '€12.30 + US$4.00'; a dash where no run has a price. */
export const costsText = (
  costs: readonly { readonly currency: string; readonly amount: number }[],
  { locale }: Options,
): string =>
  costs.length === 0
    ? missing
    : costs.map(({ amount, currency }) => formatMoney(amount, { locale, currency })).join(' + ');

/** '13 %' of a whole; a dash where there is no whole. */
export const shareText = (part: number, whole: number | null, { locale }: Options): string =>
  whole === null || whole <= 0 ? missing : partText(part / whole, { locale });

/** Differences under a percent are none that a person could act on. */
const sameRatio = 0.01;

export type TrendKind = 'more' | 'less' | 'same' | 'none';

export function trendKind({ ratio }: ProjectTrend): TrendKind {
  if (ratio === null) return 'none';
  if (Math.abs(ratio - 1) < sameRatio) return 'same';
  return ratio > 1 ? 'more' : 'less';
}

/** '↑ 12 %', '↓ 40 %', '–'. */
export function trendText(trend: ProjectTrend, { locale }: Options): string {
  const kind = trendKind(trend);
  if (trend.ratio === null) return missing;
  const size = differenceText(trend.ratio - 1, { locale });
  return kind === 'same' ? size : `${kind === 'more' ? '↑' : '↓'} ${size}`;
}
