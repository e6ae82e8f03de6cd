import { z } from 'zod';
import { alertQuestionSchema } from './alert.ts';
import { liveWallSchema } from './calibration.ts';
import { domainSchema, provenanceSchema } from './domain.ts';
import { deviceHealthSchema } from './health.ts';
import { liveProgressSchema } from './progress.ts';
import { carbonFactorSchema, priceSchema, runStatusSchema } from './run.ts';

export const deviceStateSchema = z.enum(['busy', 'idle', 'held-idle', 'throttled', 'asleep', 'lost', 'unmeasured']);
export type DeviceState = z.infer<typeof deviceStateSchema>;

/** One row of the Live table: a domain and its last reading. A value is null when it is not known now. */
export const liveDeviceSchema = z.object({
  domain: domainSchema,
  state: deviceStateSchema,
  stateSinceMs: z.number(),
  /** Why there is no reading, in one sentence; null while there is one. */
  note: z.string().nullable(),
  powerWatts: z.number().nullable(),
  lowWatts: z.number().nullable(),
  highWatts: z.number().nullable(),
  limitWatts: z.number().nullable(),
  utilizationRatio: z.number().nullable(),
  memoryUsedBytes: z.number().nullable(),
  memoryTotalBytes: z.number().nullable(),
  temperatureCelsius: z.number().nullable(),
  clockMegahertz: z.number().nullable(),
  memoryClockMegahertz: z.number().nullable(),
  throttleReasons: z.array(z.string()),
  /** Newest instant power, where the sensor gives one beside its mean. */
  instantWatts: z.number().nullable(),
  /** Draw with nothing to do, learned or said by the source. */
  idleWatts: z.number().nullable(),
  /** Power samples over the energy counter, less 1, over the last minutes; null where there are not both. */
  disagreementRatio: z.number().nullable(),
  health: deviceHealthSchema.nullable(),
  energyTodayJoules: z.number().nullable(),
  lowTodayJoules: z.number().nullable(),
  highTodayJoules: z.number().nullable(),
  provenance: provenanceSchema,
  source: z.string(),
  runIds: z.array(z.string()),
});
export type LiveDevice = z.infer<typeof liveDeviceSchema>;

export const liveRunSchema = z.object({
  id: z.string(),
  name: z.string(),
  project: z.string().nullable(),
  status: runStatusSchema,
  colorIndex: z.number().int(),
  startedAtMs: z.number(),
  durationSeconds: z.number(),
  powerWatts: z.number().nullable(),
  /** True where a device that it used is not read now: its power is then a lower bound. */
  isLowerBound: z.boolean().default(false),
  totalJoules: z.number().nullable(),
  lowJoules: z.number().nullable(),
  highJoules: z.number().nullable(),
  coverage: z.number(),
  /** Since its start, over the time that was seen. */
  meanWatts: z.number().nullable(),
  provenance: provenanceSchema.nullable(),
  emissionsGramsCO2e: z.number().nullable(),
  costAmount: z.number().nullable(),
  deviceIds: z.array(z.string()),
  /** Null where it tells nothing of its steps. */
  progress: liveProgressSchema.nullable().default(null),
  /** Its processes are held (SIGSTOP) until it is resumed. */
  isPaused: z.boolean().optional(),
});
export type LiveRun = z.infer<typeof liveRunSchema>;

export const evidenceShareSchema = z.object({ provenance: provenanceSchema, ratio: z.number() });
export type EvidenceShare = z.infer<typeof evidenceShareSchema>;

export const firingAlertSchema = z.object({
  id: z.string(),
  ruleId: z.string(),
  ruleName: z.string(),
  level: z.enum(['note', 'warning', 'critical']),
  scopeLabel: z.string(),
  firedAtMs: z.number(),
  valueWatts: z.number().nullable(),
  peakWatts: z.number().nullable(),
  limitWatts: z.number().nullable(),
  isAcknowledged: z.boolean(),
  /** Absent: a power rule of an older engine. */
  kind: z.string().optional(),
  /** In the unit of the rule's kind. */
  value: z.number().nullish(),
  /** What its rule reads now; null where that is not known. Absent: an older engine. */
  valueNow: z.number().nullable().optional(),
  peak: z.number().nullish(),
  limit: z.number().nullish(),
  unit: z.string().optional(),
  question: alertQuestionSchema.nullish(),
  /** False where the tray does not show it. */
  isBadging: z.boolean().optional(),
});
export type FiringAlert = z.infer<typeof firingAlertSchema>;

export const storageStateSchema = z.object({
  kind: z.enum(['recording', 'full', 'failed']),
  /** One sentence for people: what stopped and what to do; null while recording. */
  message: z.string().nullable(),
  sizeBytes: z.number().nullable(),
});

/** Everything the Live view shows at one moment. Sent whole at most four times a second. */
export const liveStateSchema = z.object({
  /** Unix time of the newest reading. */
  atMs: z.number(),
  periodSeconds: z.number(),
  isSimulated: z.boolean(),
  machine: z.object({
    powerWatts: z.number().nullable(),
    lowWatts: z.number().nullable(),
    highWatts: z.number().nullable(),
    /** True where a device that normally answers has no reading: the sum is then a lower bound. */
    isLowerBound: z.boolean(),
    evidence: z.array(evidenceShareSchema),
  }),
  /** Beside the sum, never in it; null without a meter that answers and without a calibration. */
  wall: liveWallSchema.nullable().default(null),
  today: z.object({
    energyJoules: z.number().nullable(),
    lowJoules: z.number().nullable(),
    highJoules: z.number().nullable(),
    coverage: z.number(),
    evidence: z.array(evidenceShareSchema),
    emissionsGramsCO2e: z.number().nullable(),
    costAmount: z.number().nullable(),
    /** 24 entries, local hours 0…23; null where nothing was measured. */
    hourlyJoules: z.array(z.number().nullable()),
  }),
  unattributedWatts: z.number().nullable(),
  devices: z.array(liveDeviceSchema),
  runs: z.array(liveRunSchema),
  alerts: z.array(firingAlertSchema),
  factor: carbonFactorSchema,
  price: priceSchema.nullable(),
  storage: storageStateSchema,
  sources: z.object({ answering: z.number().int(), expected: z.number().int() }),
  /** The monitor's own cost. */
  overhead: z.object({
    /** CPU time over wall time of one core: of its own process, and of the tools that it keeps running. */
    cpuRatio: z.number().nullable(),
    toolsCpuRatio: z.number().nullable(),
    /** What that CPU time draws: its share of the CPU's active power. Null where the CPU's power is not known. */
    powerWatts: z.number().nullable(),
    memoryBytes: z.number().nullable(),
  }),
});
export type LiveState = z.infer<typeof liveStateSchema>;
