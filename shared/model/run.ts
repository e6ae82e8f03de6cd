import { z } from 'zod';
import { runWallSchema } from './calibration.ts';
import { emissionsDetailSchema, priceShareSchema } from './carbon.ts';
import { domainKindSchema, gapReasonSchema, provenanceSchema } from './domain.ts';
import { heldBackReasonSchema } from './health.ts';
import { epochSchema, markedWindowSchema, noProgress, progressSchema } from './progress.ts';
import { runEnvironmentSchema } from './run-environment.ts';

export const runStatusSchema = z.enum(['running', 'finished', 'failed', 'stopped', 'interrupted']);
export type RunStatus = z.infer<typeof runStatusSchema>;

export const foundBySchema = z.enum(['command', 'process', 'manual', 'api', 'import']);
export type FoundBy = z.infer<typeof foundBySchema>;

export const tagsSchema = z.record(z.string(), z.string());

/** The alert whose rule ended a run, as it was called then. */
export const stoppedBySchema = z.object({ alertId: z.string(), rule: z.string() });
export type StoppedBy = z.infer<typeof stoppedBySchema>;

const isoTimeSchema = z.string();

export const runIdentitySchema = z.object({
  id: z.string(),
  name: z.string(),
  project: z.string().nullable(),
  tags: tagsSchema,
  /** argv of the wrapped command; null for a run started by hand. */
  command: z.array(z.string()).nullable(),
  cwd: z.string().nullable(),
  gitCommit: z.string().nullable(),
  host: z.string(),
  status: runStatusSchema,
  exitCode: z.number().int().nullable(),
  /** Null where a person or the run itself did, and while it is not known. */
  stoppedBy: stoppedBySchema.nullable().default(null),
  foundBy: foundBySchema,
  /** What the processes of it have in common that run as one: 'slurm:4711.0'; null for a run of one process. */
  job: z.string().nullable().default(null),
  startedAt: isoTimeSchema,
  endedAt: isoTimeSchema.nullable(),
  durationSeconds: z.number().nonnegative(),
  isSimulated: z.boolean(),
  /** 0…7, the run's colour wherever it is drawn. */
  colorIndex: z.number().int().min(0).max(7),
});
export type RunIdentity = z.infer<typeof runIdentitySchema>;

/** Carbon intensity that a run's emissions stand on; stored with the run so that they can be recomputed. */
export const carbonFactorSchema = z.object({
  intensityGramsCO2ePerKwh: z.number().nonnegative(),
  intensitySource: z.string(),
  intensityYear: z.number().int().nullable(),
  region: z.string(),
  regionName: z.string(),
  pue: z.number().min(1),
});
export type CarbonFactor = z.infer<typeof carbonFactorSchema>;

export const priceSchema = z.object({ pricePerKwh: z.number().nonnegative(), currency: z.string() });
export type Price = z.infer<typeof priceSchema>;

/** Location-based. `intensityGramsCO2ePerKwh` is the energy-weighted mean where the grid was read while the run was on. */
export const emissionsSchema = carbonFactorSchema.extend({
  gramsCO2e: z.number().nullable(),
  lowGramsCO2e: z.number().nullable(),
  highGramsCO2e: z.number().nullable(),
});
/** `pricePerKwh` is the energy-weighted mean where the price changed while the run was on. */
export const costSchema = priceSchema.extend({ amount: z.number().nullable() });

/** A row of the runs table. Energies are the run's share; null until anything was measured. */
export const runSummarySchema = runIdentitySchema.extend({
  totalJoules: z.number().nullable(),
  lowJoules: z.number().nullable(),
  highJoules: z.number().nullable(),
  coverage: z.number().min(0).max(1),
  /** Over the time that was seen. */
  meanWatts: z.number().nullable(),
  peakWatts: z.number().nullable(),
  provenance: provenanceSchema.nullable(),
  /** Devices the run drew energy from, as people would say it: '4 × NVIDIA H100', 'CPU'. */
  devices: z.string(),
  emissions: emissionsSchema,
  cost: costSchema.nullable(),
  /** Its processes are held: it runs, and does nothing. */
  isPaused: z.boolean().default(false),
});
export type RunSummary = z.infer<typeof runSummarySchema>;

/** `isBridged`: nothing was read, but a counter's difference covers what was drawn: its energy is in the sum. */
export const gapSchema = z.object({
  from: isoTimeSchema,
  to: isoTimeSchema,
  reason: gapReasonSchema,
  isBridged: z.boolean(),
});

/** How the run's share of a domain was found. `equal` and `assumed` are marked as such wherever the share is shown. */
export const splitBySchema = z.enum(['whole', 'sm-share', 'cpu-time', 'equal', 'assumed', 'cannot-be-split', 'none']);
export type SplitBy = z.infer<typeof splitBySchema>;

export const runDomainSchema = z.object({
  id: z.string(),
  kind: domainKindSchema,
  name: z.string(),
  label: z.string(),
  /** The whole domain during the run. */
  joules: z.number().nullable(),
  /** The run's share of it. */
  runJoules: z.number().nullable(),
  splitBy: splitBySchema,
  /** Bounds of `joules`, the whole domain. */
  lowJoules: z.number().nullable(),
  highJoules: z.number().nullable(),
  /** Bounds of `runJoules`. */
  runLowJoules: z.number().nullable(),
  runHighJoules: z.number().nullable(),
  meanWatts: z.number().nullable(),
  peakWatts: z.number().nullable(),
  provenance: provenanceSchema,
  source: z.string(),
  coverage: z.number().min(0).max(1),
  gaps: z.array(gapSchema),
  meanUtilizationRatio: z.number().nullable(),
  peakMemoryUsedBytes: z.number().nullable(),
  peakTemperatureCelsius: z.number().nullable(),
  /** The sensor's own gain error, in no bounds: truth over reading, as others of its kind were found against a meter. */
  gain: z.object({ lowRatio: z.number(), highRatio: z.number() }).nullable(),
  /** Energy by the counter and by power samples over the same time; null where there is only one of them. */
  check: z.object({ counterJoules: z.number(), samplesJoules: z.number() }).nullable(),
  /** Time held back while the run was on, by reason; null where the driver does not tell. */
  heldBackSeconds: z.partialRecord(heldBackReasonSchema, z.number()).nullable(),
});
export type RunDomain = z.infer<typeof runDomainSchema>;

export const markSchema = z.object({
  at: isoTimeSchema,
  kind: z.string(),
  label: z.string(),
  value: z.number().nullable(),
  /** The run's energy from its start to the mark. */
  joules: z.number().nullable(),
  step: z.number().nullable().default(null),
  epoch: z.number().nullable().default(null),
  windowId: z.string().nullable().default(null),
  source: z.string().default('api'),
});
export type Mark = z.infer<typeof markSchema>;

export const runAlertSchema = z.object({
  id: z.string(),
  rule: z.string(),
  level: z.enum(['note', 'warning', 'critical']),
  firedAt: isoTimeSchema,
  clearedAt: isoTimeSchema.nullable(),
  message: z.string(),
});

/** What `wattrun show RUN --json` prints. Names are public: added to, never renamed. */
export const runReportSchema = z.object({
  schemaVersion: z.literal(1),
  run: runIdentitySchema.extend({ notes: z.string(), isPaused: runSummarySchema.shape.isPaused }),
  energy: z.object({
    totalJoules: z.number().nullable(),
    lowJoules: z.number().nullable(),
    highJoules: z.number().nullable(),
    coverage: z.number().min(0).max(1),
    machineJoules: z.number().nullable(),
    meanWatts: z.number().nullable(),
    peakWatts: z.number().nullable(),
    provenance: provenanceSchema.nullable(),
    /** Share of the run's joules by kind of evidence; sums to 1 when anything was measured. */
    evidence: z.partialRecord(provenanceSchema, z.number()),
    domains: z.array(runDomainSchema),
    /** The whole machine's, not the run's share; null without a meter that answered and without a calibration. */
    wall: runWallSchema.nullable().default(null),
  }),
  emissions: emissionsSchema.extend(emissionsDetailSchema.shape),
  cost: costSchema.extend({ byPrice: z.array(priceShareSchema).optional() }).nullable(),
  utilization: z.object({
    /** CPU time of the run's process tree over its duration, in cores. */
    meanCpuCores: z.number().nullable(),
    peakMemoryBytes: z.number().nullable(),
    meanGpuRatio: z.number().nullable(),
  }),
  marks: z.array(markSchema),
  alerts: z.array(runAlertSchema),
  progress: progressSchema.default(noProgress),
  /** In the order of time; together the whole run. Empty where no epoch was told. */
  epochs: z.array(epochSchema).default([]),
  windows: z.array(markedWindowSchema).default([]),
  /** What the run began in; null where that was not recorded: runs of earlier versions. */
  environment: runEnvironmentSchema.nullable().default(null),
});
export type RunReport = z.infer<typeof runReportSchema>;
