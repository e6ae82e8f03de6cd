import { isSummed } from '../../shared/model/domain.ts';
import { secondsFromMs } from '../../shared/units.ts';
import { attributeInterval, type Share } from '../attribution/attribute.ts';
import { idleDrawOf, knownIdleWatts } from '../attribution/idle-baseline.ts';
import type { Clock } from '../clock/clock.ts';
import type { Timeline } from '../clock/timeline.ts';
import { energyPart } from '../energy/energy-part.ts';
import type { Interval } from '../energy/interval.ts';
import type { Stretch } from '../energy/stretch.ts';
import type { Machine } from '../machine/machine.ts';
import { addPiece } from '../progress/run-curve.ts';
import { type ActiveRun, useOf } from '../runs/active-run.ts';
import { addInterval, addOpenShare, addShare, noteAccounted, noteNoShare, noteWatts } from '../runs/run-ledger.ts';
import type { SourceReading } from '../sources/source.ts';
import type { DomainState, WaitingInterval } from './domain-state.ts';
import { foreignSmShareOf, smShareOf } from './gpu-use.ts';
import { createKnownUsers } from './known-users.ts';
import { createOpenShares, type OpenShares } from './open-shares.ts';
import { type UserList, usersSince } from './user-lists.ts';

/** What each run had of each domain in a tick: by run, then by domain. */
export type BatchShares = Map<string, Map<string, Stretch>>;
/** The same of several ticks, by their moments, Unix ms: who used a GPU may be known some ticks after what it drew. */
export type TickShares = Map<number, BatchShares>;

export interface DivisionOptions {
  readonly clock: Clock;
  readonly timeline: Timeline;
  readonly machine: Machine;
  readonly activeRuns: () => readonly ActiveRun[];
  /** Of all CPUs, 0…1; null where it is not known. */
  readonly loadRatio: () => number | null;
}

/** Divides intervals of energy among the runs that are on. */
export interface Division {
  /** A GPU's interval waits for a list of processes that was asked for after its end: who used it since the list before is only known then. */
  add(state: DomainState, interval: Interval, tickMs: number): void;
  /** Divides what is known by now, or, where there is no other chance, all that still waits, into the runs' ledgers and the shares. */
  settle(state: DomainState, shares: TickShares, isLastChance: boolean): void;
  /** What was divided among runs of which one is provisional. */
  readonly openShares: Omit<OpenShares, 'add'>;
}

/** Longest wait for a list of a GPU's processes, where asking takes seconds: after it the newest one there is has to do. */
const longestListWaitMs = 20_000;

export function createDivision(options: DivisionOptions): Division {
  const { clock, timeline, activeRuns } = options;
  const knownUsers = createKnownUsers(options.machine);
  const openShares = createOpenShares();

  let ending: readonly ActiveRun[] = [];

  /** Runs that are over are known here for a while: their processes may be on lists that speak of later intervals too. */
  function noteEnds(): void {
    const oldestMs = clock.monotonicMs() - 2 * longestListWaitMs;
    const runs = activeRuns();
    if (ending.length === 0 && runs.every(({ endMs }) => endMs === null)) return;
    const known = ending.filter((run) => (run.endMs ?? 0) > oldestMs);
    ending = [...known, ...runs.filter((run) => run.endMs !== null && !known.includes(run))];
  }

  const endedBefore = (fromMs: number): readonly ActiveRun[] =>
    ending.filter(({ endMs }) => (endMs ?? fromMs) <= fromMs);

  function settle(state: DomainState, shares: TickShares, isLastChance: boolean): void {
    const { reading } = state;
    if (reading === null) return;
    noteEnds();
    const listedAtMs = state.lists.at(-1)?.askedAtMs ?? null;
    const nowMs = clock.monotonicMs();
    const isDue = (interval: Interval): boolean =>
      isLastChance || listedAtMs === null || interval.toMs <= listedAtMs || nowMs - interval.toMs > longestListWaitMs;
    const { unattributed } = state;
    state.unattributed = unattributed.filter(({ interval }) => !isDue(interval));
    for (const waiting of unattributed) if (isDue(waiting.interval)) attribute(state, reading, waiting, shares);
    let openFromMs = state.meter.accountedToMs ?? reading.atMs;
    for (const { interval } of state.unattributed) openFromMs = Math.min(openFromMs, interval.fromMs);
    state.lists = usersSince(state.lists, openFromMs);
  }

  function attribute(
    state: DomainState,
    reading: SourceReading,
    { interval, tickMs }: WaitingInterval,
    shares: TickShares,
  ): void {
    const runs = activeRuns();
    const { endCounterJoules } = interval;
    const counter = endCounterJoules === null ? null : { joules: endCounterJoules, source: state.domain.source };
    const lists = usersSince(state.lists, interval.fromMs);
    const seconds = secondsFromMs(interval.toMs - interval.fromMs);
    const use = {
      kind: state.domain.kind,
      idle: idleDrawOf({
        kind: state.domain.kind,
        saidWatts: reading.idleWatts,
        learnedWatts: knownIdleWatts(state.idle),
        lowestWatts: state.lowestWatts,
        watts: seconds > 0 ? interval.joules / seconds : 0,
        loadRatio: options.loadRatio(),
      }),
      areUsersKnown: knownUsers.areOn(state.domain.id, state.lists.at(-1)?.processes ?? null, runs),
      isIndivisible: state.domain.cannotBeSplit !== null,
      foreignSmShare: foreignSmShareOf(lists, {
        runs,
        ended: endedBefore(interval.fromMs),
        hasProcess: options.machine.hasProcess,
      }),
    };
    const uses = runs.map((run) => useOf(run, interval.domainId, smShareOf(run, lists, runs)));
    const divided = attributeInterval(interval, use, uses);
    if (runs.some((run) => run.isProvisional))
      openShares.add({
        atMs: tickMs,
        interval,
        isSummed: isSummed(state.domain.kind),
        use,
        uses,
        shares: divided,
        runs,
      });
    for (const run of runs) {
      addInterval(run.ledger, interval, run);
      noteAccounted(run.ledger, interval.domainId, timeline.unixFromMonotonic(interval.toMs), counter);
      const own = divided.filter((share) => share.runId === run.record.id);
      for (const share of own) {
        addShare(run.ledger, interval.domainId, share);
        if (isSummed(state.domain.kind)) addPiece(run.curve, interval, share);
      }
      if (own.length > 0) noteShares(run, state.domain.id, own, sharesAt(shares, tickMs));
      else {
        noteNoShare(run.ledger, interval.domainId, overlapSeconds(interval, run));
        if (use.kind === 'gpu' && wasNeverListed(run, lists))
          addOpenShare(run.ledger, interval.domainId, possibleJoules(interval, run));
      }
    }
  }

  return {
    add(state, interval, tickMs) {
      if (activeRuns().length > 0) state.unattributed = [...state.unattributed, { interval, tickMs }];
    },
    settle,
    openShares,
  };
}

function sharesAt(shares: TickShares, tickMs: number): BatchShares {
  const known = shares.get(tickMs) ?? new Map();
  shares.set(tickMs, known);
  return known;
}

function noteShares(run: ActiveRun, domainId: string, own: readonly Share[], shares: BatchShares): void {
  let joules = 0;
  let seconds = 0;
  for (const share of own) {
    joules += share.joules;
    seconds += secondsFromMs(share.toMs - share.fromMs);
  }
  noteWatts(run.ledger, domainId, { joules, seconds });
  const byDomain = shares.get(run.record.id) ?? new Map<string, Stretch>();
  shares.set(run.record.id, byDomain);
  const before = byDomain.get(domainId) ?? { joules: 0, seconds: 0 };
  byDomain.set(domainId, { joules: before.joules + joules, seconds: before.seconds + seconds });
}

/** A process is on a GPU some time after it began, and gone from it some time before its end is told. */
const leastListedMs = 500;
const lastListedMs = 100;
/** Of a run that lasts longer than this, lists before have told, and its last moments are too little to doubt the last one for. */
const shortRunMs = 2000;

/** A run that was over before anybody asked who uses the GPU may have used it. One that waits for no process of its own is given what others leave. */
function wasNeverListed({ record, startMs, endMs }: ActiveRun, lists: readonly UserList[]): boolean {
  const endedMs = endMs ?? Number.POSITIVE_INFINITY;
  const lastMs = endedMs - startMs > shortRunMs ? endedMs : endedMs - lastListedMs;
  const isTold = ({ askedAtMs }: UserList): boolean =>
    askedAtMs === null || (askedAtMs >= startMs + leastListedMs && askedAtMs <= lastMs);
  return record.rootPid !== null && !lists.some(isTold);
}

/** The most that a device may have drawn while a run was on. What others were given of it may have been this one's: nobody saw who was there. */
function possibleJoules(interval: Interval, run: ActiveRun): number {
  const fromMs = Math.max(interval.fromMs, run.startMs);
  const toMs = Math.min(interval.toMs, run.endMs ?? interval.toMs);
  return toMs <= fromMs ? 0 : interval.highJoules * energyPart(interval, fromMs, toMs);
}

/** Time of an interval in which a run was on. */
function overlapSeconds(interval: Interval, run: ActiveRun): number {
  const fromMs = Math.max(interval.fromMs, run.startMs);
  return Math.max(0, secondsFromMs(Math.min(interval.toMs, run.endMs ?? interval.toMs) - fromMs));
}
