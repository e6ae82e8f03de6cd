import { type Domain, type GapReason, isQuiet, isSummed, type Provenance } from '../../shared/model/domain.ts';
import { type HeldBackSeconds, heldBackReasons } from '../../shared/model/health.ts';
import { meanWatts, secondsFromMs } from '../../shared/units.ts';
import type { Share } from '../attribution/attribute.ts';
import { combinedBounds, endsVariance, type Uncertain } from '../energy/bounds.ts';
import { energyPart } from '../energy/energy-part.ts';
import type { Interval } from '../energy/interval.ts';
import { mostWattsOf } from '../energy/most-watts.ts';
import { gatherStretch, type Stretch } from '../energy/stretch.ts';
import type { SourceReading } from '../sources/source.ts';
import type { RunDomainTotals, RunTotals } from '../store/records.ts';

/** Joules of one domain over the same time, by its counter and by its power samples. */
export interface CheckedJoules {
  readonly counterJoules: number;
  readonly samplesJoules: number;
}

/** The running sums of one run. Mutable: it lives as long as the run and is written down every tick. */
export interface RunLedger {
  readonly domains: Map<string, RunDomainTotals>;
  /** The run's share of each domain's power now: the mean of its newest stretch. */
  readonly watts: Map<string, number>;
  /** Domains that the run drew from when they were last read, and that nobody reads now. */
  readonly unread: Set<string>;
  /** What is too short yet to tell that power, and a domain's greatest. */
  readonly gatheredForNow: Map<string, Stretch>;
  readonly gatheredForPeak: Map<string, Stretch>;
  peakWatts: number | null;
  cpuSeconds: number | null;
  peakMemoryBytes: number | null;
}

export const createRunLedger = (): RunLedger => ({
  domains: new Map(),
  watts: new Map(),
  unread: new Set(),
  gatheredForNow: new Map(),
  gatheredForPeak: new Map(),
  peakWatts: null,
  cpuSeconds: null,
  peakMemoryBytes: null,
});

const createTotals = (): RunDomainTotals => ({
  joules: 0,
  lowJoules: 0,
  highJoules: 0,
  runJoules: 0,
  runLowJoules: 0,
  runHighJoules: 0,
  coveredSeconds: 0,
  varianceJoules2: 0,
  counterJoules: 0,
  samplesJoules: 0,
  heldBackSeconds: {},
  peakWatts: null,
  byProvenance: {},
  bySplit: {},
  utilizationSum: 0,
  utilizationCount: 0,
  peakMemoryUsedBytes: null,
  peakTemperatureCelsius: null,
  accountedToMs: null,
  unreadWatts: null,
  accountedCounter: null,
});

/** A stretch under half a second says little of the greatest power: counters step every 20 to 100 ms, and a thread that is kept waiting adds as much. */
export const leastPeakSeconds = 0.5;
/** Shorter ones follow a run's start or end, and tell too little of the power now. */
export const leastShownSeconds = 0.2;

/** A domain's sums, to be added to: they are changed in place, for each is added to several times a tick. */
export function totalsOf(ledger: RunLedger, domainId: string): RunDomainTotals {
  const known = ledger.domains.get(domainId);
  if (known !== undefined) return known;
  const totals = createTotals();
  ledger.domains.set(domainId, totals);
  return totals;
}

const larger = (before: number | null, value: number): number => Math.max(before ?? value, value);

/** Adds the part of an interval that lies within the run to the whole domain's sums. */
export function addInterval(
  ledger: RunLedger,
  interval: Interval,
  run: { readonly startMs: number; readonly endMs: number | null },
): void {
  const fromMs = Math.max(interval.fromMs, run.startMs);
  const toMs = Math.min(interval.toMs, run.endMs ?? interval.toMs);
  const spanMs = interval.toMs - interval.fromMs;
  if (toMs <= fromMs || spanMs <= 0) return;
  const part = energyPart(interval, fromMs, toMs);
  const totals = totalsOf(ledger, interval.domainId);
  const whole = gatherStretch(
    ledger.gatheredForPeak,
    interval.domainId,
    { joules: interval.joules, seconds: secondsFromMs(spanMs) },
    leastPeakSeconds,
  );
  totals.joules += interval.joules * part;
  totals.lowJoules += interval.lowJoules * part;
  totals.highJoules += interval.highJoules * part;
  totals.coveredSeconds += secondsFromMs(toMs - fromMs);
  totals.varianceJoules2 += interval.varianceJoules2 * part ** 2 + endsVariance(interval, run);
  if (whole !== null) totals.peakWatts = Math.max(totals.peakWatts ?? 0, whole.joules / whole.seconds);
  totals.byProvenance[interval.provenance] = (totals.byProvenance[interval.provenance] ?? 0) + interval.joules * part;
}

/** Adds what two ways of measuring the same domain gave over the same time. */
export function addCheck(ledger: RunLedger, domainId: string, check: CheckedJoules): void {
  const totals = totalsOf(ledger, domainId);
  totals.counterJoules += check.counterJoules;
  totals.samplesJoules += check.samplesJoules;
}

/** Adds time that the device was held back. */
export function addHeldBack(ledger: RunLedger, domainId: string, seconds: Partial<HeldBackSeconds>): void {
  const { heldBackSeconds } = totalsOf(ledger, domainId);
  for (const reason of heldBackReasons) {
    const more = seconds[reason];
    if (more !== undefined) heldBackSeconds[reason] = (heldBackSeconds[reason] ?? 0) + more;
  }
}

export function addShare(ledger: RunLedger, domainId: string, share: Share): void {
  const totals = totalsOf(ledger, domainId);
  totals.runJoules += share.joules;
  totals.runLowJoules += share.lowJoules;
  totals.runHighJoules += share.highJoules;
  totals.bySplit[share.splitBy] = (totals.bySplit[share.splitBy] ?? 0) + share.joules;
}

/** Adds what the run may have had of a domain, and nothing tells whether it had. */
export function addOpenShare(ledger: RunLedger, domainId: string, joules: number): void {
  totalsOf(ledger, domainId).runHighJoules += joules;
}

/** With all that others were given of the same domains in its upper bounds: each of them may turn out to be no run, and its part to be this one's. */
export function withPossible(ledger: RunLedger, others: readonly RunLedger[]): RunLedger {
  const domains = new Map(ledger.domains);
  for (const other of others)
    other.domains.forEach(({ runHighJoules }, domainId) => {
      const totals = domains.get(domainId);
      if (totals !== undefined)
        domains.set(domainId, { ...totals, runHighJoules: totals.runHighJoules + runHighJoules });
    });
  return { ...ledger, domains };
}

/** Takes the run's share of a domain over a stretch for its power now. */
export function noteWatts(ledger: RunLedger, domainId: string, share: Stretch): void {
  ledger.unread.delete(domainId);
  const whole = gatherStretch(ledger.gatheredForNow, domainId, share, leastShownSeconds);
  if (whole !== null) ledger.watts.set(domainId, whole.joules / whole.seconds);
  else if (!ledger.watts.has(domainId) && share.seconds > 0) ledger.watts.set(domainId, share.joules / share.seconds);
}

/** Takes the run's power as a whole over a part of a tick for its greatest, once that is long enough to tell. */
export function notePeak(ledger: RunLedger, stretch: Stretch): void {
  const whole = gatherStretch(ledger.gatheredForPeak, allDomains, stretch, leastPeakSeconds);
  if (whole !== null) ledger.peakWatts = Math.max(ledger.peakWatts ?? 0, whole.joules / whole.seconds);
}

/** What stands in place of a domain's id for all of them. */
const allDomains = '';

/** Others had all of a domain over a stretch: what the run drew of it before is not its power now. */
export function noteNoShare(ledger: RunLedger, domainId: string, seconds: number): void {
  if (ledger.watts.has(domainId) || ledger.unread.has(domainId)) noteWatts(ledger, domainId, { joules: 0, seconds });
}

/** What is in the sums or named as a gap up to this moment, on the wall clock, is accounted for; the counter stood at `counter` then, where it is followed. */
export function noteAccounted(
  ledger: RunLedger,
  domainId: string,
  accountedToMs: number,
  counter: RunDomainTotals['accountedCounter'],
): void {
  const totals = ledger.domains.get(domainId);
  if (totals === undefined) return;
  totals.accountedToMs = accountedToMs;
  totals.accountedCounter = counter;
}

/** Nothing is read of the domain now: its power is not known. What it draws meanwhile is missing from the run, also where it is never read again. */
export function noteUnread(ledger: RunLedger, domain: Domain, reason: GapReason): void {
  forgetWatts(ledger, domain.id);
  if (isQuiet(reason)) return;
  const totals = totalsOf(ledger, domain.id);
  totals.unreadWatts = reason === 'lost' ? null : (domain.limitWatts ?? mostWattsOf(domain));
}

function forgetWatts(ledger: RunLedger, domainId: string): void {
  if ((ledger.watts.get(domainId) ?? 0) > 0) ledger.unread.add(domainId);
  ledger.watts.delete(domainId);
  ledger.gatheredForNow.delete(domainId);
}

/** Keeps what the Live table showed of a domain while the run used it. */
export function addReading(ledger: RunLedger, reading: SourceReading): void {
  const totals = totalsOf(ledger, reading.domain.id);
  const { utilizationRatio, memoryUsedBytes, temperatureCelsius } = reading;
  if (utilizationRatio !== null) {
    totals.utilizationSum += utilizationRatio;
    totals.utilizationCount++;
  }
  if (memoryUsedBytes !== null) totals.peakMemoryUsedBytes = larger(totals.peakMemoryUsedBytes, memoryUsedBytes);
  if (temperatureCelsius !== null)
    totals.peakTemperatureCelsius = larger(totals.peakTemperatureCelsius, temperatureCelsius);
}

/** The greatest mean power of a second or so, and no less than that of all the time that was seen; null where nothing was. */
export const peakWattsOf = ({ peakWatts, joules, coveredSeconds }: RunDomainTotals): number | null =>
  coveredSeconds > 0 ? Math.max(peakWatts ?? 0, joules / coveredSeconds) : peakWatts;

/** What bounds of the whole domain, or of the run's share of it, stand on. */
export function uncertaintyOf(totals: RunDomainTotals, durationSeconds: number, of: 'domain' | 'run'): Uncertain {
  const ratio = (part: number, whole: number): number => (whole > 0 ? Math.min(1, part / whole) : 0);
  // Of a run that is told nothing of it, what it may have had.
  const ofRun =
    totals.runJoules > 0 ? ratio(totals.runJoules, totals.joules) : ratio(totals.runHighJoules, totals.highJoules);
  const isSeen = totals.coveredSeconds > 0;
  // Nothing tells how much of what was never read was the run's: all of it may have been.
  const share = of === 'domain' || !isSeen ? 1 : ofRun;
  return {
    lowJoules: of === 'domain' ? totals.lowJoules : totals.runLowJoules,
    highJoules: of === 'domain' ? totals.highJoules : totals.runHighJoules,
    varianceJoules2: totals.varianceJoules2 * share ** 2,
    uncoveredSeconds: Math.max(0, durationSeconds - totals.coveredSeconds),
    mostWatts: (isSeen ? (peakWattsOf(totals) ?? 0) : (totals.unreadWatts ?? 0)) * share,
  };
}

/** Sums over the domains. Null energies until something was measured; coverage is the mean over domains of covered time over the run's. */
export function runTotals(ledger: RunLedger, domains: ReadonlyMap<string, Domain>, durationSeconds: number): RunTotals {
  const covered: RunDomainTotals[] = [];
  const summed: RunDomainTotals[] = [];
  const gpuNames: string[] = [];
  ledger.domains.forEach((totals, id) => {
    const domain = domains.get(id);
    if (!isSummed(domain?.kind ?? 'other')) return;
    summed.push(totals);
    if (totals.coveredSeconds <= 0) return;
    covered.push(totals);
    if (domain?.kind === 'gpu' && totals.runJoules > 0) gpuNames.push(domain.name);
  });
  const sum = (pick: (totals: RunDomainTotals) => number): number | null =>
    covered.length === 0 ? null : covered.reduce((total, totals) => total + pick(totals), 0);
  const bounds = combinedBounds(summed.map((totals) => uncertaintyOf(totals, durationSeconds, 'run')));
  const coveredSeconds = sum((totals) => Math.min(totals.coveredSeconds, durationSeconds)) ?? 0;
  const mean = sum((totals) => meanWatts(totals.runJoules, totals.coveredSeconds) ?? 0);
  return {
    totalJoules: sum((totals) => totals.runJoules),
    lowJoules: covered.length === 0 ? null : bounds.lowJoules,
    highJoules: covered.length === 0 ? null : bounds.highJoules,
    machineJoules: sum((totals) => totals.joules),
    coverage:
      summed.length === 0 || durationSeconds <= 0 ? 0 : Math.min(1, coveredSeconds / (summed.length * durationSeconds)),
    meanWatts: mean,
    // What was measured in the run's last moment is in its mean and in no sample.
    peakWatts:
      mean === null || ledger.peakWatts === null ? (ledger.peakWatts ?? mean) : Math.max(ledger.peakWatts, mean),
    byProvenance: evidenceOf(covered),
    devices: covered.length === 0 ? '' : devicesText(gpuNames),
    cpuSeconds: ledger.cpuSeconds,
    peakMemoryBytes: ledger.peakMemoryBytes,
  };
}

/** Joules of the run by kind of evidence: each domain's mix, weighed by the run's share of it. */
function evidenceOf(domains: readonly RunDomainTotals[]): RunTotals['byProvenance'] {
  const sums: Partial<Record<Provenance, number>> = {};
  for (const totals of domains) {
    const ratio = totals.joules > 0 ? totals.runJoules / totals.joules : 0;
    for (const kind of Object.keys(totals.byProvenance) as Provenance[])
      sums[kind] = (sums[kind] ?? 0) + (totals.byProvenance[kind] ?? 0) * ratio;
  }
  return sums;
}

/** '4 × NVIDIA H100', or 'CPU' where no GPU was used. */
function devicesText(gpuNames: readonly string[]): string {
  if (gpuNames.length === 0) return 'CPU';
  const counts = new Map<string, number>();
  for (const name of gpuNames) counts.set(name, (counts.get(name) ?? 0) + 1);
  return [...counts].map(([name, count]) => (count === 1 ? name : `${count} × ${name}`)).join(', ');
}
