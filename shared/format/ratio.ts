import { percentFromRatio } from '../units.ts';
import { formatNumber, missing, narrowSpace } from './number-text.ts';
import type { FormatOptions } from './quantity.ts';

/** A share as a whole number of percent, without the sign: '86'. */
export function formatShare(ratio: number | null, options: FormatOptions): string {
  return ratio === null ? missing : formatNumber(percentFromRatio(ratio), 0, options.locale);
}

/** What a sum of times lacks of 1 by its arithmetic is no time unseen. */
const arithmeticSlack = 1e-9;

/** Coverage with one decimal, cut off: '100' only when whole, never '100.0' for 99.97. */
export function formatCoverage(coverage: number | null, options: FormatOptions): string {
  if (coverage === null) return missing;
  if (coverage >= 1 - arithmeticSlack) return formatNumber(100, 0, options.locale);
  return formatNumber(Math.floor(percentFromRatio(coverage) * 10 + 1e-9) / 10, 1, options.locale);
}

/** How much of a budget is spent, in whole percent, cut off: 100 only when it is. Without the sign. */
export function formatSpentShare(spent: number, limit: number, options: FormatOptions): string {
  return formatNumber(Math.floor(percentFromRatio(spent / limit) + 1e-9), 0, options.locale);
}

/** '86 %' as people read it. */
export function percentText(share: string): string {
  return share === missing ? share : `${share}${narrowSpace}%`;
}

/** '7 %', '< 1 %': a part that is there is never written as 0. */
export function partText(ratio: number, options: FormatOptions): string {
  const isTiny = ratio > 0 && ratio < 0.005;
  return isTiny
    ? `<${narrowSpace}${percentText(formatShare(0.01, options))}`
    : percentText(formatShare(ratio, options));
}

/** '1.2 %', '12 %': the size of a difference, one decimal under 10 %. The sign is the words' beside it. */
export function differenceText(ratio: number, options: FormatOptions): string {
  const percent = Math.abs(percentFromRatio(ratio));
  return percentText(formatNumber(percent, percent < 9.95 ? 1 : 0, options.locale));
}
