import type { RunWall } from '../../shared/model/calibration.ts';
import { isSummed } from '../../shared/model/domain.ts';
import { combinedBounds } from '../energy/bounds.ts';
import { uncertaintyOf } from '../runs/run-ledger.ts';
import type { CalibratedEnds } from '../sources/cpu-model/cpu-model.ts';
import type { RunRecord, RunTotals } from '../store/records.ts';
import type { StoredRunDomain } from '../store/store.ts';
import { type CalibrationBook, machineBasis } from './calibration-book.ts';
import { estimateWall } from './wall-line.ts';
import { meterNameOf } from './wall-now.ts';

export interface RunAtWall {
  readonly record: RunRecord;
  readonly totals: RunTotals;
  readonly domains: readonly StoredRunDomain[];
}

export interface Calibrated {
  readonly book: Pick<CalibrationBook, 'calibrated'>;
  /** What the CPU model is calibrated to now. */
  readonly ends: CalibratedEnds | null;
}

/** A meter that saw less of a run says less of it than the line of a calibrated machine. */
const leastMeterCoverage = 0.9;

/**
 * The whole machine at the wall during a run: by a meter that saw nine tenths of it, else by the calibrated line, else by what a meter saw. Null without any.
 */
export function runWall(run: RunAtWall, calibrated: Calibrated): RunWall | null {
  const measured = measuredWall(run);
  if (measured !== null && measured.coverage >= leastMeterCoverage) return measured;
  return estimatedWall(run, calibrated) ?? measured;
}

function measuredWall({ record, domains }: RunAtWall): RunWall | null {
  const [meter] = domains
    .filter(({ domain, totals }) => domain.kind === 'wall' && totals.coveredSeconds > 0)
    .sort((a, b) => a.domain.index - b.domain.index);
  if (meter === undefined) return null;
  const { totals } = meter;
  return {
    joules: totals.joules,
    ...combinedBounds([uncertaintyOf(totals, record.durationSeconds, 'domain')]),
    isMeasured: true,
    meter: meterNameOf(meter.domain.id),
    coverage: record.durationSeconds > 0 ? Math.min(1, totals.coveredSeconds / record.durationSeconds) : 0,
  };
}

/** joules = offset × duration + gain × machine's joules: the line at the run's mean power, over its duration. docs/methodology.md, 'Calibration and the wall'. */
function estimatedWall({ record, totals, domains }: RunAtWall, { book, ends }: Calibrated): RunWall | null {
  const { durationSeconds } = record;
  const summed = domains.filter(({ domain }) => isSummed(domain.kind));
  if (totals.machineJoules === null || durationSeconds <= 0) return null;
  const parts = summed.map(({ domain }) => ({ domainId: domain.id, source: domain.source }));
  const { fit, readings, meterError } = book.calibrated(machineBasis(parts, ends));
  if (fit.kind === 'refused') return null;
  // A run from before the CPU model was calibrated was summed up with other ends.
  const isModelled = parts.some(({ source }) => source === 'cpu-model');
  const sinceMs = Math.min(...readings.map(({ atMs }) => atMs));
  if (isModelled && ends !== null && record.startedMs < sinceMs) return null;
  const unseen = summed.map(({ totals: seen }) => uncertaintyOf(seen, durationSeconds, 'domain'));
  const unseenJoules = unseen.reduce((sum, part) => sum + part.uncoveredSeconds * part.mostWatts, 0);
  const at = (joules: number) => estimateWall(fit.line, joules / durationSeconds, meterError);
  return {
    joules: at(totals.machineJoules).powerWatts * durationSeconds,
    lowJoules: at(totals.machineJoules).lowWatts * durationSeconds,
    highJoules: at(totals.machineJoules + unseenJoules).highWatts * durationSeconds,
    isMeasured: false,
    meter: null,
    coverage: totals.coverage,
  };
}
