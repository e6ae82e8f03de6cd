import type {
  ProjectLoss,
  ProjectReport,
  ProjectSummary,
  ProjectTotals,
  ProjectTrend,
  WastefulRun,
} from '../../shared/model/project.ts';
import type { RunStatus, RunSummary } from '../../shared/model/run.ts';
import { isoFromUnixMs } from '../../shared/units.ts';
import { months, shareBetween, spreadOver, weeks } from './periods.ts';

/** A run and the joules its GPUs drew for it while they stood; null where none told its use. */
export interface ProjectRun {
  readonly run: RunSummary;
  readonly idleJoules: number | null;
}

export interface ProjectInput {
  readonly project: string | null;
  readonly runs: readonly ProjectRun[];
  readonly nowMs: number;
}

const trendDays = 28;
const dayMs = 24 * 60 * 60 * 1000;
const mostWeeks = 53;
const mostMonths = 24;
const mostWasteful = 10;

/** Ended without having done what it was for. `stopped` is a person's choice, which may well have been the better one. */
const lostStatuses: readonly RunStatus[] = ['failed', 'interrupted'];
const isLost = (run: RunSummary): boolean => lostStatuses.includes(run.status);

export function projectSummary({ project, runs, nowMs }: ProjectInput): ProjectSummary {
  const summaries = runs.map(({ run }) => run);
  const starts = summaries.map((run) => run.startedAt).sort();
  return {
    project,
    runs: runs.length,
    runningRuns: summaries.filter((run) => run.status === 'running').length,
    durationSeconds: summaries.reduce((sum, run) => sum + run.durationSeconds, 0),
    firstStartedAt: starts[0] ?? isoFromUnixMs(nowMs),
    lastStartedAt: starts.at(-1) ?? isoFromUnixMs(nowMs),
    totals: totalsOf(summaries),
    loss: lossOf(runs),
    trend: trendOf(summaries, nowMs),
    isSimulated: summaries.some((run) => run.isSimulated),
  };
}

export function projectReport(input: ProjectInput): ProjectReport {
  const { runs, nowMs } = input;
  const summaries = runs.map(({ run }) => run);
  return {
    schemaVersion: 1,
    generatedAt: isoFromUnixMs(nowMs),
    summary: projectSummary(input),
    weeks: spreadOver(summaries, { calendar: weeks, nowMs, most: mostWeeks }),
    months: spreadOver(summaries, { calendar: months, nowMs, most: mostMonths }),
    wasteful: mostWastefulOf(runs),
  };
}

function totalsOf(runs: readonly RunSummary[]): ProjectTotals {
  const known = runs.filter((run) => run.totalJoules !== null);
  const hasBounds = known.length > 0 && known.every((run) => run.lowJoules !== null && run.highJoules !== null);
  const costs = new Map<string, number>();
  for (const { cost } of runs)
    if (cost !== null && cost.amount !== null) costs.set(cost.currency, (costs.get(cost.currency) ?? 0) + cost.amount);
  return {
    joules: sumOf(known.map((run) => run.totalJoules)),
    lowJoules: hasBounds ? sumOf(known.map((run) => run.lowJoules)) : null,
    highJoules: hasBounds ? sumOf(known.map((run) => run.highJoules)) : null,
    gramsCO2e: sumOf(runs.map((run) => run.emissions.gramsCO2e)),
    costs: [...costs].map(([currency, amount]) => ({ currency, amount })),
  };
}

function lossOf(runs: readonly ProjectRun[]): ProjectLoss {
  const lost = runs.filter(({ run }) => isLost(run));
  return {
    failedJoules: sumOf(lost.map(({ run }) => run.totalJoules)) ?? 0,
    failedRuns: lost.length,
    idleJoules: sumOf(runs.filter(({ run }) => !isLost(run)).map(({ idleJoules }) => idleJoules)),
  };
}

function trendOf(runs: readonly RunSummary[], nowMs: number): ProjectTrend {
  const between = (fromMs: number, toMs: number): number =>
    runs.reduce((sum, run) => sum + (run.totalJoules ?? 0) * shareBetween(run, fromMs, toMs), 0);
  const span = trendDays * dayMs;
  const recentJoules = between(nowMs - span, nowMs);
  const beforeJoules = between(nowMs - 2 * span, nowMs - span);
  return { days: trendDays, recentJoules, beforeJoules, ratio: beforeJoules > 0 ? recentJoules / beforeJoules : null };
}

function mostWastefulOf(runs: readonly ProjectRun[]): WastefulRun[] {
  return runs
    .map(({ run, idleJoules }): WastefulRun => {
      const wastedJoules = isLost(run) ? (run.totalJoules ?? 0) : (idleJoules ?? 0);
      const joules = run.totalJoules ?? 0;
      const grams = run.emissions.gramsCO2e;
      return {
        id: run.id,
        name: run.name,
        status: run.status,
        startedAt: run.startedAt,
        durationSeconds: run.durationSeconds,
        joules,
        reason: isLost(run) ? 'failed' : 'idle',
        wastedJoules,
        // Its part of the run's own grams, whatever they stand on.
        wastedGramsCO2e: grams === null || joules <= 0 ? null : grams * (wastedJoules / joules),
      };
    })
    .filter(({ wastedJoules }) => wastedJoules > 0)
    .sort((a, b) => b.wastedJoules - a.wastedJoules)
    .slice(0, mostWasteful);
}

/** Sum of what is known; null where nothing is. */
function sumOf(values: readonly (number | null)[]): number | null {
  const known = values.filter((value) => value !== null);
  return known.length === 0 ? null : known.reduce((sum, value) => sum + value, 0);
}
