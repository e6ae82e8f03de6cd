import { secondsFromMs } from '../../shared/units.ts';
import type { Interval } from '../energy/interval.ts';
import type { MeterStep } from '../energy/meter-state.ts';
import type { ActiveRun } from '../runs/active-run.ts';
import type { SourceReading } from '../sources/source.ts';
import type { RunSampleRecord, SampleRecord } from '../store/records.ts';
import type { BatchShares } from './division.ts';
import { type DomainState, shownWatts } from './domain-state.ts';
import { runWatts } from './machine-power.ts';

/** A domain's sample of a tick, together with what was read of it before in the same one. */
export function sampleOf(
  state: DomainState,
  reading: SourceReading,
  step: MeterStep,
  before: SampleRecord | undefined,
): SampleRecord {
  const sum = (pick: (interval: Interval) => number, start: number | null | undefined): number | null =>
    step.intervals.length === 0
      ? (start ?? null)
      : step.intervals.reduce((total, interval) => total + pick(interval), start ?? 0);
  return {
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
  };
}

/** What a run had of each domain. */
export function domainSamples(run: ActiveRun, shares: BatchShares): readonly RunSampleRecord[] {
  return [...(shares.get(run.record.id) ?? [])]
    .filter(([, share]) => share.joules > 0)
    .map(([domainId, share]) => ({
      runId: run.record.id,
      domainId,
      powerWatts: share.seconds > 0 ? share.joules / share.seconds : null,
      ...share,
    }));
}

/** What each run had of each domain, its power as a whole, and what no run took of the machine's. Notes each run's greatest power. */
export function runSamples(
  runs: readonly ActiveRun[],
  batch: { readonly shares: BatchShares; readonly seconds: number; readonly machineWatts: number | null },
): readonly RunSampleRecord[] {
  const { shares, seconds, machineWatts } = batch;
  const records: RunSampleRecord[] = [];
  let claimedWatts = 0;
  for (const run of runs) {
    records.push(...domainSamples(run, shares));
    // With no reading of anything it used, its power is not known: not 0.
    if (run.endMs !== null || run.ledger.watts.size === 0) continue;
    const watts = runWatts(run);
    claimedWatts += watts;
    run.ledger.peakWatts = Math.max(run.ledger.peakWatts ?? 0, watts);
    records.push({
      runId: run.record.id,
      domainId: null,
      powerWatts: watts,
      joules: watts * seconds,
      seconds,
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
