import { secondsFromMs } from '../../shared/units.ts';
import type { MeterStep } from '../energy/meter-state.ts';
import type { Stretch } from '../energy/stretch.ts';
import type { ActiveRun } from '../runs/active-run.ts';
import { notePeak } from '../runs/run-ledger.ts';
import type { SourceReading } from '../sources/source.ts';
import type { RunSampleRecord, SampleRecord, TickRunSamples } from '../store/records.ts';
import type { BatchShares, TickShares } from './division.ts';
import { type DomainState, shownWatts } from './domain-state.ts';
import { runWatts } from './machine-power.ts';

const noEnergy = {
  joules: null,
  lowJoules: null,
  highJoules: null,
  seconds: 0,
} as const satisfies Partial<SampleRecord>;

/** A domain's sample of a tick, together with what was read of it before in the same one. */
export function sampleOf(
  state: DomainState,
  reading: SourceReading,
  step: MeterStep,
  before: SampleRecord | undefined,
): SampleRecord {
  let { joules, lowJoules, highJoules, seconds } = before ?? noEnergy;
  for (const interval of step.intervals) {
    joules = (joules ?? 0) + interval.joules;
    lowJoules = (lowJoules ?? 0) + interval.lowJoules;
    highJoules = (highJoules ?? 0) + interval.highJoules;
    seconds += secondsFromMs(interval.toMs - interval.fromMs);
  }
  return {
    domainId: state.domain.id,
    powerWatts: shownWatts(state),
    joules,
    lowJoules,
    highJoules,
    seconds,
    utilizationRatio: reading.utilizationRatio,
    memoryUsedBytes: reading.memoryUsedBytes,
    temperatureCelsius: reading.temperatureCelsius,
    clockMegahertz: reading.clockMegahertz,
    provenance: step.intervals[0]?.provenance ?? before?.provenance ?? null,
  };
}

/** What runs had of ticks before `tickMs`, or of any, that was divided after these were written. */
export function lateSamples(
  runs: readonly ActiveRun[],
  shares: TickShares,
  tickMs: number = Number.POSITIVE_INFINITY,
): readonly TickRunSamples[] {
  const late: TickRunSamples[] = [];
  for (const [atMs, ofTick] of shares) {
    const samples = atMs < tickMs ? runs.flatMap((run) => domainSamples(run, ofTick)) : [];
    if (samples.length > 0) late.push({ atMs, samples });
  }
  return late;
}

/** What a run had of each domain. */
function domainSamples(run: ActiveRun, shares: BatchShares): readonly RunSampleRecord[] {
  const records: RunSampleRecord[] = [];
  shares.get(run.record.id)?.forEach(({ joules, seconds }, domainId) => {
    const powerWatts = seconds > 0 ? joules / seconds : null;
    if (joules > 0) records.push({ runId: run.record.id, domainId, powerWatts, joules, seconds });
  });
  return records;
}

/** The time from the tick before to this one, monotonic; `seconds` of it are told of, 0 at the first one. */
export interface TickSpan {
  readonly fromMs: number;
  readonly toMs: number;
  readonly seconds: number;
}

/**
 * What each run had of each domain, its power as a whole over the part of the tick in which it was on, and what no run took of the machine's. Notes each run's
 * greatest power.
 */
export function runSamples(
  runs: readonly ActiveRun[],
  batch: { readonly shares: BatchShares; readonly span: TickSpan; readonly machineWatts: number | null },
): readonly RunSampleRecord[] {
  const { shares, span, machineWatts } = batch;
  const { seconds } = span;
  const records: RunSampleRecord[] = [];
  let claimedWatts = 0;
  for (const run of runs) {
    records.push(...domainSamples(run, shares));
    // With no reading of anything it used, its power is not known: not 0.
    if (run.ledger.watts.size === 0) continue;
    // At an engine's first tick: as long as counters tell of that it took up.
    const runSeconds = seconds > 0 ? secondsOn(run, span) : longestSeconds(shares.get(run.record.id));
    if (run.endMs !== null && runSeconds <= 0) continue;
    const watts = runWatts(run);
    claimedWatts += seconds > 0 ? (watts * runSeconds) / seconds : watts;
    notePeak(run.ledger, { joules: watts * runSeconds, seconds: runSeconds });
    records.push({
      runId: run.record.id,
      domainId: null,
      powerWatts: watts,
      joules: watts * runSeconds,
      seconds: runSeconds,
    });
  }
  if (machineWatts !== null) {
    const restWatts = Math.max(0, machineWatts - claimedWatts);
    records.push({
      runId: null,
      domainId: null,
      powerWatts: restWatts,
      joules: restWatts * seconds,
      seconds,
    });
  }
  return records;
}

/** How long of a tick the run was on. */
function secondsOn({ startMs, endMs }: ActiveRun, { fromMs, toMs, seconds }: TickSpan): number {
  const onMs = Math.min(toMs, endMs ?? toMs) - Math.max(fromMs, startMs);
  return Math.min(seconds, Math.max(0, secondsFromMs(onMs)));
}

const longestSeconds = (shares: ReadonlyMap<string, Stretch> = new Map()): number =>
  Math.max(0, ...[...shares.values()].map(({ seconds }) => seconds));
