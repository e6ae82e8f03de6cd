import type { RunStatus, RunSummary } from '../../shared/model/run.ts';

/** Bounds add up end to end, as for errors that all lean the same way. */
interface EnergyTotal {
  readonly joules: number | null;
  readonly lowJoules: number | null;
  readonly highJoules: number | null;
}

export interface RunTotals extends EnergyTotal {
  readonly count: number;
  readonly gramsCO2e: number | null;
  readonly lowGramsCO2e: number | null;
  readonly highGramsCO2e: number | null;
  /** One amount a currency; runs without a price are left out. */
  readonly costs: readonly { readonly currency: string; readonly amount: number }[];
  /** True where a run has no energy at all: the sum is then a lower bound. */
  readonly isLowerBound: boolean;
  /** Energy by how the runs ended, in a fixed order; statuses without any are left out. */
  readonly byStatus: readonly StatusTotal[];
}

interface StatusTotal extends EnergyTotal {
  readonly status: RunStatus;
  readonly joules: number;
}

const statusOrder = ['finished', 'running', 'stopped', 'interrupted', 'failed'] as const satisfies readonly RunStatus[];

export function totalRuns(runs: readonly RunSummary[]): RunTotals {
  return {
    count: runs.length,
    ...energyOf(runs),
    gramsCO2e: sumKnown(runs, ({ emissions }) => emissions.gramsCO2e),
    lowGramsCO2e: sumKnown(runs, ({ emissions }) => emissions.lowGramsCO2e ?? emissions.gramsCO2e),
    highGramsCO2e: sumKnown(runs, ({ emissions }) => emissions.highGramsCO2e ?? emissions.gramsCO2e),
    costs: costsOf(runs),
    isLowerBound: runs.some((run) => run.totalJoules === null) && runs.some((run) => run.totalJoules !== null),
    byStatus: byStatus(runs),
  };
}

const energyOf = (runs: readonly RunSummary[]): EnergyTotal => ({
  joules: sumKnown(runs, (run) => run.totalJoules),
  lowJoules: sumKnown(runs, (run) => run.lowJoules ?? run.totalJoules),
  highJoules: sumKnown(runs, (run) => run.highJoules ?? run.totalJoules),
});

/** Sum of the numbers there are; null where there is none. Without a list in between: thousands of runs are summed anew with each reading. */
function sumKnown(runs: readonly RunSummary[], figureOf: (run: RunSummary) => number | null): number | null {
  let sum: number | null = null;
  for (const run of runs) {
    const value = figureOf(run);
    if (value !== null) sum = (sum ?? 0) + value;
  }
  return sum;
}

function byStatus(runs: readonly RunSummary[]): readonly StatusTotal[] {
  return statusOrder.flatMap((status) => {
    const { joules, ...bounds } = energyOf(runs.filter((run) => run.status === status));
    return joules === null || joules <= 0 ? [] : [{ status, joules, ...bounds }];
  });
}

function costsOf(runs: readonly RunSummary[]): RunTotals['costs'] {
  const amounts = new Map<string, number>();
  for (const { cost } of runs)
    if (cost !== null && cost.amount !== null)
      amounts.set(cost.currency, (amounts.get(cost.currency) ?? 0) + cost.amount);
  return [...amounts].map(([currency, amount]) => ({ currency, amount }));
}
