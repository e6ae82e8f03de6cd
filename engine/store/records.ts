import { z } from 'zod';
import { noAccounts, runAccountsSchema } from '../../shared/model/carbon.ts';
import { gapReasonSchema, provenanceSchema } from '../../shared/model/domain.ts';
import { heldBackReasonSchema } from '../../shared/model/health.ts';
import { carbonFactorSchema, priceSchema, runIdentitySchema, splitBySchema } from '../../shared/model/run.ts';
import { runEnvironmentSchema } from '../../shared/model/run-environment.ts';

/** A run as it is stored: who it is, and the factor and price it is to be judged by. Its duration is by the monotonic clock, up to the last reading, without `breaks`. */
export const runRecordSchema = runIdentitySchema.omit({ startedAt: true, endedAt: true }).extend({
  startedMs: z.number(),
  endedMs: z.number().nullable(),
  rootPid: z.number().int().nullable(),
  /** Processes that joined it, while they are in; `rootPid` is not among them. */
  memberPids: z.array(z.number().int()).default([]),
  /** When these began, as in `ProcessFacts`, by pid: whatever has the pid later is another one. Without those of which nothing tells it. */
  startedTicks: z.record(z.string(), z.number()).default({}),
  notes: z.string(),
  factor: carbonFactorSchema,
  price: priceSchema.nullable(),
  accounts: runAccountsSchema.default(noAccounts),
  /** Spans between the runs that it was merged from, in order: it was not on, and they are no part of its duration. */
  breaks: z.array(z.object({ fromMs: z.number(), toMs: z.number() })).default([]),
  /** Null in records of earlier versions. */
  environment: runEnvironmentSchema.nullable().default(null),
});
export type RunRecord = z.infer<typeof runRecordSchema>;

const joulesByProvenanceSchema = z.partialRecord(provenanceSchema, z.number());

/** What one domain gave during a run: the whole of it, and the run's share. */
export const runDomainTotalsSchema = z.object({
  joules: z.number(),
  lowJoules: z.number(),
  highJoules: z.number(),
  runJoules: z.number(),
  runLowJoules: z.number(),
  runHighJoules: z.number(),
  coveredSeconds: z.number(),
  /** J²: what sampling and the cuts at the run's ends leave open of `joules`. `lowJoules` and `highJoules` are without it. */
  varianceJoules2: z.number().default(0),
  /** Joules by the counter, and by the power samples over the same time, where a domain has both. */
  counterJoules: z.number().default(0),
  samplesJoules: z.number().default(0),
  /** Time that clock-event counters said the device was held back. */
  heldBackSeconds: z.partialRecord(heldBackReasonSchema, z.number()).default({}),
  peakWatts: z.number().nullable(),
  /** What it can draw by its limit, where it is there and was not read; null where a device that is gone draws nothing, or no limit is told. */
  unreadWatts: z.number().nullable().default(null),
  byProvenance: joulesByProvenanceSchema,
  /** Joules of the run by how its share was found. */
  bySplit: z.partialRecord(splitBySchema, z.number()).default({}),
  utilizationSum: z.number(),
  utilizationCount: z.number(),
  peakMemoryUsedBytes: z.number().nullable(),
  peakTemperatureCelsius: z.number().nullable(),
  /** End of what is in these sums or named as a gap, on the wall clock: where another engine goes on from. */
  accountedToMs: z.number().nullable().default(null),
  /** What the counter stood at then, and whose: what another engine subtracts from. Null where none was followed. */
  accountedCounter: z.object({ joules: z.number(), source: z.string() }).nullable().default(null),
});
export type RunDomainTotals = z.infer<typeof runDomainTotalsSchema>;

/** Over all domains: what the runs table shows without opening a run. */
export const runTotalsSchema = z.object({
  totalJoules: z.number().nullable(),
  lowJoules: z.number().nullable(),
  highJoules: z.number().nullable(),
  machineJoules: z.number().nullable(),
  coverage: z.number(),
  /** Each domain's share over the time that the domain was seen, summed. Null in records of earlier versions. */
  meanWatts: z.number().nullable().default(null),
  peakWatts: z.number().nullable(),
  byProvenance: joulesByProvenanceSchema,
  devices: z.string(),
  cpuSeconds: z.number().nullable(),
  peakMemoryBytes: z.number().nullable(),
});
export type RunTotals = z.infer<typeof runTotalsSchema>;

export interface SampleRecord {
  readonly domainId: string;
  readonly powerWatts: number | null;
  readonly joules: number | null;
  readonly lowJoules: number | null;
  readonly highJoules: number | null;
  /** Time that `joules` covers. */
  readonly seconds: number;
  readonly utilizationRatio: number | null;
  readonly memoryUsedBytes: number | null;
  readonly temperatureCelsius: number | null;
  readonly clockMegahertz: number | null;
  readonly provenance: string | null;
}

/** A run's share of a domain in one tick; `domainId` null: of all domains. `runId` null: what belongs to no run. */
export interface RunSampleRecord {
  readonly runId: string | null;
  readonly domainId: string | null;
  readonly powerWatts: number | null;
  readonly joules: number;
  readonly seconds: number;
}

/** Samples of runs in one tick. */
export interface TickRunSamples {
  readonly atMs: number;
  readonly samples: readonly RunSampleRecord[];
}

export const gapRecordSchema = z.object({
  domainId: z.string(),
  fromMs: z.number(),
  toMs: z.number(),
  reason: gapReasonSchema,
  /** Nothing was read, but a counter's difference covers what was drawn. */
  isBridged: z.boolean(),
});
export type GapRecord = z.infer<typeof gapRecordSchema>;

/** A run's energy from its start to a moment, and what is known of its error there. */
export interface CurvePoint {
  readonly joules: number;
  /** By the sensors' lasting errors alone. */
  readonly lowJoules: number;
  readonly highJoules: number;
  /** J²: what sampling leaves open up to there; and what cutting there does. */
  readonly varianceJoules2: number;
  readonly cutJoules2: number;
  /** Longest time between two readings that the moment lies in. */
  readonly periodSeconds: number;
}

/** A mark as it is told. */
export interface NewMark {
  readonly atMs: number;
  readonly kind: string;
  readonly label: string;
  readonly value: number | null;
  /** Chosen by who told it, and once in a run; null: nobody did. */
  readonly clientId: string | null;
  readonly step: number | null;
  readonly epoch: number | null;
  readonly windowId: string | null;
  readonly source: string;
}

/** A mark on record. `point`: null where its energy is not known; of marks from before bounds were kept, they are null alone. */
export interface MarkRecord extends NewMark {
  readonly joules: number | null;
  readonly point: CurvePoint | null;
}

/** A mark whose energy may change yet: its moment is not covered by readings. */
export interface OpenMark {
  readonly rowId: number;
  readonly runId: string;
  readonly atMs: number;
}

export interface RunProgress {
  readonly record: RunRecord;
  readonly totals: RunTotals;
  readonly domains: ReadonlyMap<string, RunDomainTotals>;
}

/** All that one tick adds to the record; written in one transaction, so that it is there whole or not at all. */
export interface TickRecord {
  readonly atMs: number;
  readonly machine: {
    readonly powerWatts: number | null;
    readonly joules: number;
    readonly lowJoules: number;
    readonly highJoules: number;
    readonly seconds: number;
  };
  readonly samples: readonly SampleRecord[];
  readonly runSamples: readonly RunSampleRecord[];
  /** What runs had of single domains in ticks before, more than these say. */
  readonly lateSamples: readonly TickRunSamples[];
  readonly gaps: readonly GapRecord[];
  readonly runs: readonly RunProgress[];
}
