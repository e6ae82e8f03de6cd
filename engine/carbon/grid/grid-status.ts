import type { GridProviderId, GridStatus, IntensityPoint } from '../../../shared/model/carbon.ts';
import { cleanerHours } from '../cleaner-hours.ts';
import type { Asked } from './asked-book.ts';
import type { GridProblem } from './grid-provider.ts';

const forecastLengths = [1, 2, 4, 8, 12] as const;
/** Older than this many periods is stale. */
const stalePeriods = 3;

export interface GridFacts {
  readonly provider: GridProviderId;
  readonly series: string;
  readonly newest: IntensityPoint | null;
  readonly current: IntensityPoint | null;
  readonly forecast: readonly IntensityPoint[];
  readonly nowMs: number;
  readonly periodMs: number;
  readonly hasToken: boolean;
  readonly asked: Asked | null;
  readonly problem: GridProblem | null;
}

/** How the readings of a grid stand at a moment: fresh, or as of when, and since when the flat factor counts. */
export function gridStatus(facts: GridFacts): GridStatus {
  const { provider, series, newest, current, forecast, nowMs, periodMs, hasToken, asked, problem } = facts;
  // A file of hours is as old as its hours are long, however often it is looked at.
  const staleMs = newest === null ? 0 : stalePeriods * Math.max(periodMs, newest.toMs - newest.fromMs);
  const isFresh = newest !== null && nowMs - newest.toMs <= staleMs;
  return {
    provider,
    series,
    newest,
    current,
    hasToken,
    problem,
    state: newest === null ? (problem === null ? 'waiting' : 'failing') : isFresh ? 'fresh' : 'stale',
    fallbackSinceMs: current !== null || newest === null ? null : Math.min(newest.toMs, nowMs),
    lastAskedMs: asked?.lastMs ?? null,
    nextAskMs: asked?.notBeforeMs ?? null,
    cleanerHours: forecastLengths.flatMap((hours) => cleanerHours(forecast, { nowMs, hours }) ?? []),
  };
}

export const gridOff: GridStatus = {
  provider: null,
  series: null,
  state: 'off',
  hasToken: false,
  newest: null,
  current: null,
  fallbackSinceMs: null,
  lastAskedMs: null,
  nextAskMs: null,
  problem: null,
  cleanerHours: [],
};
