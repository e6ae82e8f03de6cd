import { type Domain, isSummed } from '../../shared/model/domain.ts';
import { secondsFromMs } from '../../shared/units.ts';
import type { Clock } from '../clock/clock.ts';
import type { Timeline } from '../clock/timeline.ts';
import type { Interval, MeterGap } from '../energy/interval.ts';
import { flushMeter, initialMeter, type MeterStep } from '../energy/meter-state.ts';
import type { Machine } from '../machine/machine.ts';
import { pointAt } from '../progress/run-curve.ts';
import { type ActiveRun, createCpuShares } from '../runs/active-run.ts';
import {
  addCheck,
  addHeldBack,
  addReading,
  noteAccounted,
  noteUnread,
  runTotals,
  withPossible,
} from '../runs/run-ledger.ts';
import type { LearnedFacts, SourceReading } from '../sources/source.ts';
import type { CurvePoint, GapRecord, RunProgress, SampleRecord, TickRecord, TickRunSamples } from '../store/records.ts';
import { type ComparedStretch, stepCounterCheck } from './counter-check.ts';
import { type BatchShares, createDivision, type Division, type TickShares } from './division.ts';
import {
  createDomainState,
  type DomainState,
  deviceStateOf,
  isSameOnRecord,
  meterOptionsOf,
  withPossiblePower,
} from './domain-state.ts';
import { createKeptAccounts } from './kept-accounts.ts';
import { machinePower } from './machine-power.ts';
import { heldBackBetween, recallIdle } from './observe-domain.ts';
import { type OwnPause, ownPauseBetween, withOwnReason } from './own-pause.ts';
import { createPowerNow } from './power-now.ts';
import { silentReadings } from './silent-domains.ts';
import { stepReading } from './step-reading.ts';
import { lateSamples, runSamples, sampleOf } from './tick-samples.ts';
import { seeUsers } from './user-lists.ts';

export interface PipelineOptions {
  readonly clock: Clock;
  readonly timeline: Timeline;
  readonly machine: Machine;
  readonly learned: LearnedFacts;
  readonly periodSeconds: () => number;
  readonly activeRuns: () => readonly ActiveRun[];
  /** Every interval of energy, for the day's sums. */
  readonly onInterval: (interval: Interval, unixMs: number) => void;
  /** A domain that is new, or told of otherwise than before. */
  readonly onDomain: (state: DomainState) => void;
}

/** From readings to joules, shares and what is written down: one call a tick. */
export interface Pipeline {
  /** Between two ticks that are far apart: what runs' processes have used by now. */
  lookAtRuns(): void;
  process(readings: readonly SourceReading[]): TickRecord;
  /** True when every domain with readings has its energy or gap accounted for up to then. */
  isCovered(monotonicMs: number): boolean;
  /** Domains whose accounts end before then. */
  behind(monotonicMs: number): ReadonlySet<string>;
  /** Closes the accounts of those still behind, as gaps; of what a run had from an engine before this one and nobody reads now, too. */
  closeAccounts(monotonicMs: number): readonly GapRecord[];
  /** Divides what still waits for a list of processes: at a run's end. Gives what each run had of it, for the ticks that have it on record. */
  attributeAll(): readonly TickRunSamples[];
  /** What runs are given, and lose, where one that was provisional is none after all, or where one is over before that is known. */
  readonly openShares: Division['openShares'];
  progressOf(run: ActiveRun): RunProgress;
  /** Monotonic: up to here every domain's energy is known and divided; infinity where nothing is read. */
  coveredToMs(): number;
  /** Monotonic: up to here some domain's energy has been divided among the runs that were on, and cannot be a later one's; minus infinity where none was. */
  dividedToMs(): number;
  /** The run's energy from its start to a moment, as far as it is known; null where its curve does not reach back so far, or nothing was measured. */
  pointOf(run: ActiveRun, atMs: number): CurvePoint | null;
  states(): ReadonlyMap<string, DomainState>;
}

const noShares: BatchShares = new Map();

interface Batch {
  /** When it is written, Unix ms. */
  readonly atMs: number;
  readonly shares: TickShares;
  readonly samples: Map<string, SampleRecord>;
  readonly gaps: GapRecord[];
}

export function createPipeline(options: PipelineOptions): Pipeline {
  const { clock, timeline, machine, activeRuns } = options;
  const states = new Map<string, DomainState>();
  const domains = new Map<string, Domain>();
  const cpuShares = createCpuShares(machine);
  const division = createDivision({ ...options, loadRatio: cpuShares.loadRatio });
  const powerNow = createPowerNow({ ...options, loadRatio: cpuShares.loadRatio });
  const kept = createKeptAccounts(options);
  let lastBatchMonotonicMs: number | null = null;
  let lastUnixMs = 0;
  let ownPause: OwnPause | null = null;

  function stateOf(reading: SourceReading): DomainState {
    const known = states.get(reading.domain.id);
    domains.set(reading.domain.id, reading.domain);
    if (known !== undefined) {
      const isNews = !isSameOnRecord(known.domain, reading.domain);
      known.domain = reading.domain;
      if (isNews) options.onDomain(known);
      return known;
    }
    const state = createDomainState(reading.domain, clock.unixMs());
    recallIdle(state, options.learned);
    states.set(reading.domain.id, state);
    options.onDomain(state);
    return state;
  }

  function gapRecord(found: MeterGap): GapRecord {
    const gap = withOwnReason(found, ownPause);
    const record = {
      domainId: gap.domainId,
      fromMs: timeline.unixFromMonotonic(gap.fromMs),
      toMs: timeline.unixFromMonotonic(gap.toMs),
      reason: gap.reason,
      isBridged: gap.isBridged,
    };
    for (const run of activeRuns()) noteAccounted(run.ledger, gap.domainId, record.toMs, null);
    return record;
  }

  function receive(reading: SourceReading, batch: Batch): void {
    const state = stateOf(reading);
    if (state.meter === initialMeter) state.meter = kept.meterFor(reading);
    const meterOptions = meterOptionsOf(reading.domain, options.periodSeconds());
    const step = stepReading(state, reading, meterOptions);
    const opening = state.meter.accountedToMs === null ? kept.openingGap(state.domain.id, step) : null;
    if (opening !== null) batch.gaps.push(gapRecord(opening));
    state.meter = step.state;
    const before = state.reading;
    state.reading = withPossiblePower(reading);
    state.lists = seeUsers(state.lists, reading);
    account(state, step, batch);
    noteForRuns(reading, heldBackBetween(before, reading), stepCounterCheck(state.check, reading, step, meterOptions));
    division.settle(state, batch.shares, false);
    const next = deviceStateOf(state);
    if (next !== state.state) {
      state.state = next;
      state.stateSinceUnixMs = clock.unixMs();
    }
    const { id } = state.domain;
    batch.samples.set(id, sampleOf(state, reading, step, batch.samples.get(id)));
  }

  function noteForRuns(
    reading: SourceReading,
    heldBack: ReturnType<typeof heldBackBetween>,
    compared: ComparedStretch | null,
  ): void {
    for (const run of activeRuns()) {
      if (run.endMs !== null) continue;
      if (reading.missing !== null) noteUnread(run.ledger, reading.domain, reading.missing.reason);
      else {
        addReading(run.ledger, reading);
        addHeldBack(run.ledger, reading.domain.id, heldBack);
        if (compared !== null && compared.toMs > run.startMs)
          addCheck(run.ledger, reading.domain.id, compared.within(run.startMs, compared.toMs));
      }
    }
  }

  function account(state: DomainState, step: MeterStep, batch: Batch): void {
    for (const gap of step.gaps) {
      batch.gaps.push(gapRecord(gap));
      if (!gap.isBridged) powerNow.forget(state);
    }
    for (const interval of step.intervals) {
      powerNow.show(state, interval);
      options.onInterval(interval, timeline.unixFromMonotonic(interval.toMs));
      division.add(state, interval, batch.atMs);
    }
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

  /** Never the same twice, and never back: samples are told apart by their moment. */
  function nextTickMs(): number {
    const unixMs = timeline.unixFromMonotonic(clock.monotonicMs());
    lastUnixMs = Math.max(unixMs, Math.abs(lastUnixMs - unixMs) < 1 ? lastUnixMs + 1 : 0);
    return lastUnixMs;
  }

  function progressOf(run: ActiveRun): RunProgress {
    return {
      record: run.record,
      totals: runTotals(run.ledger, domains, run.record.durationSeconds),
      domains: run.ledger.domains,
    };
  }

  /** As it is written while others may turn out to be no runs: an engine that is killed before it knows corrects nothing any more. */
  function progressOnRecord(run: ActiveRun): RunProgress {
    const open = activeRuns().filter(({ isProvisional }) => isProvisional);
    if (open.length === 0 || run.isProvisional) return progressOf(run);
    return progressOf({
      ...run,
      ledger: withPossible(
        run.ledger,
        open.map(({ ledger }) => ledger),
      ),
    });
  }

  return {
    lookAtRuns: () => cpuShares.look(activeRuns()),
    process(readings) {
      const nowMs = clock.monotonicMs();
      ownPause = ownPauseBetween(lastBatchMonotonicMs, nowMs, options.periodSeconds()) ?? ownPause;
      const gaps = [...suspendGaps()];
      const batch: Batch = { atMs: nextTickMs(), samples: new Map(), shares: new Map(), gaps };
      cpuShares.update(activeRuns());
      for (const reading of readings) receive(reading, batch);
      for (const reading of silentReadings(states.values(), nowMs, options.periodSeconds())) receive(reading, batch);
      const fromMs = lastBatchMonotonicMs ?? nowMs;
      const batchSeconds = Math.min(secondsFromMs(nowMs - fromMs), powerNow.longestSeconds());
      lastBatchMonotonicMs = nowMs;
      for (const run of activeRuns()) {
        run.record = { ...run.record, durationSeconds: secondsFromMs((run.endMs ?? nowMs) - run.startMs) };
      }
      const machineWatts = machinePower(states.values()).powerWatts;
      const span = { fromMs, toMs: nowMs, seconds: batchSeconds };
      return {
        atMs: batch.atMs,
        machine: {
          powerWatts: machineWatts,
          joules: (machineWatts ?? 0) * batchSeconds,
          lowJoules: 0,
          highJoules: 0,
          seconds: machineWatts === null ? 0 : batchSeconds,
        },
        samples: [...batch.samples.values()],
        runSamples: runSamples(activeRuns(), { shares: batch.shares.get(batch.atMs) ?? noShares, span, machineWatts }),
        lateSamples: lateSamples(activeRuns(), batch.shares, batch.atMs),
        gaps: batch.gaps,
        runs: activeRuns().map(progressOnRecord),
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
      return [...late, ...kept.abandonedGaps((id) => states.has(id), monotonicMs).map(gapRecord)];
    },
    attributeAll() {
      const shares: TickShares = new Map();
      for (const state of states.values()) division.settle(state, shares, true);
      return lateSamples(activeRuns(), shares);
    },
    openShares: division.openShares,
    progressOf,
    coveredToMs: () =>
      Math.min(
        ...[...states.values()].flatMap(({ meter, unattributed }) => [
          meter.accountedToMs ?? Number.POSITIVE_INFINITY,
          ...unattributed.map(({ interval }) => interval.fromMs),
        ]),
      ),
    dividedToMs: () =>
      Math.max(
        Number.NEGATIVE_INFINITY,
        ...[...states.values()].map(
          ({ meter, unattributed }) =>
            unattributed[0]?.interval.fromMs ?? meter.accountedToMs ?? Number.NEGATIVE_INFINITY,
        ),
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

function behind(states: ReadonlyMap<string, DomainState>, monotonicMs: number): ReadonlySet<string> {
  return new Set(
    [...states]
      .filter(([, state]) => state.meter.accountedToMs !== null && state.meter.accountedToMs < monotonicMs)
      .map(([id]) => id),
  );
}
