import { z } from 'zod';
import { alertLogEntrySchema, alertRuleInputSchema, alertRuleSchema, ruleDescriptorSchema } from '../model/alert.ts';
import { calibrationRequestSchema, calibrationSchema, typedReadingSchema } from '../model/calibration.ts';
import { historyQuerySchema, historySchema } from '../model/history.ts';
import { liveStateSchema } from '../model/live.ts';
import { gpuProcessesSchema } from '../model/processes.ts';
import { energyNowSchema, markInputSchema, marksAnswerSchema, mostMarksAtOnce } from '../model/progress.ts';
import { runReportSchema, runStatusSchema, runSummarySchema, tagsSchema } from '../model/run.ts';
import { sourceReportSchema } from '../model/sensors.ts';
import { regionSchema, settingsPatchSchema, settingsSchema } from '../model/settings.ts';
import type { Contract } from './contract.ts';

const nothing = z.object({});
const runIdSchema = z.object({ runId: z.string().min(1) });
const newRunIdSchema = z.string().regex(/^[a-z0-9]{8,32}$/);
const nameSchema = z.string().trim().min(1).max(200);
/** What ranks of one job have in common: 'slurm:JOB.STEP', 'torchrun:ID', 'mpi:…', 'ray:…'. */
const jobSchema = z.string().trim().min(1).max(200);

export const engineDescriptionSchema = z.object({
  version: z.string(),
  pid: z.number().int(),
  hostName: z.string(),
  /** 'Linux 6.1, 2 × AMD EPYC, 24 GiB'. */
  machine: z.string(),
  /** '8 × NVIDIA H100 80GB HBM3', or the CPU where there is no GPU. */
  hardware: z.string(),
  dataDirectory: z.string(),
  startedAtMs: z.number(),
  isSimulated: z.boolean(),
  /** True where this session may switch to the simulated server and back. */
  canDemo: z.boolean(),
});

export const runFilterSchema = z.object({
  project: z.string().nullish(),
  status: z.array(runStatusSchema).nullish(),
  text: z.string().nullish(),
  sinceMs: z.number().nullish(),
  limit: z.number().int().min(1).max(10_000).nullish(),
});

export const exportFormatSchema = z.object({
  id: z.string(),
  label: z.string(),
  extension: z.string(),
  mimeType: z.string(),
});

/** Everything a host can ask the engine, and everything it is told. Names are public: added to, never renamed. */
export const engineContract = {
  name: 'engine',
  requests: {
    'engine.describe': { payload: nothing, result: engineDescriptionSchema },
    'live.read': { payload: nothing, result: liveStateSchema },
    /** Processes on GPUs with their share of the power, for as long as somebody looks: asked again, not pushed. */
    'processes.read': { payload: nothing, result: gpuProcessesSchema },
    'history.query': { payload: historyQuerySchema, result: historySchema },

    'runs.list': {
      payload: runFilterSchema,
      result: z.object({ runs: z.array(runSummarySchema), total: z.number().int() }),
    },
    'runs.read': { payload: runIdSchema, result: runReportSchema },
    /** Which id the run of a job has, or is to have: asked by each of its ranks before they start. An id that nobody starts is free again after a minute. */
    'runs.reserve': { payload: z.object({ job: jobSchema, runId: newRunIdSchema }), result: runIdSchema },
    /** With the `job` of a running run: the caller joins it. */
    'runs.start': {
      payload: z.object({
        /** Chosen by the caller where a child process has to know it first; else made here. */
        runId: newRunIdSchema.nullish(),
        name: nameSchema.nullish(),
        project: nameSchema.nullish(),
        tags: tagsSchema.nullish(),
        /** Process to follow, with its descendants; null: the whole machine's unclaimed use. */
        pid: z.number().int().positive().nullish(),
        command: z.array(z.string()).nullish(),
        cwd: z.string().nullish(),
        gitCommit: z.string().nullish(),
        /** Unix milliseconds at which its process began; null or too long ago: now. */
        startedAtMs: z.number().nonnegative().nullish(),
        foundBy: z.enum(['command', 'manual', 'api']),
        job: jobSchema.nullish(),
      }),
      result: runSummarySchema.extend({ isJoined: z.boolean().default(false) }),
    },
    /** Resolves when the last reading that covers the run's end is in. With a `pid`, that process leaves: the run ends when its last one has left. */
    'runs.stop': {
      payload: runIdSchema.extend({
        pid: z.number().int().positive().nullish(),
        exitCode: z.number().int().nullish(),
        status: z.enum(['finished', 'failed', 'stopped']).nullish(),
      }),
      result: runReportSchema,
    },
    /** One mark, or up to a thousand: on disk once answered. Of a run that has ended, too, for moments within it and a minute around. */
    'runs.mark': {
      payload: runIdSchema
        .extend(markInputSchema.shape)
        .partial({ kind: true, label: true })
        .extend({ marks: z.array(markInputSchema).min(1).max(mostMarksAtOnce).nullish() }),
      result: marksAnswerSchema,
    },
    /** A run's energy so far, without its report. */
    'runs.energy': { payload: runIdSchema, result: energyNowSchema },
    'runs.update': {
      payload: runIdSchema.extend({
        name: nameSchema.optional(),
        project: nameSchema.nullable().optional(),
        tags: tagsSchema.optional(),
        notes: z.string().max(20_000).optional(),
      }),
      result: runSummarySchema,
    },
    'runs.delete': {
      payload: z.object({ runIds: z.array(z.string()).min(1) }),
      result: z.object({ deleted: z.number().int() }),
    },
    'runs.restore': {
      payload: z.object({ runIds: z.array(z.string()).min(1) }),
      result: z.object({ restored: z.number().int() }),
    },
    /** Makes runs one, under the first one's id: sums, samples, marks and alerts. Only runs that have ended, and running ones that were found. */
    'runs.merge': {
      payload: z.object({ intoId: z.string().min(1), ids: z.array(z.string().min(1)).min(1).max(1000) }),
      result: runSummarySchema,
    },
    /** A found run that is none: it ends, is put aside like a deleted one, and its processes are not found again. */
    'runs.dismiss': { payload: runIdSchema, result: nothing },
    /** Whether training is found by itself, and how the rule for runs without a GPU fares. */
    'finding.read': {
      payload: nothing,
      result: z.object({ isFindingRuns: z.boolean(), cpuRule: z.enum(['off', 'working', 'invalid', 'too-slow']) }),
    },

    'exports.list': { payload: nothing, result: z.object({ formats: z.array(exportFormatSchema) }) },
    /** Opens a stream of text, pulled piece by piece so that no export is ever held whole. runIds null: all runs. */
    'exports.open': {
      payload: z.object({ format: z.string(), runIds: z.array(z.string()).min(1).nullable() }),
      result: z.object({ exportId: z.string(), fileName: z.string(), mimeType: z.string() }),
    },
    'exports.next': {
      payload: z.object({ exportId: z.string() }),
      result: z.object({ text: z.string(), isDone: z.boolean() }),
    },
    'exports.close': { payload: z.object({ exportId: z.string() }), result: nothing },

    'alerts.describe': { payload: nothing, result: z.object({ kinds: z.array(ruleDescriptorSchema) }) },
    'alerts.list': { payload: nothing, result: z.object({ rules: z.array(alertRuleSchema) }) },
    'alerts.put': { payload: alertRuleInputSchema, result: alertRuleSchema },
    'alerts.remove': { payload: z.object({ ruleId: z.string() }), result: nothing },
    'alerts.test': { payload: z.object({ ruleId: z.string() }), result: alertLogEntrySchema },
    'alerts.acknowledge': { payload: z.object({ alertId: z.string() }), result: nothing },
    'alerts.snooze': { payload: z.object({ ruleId: z.string(), seconds: z.number().min(0) }), result: nothing },
    'alerts.log': {
      payload: z.object({ limit: z.number().int().min(1).max(1000).nullish() }),
      result: z.object({ entries: z.array(alertLogEntrySchema) }),
    },

    'settings.read': { payload: nothing, result: settingsSchema },
    'settings.write': { payload: settingsPatchSchema, result: settingsSchema },
    'carbon.regions': { payload: nothing, result: z.object({ licence: z.string(), regions: z.array(regionSchema) }) },

    'sensors.list': { payload: nothing, result: z.object({ sources: z.array(sourceReportSchema) }) },
    'sensors.check': { payload: nothing, result: z.object({ sources: z.array(sourceReportSchema) }) },

    'calibration.read': { payload: nothing, result: calibrationSchema },
    /** A minute of idle, then a minute of load on all cores, in the background: answers at once, `calibration.changed` tells how it goes. */
    'calibration.start': { payload: calibrationRequestSchema, result: calibrationSchema },
    /** Resolves when it has ended and no load is left. */
    'calibration.cancel': { payload: nothing, result: calibrationSchema },
    /** What a person reads off a meter now: for the phase that goes on, else one more reading for the line. */
    'calibration.addTyped': { payload: typedReadingSchema, result: calibrationSchema },
    /** Forgets every reading and the CPU's ends. */
    'calibration.clear': { payload: nothing, result: calibrationSchema },

    /** Moves this session to the simulated server, or back; `engine.changed` follows. */
    'demo.enter': { payload: nothing, result: nothing },
    'demo.leave': { payload: nothing, result: nothing },
  },
  events: {
    'live.changed': liveStateSchema,
    'runs.changed': z.object({ runIds: z.array(z.string()) }),
    'alerts.changed': z.object({}),
    /** A rule fired, cleared or was tested: what a host turns into a notification. */
    'alerts.fired': alertLogEntrySchema,
    'alerts.cleared': alertLogEntrySchema,
    'settings.changed': settingsSchema,
    'sensors.changed': z.object({}),
    'calibration.changed': calibrationSchema,
    /** The session speaks to another engine now (demo entered or left): read everything anew. */
    'engine.changed': engineDescriptionSchema,
  },
} as const satisfies Contract;

export type EngineContract = typeof engineContract;
export type EngineDescription = z.infer<typeof engineDescriptionSchema>;
export type RunFilter = z.infer<typeof runFilterSchema>;
export type ExportFormat = z.infer<typeof exportFormatSchema>;
