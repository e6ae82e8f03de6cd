import type { RunStatus, RunSummary } from '../../shared/model/run.ts';

export interface RunTotals {
  readonly count: number;
  readonly joules: number | null;
  /** Bounds add up end to end, as for errors that all lean the same way. */
  readonly lowJoules: number | null;
  readonly highJoules: number | null;
  readonly gramsCO2e: number | null;
  readonly lowGramsCO2e: number | null;
  readonly highGramsCO2e: number | null;
  /** One amount a currency; runs without a price are left out. */
  readonly costs: readonly { readonly currency: string; readonly amount: number }[];
  /** True where a run has no energy at all: the sum is then a lower bound. */
  readonly isLowerBound: boolean;
  /** Energy by how the runs ended, in a fixed order; statuses without any are left out. */
  readonly byStatus: readonly { readonly status: RunStatus; readonly joules: number }[];
}

const statusOrder = ['finished', 'running', 'stopped', 'interrupted', 'failed'] as const satisfies readonly RunStatus[];

export function totalRuns(runs: readonly RunSummary[]): RunTotals {
  return {
    count: runs.length,
    joules: sumKnown(runs.map((run) => run.totalJoules)),
    lowJoules: sumKnown(runs.map((run) => run.lowJoules ?? run.totalJoules)),
    highJoules: sumKnown(runs.map((run) => run.highJoules ?? run.totalJoules)),
    gramsCO2e: sumKnown(runs.map((run) => run.emissions.gramsCO2e)),
    lowGramsCO2e: sumKnown(runs.map((run) => run.emissions.lowGramsCO2e ?? run.emissions.gramsCO2e)),
    highGramsCO2e: sumKnown(runs.map((run) => run.emissions.highGramsCO2e ?? run.emissions.gramsCO2e)),
    costs: costsOf(runs),
    isLowerBound: runs.some((run) => run.totalJoules === null) && runs.some((run) => run.totalJoules !== null),
    byStatus: statusOrder
      .map((status) => ({
        status,
        joules: sumKnown(runs.filter((run) => run.status === status).map((run) => run.totalJoules)) ?? 0,
      }))
      .filter((entry) => entry.joules > 0),
  };
}

/** Sum of the numbers there are; null where there is none. */
function sumKnown(values: readonly (number | null)[]): number | null {
  const known = values.filter((value) => value !== null);
  return known.length === 0 ? null : known.reduce((sum, value) => sum + value, 0);
}

function costsOf(runs: readonly RunSummary[]): RunTotals['costs'] {
  const amounts = new Map<string, number>();
  for (const { cost } of runs)
    if (cost !== null && cost.amount !== null)
      amounts.set(cost.currency, (amounts.get(cost.currency) ?? 0) + cost.amount);
  return [...amounts].map(([currency, amount]) => ({ currency, amount }));
}
