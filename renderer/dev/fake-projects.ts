import type { Handlers } from '../../shared/contract/contract.ts';
import type { EngineContract } from '../../shared/contract/engine-contract.ts';
import type { ProjectSummary } from '../../shared/model/project.ts';
import type { RunSummary } from '../../shared/model/run.ts';

const weekMs = 7 * 24 * 60 * 60 * 1000;

/** Projects of made-up runs: sums as they are, weeks that rise and fall. */
export function fakeProjects(
  list: () => readonly RunSummary[],
): Pick<Handlers<EngineContract>, 'projects.list' | 'projects.read'> {
  const summaryOf = (project: string | null): ProjectSummary => {
    const runs = list().filter((run) => run.project === project);
    const sum = (value: (run: RunSummary) => number | null): number =>
      runs.reduce((total, run) => total + (value(run) ?? 0), 0);
    const lost = runs.filter((run) => run.status === 'failed' || run.status === 'interrupted');
    return {
      project,
      runs: runs.length,
      runningRuns: runs.filter((run) => run.status === 'running').length,
      durationSeconds: sum((run) => run.durationSeconds),
      firstStartedAt: runs.at(-1)?.startedAt ?? '',
      lastStartedAt: runs[0]?.startedAt ?? '',
      totals: {
        joules: sum((run) => run.totalJoules),
        lowJoules: sum((run) => run.lowJoules),
        highJoules: sum((run) => run.highJoules),
        gramsCO2e: sum((run) => run.emissions.gramsCO2e),
        costs: [{ currency: 'EUR', amount: sum((run) => run.cost?.amount ?? 0) }],
      },
      loss: {
        failedJoules: lost.reduce((total, run) => total + (run.totalJoules ?? 0), 0),
        failedRuns: lost.length,
        idleJoules: sum((run) => run.totalJoules) / 40,
      },
      trend: { days: 28, recentJoules: 8e7, beforeJoules: 1e8, ratio: 0.8 },
      isSimulated: false,
    };
  };
  return {
    'projects.list': () => ({ projects: [...new Set(list().map((run) => run.project))].map(summaryOf) }),
    'projects.read': ({ project }) => {
      const nowMs = Date.now();
      const periods = Array.from({ length: 16 }, (_, index) => ({
        fromMs: nowMs - (16 - index) * weekMs,
        toMs: nowMs - (15 - index) * weekMs,
        label: `W${index + 30}`,
        runs: 2,
        joules: 4e7 * (1.2 + Math.sin(index)),
        gramsCO2e: 4000,
        costs: [],
      }));
      const wasteful = list()
        .filter((run) => run.project === project && run.status === 'failed')
        .map(({ id, name, status, startedAt, durationSeconds, totalJoules, emissions }) => ({
          id,
          name,
          status,
          startedAt,
          durationSeconds,
          joules: totalJoules ?? 0,
          reason: 'failed' as const,
          wastedJoules: totalJoules ?? 0,
          wastedGramsCO2e: emissions.gramsCO2e,
        }));
      return {
        schemaVersion: 1,
        generatedAt: new Date(nowMs).toISOString(),
        summary: summaryOf(project),
        weeks: periods,
        months: periods.slice(-4),
        wasteful,
      };
    },
  };
}
