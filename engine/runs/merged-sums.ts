import { secondsFromMs } from '../../shared/units.ts';
import type { RunDomainTotals, RunRecord } from '../store/records.ts';
import type { DomainEnergy } from '../store/store.ts';
import { breakSeconds, overlapOf, type Span, spansOn, unionOf, without } from './run-breaks.ts';

export type Totals = ReadonlyMap<string, RunDomainTotals>;

/** A run as it takes part in a merge. */
export interface MergePart {
  readonly record: RunRecord;
  /** Unix; now for one that is on. */
  readonly untilMs: number;
  readonly domains: Totals;
}

/**
 * The sums of runs that become one. Shares, which no two runs have of the same joule, are added. The whole of a domain is counted once where runs
 * were on together: `energyOf` gives what it drew in such a span. What hangs on the whole domain's time is scaled with it.
 */
export function mergeDomains(
  parts: readonly MergePart[],
  energyOf: (fromMs: number, toMs: number) => ReadonlyMap<string, DomainEnergy>,
): Totals {
  const sums = new Map<string, RunDomainTotals>();
  const earlier: Span[] = [];
  for (const { record, untilMs, domains } of [...parts].sort((a, b) => a.record.startedMs - b.record.startedMs)) {
    // Earlier spans may overlap: what is common with several of them counts once.
    const own = spansOn(record, untilMs);
    const common = unionOf(earlier.flatMap((span) => own.map((one) => overlapOf(span, one))));
    const energies = common.map(({ fromMs, toMs }) => energyOf(fromMs, toMs));
    for (const [id, totals] of domains) {
      const before = sums.get(id);
      if (before === undefined) sums.set(id, totals);
      else sums.set(id, addTotals(before, totals, sumOf(energies.flatMap((energy) => energy.get(id) ?? []))));
    }
    earlier.push(...own);
  }
  return sums;
}

const sumOf = (energies: readonly DomainEnergy[]): DomainEnergy =>
  energies.reduce(
    (sum, energy) => ({
      joules: sum.joules + energy.joules,
      lowJoules: sum.lowJoules + energy.lowJoules,
      highJoules: sum.highJoules + energy.highJoules,
      seconds: sum.seconds + energy.seconds,
    }),
    { joules: 0, lowJoules: 0, highJoules: 0, seconds: 0 },
  );

function addTotals(a: RunDomainTotals, b: RunDomainTotals, common: DomainEnergy): RunDomainTotals {
  // What was common is known to a sample's length: never less than either run had, nor than their shares of it.
  const whole = (pick: (totals: RunDomainTotals) => number, twice: number, least: number): number =>
    Math.max(pick(a), pick(b), least, pick(a) + pick(b) - twice);
  const joules = whole((totals) => totals.joules, common.joules, a.runJoules + b.runJoules);
  const coveredSeconds = whole((totals) => totals.coveredSeconds, common.seconds, 0);
  const part = (sum: number, of: number): number => (of > 0 ? sum / of : 1);
  const energyPart = part(joules, a.joules + b.joules);
  const timePart = part(coveredSeconds, a.coveredSeconds + b.coveredSeconds);
  const most = (x: number | null, y: number | null): number | null =>
    x === null ? y : y === null ? x : Math.max(x, y);
  return {
    ...a,
    joules,
    coveredSeconds,
    lowJoules: whole((totals) => totals.lowJoules, common.lowJoules, a.runLowJoules + b.runLowJoules),
    highJoules: whole((totals) => totals.highJoules, common.highJoules, a.runHighJoules + b.runHighJoules),
    runJoules: a.runJoules + b.runJoules,
    runLowJoules: a.runLowJoules + b.runLowJoules,
    runHighJoules: a.runHighJoules + b.runHighJoules,
    varianceJoules2: (a.varianceJoules2 + b.varianceJoules2) * energyPart,
    counterJoules: (a.counterJoules + b.counterJoules) * energyPart,
    samplesJoules: (a.samplesJoules + b.samplesJoules) * energyPart,
    heldBackSeconds: scaledSum(a.heldBackSeconds, b.heldBackSeconds, timePart),
    byProvenance: scaledSum(a.byProvenance, b.byProvenance, energyPart),
    peakWatts: most(a.peakWatts, b.peakWatts),
    unreadWatts: most(a.unreadWatts, b.unreadWatts),
    bySplit: scaledSum(a.bySplit, b.bySplit, 1),
    utilizationSum: a.utilizationSum + b.utilizationSum,
    utilizationCount: a.utilizationCount + b.utilizationCount,
    peakMemoryUsedBytes: most(a.peakMemoryUsedBytes, b.peakMemoryUsedBytes),
    peakTemperatureCelsius: most(a.peakTemperatureCelsius, b.peakTemperatureCelsius),
    accountedToMs: most(a.accountedToMs, b.accountedToMs),
    accountedCounter: (a.accountedToMs ?? 0) >= (b.accountedToMs ?? 0) ? a.accountedCounter : b.accountedCounter,
  };
}

function scaledSum<K extends string>(
  a: Readonly<Partial<Record<K, number>>>,
  b: Readonly<Partial<Record<K, number>>>,
  part: number,
): Partial<Record<K, number>> {
  const sum: Partial<Record<K, number>> = {};
  for (const key of new Set([...Object.keys(a), ...Object.keys(b)]) as Set<K>)
    sum[key] = ((a[key] ?? 0) + (b[key] ?? 0)) * part;
  return sum;
}

/** One record for all: `into` as it is called, from the earliest start to the latest end, on while one of them is; what lies between them is none of its time. */
export function mergeRecords(into: RunRecord, others: readonly RunRecord[], nowMs: number): RunRecord {
  const all = [into, ...others];
  const running = all.find((record) => record.status === 'running');
  const last = all.reduce((a, b) => ((b.endedMs ?? 0) > (a.endedMs ?? 0) ? b : a));
  const startedMs = Math.min(...all.map((record) => record.startedMs));
  const endedMs = running === undefined ? last.endedMs : null;
  const { rootPid, startedTicks } = running ?? into;
  const untilMs = endedMs ?? nowMs;
  const on = unionOf(all.flatMap((record) => spansOn(record, record.endedMs ?? nowMs)));
  const breaks = without({ fromMs: startedMs, toMs: untilMs }, on);
  return {
    ...into,
    status: running === undefined ? last.status : 'running',
    exitCode: running === undefined ? last.exitCode : null,
    stoppedBy: running === undefined ? last.stoppedBy : null,
    startedMs,
    endedMs,
    // Runs of several engines have no clock in common but the wall's.
    durationSeconds: Math.max(into.durationSeconds, secondsFromMs(untilMs - startedMs) - breakSeconds({ breaks })),
    breaks: [...breaks],
    rootPid,
    startedTicks,
    tags: Object.assign({}, ...others.map((record) => record.tags).reverse(), into.tags),
    notes: all
      .map((record) => record.notes)
      .filter((notes) => notes !== '')
      .join('\n\n'),
  };
}
