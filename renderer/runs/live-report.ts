import type { LiveRun } from '../../shared/model/live.ts';
import type { RunReport } from '../../shared/model/run.ts';

/** The report of a run that still runs, its sums moved on to the newest live figures. */
export function withLiveSums(report: RunReport, now: LiveRun | undefined): RunReport {
  if (now === undefined || report.run.status !== 'running' || now.totalJoules === null) return report;
  const { totalJoules, lowJoules, highJoules, coverage, durationSeconds } = now;
  const growth = report.energy.totalJoules ? totalJoules / report.energy.totalJoules : null;
  const grown = (grams: number | null): number | null => (grams === null || growth === null ? grams : grams * growth);
  return {
    ...report,
    run: { ...report.run, status: now.status, durationSeconds },
    energy: {
      ...report.energy,
      totalJoules,
      lowJoules,
      highJoules,
      coverage,
      meanWatts: now.meanWatts,
    },
    emissions: {
      ...report.emissions,
      gramsCO2e: now.emissionsGramsCO2e,
      lowGramsCO2e: grown(report.emissions.lowGramsCO2e),
      highGramsCO2e: grown(report.emissions.highGramsCO2e),
    },
    cost: report.cost === null ? null : { ...report.cost, amount: now.costAmount },
  };
}
