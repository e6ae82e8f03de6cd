import type { AlertLogEntry, AlertRule } from '../../shared/model/alert.ts';
import type { IntensityPoint, RunAccounting } from '../../shared/model/carbon.ts';
import type { DestinationConfig } from '../../shared/model/destination.ts';
import type { Domain } from '../../shared/model/domain.ts';
import type { History, HistoryQuery } from '../../shared/model/history.ts';
import type { Settings } from '../../shared/model/settings.ts';
import type { EnergySlice } from '../carbon/over-time.ts';
import type {
  CurvePoint,
  GapRecord,
  MarkRecord,
  NewMark,
  OpenMark,
  RunDomainTotals,
  RunProgress,
  RunRecord,
  RunTotals,
  TickRecord,
  TickRunSamples,
} from './records.ts';

export type StoredRule = Omit<AlertRule, 'status' | 'scopeLabel'>;

export interface StoredRun {
  readonly record: RunRecord;
  readonly totals: RunTotals;
  readonly lastSampleMs: number | null;
  /** Grams and money over the run's own time; null where the flat factor and price say it all. */
  readonly accounting: RunAccounting | null;
}

export interface StoredRunDomain {
  readonly domain: Domain;
  readonly totals: RunDomainTotals;
}

export interface DayTotals {
  readonly domainId: string;
  readonly hour: number;
  readonly joules: number;
  readonly lowJoules: number;
  readonly highJoules: number;
  readonly seconds: number;
  readonly provenance: string | null;
}

/** Energy of a domain over a span, and the time of it that it is known for. */
export interface DomainEnergy {
  readonly joules: number;
  readonly lowJoules: number;
  readonly highJoules: number;
  readonly seconds: number;
}

/** One row of a run's time series: the domain's reading and the run's share of its joules. */
export interface TimeSeriesRow {
  readonly atMs: number;
  readonly domainId: string;
  readonly powerWatts: number | null;
  readonly joules: number | null;
  readonly runJoules: number | null;
  readonly utilizationRatio: number | null;
  readonly memoryUsedBytes: number | null;
  readonly temperatureCelsius: number | null;
  readonly clockMegahertz: number | null;
  readonly provenance: string | null;
}

export interface MarkEntry {
  readonly runId: string;
  readonly mark: NewMark;
  readonly point: CurvePoint | null;
  readonly isSettled: boolean;
}

/** What a run had of a domain in the `seconds` before `endMs`. */
export interface RunEnergyRow {
  readonly domainId: string;
  readonly endMs: number;
  readonly joules: number;
  readonly seconds: number;
}

export interface RunEnergyRows {
  readonly before: ReadonlyMap<string, number>;
  readonly rows: readonly RunEnergyRow[];
}

/** A destination without its secrets, which are in no database. */
export interface StoredDestination {
  readonly id: string;
  readonly name: string;
  readonly config: DestinationConfig;
  readonly isEnabled: boolean;
  readonly isTellingCleared: boolean;
  readonly isConfirmed: boolean;
}

/** A message that is to reach a destination; `id` is the same at every try. */
export interface OutboxMessage {
  readonly id: string;
  readonly alertId: string;
  readonly destinationId: string;
  readonly destinationName: string;
  readonly what: 'fired' | 'cleared' | 'test';
  /** JSON. */
  readonly payload: string;
  readonly madeMs: number;
  /** Not tried before then. */
  readonly nextMs: number;
}

export interface OutboxRow extends OutboxMessage {
  readonly attempts: number;
  readonly state: 'waiting' | 'delivered' | 'failed';
  readonly triedMs: number | null;
  readonly error: string | null;
}

export interface OutboxTry {
  readonly state: OutboxRow['state'];
  readonly triedMs: number;
  readonly nextMs: number;
  readonly error: string | null;
}

export interface OutboxStand {
  readonly waiting: number;
  readonly lastDeliveredMs: number | null;
  readonly head: OutboxRow | null;
}

/** Joules of the machine's own sum and of each run in a span of Unix time. */
export interface SpanEnergy {
  readonly machineJoules: number;
  /** Its parts in time: hours, minutes, and samples at their moments. */
  readonly machineSlices: readonly EnergySlice[];
  /** Of the first sample of the span; null without any. */
  readonly firstMs: number | null;
  readonly runJoules: ReadonlyMap<string, number>;
}

export type AlertLogFilter = { readonly fromMs?: number; readonly toMs?: number; readonly limit?: number };

/** The record: runs, samples, gaps, marks, alerts, settings. Synchronous; throws WattrunError('store/…') when it cannot be written. */
export interface Store {
  readonly path: string;
  writeTick(tick: TickRecord): void;
  putDomain(domain: Domain): void;
  listDomains(): readonly Domain[];

  insertRun(record: RunRecord, totals: RunTotals): void;
  putRun(progress: RunProgress): void;
  /** Runs that are over already, new or in place of what is there under their ids, all of them or none. Deleted ones come back. */
  putRuns(runs: readonly RunProgress[]): void;
  updateRun(record: RunRecord): void;
  /** All of them or none. */
  updateRuns(records: readonly RunRecord[]): void;
  readRun(id: string): StoredRun | null;
  /** Newest first, without deleted ones. */
  listRuns(): readonly StoredRun[];
  readRunDomains(id: string): readonly StoredRunDomain[];
  /** Runs left open by an engine that is gone. */
  listOpenRuns(): readonly StoredRun[];
  setDeleted(ids: readonly string[], deletedMs: number | null): number;
  countRuns(): number;
  timeSeries(runId: string): IterableIterator<TimeSeriesRow>;
  /** What a run's GPUs drew for it while they stood; null where none told its use. */
  idleJoules(runId: string): number | null;

  /** Adds energy to the settled marks of runs from a moment on: what a run had before it was found to be more, or less. */
  addToMarks(
    more: readonly {
      readonly runId: string;
      readonly atMs: number;
      readonly joules: number;
      readonly lowJoules: number;
      readonly highJoules: number;
    }[],
  ): void;
  /** Samples of runs for ticks that are written already: of a run that was not known to be one. */
  writeRunSamples(ticks: readonly TickRunSamples[]): void;
  /** What runs had of single domains in ticks that are written already, more than these say. */
  addRunSamples(ticks: readonly TickRunSamples[]): void;
  /** By domain, between two Unix times. */
  domainEnergy(fromMs: number, toMs: number): ReadonlyMap<string, DomainEnergy>;
  /** Puts the samples, marks and alerts of other runs under one, writes what it is then, and takes the others off the record. */
  mergeRuns(into: RunProgress, otherIds: readonly string[]): void;

  putGaps(gaps: readonly GapRecord[]): void;
  listGaps(fromMs: number, toMs: number): readonly GapRecord[];
  /** All or none of them, on disk when it returns: the row of each, null where its client's id is on record for that run already. */
  insertMarks(marks: readonly MarkEntry[]): readonly (number | null)[];
  listMarks(runId: string): readonly MarkRecord[];
  openMarks(): readonly OpenMark[];
  settleMarks(points: readonly { readonly rowId: number; readonly point: CurvePoint | null }[]): void;
  /** A run's shares by domain: their sum up to a moment, and each row that reaches beyond it. */
  runEnergyRows(runId: string, fromMs: number, toMs: number): RunEnergyRows;

  queryHistory(query: HistoryQuery): History;
  /** When a tick was last written, Unix ms, and the domains that it has; null where none is kept. */
  newestTick(): { readonly atMs: number; readonly domainIds: readonly string[] } | null;
  /** Joules by domain and local hour since `fromMs`. */
  dayTotals(fromMs: number): readonly DayTotals[];

  listRules(): readonly StoredRule[];
  putRule(rule: StoredRule): void;
  removeRule(id: string): void;
  putAlert(entry: AlertLogEntry): void;
  listAlerts(filter: AlertLogFilter): readonly AlertLogEntry[];
  readAlert(id: string): AlertLogEntry | null;
  /** An alert and what is to be sent of it, together or not at all. */
  recordAlert(entry: AlertLogEntry, messages: readonly OutboxMessage[]): void;

  listDestinations(): readonly StoredDestination[];
  putDestination(destination: StoredDestination): void;
  /** What waits for it is kept as failed. */
  removeDestination(id: string): void;
  /** The oldest message that waits for it; what is held until after `nowMs` comes last. Null where none waits. */
  nextMessage(destinationId: string, nowMs: number): OutboxRow | null;
  /** What was held until a time is due now. */
  releaseHeld(nowMs: number): void;
  noteTry(id: string, result: OutboxTry): void;
  messagesOf(alertIds: readonly string[]): readonly OutboxRow[];
  outboxStand(destinationId: string): OutboxStand;

  spanEnergy(fromMs: number, toMs: number): SpanEnergy;

  /** Readings of a grid, or its forecast; what they overlap with is replaced. */
  putIntensities(
    series: string,
    points: readonly IntensityPoint[],
    about: { readonly isForecast: boolean; readonly fetchedMs: number },
  ): void;
  /** In order, without overlaps; those that reach into the span. */
  listIntensities(
    series: string,
    span: { readonly fromMs: number; readonly toMs: number; readonly isForecast?: boolean },
  ): readonly IntensityPoint[];
  newestIntensity(series: string): IntensityPoint | null;
  listSeries(): readonly {
    readonly series: string;
    readonly points: number;
    readonly fromMs: number;
    readonly toMs: number;
  }[];
  dropForecast(series: string, beforeMs: number): void;
  /** Forgets all readings of a series. */
  dropReadings(series: string): void;
  /** A run's own energy in time, oldest first. */
  runEnergy(runId: string): readonly EnergySlice[];
  putAccounting(runId: string, accounting: RunAccounting | null): void;

  readSettings(): Settings;
  writeSettings(settings: Settings): void;
  /** A fact that outlives the engine, as JSON; undefined where there is none. */
  readLearned(key: string): unknown;
  writeLearned(key: string, value: unknown): void;

  /** Makes the minute roll-ups up to the last whole minute before `nowMs`. */
  rollUp(nowMs: number): void;
  /** Drops samples older than `beforeMs`; their minutes stay. */
  prune(beforeMs: number): void;
  sizeBytes(): number | null;
  close(): void;
}
