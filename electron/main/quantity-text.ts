import { formatDuration } from '../../shared/format/duration.ts';
import { type BoundedEmissions, formatEmissionsWithBounds } from '../../shared/format/emissions.ts';
import { formatEnergyEnds, formatEnergyWithBounds } from '../../shared/format/energy.ts';
import { formatMoney } from '../../shared/format/money.ts';
import { formatPower } from '../../shared/format/power.ts';
import { valueText } from '../../shared/format/quantity.ts';

const wholeCoverage = 0.9995;

/** '412 W', '4.54 kW': for tight places. */
export function tightPowerText(powerWatts: number | null, locale: string): string {
  return valueText(formatPower(powerWatts, { locale, style: 'tight' }));
}

/** '4,542 W', '12.4 kW': for sentences. */
export function powerText(powerWatts: number | null, locale: string): string {
  return valueText(formatPower(powerWatts, { locale }));
}

export interface SeenEnergy {
  readonly totalJoules: number | null;
  readonly lowJoules: number | null;
  readonly highJoules: number | null;
  /** Share of the time that was seen; where that does not round to 100.0 % the energy is a lower bound. */
  readonly coverage: number;
}

/** '31.7 kWh (31.1 – 32.3)'; without bounds '31.7 kWh'; '≥' where part of it was not seen. */
export function energyText(energy: SeenEnergy, locale: string, hasBounds = true): string {
  const { totalJoules: joules, lowJoules, highJoules, coverage } = energy;
  const bounded = { joules, lowJoules, highJoules };
  const text = valueText(formatEnergyWithBounds(bounded, { locale, isLowerBound: coverage < wholeCoverage }));
  const ends = hasBounds ? formatEnergyEnds(bounded, { locale }) : null;
  return ends === null ? text : `${text} (${ends.low} – ${ends.high})`;
}

/** '140 g CO₂e', '13.5 kg CO₂e'; null where nothing is known. */
export function emissionsText(emissions: BoundedEmissions, locale: string): string | null {
  return emissions.gramsCO2e === null ? null : valueText(formatEmissionsWithBounds(emissions, { locale }));
}

/** '€8.89', '€1,473', '< €0.01'; null without a price. */
export function moneyText(
  cost: { readonly amount: number | null; readonly currency: string } | null,
  locale: string,
): string | null {
  if (cost === null || cost.amount === null) return null;
  return formatMoney(cost.amount, { locale, currency: cost.currency });
}

/** '4.2 s', '75 s', '52 min', '3 h 41 min', '2 d 4 h'. */
export function durationText(durationSeconds: number, locale: string): string {
  return formatDuration(durationSeconds, { locale });
}
