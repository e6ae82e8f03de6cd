import { joulesFromKwh, kilo, kwhFromJoules, wattHoursFromJoules } from '../units.ts';
import { type Bounded, endTexts, inProportion } from './band.ts';
import { noBreakSpace } from './number-text.ts';
import {
  type BoundedOptions,
  boundedDecimals,
  type FormatOptions,
  formatBounded,
  missingQuantity,
  type Quantity,
} from './quantity.ts';

export type EnergyUnit = 'J' | 'Wh' | 'kWh' | 'MWh';

/** kWh from 0.1 kWh on, Wh below, J below 0.1 Wh, MWh from 10,000 kWh on. */
export function energyUnitFor(energyJoules: number): EnergyUnit {
  const kwh = kwhFromJoules(Math.abs(energyJoules));
  if (kwh >= 10 * kilo) return 'MWh';
  if (kwh >= 0.1) return 'kWh';
  return kwh >= 0.1 / kilo ? 'Wh' : 'J';
}

/** The one unit of a column, chosen by its largest entry; kWh for an empty one. */
export function energyUnitForColumn(energiesJoules: readonly (number | null)[]): EnergyUnit {
  const most = Math.max(0, ...energiesJoules.map((joules) => Math.abs(joules ?? 0)));
  return most === 0 ? 'kWh' : energyUnitFor(most);
}

export function energyInUnit(energyJoules: number, unit: EnergyUnit): number {
  switch (unit) {
    case 'J':
      return energyJoules;
    case 'Wh':
      return wattHoursFromJoules(energyJoules);
    case 'kWh':
      return kwhFromJoules(energyJoules);
    case 'MWh':
      return kwhFromJoules(energyJoules) / kilo;
  }
}

export function joulesFromUnit(energy: number, unit: EnergyUnit): number {
  switch (unit) {
    case 'J':
      return energy;
    case 'Wh':
      return joulesFromKwh(energy / kilo);
    case 'kWh':
      return joulesFromKwh(energy);
    case 'MWh':
      return joulesFromKwh(energy * kilo);
  }
}

export interface BoundedEnergy {
  readonly joules: number | null;
  readonly lowJoules: number | null;
  readonly highJoules: number | null;
}

export interface EnergyOptions extends BoundedOptions {
  /** The column's unit; chosen by the value where absent. */
  readonly unit?: EnergyUnit;
}

/** Energy with its band: '31.7', 'kWh', '±0.6'. */
export function formatEnergyWithBounds(energy: BoundedEnergy, options: EnergyOptions): Quantity {
  if (energy.joules === null) return missingQuantity;
  const unit = options.unit ?? energyUnitFor(energy.joules);
  return formatBounded(boundedIn(energy, unit), unit, options);
}

/** Decimals that `formatEnergyWithBounds` writes in this unit. */
export const energyDecimals = (energy: BoundedEnergy, unit: EnergyUnit): number =>
  boundedDecimals(boundedIn(energy, unit));

/** Both ends in the unit of the value: '31.1' and '32.3'; null where no bounds are known. */
export function formatEnergyEnds(
  energy: BoundedEnergy,
  options: EnergyOptions,
): { readonly low: string; readonly high: string } | null {
  if (energy.joules === null) return null;
  return endTexts(boundedIn(energy, options.unit ?? energyUnitFor(energy.joules)), options.locale);
}

/** '31.1 – 32.3', for sentences that name the unit already; null where no bounds are known. */
export function formatEnergyRange(energy: BoundedEnergy, options: EnergyOptions): string | null {
  const ends = formatEnergyEnds(energy, options);
  return ends === null ? null : `${ends.low}${noBreakSpace}–${noBreakSpace}${ends.high}`;
}

function boundedIn(energy: BoundedEnergy, unit: EnergyUnit): Bounded {
  const scaled = (joules: number | null): number | null => (joules === null ? null : energyInUnit(joules, unit));
  return { value: scaled(energy.joules), low: scaled(energy.lowJoules), high: scaled(energy.highJoules) };
}

/** Energy of which no band is known: three digits. */
export function formatEnergy(energyJoules: number | null, options: EnergyOptions): Quantity {
  return formatEnergyWithBounds({ joules: energyJoules, lowJoules: null, highJoules: null }, options);
}

/** Energy that is a part of another one, or stands beside it, with no digits which that one has not. */
export function energyLike(
  energyJoules: number | null,
  { joules, lowJoules, highJoules }: BoundedEnergy,
): BoundedEnergy {
  const { value, low, high } = inProportion(energyJoules, { value: joules, low: lowJoules, high: highJoules });
  return { joules: value, lowJoules: low, highJoules: high };
}

/** The value in joules for tips: '114.1 MJ'. */
export function formatJoules(energyJoules: number | null, options: FormatOptions): Quantity {
  if (energyJoules === null) return missingQuantity;
  const steps = ['J', 'kJ', 'MJ', 'GJ', 'TJ'] as const;
  const size = Math.abs(energyJoules);
  const step = size < kilo ? 0 : Math.min(steps.length - 1, Math.floor(Math.log10(size) / 3 + 1e-9));
  return formatBounded({ value: energyJoules / kilo ** step, low: null, high: null }, steps[step] ?? 'J', options);
}
