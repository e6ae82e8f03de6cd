import { type DomainKind, isDivided } from '../../shared/model/domain.ts';
import type { SplitBy } from '../../shared/model/run.ts';
import { secondsFromMs } from '../../shared/units.ts';
import { energyPart } from '../energy/energy-part.ts';
import type { Interval } from '../energy/interval.ts';
import type { IdleDraw } from './idle-baseline.ts';

/** A run as attribution sees it: when it was on, and what it used meanwhile. */
export interface RunUse {
  readonly runId: string;
  /** Monotonic. `endMs` null: still running. */
  readonly startMs: number;
  readonly endMs: number | null;
  /** Share of the machine's busy CPU time in this interval, 0…1. */
  readonly cpuShare: number;
  /** A run without a process of its own, started by hand: it takes what no other run claims. */
  readonly takesRest: boolean;
  /** By GPU domain id: SM share of the run's processes there, null where the driver does not tell it; absent: not used. */
  readonly smShares: ReadonlyMap<string, number | null>;
}

export interface DomainUse {
  readonly kind: DomainKind;
  /** Draw with nothing to do. */
  readonly idle: IdleDraw;
  /** False where the driver does not tell which processes use a GPU. */
  readonly areUsersKnown: boolean;
  /** True where nothing tells how its users share it: MIG instances, WDDM. */
  readonly isIndivisible: boolean;
  /** SM share of the GPU's processes that belong to no run; null where the driver does not tell it. */
  readonly foreignSmShare: number | null;
}

export interface Share {
  readonly runId: string;
  readonly fromMs: number;
  readonly toMs: number;
  readonly joules: number;
  readonly lowJoules: number;
  readonly highJoules: number;
  readonly splitBy: SplitBy;
}

interface Weight {
  readonly runId: string;
  readonly idle: number;
  readonly active: number;
  readonly splitBy: SplitBy;
}

/** What is divided: of a meter's interval, what dividing asks for. */
export type Divisible = Pick<
  Interval,
  'domainId' | 'fromMs' | 'toMs' | 'joules' | 'lowJoules' | 'highJoules' | 'samples' | 'course'
>;

/**
 * Divides one interval of one domain among the runs that were on, cut at their starts and ends. Idle energy goes equally to the runs that use
 * the domain, the rest by their share of its use. What no run claims stays unattributed: interval − Σ shares.
 * Always: 0 ≤ Σ shares ≤ interval. Rule: docs/methodology.md, 'A run's share'.
 */
export function attributeInterval(interval: Divisible, domain: DomainUse, runs: readonly RunUse[]): readonly Share[] {
  const spanMs = interval.toMs - interval.fromMs;
  if (spanMs <= 0) return [];
  const shares: Share[] = [];
  let fromMs = interval.fromMs;
  for (const toMs of endsOfPieces(interval, runs)) {
    const part = energyPart(interval, fromMs, toMs);
    const joules = interval.joules * part;
    const on = runs.filter((run) => run.startMs < toMs && (run.endMs === null || run.endMs > fromMs));
    const seconds = secondsFromMs(toMs - fromMs);
    const { watts, lowWatts, highWatts } = domain.idle;
    for (const weight of weightsOf(interval.domainId, domain, on)) {
      const joulesAt = (idleWatts: number): number => {
        const idleJoules = Math.min(joules, idleWatts * seconds);
        return idleJoules * weight.idle + (joules - idleJoules) * weight.active;
      };
      const ends = [lowWatts, highWatts].map((ofIdle) => (joules > 0 ? joulesAt(ofIdle) / joules : weight.idle));
      shares.push({
        runId: weight.runId,
        fromMs,
        toMs,
        joules: joulesAt(watts),
        lowJoules: interval.lowJoules * part * Math.min(...ends),
        highJoules: interval.highJoules * part * Math.max(...ends),
        splitBy: weight.splitBy,
      });
    }
    fromMs = toMs;
  }
  return shares;
}

/** An interval is cut where a run begins or ends within it: the end of each piece, in the order of time. */
function endsOfPieces(interval: Divisible, runs: readonly RunUse[]): readonly number[] {
  const { fromMs, toMs } = interval;
  const inside: number[] = [];
  for (const { startMs, endMs } of runs) {
    if (startMs > fromMs && startMs < toMs) inside.push(startMs);
    if (endMs !== null && endMs > fromMs && endMs < toMs) inside.push(endMs);
  }
  return inside.length === 0 ? [toMs] : [...new Set(inside).add(toMs)].sort((a, b) => a - b);
}

function weightsOf(domainId: string, domain: DomainUse, on: readonly RunUse[]): readonly Weight[] {
  if (on.length === 0 || !isDivided(domain.kind)) return [];
  if (domain.kind !== 'gpu') return weightsByCpuTime(on);
  if (!domain.areUsersKnown) return on.map((run) => equalWeight(run.runId, on.length, 'assumed'));
  const users = on.filter((run) => run.smShares.has(domainId));
  if (users.length > 0) return weightsBySmShare(domainId, domain, users);
  const takers = on.filter((run) => run.takesRest);
  return takers.map((run) => equalWeight(run.runId, takers.length, 'assumed'));
}

const equalWeight = (runId: string, count: number, splitBy: SplitBy): Weight => ({
  runId,
  idle: 1 / count,
  active: 1 / count,
  splitBy,
});

/** Idle part equally among running runs, active part by CPU time; the CPU time of no run stays unattributed, unless a run takes the rest. */
function weightsByCpuTime(on: readonly RunUse[]): readonly Weight[] {
  const claimed = on.reduce((sum, run) => sum + (run.takesRest ? 0 : Math.max(0, run.cpuShare)), 0);
  const scale = claimed > 1 ? 1 / claimed : 1;
  const takers = on.filter((run) => run.takesRest).length;
  const rest = Math.max(0, 1 - claimed) / Math.max(1, takers);
  return on.map((run) => ({
    runId: run.runId,
    idle: 1 / on.length,
    active: run.takesRest ? rest : Math.max(0, run.cpuShare) * scale,
    splitBy: run.takesRest ? ('assumed' as const) : ('cpu-time' as const),
  }));
}

/** Idle part equally, active part by SM share; what processes of no run did stays unattributed where the driver tells it. */
function weightsBySmShare(domainId: string, domain: DomainUse, users: readonly RunUse[]): readonly Weight[] {
  const smShares = users.map((run) => run.smShares.get(domainId) ?? null);
  // Nothing tells how much the processes of no run had: all of it goes to the runs, marked as a guess.
  if (domain.foreignSmShare === null && !domain.isIndivisible)
    return users.map((run) => equalWeight(run.runId, users.length, 'assumed'));
  const foreign = domain.foreignSmShare ?? 0;
  const only = users.length === 1 && (foreign <= 0 || smShares.includes(null)) ? users[0] : undefined;
  if (only !== undefined) return [equalWeight(only.runId, 1, domain.isIndivisible ? 'cannot-be-split' : 'whole')];
  if (domain.isIndivisible) return users.map((run) => equalWeight(run.runId, users.length, 'cannot-be-split'));
  const total = smShares.reduce<number>((sum, share) => sum + (share ?? 0), foreign);
  if (total <= 0 || smShares.includes(null)) return users.map((run) => equalWeight(run.runId, users.length, 'equal'));
  return users.map((run, i) => ({
    runId: run.runId,
    idle: 1 / users.length,
    active: (smShares[i] ?? 0) / total,
    splitBy: 'sm-share' as const,
  }));
}
