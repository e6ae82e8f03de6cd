import { isSummed } from '../../shared/model/domain.ts';
import { secondsFromMs } from '../../shared/units.ts';
import { attributeInterval, type Share } from '../attribution/attribute.ts';
import { idleWattsOf, knownIdleWatts } from '../attribution/idle-baseline.ts';
import type { Clock } from '../clock/clock.ts';
import type { Timeline } from '../clock/timeline.ts';
import { flushMeter, type Interval, type MeterGap, type MeterStep, stepMeter } from '../energy/meter.ts';
import { gatherStretch, type Stretch } from '../energy/stretch.ts';
import type { Machine } from '../machine/machine.ts';
import { addPiece, pointAt } from '../progress/run-curve.ts';
import { type ActiveRun, areUsersKnown, createCpuShares, useOf } from '../runs/active-run.ts';
import {
  addCheck,
  addHeldBack,
  addInterval,
  addReading,
  addShare,
  forgetWatts,
  leastShownSeconds,
  noteAccounted,
  noteWatts,
  runTotals,
} from '../runs/run-ledger.ts';
import type { GpuProcess, LearnedFacts, SourceReading } from '../sources/source.ts';
import type {
  CurvePoint,
  GapRecord,
  RunProgress,
  RunSampleRecord,
  SampleRecord,
  TickRecord,
} from '../store/records.ts';
import { createDomainState, type DomainState, deviceStateOf, meterOptionsOf, shownWatts } from './domain-state.ts';
import { checkCounter, heldBackBetween, learnIdleFrom, recallIdle } from './observe-domain.ts';

export interface PipelineOptions {
  readonly clock: Clock;
  readonly timeline: Timeline;
  readonly machine: Machine;
  readonly learned: LearnedFacts;
  readonly periodSeconds: () => number;
  readonly activeRuns: () => readonly ActiveRun[];
  /** Every interval of energy, for the day's sums. */
  readonly onInterval: (interval: Interval, unixMs: number) => void;
  readonly onNewDomain: (state: DomainState) => void;
}

/** From readings to joules, shares and what is written down: one call a tick. */
export interface Pipeline {
  process(readings: readonly SourceReading[]): TickRecord;
  /** True when every domain with readings has its energy or gap accounted for up to then. */
  isCovered(monotonicMs: number): boolean;
  /** Domains whose accounts end before then. */
  behind(monotonicMs: number): ReadonlySet<string>;
  /** Closes the accounts of those still behind, as gaps; of what a run had from an engine before this one and nobody reads now, too. */
  closeAccounts(monotonicMs: number): readonly GapRecord[];
  /** Divides what still waits for a list of processes: at a run's end. Gives what each run had of it. */
  attributeAll(): RunSamples;
  progressOf(run: ActiveRun): RunProgress;
  /** Monotonic: up to here every domain's energy is known and divided; infinity where nothing is read. */
  coveredToMs(): number;
  /** The run's energy from its start to a moment, as far as it is known; null where its curve does not reach back so far, or nothing was measured. */
  pointOf(run: ActiveRun, atMs: number): CurvePoint | null;
  states(): ReadonlyMap<string, DomainState>;
}

/** What runs had of a stretch that no tick holds. */
export interface RunSamples {
  readonly atMs: number;
  readonly samples: readonly RunSampleRecord[];
}

interface Batch {
  readonly samples: Map<string, SampleRecord>;
  readonly shares: Map<string, Map<string, { joules: number; seconds: number }>>;
  readonly gaps: GapRecord[];
}

/** Longest wait for a list of a GPU's processes, where asking takes seconds: after it the newest one there is has to do. */
const longestListWaitMs = 20_000;

/** Less than this is the time between two looks at the clock, and no gap. */
const leastOpeningGapMs = 2;

export function createPipeline(options: PipelineOptions): Pipeline {
  const { clock, timeline, machine, activeRuns } = options;
  const states = new Map<string, DomainState>();
  const cpuShares = createCpuShares(machine);
  const gathered = new Map<string, Stretch>();
  let lastBatchMonotonicMs: number | null = null;
  let lastUnixMs = 0;

  function stateOf(reading: SourceReading): DomainState {
    const known = states.get(reading.domain.id);
    if (known !== undefined) {
      known.domain = reading.domain;
      return known;
    }
    const state = createDomainState(reading.domain, clock.unixMs());
    recallIdle(state, options.learned);
    states.set(reading.domain.id, state);
    options.onNewDomain(state);
    return state;
  }

  function gapRecord(gap: MeterGap): GapRecord {
    const record = {
      domainId: gap.domainId,
      fromMs: timeline.unixFromMonotonic(gap.fromMs),
      toMs: timeline.unixFromMonotonic(gap.toMs),
      reason: gap.reason,
      isBridged: gap.isBridged,
    };
    for (const run of activeRuns()) noteAccounted(run.ledger, gap.domainId, record.toMs);
    return record;
  }

  /** When a run's account of a domain ends that another engine kept; null where there is none. */
  function resumesAtMs(run: ActiveRun, domainId: string): number | null {
    const accountedToMs = run.ledger.domains.get(domainId)?.accountedToMs ?? null;
    return accountedToMs === null ? null : timeline.monotonicFromUnix(accountedToMs);
  }

  /** A domain that is read for the first time: what was drawn since a run began, or since another engine left it, nobody knows. */
  function openingGap(state: DomainState, step: MeterStep): MeterGap | null {
    const domainId = state.domain.id;
    const toMs = step.intervals[0]?.fromMs ?? step.state.accountedToMs;
    const open = activeRuns().map((run) => ({ runMs: run.startMs, keptMs: resumesAtMs(run, domainId) }));
    const fromMs = Math.min(...open.map(({ runMs, keptMs }) => keptMs ?? runMs));
    if (toMs === null || toMs - fromMs < leastOpeningGapMs || !Number.isFinite(fromMs)) return null;
    const isResumed = open.some(({ keptMs }) => keptMs !== null);
    return { domainId, fromMs, toMs, reason: isResumed ? 'restart' : 'no-reading', isBridged: false };
  }

  function receive(reading: SourceReading, batch: Batch): void {
    const state = stateOf(reading);
    const meterOptions = meterOptionsOf(reading.domain, options.periodSeconds());
    const step = stepMeter(state.meter, reading, meterOptions);
    const opening = state.meter.accountedToMs === null ? openingGap(state, step) : null;
    if (opening !== null) batch.gaps.push(gapRecord(opening));
    state.meter = step.state;
    const before = state.reading;
    state.reading = reading;
    account(state, step, batch);
    noteForRuns(reading, heldBackBetween(before, reading), checkCounter(state, reading, step, meterOptions));
    attributeKnown(state, batch, false);
    const next = deviceStateOf(state);
    if (next !== state.state) {
      state.state = next;
      state.stateSinceUnixMs = clock.unixMs();
    }
    addSample(state, reading, step, batch);
  }

  function noteForRuns(
    reading: SourceReading,
    heldBack: ReturnType<typeof heldBackBetween>,
    check: ReturnType<typeof checkCounter>,
  ): void {
    for (const run of activeRuns()) {
      if (reading.missing !== null) forgetWatts(run.ledger, reading.domain.id);
      else if (run.endMs === null) {
        addReading(run.ledger, reading);
        addHeldBack(run.ledger, reading.domain.id, heldBack);
        if (check !== null) addCheck(run.ledger, reading.domain.id, check);
      }
    }
  }

  function account(state: DomainState, step: MeterStep, batch: Batch): void {
    for (const gap of step.gaps) batch.gaps.push(gapRecord(gap));
    if (step.gaps.some((gap) => !gap.isBridged)) {
      state.intervalWatts = null;
      gathered.delete(state.domain.id);
    }
    for (const interval of step.intervals) {
      showPower(state, { joules: interval.joules, seconds: secondsFromMs(interval.toMs - interval.fromMs) });
      options.onInterval(interval, timeline.unixFromMonotonic(interval.toMs));
      attributeWhenKnown(state, interval);
    }
  }

  function showPower(state: DomainState, more: Stretch): void {
    const stretch = gatherStretch(gathered, state.domain.id, more, leastShownSeconds);
    if (stretch === null) {
      if (state.intervalWatts === null && more.seconds > 0) state.intervalWatts = more.joules / more.seconds;
      return;
    }
    const watts = stretch.joules / stretch.seconds;
    state.intervalWatts = watts;
    state.lowestWatts = Math.min(state.lowestWatts ?? watts, watts);
    learnIdleFrom(state, stretch, { loadRatio: cpuShares.loadRatio(), learned: options.learned });
  }

  /**
   * Divides an interval among the runs. A GPU's waits for a list of processes that was asked for after its end: who used it since the list before is only
   * known then.
   */
  function attributeWhenKnown(state: DomainState, interval: Interval): void {
    if (activeRuns().length > 0) state.unattributed.push(interval);
  }

  function attributeKnown(state: DomainState, batch: Batch, isLastChance: boolean): void {
    const { reading } = state;
    if (reading === null) return;
    const listedAtMs = reading.processesAtMs;
    const nowMs = clock.monotonicMs();
    const isDue = (interval: Interval): boolean =>
      isLastChance || listedAtMs === null || interval.toMs <= listedAtMs || nowMs - interval.toMs > longestListWaitMs;
    const due = state.unattributed.filter(isDue);
    if (due.length === 0) return;
    state.unattributed = state.unattributed.filter((interval) => !isDue(interval));
    for (const interval of due) attribute(state, reading, interval, batch);
    state.processesBefore = reading.processes;
  }

  function attribute(state: DomainState, reading: SourceReading, interval: Interval, batch: Batch): void {
    const runs = activeRuns();
    const processes = [...(reading.processes ?? []), ...(state.processesBefore ?? [])];
    const seconds = secondsFromMs(interval.toMs - interval.fromMs);
    const use = {
      kind: state.domain.kind,
      idleWatts: idleWattsOf({
        kind: state.domain.kind,
        saidWatts: reading.idleWatts,
        learnedWatts: knownIdleWatts(state.idle),
        lowestWatts: state.lowestWatts,
        watts: seconds > 0 ? interval.joules / seconds : 0,
        loadRatio: cpuShares.loadRatio(),
      }),
      areUsersKnown: areUsersKnown(reading, runs, machine),
      isIndivisible: state.domain.cannotBeSplit !== null,
      foreignSmShare: foreignSmShare(processes, runs),
    };
    const shares = attributeInterval(
      interval,
      use,
      runs.map((run) => useOf(run, interval, processes)),
    );
    for (const run of runs) {
      addInterval(run.ledger, interval, run);
      noteAccounted(run.ledger, interval.domainId, timeline.unixFromMonotonic(interval.toMs));
      const own = shares.filter((share) => share.runId === run.record.id);
      for (const share of own) addShare(run.ledger, interval.domainId, share);
      if (isSummed(state.domain.kind)) for (const share of own) addPiece(run.curve, { interval, ...share });
      noteShares(run, state, own, batch);
    }
  }

  function noteShares(run: ActiveRun, state: DomainState, own: readonly Share[], batch: Batch): void {
    const domainId = state.domain.id;
    const joules = own.reduce((sum, share) => sum + share.joules, 0);
    const seconds = own.reduce((sum, share) => sum + secondsFromMs(share.toMs - share.fromMs), 0);
    noteWatts(run.ledger, domainId, { joules, seconds });
    const byDomain = batch.shares.get(run.record.id) ?? new Map<string, { joules: number; seconds: number }>();
    batch.shares.set(run.record.id, byDomain);
    const before = byDomain.get(domainId) ?? { joules: 0, seconds: 0 };
    byDomain.set(domainId, { joules: before.joules + joules, seconds: before.seconds + seconds });
  }

  function addSample(state: DomainState, reading: SourceReading, step: MeterStep, batch: Batch): void {
    const before = batch.samples.get(state.domain.id);
    const sum = (pick: (interval: Interval) => number, start: number | null | undefined): number | null =>
      step.intervals.length === 0
        ? (start ?? null)
        : step.intervals.reduce((total, interval) => total + pick(interval), start ?? 0);
    batch.samples.set(state.domain.id, {
      domainId: state.domain.id,
      powerWatts: shownWatts(state),
      joules: sum((interval) => interval.joules, before?.joules),
      lowJoules: sum((interval) => interval.lowJoules, before?.lowJoules),
      highJoules: sum((interval) => interval.highJoules, before?.highJoules),
      seconds: sum((interval) => secondsFromMs(interval.toMs - interval.fromMs), before?.seconds) ?? 0,
      utilizationRatio: reading.utilizationRatio,
      memoryUsedBytes: reading.memoryUsedBytes,
      temperatureCelsius: reading.temperatureCelsius,
      clockMegahertz: reading.clockMegahertz,
      provenance: step.intervals[0]?.provenance ?? before?.provenance ?? null,
    });
  }

  /** Domains that a run had from the engine before this one, and that none of the sources here reads. */
  function abandonedGaps(toMs: number): readonly GapRecord[] {
    const fromMs = new Map<string, number>();
    for (const run of activeRuns())
      for (const domainId of run.ledger.domains.keys()) {
        const keptMs = states.has(domainId) ? null : resumesAtMs(run, domainId);
        if (keptMs !== null && keptMs < toMs) fromMs.set(domainId, Math.min(keptMs, fromMs.get(domainId) ?? keptMs));
      }
    return [...fromMs].map(([domainId, keptMs]) =>
      gapRecord({ domainId, fromMs: keptMs, toMs, reason: 'restart', isBridged: false }),
    );
  }

  function suspendGaps(): readonly GapRecord[] {
    const event = timeline.check();
    if (event.kind !== 'suspend' || lastUnixMs === 0) return [];
    const toMs = clock.unixMs();
    return [...states.keys()].map((domainId) => ({
      domainId,
      fromMs: toMs - event.deltaMs,
      toMs,
      reason: 'suspend' as const,
      isBridged: false,
    }));
  }

  function domainSamples(run: ActiveRun, batch: Batch): readonly RunSampleRecord[] {
    return [...(batch.shares.get(run.record.id) ?? [])]
      .filter(([, share]) => share.joules > 0)
      .map(([domainId, share]) => ({
        runId: run.record.id,
        domainId,
        powerWatts: share.seconds > 0 ? share.joules / share.seconds : null,
        ...share,
      }));
  }

  /** Never the same twice, and never back: samples are told apart by their moment. */
  function nextTickMs(): number {
    const unixMs = timeline.unixFromMonotonic(clock.monotonicMs());
    lastUnixMs = Math.max(unixMs, Math.abs(lastUnixMs - unixMs) < 1 ? lastUnixMs + 1 : 0);
    return lastUnixMs;
  }

  function runSamples(batch: Batch, batchSeconds: number, machineWatts: number | null): readonly RunSampleRecord[] {
    const records: RunSampleRecord[] = [];
    let claimedWatts = 0;
    for (const run of activeRuns()) {
      records.push(...domainSamples(run, batch));
      // With no reading of anything it used, its power is not known: not 0.
      if (run.endMs !== null || run.ledger.watts.size === 0) continue;
      const watts = runWatts(run);
      claimedWatts += watts;
      run.ledger.peakWatts = Math.max(run.ledger.peakWatts ?? 0, watts);
      records.push({
        runId: run.record.id,
        domainId: null,
        powerWatts: watts,
        joules: watts * batchSeconds,
        seconds: batchSeconds,
      });
    }
    if (machineWatts !== null) {
      const restWatts = Math.max(0, machineWatts - claimedWatts);
      records.push({
        runId: null,
        domainId: null,
        powerWatts: restWatts,
        joules: restWatts * batchSeconds,
        seconds: batchSeconds,
      });
    }
    return records;
  }

  function progressOf(run: ActiveRun): RunProgress {
    const domains = new Map([...states].map(([id, state]) => [id, state.domain]));
    return {
      record: run.record,
      totals: runTotals(run.ledger, domains, run.record.durationSeconds),
      domains: run.ledger.domains,
    };
  }

  return {
    process(readings) {
      const batch: Batch = { samples: new Map(), shares: new Map(), gaps: [...suspendGaps()] };
      cpuShares.update(activeRuns());
      for (const reading of readings) receive(reading, batch);
      const nowMs = clock.monotonicMs();
      const batchSeconds =
        lastBatchMonotonicMs === null
          ? 0
          : Math.min(secondsFromMs(nowMs - lastBatchMonotonicMs), Math.max(10, 3 * options.periodSeconds()));
      lastBatchMonotonicMs = nowMs;
      for (const run of activeRuns()) {
        run.record = { ...run.record, durationSeconds: secondsFromMs((run.endMs ?? nowMs) - run.startMs) };
      }
      const machineWatts = machinePower(states.values()).powerWatts;
      const runRecords = runSamples(batch, batchSeconds, machineWatts);
      return {
        atMs: nextTickMs(),
        machine: {
          powerWatts: machineWatts,
          joules: (machineWatts ?? 0) * batchSeconds,
          lowJoules: 0,
          highJoules: 0,
          seconds: machineWatts === null ? 0 : batchSeconds,
        },
        samples: [...batch.samples.values()],
        runSamples: runRecords,
        gaps: batch.gaps,
        runs: activeRuns().map(progressOf),
      };
    },
    isCovered: (monotonicMs) => behind(states, monotonicMs).size === 0,
    behind: (monotonicMs) => behind(states, monotonicMs),
    closeAccounts(monotonicMs) {
      const late = [...behind(states, monotonicMs)].flatMap((domainId) => {
        const state = states.get(domainId);
        if (state === undefined) return [];
        const step = flushMeter(state.meter, domainId, monotonicMs, 'no-reading');
        state.meter = step.state;
        return step.gaps.map(gapRecord);
      });
      return [...late, ...abandonedGaps(monotonicMs)];
    },
    attributeAll() {
      const batch: Batch = { samples: new Map(), shares: new Map(), gaps: [] };
      for (const state of states.values()) attributeKnown(state, batch, true);
      return { atMs: nextTickMs(), samples: activeRuns().flatMap((run) => domainSamples(run, batch)) };
    },
    progressOf,
    coveredToMs: () =>
      Math.min(
        ...[...states.values()].flatMap(({ meter, unattributed }) => [
          meter.accountedToMs ?? Number.POSITIVE_INFINITY,
          ...unattributed.map((interval) => interval.fromMs),
        ]),
      ),
    pointOf(run, atMs) {
      const end = { joules: 0, lowJoules: 0, highJoules: 0 };
      let isMeasured = false;
      for (const [id, totals] of run.ledger.domains) {
        if (!isSummed(states.get(id)?.domain.kind ?? 'other') || totals.coveredSeconds <= 0) continue;
        isMeasured = true;
        end.joules += totals.runJoules;
        end.lowJoules += totals.runLowJoules;
        end.highJoules += totals.runHighJoules;
      }
      return isMeasured ? pointAt(run.curve, end, atMs) : null;
    },
    states: () => states,
  };
}

/** SM share of the processes that belong to no run; null where it is not known of all of them. */
function foreignSmShare(processes: readonly GpuProcess[], runs: readonly ActiveRun[]): number | null {
  const isOurs = ({ pid }: GpuProcess): boolean => runs.some((run) => run.pids.has(pid) || run.previousPids.has(pid));
  let sum = 0;
  for (const process of processes) {
    if (isOurs(process)) continue;
    if (process.smRatio === null) return null;
    sum += process.smRatio;
  }
  return sum;
}

export const runWatts = (run: ActiveRun): number =>
  [...run.ledger.watts.values()].reduce((sum, watts) => sum + watts, 0);

function behind(states: ReadonlyMap<string, DomainState>, monotonicMs: number): ReadonlySet<string> {
  return new Set(
    [...states]
      .filter(([, state]) => state.meter.accountedToMs !== null && state.meter.accountedToMs < monotonicMs)
      .map(([id]) => id),
  );
}

/** What the CPUs draw beyond idle now, in watts; null where neither is known. */
export function activeCpuWatts(states: Iterable<DomainState>): number | null {
  let sum: number | null = null;
  for (const state of states) {
    const watts = shownWatts(state);
    const idleWatts = state.reading?.idleWatts ?? knownIdleWatts(state.idle) ?? state.lowestWatts;
    if (state.domain.kind !== 'cpu' || watts === null || idleWatts === null) continue;
    sum = (sum ?? 0) + Math.max(0, watts - idleWatts);
  }
  return sum;
}

/** The machine's power now: the sum of its domains that do not lie inside one another. */
export function machinePower(states: Iterable<DomainState>): {
  readonly powerWatts: number | null;
  readonly isLowerBound: boolean;
} {
  let powerWatts: number | null = null;
  let isLowerBound = false;
  for (const state of states) {
    if (!isSummed(state.domain.kind) || state.reading === null) continue;
    const watts = shownWatts(state);
    if (watts === null) isLowerBound = true;
    else powerWatts = (powerWatts ?? 0) + watts;
  }
  return { powerWatts, isLowerBound };
}
