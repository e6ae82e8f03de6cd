import type { RunAccounting } from '../../shared/model/carbon.ts';
import { isSummed, type Provenance, provenances, weakestProvenance } from '../../shared/model/domain.ts';
import type { EvidenceShare, FiringAlert, LiveDevice, LiveRun, LiveState } from '../../shared/model/live.ts';
import type { CarbonFactor, Price } from '../../shared/model/run.ts';
import { secondsFromMs } from '../../shared/units.ts';
import { costOf, emissionsOf } from '../carbon/run-emissions.ts';
import { type DayAccounts, dayEmissionsAndCost, hourSlices } from '../carbon/today.ts';
import { disagreementRatio } from '../measuring/counter-check.ts';
import { type DomainState, shownWatts } from '../measuring/domain-state.ts';
import { machinePower, runWatts } from '../measuring/machine-power.ts';
import type { ActiveRun } from '../runs/active-run.ts';
import type { RunProgress } from '../store/records.ts';
import type { DayLedger } from './day-ledger.ts';

export interface LiveInput {
  readonly atMs: number;
  readonly periodSeconds: number;
  readonly isSimulated: boolean;
  readonly states: readonly DomainState[];
  readonly wall: LiveState['wall'];
  readonly runs: readonly ActiveRun[];
  readonly progressOf: (run: ActiveRun) => RunProgress;
  readonly countsOf: (run: ActiveRun) => LiveRun['progress'];
  readonly day: DayLedger;
  readonly alerts: readonly FiringAlert[];
  readonly isPaused?: (runId: string) => boolean;
  readonly factor: CarbonFactor;
  readonly price: Price | null;
  /** What today's energy is judged by, hour by hour. */
  readonly dayAccounts: DayAccounts;
  readonly accountingOf: (runId: string) => RunAccounting | null;
  readonly storage: LiveState['storage'];
  readonly sources: LiveState['sources'];
  readonly overhead: LiveState['overhead'];
}

/** Everything the Live view shows, from what the engine knows at this moment. */
export function liveState(input: LiveInput): LiveState {
  const devices = [...input.states].sort(byKindAndIndex).map((state) => liveDevice(state, input));
  const runs = input.runs.filter((run) => run.endMs === null).map((run) => liveRun(run, input));
  const machine = machinePower(input.states);
  const claimedWatts = runs.reduce((sum, run) => sum + (run.powerWatts ?? 0), 0);
  const summed = devices.filter((device) => isSummed(device.domain.kind));
  return {
    atMs: input.atMs,
    periodSeconds: input.periodSeconds,
    isSimulated: input.isSimulated,
    machine: {
      ...machine,
      lowWatts: machine.powerWatts === null ? null : sumOf(summed, (device) => device.lowWatts),
      highWatts: machine.powerWatts === null ? null : sumOf(summed, (device) => device.highWatts),
      evidence: evidenceShares(wattsByProvenance(summed)),
    },
    wall: input.wall,
    today: today(input),
    unattributedWatts: machine.powerWatts === null ? null : Math.max(0, machine.powerWatts - claimedWatts),
    devices,
    runs,
    alerts: [...input.alerts],
    factor: input.factor,
    price: input.price,
    storage: input.storage,
    sources: input.sources,
    overhead: input.overhead,
  };
}

const kindOrder = ['gpu', 'module', 'cpu', 'dram', 'platform', 'wall', 'other'];

function byKindAndIndex(a: DomainState, b: DomainState): number {
  return kindOrder.indexOf(a.domain.kind) - kindOrder.indexOf(b.domain.kind) || a.domain.index - b.domain.index;
}

function sumOf<T>(items: readonly T[], pick: (item: T) => number | null): number {
  return items.reduce((sum, item) => sum + (pick(item) ?? 0), 0);
}

function liveDevice(state: DomainState, input: LiveInput): LiveDevice {
  const { domain, reading } = state;
  const powerWatts = shownWatts(state);
  const error = reading?.error ?? { lowRatio: 1, highRatio: 1, offsetWatts: 0 };
  const day = input.day.domain(domain.id);
  return {
    domain,
    state: state.state,
    stateSinceMs: state.stateSinceUnixMs,
    note: reading?.missing?.note ?? null,
    powerWatts,
    lowWatts: powerWatts === null ? null : Math.max(0, powerWatts * error.lowRatio - error.offsetWatts),
    highWatts: powerWatts === null ? null : powerWatts * error.highRatio + error.offsetWatts,
    limitWatts: reading?.limitWatts ?? domain.limitWatts,
    utilizationRatio: reading?.utilizationRatio ?? null,
    memoryUsedBytes: reading?.memoryUsedBytes ?? null,
    memoryTotalBytes: reading?.memoryTotalBytes ?? domain.memoryTotalBytes,
    temperatureCelsius: reading?.temperatureCelsius ?? null,
    clockMegahertz: reading?.clockMegahertz ?? null,
    memoryClockMegahertz: reading?.memoryClockMegahertz ?? null,
    throttleReasons: [...(reading?.throttleReasons ?? [])],
    instantWatts: reading?.instantWatts ?? null,
    idleWatts: reading?.idleWatts ?? state.idle.idleWatts,
    disagreementRatio: disagreementRatio(state.check.recent),
    health: reading?.health ?? null,
    energyTodayJoules: day?.joules ?? null,
    lowTodayJoules: day?.lowJoules ?? null,
    highTodayJoules: day?.highJoules ?? null,
    provenance: domain.provenance,
    source: domain.source,
    runIds: input.runs
      .filter((run) => run.endMs === null && (run.ledger.watts.get(domain.id) ?? 0) > 0)
      .map((run) => run.record.id),
  };
}

function liveRun(run: ActiveRun, input: LiveInput): LiveRun {
  const { record } = run;
  const { totals } = input.progressOf(run);
  const accounting = input.accountingOf(record.id);
  return {
    id: record.id,
    name: record.name,
    project: record.project,
    status: record.status,
    colorIndex: record.colorIndex,
    startedAtMs: record.startedMs,
    durationSeconds: record.durationSeconds,
    powerWatts: run.ledger.watts.size === 0 ? null : runWatts(run),
    isLowerBound: run.ledger.unread.size > 0,
    totalJoules: totals.totalJoules,
    lowJoules: totals.lowJoules,
    highJoules: totals.highJoules,
    coverage: totals.coverage,
    meanWatts: totals.meanWatts,
    provenance: weakestProvenance(totals.byProvenance),
    emissionsGramsCO2e: emissionsOf(record, totals, accounting).gramsCO2e,
    costAmount: costOf(record, totals, accounting)?.amount ?? null,
    deviceIds: [...run.ledger.watts].filter(([, watts]) => watts > 0).map(([id]) => id),
    progress: input.countsOf(run),
    isPaused: input.isPaused?.(run.record.id) ?? false,
  };
}

function today({ day, states, dayAccounts, atMs }: LiveInput): LiveState['today'] {
  const known = states.flatMap((state) => (isSummed(state.domain.kind) ? (day.domain(state.domain.id) ?? []) : []));
  const joules = known.length === 0 ? null : sumOf(known, (domain) => domain.joules);
  const judged =
    joules === null
      ? null
      : dayEmissionsAndCost(joules, hourSlices(day.hourlyJoules(), day.startMs(), atMs), dayAccounts);
  const elapsedSeconds = secondsFromMs(Math.max(1, atMs - day.startMs()));
  return {
    energyJoules: joules,
    lowJoules: joules === null ? null : sumOf(known, (domain) => domain.lowJoules),
    highJoules: joules === null ? null : sumOf(known, (domain) => domain.highJoules),
    coverage:
      known.length === 0 ? 0 : Math.min(1, sumOf(known, (domain) => domain.seconds) / (known.length * elapsedSeconds)),
    evidence: evidenceShares(day.byProvenance()),
    emissionsGramsCO2e: judged?.gramsCO2e ?? null,
    costAmount: judged?.amount ?? null,
    hourlyJoules: [...day.hourlyJoules()],
  };
}

function wattsByProvenance(devices: readonly LiveDevice[]): Partial<Record<Provenance, number>> {
  const sums: Partial<Record<Provenance, number>> = {};
  for (const device of devices) sums[device.provenance] = (sums[device.provenance] ?? 0) + (device.powerWatts ?? 0);
  return sums;
}

function evidenceShares(amounts: Readonly<Partial<Record<Provenance, number>>>): EvidenceShare[] {
  const total = provenances.reduce((sum, kind) => sum + (amounts[kind] ?? 0), 0);
  return total <= 0
    ? []
    : provenances.flatMap((provenance) =>
        (amounts[provenance] ?? 0) > 0 ? [{ provenance, ratio: (amounts[provenance] ?? 0) / total }] : [],
      );
}
