import {
  type EmissionsUnit,
  emissionsUnitForColumn,
  formatEmissionsWithBounds,
} from '../../shared/format/emissions.ts';
import {
  type EnergyUnit,
  energyInUnit,
  energyUnitForColumn,
  formatEnergyWithBounds,
  joulesFromUnit,
} from '../../shared/format/energy.ts';
import { decimalTails } from '../../shared/format/number-text.ts';
import type { Quantity } from '../../shared/format/quantity.ts';
import type { RunSummary } from '../../shared/model/run.ts';

/** What all rows of the table share, so that units and decimal points line up. */
export interface RunTableScale {
  readonly energyUnit: EnergyUnit;
  readonly emissionsUnit: EmissionsUnit;
  /** Null where the runs have more than one currency or none: each cell then names its own. */
  readonly currency: string | null;
  /** Right end of the energy bars, in joules: a round number in the column's unit. */
  readonly axisJoules: number;
}

export interface RunRowText {
  readonly energy: string;
  readonly energyTail: string;
  readonly energyBand: string | null;
  readonly emissions: string;
  readonly emissionsTail: string;
}

export function scaleOf(runs: readonly RunSummary[]): RunTableScale {
  const energyUnit = energyUnitForColumn(runs.map((run) => run.totalJoules));
  const most = Math.max(0, ...runs.map((run) => run.highJoules ?? run.totalJoules ?? 0));
  const currencies = new Set(runs.map((run) => run.cost?.currency).filter((currency) => currency !== undefined));
  return {
    energyUnit,
    emissionsUnit: emissionsUnitForColumn(runs.map((run) => run.emissions.gramsCO2e)),
    currency: currencies.size === 1 ? ([...currencies][0] ?? null) : null,
    axisJoules: joulesFromUnit(roundUp(energyInUnit(most, energyUnit)), energyUnit),
  };
}

/** The next of 1, 1.5, 2, 3, 4, 5, 6, 8 × a power of ten: an axis end that people can read. */
export function roundUp(value: number): number {
  if (value <= 0) return 1;
  const power = 10 ** Math.floor(Math.log10(value) + 1e-9);
  const step = [1, 1.5, 2, 3, 4, 5, 6, 8, 10].find((candidate) => candidate * power >= value * (1 - 1e-9)) ?? 10;
  return Number((step * power).toPrecision(2));
}

/** Energy and emissions of each row, with the hidden tails that line up their decimal points. Ordered as the runs. */
export function rowTexts(runs: readonly RunSummary[], scale: RunTableScale, locale: string): readonly RunRowText[] {
  const written = runs.map((run) => writtenFigures(run, scale, locale));
  const energies = written.map((figures) => figures.energy);
  const emissions = written.map((figures) => figures.emissions);
  const energyTails = decimalTails(
    energies.map((energy) => energy.value),
    locale,
  );
  const emissionsTails = decimalTails(
    emissions.map((emission) => emission.value),
    locale,
  );
  return runs.map((_, index) => ({
    energy: energies[index]?.value ?? '',
    energyTail: energyTails[index] ?? '',
    energyBand: energies[index]?.band ?? null,
    emissions: emissions[index]?.value ?? '',
    emissionsTail: emissionsTails[index] ?? '',
  }));
}

interface WrittenFigures {
  readonly key: string;
  readonly energy: Quantity;
  readonly emissions: Quantity;
}

const known = new WeakMap<RunSummary, WrittenFigures>();

/** Rows that do not change are written once, not with each reading: a table may hold thousands. */
function writtenFigures(run: RunSummary, scale: RunTableScale, locale: string): WrittenFigures {
  const key = `${locale}/${scale.energyUnit}/${scale.emissionsUnit}`;
  const before = known.get(run);
  if (before?.key === key) return before;
  const energy = { joules: run.totalJoules, lowJoules: run.lowJoules, highJoules: run.highJoules };
  const figures = {
    key,
    energy: formatEnergyWithBounds(energy, { locale, unit: scale.energyUnit }),
    emissions: formatEmissionsWithBounds(run.emissions, { locale, unit: scale.emissionsUnit }),
  };
  known.set(run, figures);
  return figures;
}
