import { kilo } from '../units.ts';
import { type Bounded, inProportion } from './band.ts';
import type { BoundedEnergy } from './energy.ts';
import { type BoundedOptions, boundedDecimals, formatBounded, missingQuantity, type Quantity } from './quantity.ts';

export type EmissionsUnit = 'g CO₂e' | 'kg CO₂e' | 't CO₂e';

const gramsPerUnit: Readonly<Record<EmissionsUnit, number>> = {
  'g CO₂e': 1,
  'kg CO₂e': kilo,
  't CO₂e': kilo * kilo,
};

/** Grams under 1 kg, tonnes from 1,000 kg on. */
export function emissionsUnitFor(gramsCO2e: number): EmissionsUnit {
  const size = Math.abs(gramsCO2e);
  if (size >= gramsPerUnit['t CO₂e']) return 't CO₂e';
  return size >= kilo ? 'kg CO₂e' : 'g CO₂e';
}

/** The one unit of a column, chosen by its largest entry; kg for an empty one. */
export function emissionsUnitForColumn(gramsCO2e: readonly (number | null)[]): EmissionsUnit {
  const most = Math.max(0, ...gramsCO2e.map((grams) => grams ?? 0));
  return most === 0 ? 'kg CO₂e' : emissionsUnitFor(most);
}

export interface BoundedEmissions {
  readonly gramsCO2e: number | null;
  readonly lowGramsCO2e: number | null;
  readonly highGramsCO2e: number | null;
}

/** Emissions of an energy, with the band that it gives them. */
export function emissionsOfEnergy(
  gramsCO2e: number | null,
  { joules, lowJoules, highJoules }: BoundedEnergy,
): BoundedEmissions {
  return gramsFrom(inProportion(gramsCO2e, { value: joules, low: lowJoules, high: highJoules }));
}

/** Emissions that are a part of others, with no digits which those have not. */
export function emissionsLike(gramsCO2e: number | null, whole: BoundedEmissions): BoundedEmissions {
  const { gramsCO2e: value, lowGramsCO2e: low, highGramsCO2e: high } = whole;
  return gramsFrom(inProportion(gramsCO2e, { value, low, high }));
}

const gramsFrom = ({ value, low, high }: Bounded): BoundedEmissions => ({
  gramsCO2e: value,
  lowGramsCO2e: low,
  highGramsCO2e: high,
});

export interface EmissionsOptions extends BoundedOptions {
  readonly unit?: EmissionsUnit;
}

/** Emissions with the band their energy gives them, so that they never show more digits than it. */
export function formatEmissionsWithBounds(emissions: BoundedEmissions, options: EmissionsOptions): Quantity {
  if (emissions.gramsCO2e === null) return missingQuantity;
  const unit = options.unit ?? emissionsUnitFor(emissions.gramsCO2e);
  return formatBounded(boundedIn(emissions, unit), unit, options);
}

/** Decimals that `formatEmissionsWithBounds` writes in this unit. */
export const emissionsDecimals = (emissions: BoundedEmissions, unit: EmissionsUnit): number =>
  boundedDecimals(boundedIn(emissions, unit));

export const emissionsInUnit = (gramsCO2e: number, unit: EmissionsUnit): number => gramsCO2e / gramsPerUnit[unit];

function boundedIn(emissions: BoundedEmissions, unit: EmissionsUnit): Bounded {
  const scaled = (grams: number | null): number | null => (grams === null ? null : grams / gramsPerUnit[unit]);
  return {
    value: scaled(emissions.gramsCO2e),
    low: scaled(emissions.lowGramsCO2e),
    high: scaled(emissions.highGramsCO2e),
  };
}

export function formatEmissions(gramsCO2e: number | null, options: EmissionsOptions): Quantity {
  return formatEmissionsWithBounds({ gramsCO2e, lowGramsCO2e: null, highGramsCO2e: null }, options);
}
