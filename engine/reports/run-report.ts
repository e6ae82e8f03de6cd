import { readingText } from '../../shared/format/reading.ts';
import type { AlertLogEntry } from '../../shared/model/alert.ts';
import type { RunWall } from '../../shared/model/calibration.ts';
import type { RunAccounting } from '../../shared/model/carbon.ts';
import { type Domain, isDivided, type Provenance, weakestProvenance } from '../../shared/model/domain.ts';
import type { Progress } from '../../shared/model/progress.ts';
import type { RunDomain, RunIdentity, RunReport, RunSummary } from '../../shared/model/run.ts';
import { isoFromUnixMs, meanWatts } from '../../shared/units.ts';
import { costOf, emissionsDetail, emissionsOf } from '../carbon/run-emissions.ts';
import type { ProgressCounts } from '../carbon/sci.ts';
import { combinedBounds } from '../energy/bounds.ts';
import { runProgress } from '../progress/run-progress.ts';
import { gapsWhileOn, lastMsOf } from '../runs/run-breaks.ts';
import { peakWattsOf, uncertaintyOf } from '../runs/run-ledger.ts';
import type { GapRecord, MarkRecord, RunDomainTotals, RunRecord, RunTotals } from '../store/records.ts';

export interface RunReportInput {
  readonly record: RunRecord;
  readonly totals: RunTotals;
  readonly domains: readonly { readonly domain: Domain; readonly totals: RunDomainTotals }[];
  readonly gaps: readonly GapRecord[];
  readonly marks: readonly MarkRecord[];
  readonly alerts: readonly AlertLogEntry[];
  /** Default: it is not. */
  readonly isPaused?: boolean;
  /** The whole machine at the wall; null where nothing tells it. */
  readonly wall: RunWall | null;
  /** Default: the flat factor and price say it all. */
  readonly accounting?: RunAccounting | null;
}

/** A counter's value is up to 0.1 s old: over less time than this its age would pass for disagreement with the power samples. */
const leastComparedSeconds = 9;

export function runIdentity(record: RunRecord): RunIdentity {
  const {
    startedMs,
    endedMs,
    rootPid: _rootPid,
    memberPids: _memberPids,
    startedTicks: _startedTicks,
    notes: _notes,
    factor: _factor,
    price: _price,
    accounts: _accounts,
    environment: _environment,
    breaks: _breaks,
    ...identity
  } = record;
  return {
    ...identity,
    startedAt: isoFromUnixMs(startedMs),
    endedAt: endedMs === null ? null : isoFromUnixMs(endedMs),
  };
}

/** Over the time that was seen: what nobody read is no power of 0 W. A record of an earlier version has the mean of its domains' coverage for that time. */
function runMeanWatts(
  { durationSeconds }: RunRecord,
  { meanWatts: known, totalJoules, coverage }: RunTotals,
): number | null {
  if (totalJoules === null) return null;
  return known ?? meanWatts(totalJoules, durationSeconds * coverage);
}

/** A row of the runs table, of a run that is not paused: its record does not tell. Emissions and cost stand on the joules: on what was accounted over the run's time, else on its flat factor and price. */
export function runSummary(record: RunRecord, totals: RunTotals, accounting: RunAccounting | null = null): RunSummary {
  return {
    ...runIdentity(record),
    totalJoules: totals.totalJoules,
    lowJoules: totals.lowJoules,
    highJoules: totals.highJoules,
    coverage: totals.coverage,
    meanWatts: runMeanWatts(record, totals),
    peakWatts: totals.peakWatts,
    provenance: weakestProvenance(totals.byProvenance),
    devices: totals.devices,
    emissions: emissionsOf(record, totals, accounting),
    cost: costOf(record, totals, accounting),
    isPaused: false,
  };
}

/** The whole report: what `wattrun show RUN --json` prints. */
export function runReport(given: RunReportInput): RunReport {
  const input = { ...given, gaps: gapsWhileOn(given.gaps, given.record) };
  const { record, totals, accounting = null } = input;
  const counted = runProgress(input, lastMsOf(record));
  const progress = countsOf(counted.progress);
  const summary = runSummary(record, totals, accounting);
  const domains = input.domains.map(({ domain, totals: domainTotals }) => runDomain(domain, domainTotals, input));
  return {
    schemaVersion: 1,
    run: { ...runIdentity(record), notes: record.notes, isPaused: input.isPaused === true },
    energy: {
      totalJoules: totals.totalJoules,
      lowJoules: totals.lowJoules,
      highJoules: totals.highJoules,
      coverage: totals.coverage,
      machineJoules: totals.machineJoules,
      meanWatts: summary.meanWatts,
      peakWatts: totals.peakWatts,
      provenance: summary.provenance,
      evidence: evidenceShares(totals.byProvenance),
      domains,
      wall: input.wall,
    },
    emissions: { ...summary.emissions, ...emissionsDetail(record, totals, { accounting, progress }) },
    cost: summary.cost === null ? null : { ...summary.cost, byPrice: accounting?.byPrice ?? [] },
    utilization: {
      meanCpuCores: totals.cpuSeconds === null ? null : meanWatts(totals.cpuSeconds, record.durationSeconds),
      peakMemoryBytes: totals.peakMemoryBytes,
      meanGpuRatio: meanOf(
        domains
          .filter((domain) => domain.kind === 'gpu' && (domain.runJoules ?? 0) > 0)
          .map((domain) => domain.meanUtilizationRatio),
      ),
    },
    marks: fewMarks(input.marks).map(({ atMs, kind, label, value, joules, step, epoch, windowId, source }) => ({
      at: isoFromUnixMs(atMs),
      kind,
      label,
      value,
      joules,
      step,
      epoch,
      windowId,
      source,
    })),
    alerts: input.alerts.map((entry) => ({
      id: entry.id,
      rule: entry.ruleName,
      level: entry.level,
      firedAt: isoFromUnixMs(entry.firedAtMs),
      clearedAt: entry.clearedAtMs === null ? null : isoFromUnixMs(entry.clearedAtMs),
      message: `${entry.ruleName}: ${entry.scopeLabel}${valueWords(entry)}`,
    })),
    ...counted,
    environment: record.environment,
  };
}

const countsOf = ({ epochs, steps, samples, tokens }: Progress): ProgressCounts => ({
  epochs: epochs?.count ?? null,
  steps: steps?.count ?? null,
  samples: samples?.count ?? null,
  tokens: tokens?.count ?? null,
});

/** A report stays one that can be read: of what is counted oftener than this, so many marks stand in it, evenly, with the first and the last. */
const mostMarksOfKind = 20_000;

function fewMarks(marks: readonly MarkRecord[]): readonly MarkRecord[] {
  const counts = new Map<string, number>();
  for (const { kind } of marks) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  if (Math.max(0, ...counts.values()) <= mostMarksOfKind) return marks;
  const seen = new Map<string, number>();
  return marks.filter(({ kind }) => {
    const count = counts.get(kind) ?? 0;
    const place = seen.get(kind) ?? 0;
    seen.set(kind, place + 1);
    if (count <= mostMarksOfKind || place === 0 || place === count - 1) return true;
    const every = count / mostMarksOfKind;
    return Math.floor(place / every) !== Math.floor((place - 1) / every);
  });
}

/** ', 4,691 W': the reading as the log of alerts has it. */
function valueWords({ valueWatts, value, unit }: AlertLogEntry): string {
  const reading = valueWatts ?? value ?? null;
  if (reading === null) return '';
  const text = readingText(reading, valueWatts === null ? (unit ?? '') : 'W', 'en');
  return `, ${text.replaceAll(/[\u00a0\u202f]/g, ' ')}`;
}

function runDomain(domain: Domain, totals: RunDomainTotals, { record, gaps }: RunReportInput): RunDomain {
  const isSeen = totals.coveredSeconds > 0;
  const seen = (value: number): number | null => (isSeen ? value : null);
  // No share is not a share of 0 J.
  const own = (value: number): number | null => (isDivided(domain.kind) ? seen(value) : null);
  const toMs = lastMsOf(record);
  const bounds = combinedBounds([uncertaintyOf(totals, record.durationSeconds, 'domain')]);
  const runBounds = combinedBounds([uncertaintyOf(totals, record.durationSeconds, 'run')]);
  return {
    id: domain.id,
    kind: domain.kind,
    name: domain.name,
    label: domain.label,
    joules: seen(totals.joules),
    runJoules: own(totals.runJoules),
    splitBy: splitOf(totals),
    lowJoules: seen(bounds.lowJoules),
    highJoules: seen(bounds.highJoules),
    runLowJoules: own(runBounds.lowJoules),
    runHighJoules: own(runBounds.highJoules),
    meanWatts: isSeen ? meanWatts(totals.joules, totals.coveredSeconds) : null,
    peakWatts: isSeen ? peakWattsOf(totals) : null,
    provenance: weakestProvenance(totals.byProvenance) ?? domain.provenance,
    source: domain.source,
    coverage: record.durationSeconds > 0 ? Math.min(1, totals.coveredSeconds / record.durationSeconds) : 0,
    gaps: gaps
      .filter((gap) => gap.domainId === domain.id && gap.toMs > record.startedMs && gap.fromMs < toMs)
      .map((gap) => ({
        from: isoFromUnixMs(Math.max(gap.fromMs, record.startedMs)),
        to: isoFromUnixMs(Math.min(gap.toMs, toMs)),
        reason: gap.reason,
        isBridged: gap.isBridged,
      })),
    meanUtilizationRatio: totals.utilizationCount > 0 ? totals.utilizationSum / totals.utilizationCount : null,
    peakMemoryUsedBytes: totals.peakMemoryUsedBytes,
    peakTemperatureCelsius: totals.peakTemperatureCelsius,
    gain: domain.gain,
    check:
      totals.counterJoules > 0 && totals.samplesJoules > 0 && totals.coveredSeconds >= leastComparedSeconds
        ? { counterJoules: totals.counterJoules, samplesJoules: totals.samplesJoules }
        : null,
    heldBackSeconds: Object.keys(totals.heldBackSeconds).length === 0 ? null : totals.heldBackSeconds,
  };
}

/** How most of the run's energy was divided: the seconds before a driver told shares do not speak for hours after. */
function splitOf({ bySplit }: RunDomainTotals): RunDomain['splitBy'] {
  const [first, ...others] = Object.entries(bySplit) as [RunDomain['splitBy'], number][];
  if (first === undefined) return 'none';
  return others.reduce((most, one) => (one[1] > most[1] ? one : most), first)[0];
}

function evidenceShares(
  byProvenance: Readonly<Partial<Record<Provenance, number>>>,
): Partial<Record<Provenance, number>> {
  const entries = Object.entries(byProvenance) as [Provenance, number][];
  const total = entries.reduce((sum, [, joules]) => sum + joules, 0);
  return total <= 0 ? {} : Object.fromEntries(entries.map(([kind, joules]) => [kind, joules / total]));
}

function meanOf(values: readonly (number | null)[]): number | null {
  const known = values.filter((value) => value !== null);
  return known.length === 0 ? null : known.reduce((sum, value) => sum + value, 0) / known.length;
}
