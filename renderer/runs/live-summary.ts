import type { LiveRun } from '../../shared/model/live.ts';
import type { RunSummary } from '../../shared/model/run.ts';

/** Rows of runs that still run, moved on to the newest live figures; every other row stays the same object. */
export function withLiveFigures(runs: readonly RunSummary[], live: readonly LiveRun[]): readonly RunSummary[] {
  if (live.length === 0) return runs;
  const liveById = new Map(live.map((run) => [run.id, run]));
  if (!runs.some((run) => run.status === 'running' && liveById.has(run.id))) return runs;
  return runs.map((run) => {
    const now = run.status === 'running' ? liveById.get(run.id) : undefined;
    return now === undefined ? run : withLiveFigure(run, now);
  });
}

function withLiveFigure(run: RunSummary, now: LiveRun): RunSummary {
  const { totalJoules, lowJoules, highJoules } = now;
  const perJoule = now.emissionsGramsCO2e !== null && totalJoules ? now.emissionsGramsCO2e / totalJoules : null;
  const grams = (joules: number | null): number | null =>
    perJoule === null || joules === null ? null : joules * perJoule;
  return {
    ...run,
    status: now.status,
    durationSeconds: now.durationSeconds,
    totalJoules,
    lowJoules,
    highJoules,
    coverage: now.coverage,
    provenance: now.provenance,
    meanWatts: now.meanWatts,
    emissions: {
      ...run.emissions,
      gramsCO2e: now.emissionsGramsCO2e,
      lowGramsCO2e: grams(lowJoules),
      highGramsCO2e: grams(highJoules),
    },
    cost: run.cost === null ? null : { ...run.cost, amount: now.costAmount },
  };
}
