import {
  type EmissionsUnit,
  emissionsDecimals,
  emissionsInUnit,
  emissionsUnitForColumn,
  formatEmissionsWithBounds,
} from '../../shared/format/emissions.ts';
import {
  type EnergyUnit,
  energyDecimals,
  energyInUnit,
  energyUnitForColumn,
  formatEnergyWithBounds,
  joulesFromUnit,
} from '../../shared/format/energy.ts';
import { decimalTail, formatNumber } from '../../shared/format/number-text.ts';
import type { RunSummary } from '../../shared/model/run.ts';

/** What all rows of the table share, so that units and decimal points line up. */
export interface RunTableScale {
  readonly energyUnit: EnergyUnit;
  readonly emissionsUnit: EmissionsUnit;
  /** Null where the runs have more than one currency or none: each cell then names its own. */
  readonly currency: string | null;
  /** Right end of the energy bars, in joules: a round number in the column's unit. */
  readonly axisJoules: number;
  /** Of the longest number in each column. */
  readonly energyDecimals: number;
  readonly emissionsDecimals: number;
  /** Largest figure in each column, in its unit. */
  readonly mostEnergy: number;
  readonly mostEmissions: number;
}

export interface RunRowText {
  readonly energy: string;
  readonly energyTail: string;
  readonly energyBand: string | null;
  readonly emissions: string;
  readonly emissionsTail: string;
}

export function scaleOf(runs: readonly RunSummary[]): RunTableScale {
  const mostJoules = mostOf(runs, (run) => run.totalJoules);
  const mostGrams = mostOf(runs, (run) => run.emissions.gramsCO2e);
  const energyUnit = energyUnitForColumn([mostJoules]);
  const emissionsUnit = emissionsUnitForColumn([mostGrams]);
  const most = mostOf(runs, (run) => run.highJoules ?? run.totalJoules);
  const currencies = new Set(runs.map((run) => run.cost?.currency).filter((currency) => currency !== undefined));
  return {
    energyUnit,
    emissionsUnit,
    currency: currencies.size === 1 ? ([...currencies][0] ?? null) : null,
    axisJoules: joulesFromUnit(roundUp(energyInUnit(most, energyUnit)), energyUnit),
    energyDecimals: mostOf(runs, (run) => energyDecimals(energyOf(run), energyUnit)),
    emissionsDecimals: mostOf(runs, (run) => emissionsDecimals(run.emissions, emissionsUnit)),
    mostEnergy: energyInUnit(mostJoules, energyUnit),
    mostEmissions: emissionsInUnit(mostGrams, emissionsUnit),
  };
}

/** Characters of the longest number in a column: the digits of the largest, and the decimals of the finest. */
export const longestEnergy = (scale: RunTableScale, locale: string): number =>
  formatNumber(Math.floor(scale.mostEnergy), scale.energyDecimals, locale).length;
export const longestEmissions = (scale: RunTableScale, locale: string): number =>
  formatNumber(Math.floor(scale.mostEmissions), scale.emissionsDecimals, locale).length;

const energyOf = ({ totalJoules, lowJoules, highJoules }: RunSummary) => ({
  joules: totalJoules,
  lowJoules,
  highJoules,
});

/** 0 where nothing is known. */
function mostOf(runs: readonly RunSummary[], figureOf: (run: RunSummary) => number | null): number {
  let most = 0;
  for (const run of runs) most = Math.max(most, figureOf(run) ?? 0);
  return most;
}

/** The next of 1, 1.5, 2, 3, 4, 5, 6, 8 × a power of ten: an axis end that people can read. */
export function roundUp(value: number): number {
  if (value <= 0) return 1;
  const power = 10 ** Math.floor(Math.log10(value) + 1e-9);
  const step = [1, 1.5, 2, 3, 4, 5, 6, 8, 10].find((candidate) => candidate * power >= value * (1 - 1e-9)) ?? 10;
  return Number((step * power).toPrecision(2));
}

/** Energy and emissions of a row, with the hidden tails that line up the decimal points of their columns. */
export function rowText(run: RunSummary, scale: RunTableScale, locale: string): RunRowText {
  const energy = formatEnergyWithBounds(energyOf(run), { locale, unit: scale.energyUnit });
  const emissions = formatEmissionsWithBounds(run.emissions, { locale, unit: scale.emissionsUnit });
  return {
    energy: energy.value,
    energyTail: decimalTail(energy.value, scale.energyDecimals, locale),
    energyBand: energy.band,
    emissions: emissions.value,
    emissionsTail: decimalTail(emissions.value, scale.emissionsDecimals, locale),
  };
}
