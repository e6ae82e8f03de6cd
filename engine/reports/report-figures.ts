import { formatDuration, formatElapsed } from '../../shared/format/duration.ts';
import { type BoundedEmissions, formatEmissionsWithBounds } from '../../shared/format/emissions.ts';
import {
  type BoundedEnergy,
  energyLike,
  formatEnergyRange,
  formatEnergyWithBounds,
} from '../../shared/format/energy.ts';
import { formatMoney } from '../../shared/format/money.ts';
import { formatNumber } from '../../shared/format/number-text.ts';
import { formatPower } from '../../shared/format/power.ts';
import { valueText } from '../../shared/format/quantity.ts';
import { formatCoverage } from '../../shared/format/ratio.ts';

/** Files are read by people of any country: English, dot decimals. */
export const locale = 'en';

const plain = (text: string): string => text.replaceAll(/[\u00a0\u202f]/g, ' ').replaceAll('\u2212', '-');

/** '31.7 kWh (31.1 – 32.3)'. */
export function energyText(energy: BoundedEnergy): string {
  const range = formatEnergyRange(energy, { locale });
  const value = valueText(formatEnergyWithBounds(energy, { locale }));
  return plain(range === null ? value : `${value} (${range})`);
}
/** An energy without its bounds, with the digits of the one that it is a part of. */
export const partOfEnergyText = (joules: number | null, whole: BoundedEnergy): string =>
  valueOfEnergyText(energyLike(joules, whole));
/** '31.7 kWh': ended where its bounds ask, and without them. */
export const valueOfEnergyText = (energy: BoundedEnergy): string =>
  plain(valueText(formatEnergyWithBounds(energy, { locale })));
export const joulesText = (joules: number | null): string => energyText({ joules, lowJoules: null, highJoules: null });
export const wattsText = (watts: number | null): string =>
  plain(valueText(formatPower(watts, { locale, style: 'device' })));
export const emissionsText = (emissions: BoundedEmissions): string =>
  plain(valueText(formatEmissionsWithBounds(emissions, { locale })));
export const gramsText = (gramsCO2e: number | null): string =>
  emissionsText({ gramsCO2e, lowGramsCO2e: null, highGramsCO2e: null });
export const durationText = (seconds: number): string => plain(formatDuration(seconds, { locale }));
export const elapsedText = (seconds: number): string => plain(formatElapsed(seconds, { locale }));
export const coverageText = (ratio: number): string => `${formatCoverage(ratio, { locale })} %`;
export const percentText = (ratio: number | null, decimals = 0): string =>
  ratio === null ? '–' : `${plain(formatNumber(ratio * 100, decimals, locale))} %`;
export const numberText = (value: number, decimals = 0): string => plain(formatNumber(value, decimals, locale));
export const moneyText = (amount: number | null, currency: string): string =>
  plain(formatMoney(amount, { locale, currency }));
export const costsText = (costs: readonly { readonly currency: string; readonly amount: number }[]): string =>
  costs.length === 0 ? '–' : costs.map(({ amount, currency }) => moneyText(amount, currency)).join(' + ');

/** '2026-07-14 08:00:01 UTC'. */
export const timeText = (iso: string | null): string =>
  iso === null ? '–' : `${iso.slice(0, 19).replace('T', ' ')} UTC`;
