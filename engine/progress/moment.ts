import { isSummed } from '../../shared/model/domain.ts';
import { secondsFromMs } from '../../shared/units.ts';
import { combinedBounds, type Uncertain } from '../energy/bounds.ts';
import { breakSeconds } from '../runs/run-breaks.ts';
import { uncertaintyOf } from '../runs/run-ledger.ts';
import type { CurvePoint, GapRecord, MarkRecord, RunRecord, RunTotals } from '../store/records.ts';
import type { StoredRunDomain } from '../store/store.ts';

/** What a run's progress is worked out from. */
export interface ProgressInput {
  readonly record: RunRecord;
  readonly totals: RunTotals;
  readonly domains: readonly StoredRunDomain[];
  readonly gaps: readonly GapRecord[];
  readonly marks: readonly MarkRecord[];
}

/** A point in a run's time, with its energy up to there. */
export interface Moment {
  readonly atMs: number;
  readonly joules: number | null;
  /** Null where its bounds are not known. */
  readonly point: CurvePoint | null;
}

/** What a stretch between two moments took. */
export interface StretchEnergy {
  readonly seconds: number;
  readonly joules: number | null;
  readonly lowJoules: number | null;
  readonly highJoules: number | null;
  readonly coverage: number;
  readonly isShort: boolean;
}

export const startOf = ({ record }: ProgressInput): Moment => ({
  atMs: record.startedMs,
  joules: 0,
  point: { joules: 0, lowJoules: 0, highJoules: 0, varianceJoules2: 0, cutJoules2: 0, periodSeconds: 0 },
});

const summedOf = ({ domains }: ProgressInput): readonly StoredRunDomain[] =>
  domains.filter(({ domain, totals }) => isSummed(domain.kind) && totals.coveredSeconds > 0);

export function endOf(input: ProgressInput, atMs: number): Moment {
  const joules = input.totals.totalJoules;
  if (joules === null) return { atMs, joules, point: null };
  const parts = summedOf(input).map(({ totals }) => uncertaintyOf(totals, 0, 'run'));
  const sum = (pick: (part: Uncertain) => number): number => parts.reduce((total, part) => total + pick(part), 0);
  return {
    atMs,
    joules,
    point: {
      joules,
      lowJoules: sum((part) => part.lowJoules),
      highJoules: sum((part) => part.highJoules),
      varianceJoules2: sum((part) => part.varianceJoules2),
      cutJoules2: 0,
      periodSeconds: 0,
    },
  };
}

/** A stretch shorter than this many times between readings says more of where it was cut than of itself. */
const leastPeriods = 3;

export const isShortFor = (seconds: number, moments: readonly Moment[]): boolean =>
  seconds < leastPeriods * Math.max(0, ...moments.map(({ point }) => point?.periodSeconds ?? 0));

/** Bounds of several stretches together: what lasts is added up, sampling and cuts are combined in quadrature, unseen time may have drawn nothing or the most. */
export function sumStretches(input: ProgressInput, stretches: readonly (readonly [Moment, Moment])[]): StretchEnergy {
  const seconds = stretches.reduce((sum, [from, to]) => sum + secondsBetween(input, from, to), 0);
  const summed = summedOf(input);
  const unseen = summed.map(({ domain, totals }) => ({
    uncoveredSeconds: stretches.reduce((sum, [from, to]) => sum + gapSeconds(input.gaps, domain.id, from, to), 0),
    mostWatts: uncertaintyOf(totals, 0, 'run').mostWatts,
  }));
  const unseenSeconds = unseen.reduce((sum, part) => sum + part.uncoveredSeconds, 0);
  const shared = {
    seconds,
    coverage: summed.length === 0 ? 0 : seconds <= 0 ? 1 : clampRatio(1 - unseenSeconds / (summed.length * seconds)),
    isShort: isShortFor(stretches.length === 0 ? 0 : seconds / stretches.length, stretches.flat()),
  };
  const parts = stretches.map(([from, to]) => partOf(input, from, to));
  const known = parts.filter((part) => part !== null);
  if (known.length < parts.length || parts.length === 0 || summed.length === 0)
    return { ...shared, joules: null, lowJoules: null, highJoules: null };
  const joules = known.reduce((sum, part) => sum + part.joules, 0);
  const { lowJoules, highJoules } = combinedBounds([
    ...known.map((part) => ({ ...part, uncoveredSeconds: 0, mostWatts: 0 })),
    ...unseen.map((part) => ({ ...part, lowJoules: 0, highJoules: 0, varianceJoules2: 0 })),
  ]);
  return { ...shared, joules, lowJoules: Math.min(joules, lowJoules), highJoules: Math.max(joules, highJoules) };
}

function secondsBetween({ record }: ProgressInput, from: Moment, to: Moment): number {
  const within = { fromMs: from.atMs, toMs: Math.max(from.atMs, to.atMs) };
  return secondsFromMs(within.toMs - within.fromMs) - breakSeconds(record, within);
}

type Part = Pick<Uncertain, 'lowJoules' | 'highJoules' | 'varianceJoules2'> & { readonly joules: number };

function partOf({ totals }: ProgressInput, from: Moment, to: Moment): Part | null {
  if (from.joules === null || to.joules === null) return null;
  const joules = Math.max(0, to.joules - from.joules);
  if (from.point !== null && to.point !== null)
    return {
      joules,
      lowJoules: Math.max(0, to.point.lowJoules - from.point.lowJoules),
      highJoules: Math.max(0, to.point.highJoules - from.point.highJoules),
      // Another engine begins at nothing again: never below it.
      varianceJoules2:
        Math.max(0, to.point.varianceJoules2 - from.point.varianceJoules2) +
        from.point.cutJoules2 +
        to.point.cutJoules2,
    };
  // Of marks from before bounds were kept: as uncertain as the run.
  const ratio = (bound: number | null): number =>
    bound === null || totals.totalJoules === null || totals.totalJoules <= 0 ? 1 : bound / totals.totalJoules;
  return {
    joules,
    lowJoules: joules * ratio(totals.lowJoules),
    highJoules: joules * ratio(totals.highJoules),
    varianceJoules2: 0,
  };
}

const clampRatio = (ratio: number): number => Math.min(1, Math.max(0, ratio));

function gapSeconds(gaps: readonly GapRecord[], domainId: string, from: Moment, to: Moment): number {
  return gaps
    .filter((gap) => gap.domainId === domainId && !gap.isBridged)
    .reduce(
      (sum, gap) => sum + secondsFromMs(Math.max(0, Math.min(gap.toMs, to.atMs) - Math.max(gap.fromMs, from.atMs))),
      0,
    );
}
