import { z } from 'zod';
import {
  alertLogEntrySchema,
  alertRuleInputSchema,
  alertRuleSchema,
  budgetStatusSchema,
  ruleDescriptorSchema,
  rulePresetSchema,
  rulePreviewSchema,
} from '../model/alert.ts';
import { calibrationRequestSchema, calibrationSchema, typedReadingSchema } from '../model/calibration.ts';
import {
  cleanerHoursSchema,
  gridProviderIdSchema,
  gridProviderSchema,
  gridStatusSchema,
  intensityPointSchema,
  recomputeRequestSchema,
  recomputeResultSchema,
  regionSchema,
} from '../model/carbon.ts';
import { destinationInputSchema, destinationSchema, destinationTestSchema } from '../model/destination.ts';
import { historyQuerySchema, historySchema } from '../model/history.ts';
import { liveStateSchema } from '../model/live.ts';
import { gpuProcessesSchema } from '../model/processes.ts';
import {
  energyNowSchema,
  markColumnsSchema,
  markInputSchema,
  marksAnswerSchema,
  mostMarksAtOnce,
} from '../model/progress.ts';
import { projectReportSchema, projectSummarySchema } from '../model/project.ts';
import { runReportSchema, runStatusSchema, runSummarySchema, tagsSchema } from '../model/run.ts';
import { programSchema } from '../model/run-environment.ts';
import { sourceReportSchema } from '../model/sensors.ts';
import { settingsPatchSchema, settingsSchema } from '../model/settings.ts';
import type { Contract } from './contract.ts';

const nothing = z.object({});
const runIdSchema = z.object({ runId: z.string().min(1) });
const newRunIdSchema = z.string().regex(/^[a-z0-9]{8,32}$/);
const destinationIdSchema = z.object({ destinationId: z.string() });
export const mostNameCharacters = 200;
/** Of a run or a project. Half a character, as a program may send it, could be put into no link and no file. */
export const nameSchema = z
  .string()
  .trim()
  .min(1)
  .max(mostNameCharacters)
  .overwrite((text) => text.toWellFormed());
const gridTokenSchema = z.string().trim().min(1).max(2000);
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
  /** Runs that began before it. */
  untilMs: z.number().nullish(),
  /** 'lr=3e-4', or a key alone for any value of it; a run must have them all. */
  tags: z.array(z.string().min(1)).nullish(),
  limit: z.number().int().min(1).max(10_000).nullish(),
});

export const exportFormatSchema = z.object({
  id: z.string(),
  label: z.string(),
  extension: z.string(),
  mimeType: z.string(),
  /** Its pieces come as bytes in `base64`. Absent: text. */
  isBinary: z.boolean().optional(),
  /** Of a whole project it also gives sums, weeks and losses. Absent: a project is its runs. */
  hasProjectReport: z.boolean().optional(),
  /** What this machine must have for it, and where to get it; absent: nothing. */
  needs: z.object({ what: z.enum(['chromium']), isThere: z.boolean(), hint: z.string() }).optional(),
});

/** A line of an imported file that was mended or could not be understood. */
export const importNoteSchema = z.object({
  line: z.number().int(),
  kind: z.enum(['repaired', 'refused']),
  message: z.string(),
});

export const importResultSchema = z.object({
  /** Rows with a run in them that were understood: new, or put back after they were deleted. */
  imported: z.number().int(),
  /** Rows whose run is on record already: from an earlier import, or measured here and exported. */
  known: z.number().int(),
  repaired: z.number().int(),
  refused: z.number().int(),
  runIds: z.array(z.string()),
  /** In the order of lines; the first thousand. */
  notes: z.array(importNoteSchema),
});

export const importedReadingsSchema = z.object({
  points: z.number().int(),
  fromMs: z.number(),
  toMs: z.number(),
  /** Readings on record that were dropped because these lie across their periods; the same periods read anew are none. */
  displaced: z.number().int(),
  firstDisplacedMs: z.number().nullable(),
});
export type ImportedReadings = z.infer<typeof importedReadingsSchema>;

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
        /** Process to follow, with its descendants: one that is there, or whose start is told below. null: the whole machine's unclaimed use. */
        pid: z.number().int().positive().nullish(),
        command: z.array(z.string()).nullish(),
        cwd: z.string().nullish(),
        gitCommit: z.string().nullish(),
        /** What its process brings along; null: read from the process where one is named. Only what matters to training is kept. */
        environment: programSchema.nullish(),
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
        /** Unix milliseconds at which it ended, where this is told later; what is divided among runs by then stays. Null or too long ago: now. */
        endedAtMs: z.number().nonnegative().nullish(),
      }),
      result: runReportSchema,
    },
    /** One mark, or up to a thousand, each by itself or in columns: on disk once answered. Of a run that has ended, too, for moments within it and a minute around. */
    'runs.mark': {
      payload: runIdSchema
        .extend(markInputSchema.shape)
        .partial({ kind: true, label: true })
        .extend({
          marks: z.array(markInputSchema).min(1).max(mostMarksAtOnce).nullish(),
          columns: z.array(markColumnsSchema).min(1).max(mostMarksAtOnce).nullish(),
        }),
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
    /** Sets project and all tags of many runs at once; what they had before takes it back. */
    'runs.relabel': {
      payload: z.object({
        labels: z
          .array(z.object({ runId: z.string().min(1), project: nameSchema.nullable(), tags: tagsSchema }))
          .min(1)
          .max(10_000),
      }),
      result: z.object({ changed: z.number().int() }),
    },
    'runs.delete': {
      payload: z.object({ runIds: z.array(z.string()).min(1) }),
      /** Runs that are running stay: they are stopped first. */
      result: z.object({
        deleted: z.number().int(),
        running: z.array(z.object({ runId: z.string(), name: z.string() })),
      }),
    },
    'runs.restore': {
      payload: z.object({ runIds: z.array(z.string()).min(1) }),
      result: z.object({ restored: z.number().int() }),
    },
    /** Holds the processes of a run of this user (SIGSTOP), and lets them go on. */
    'runs.pause': { payload: runIdSchema, result: z.object({ outcome: z.string() }) },
    'runs.resume': { payload: runIdSchema, result: z.object({ outcome: z.string() }) },
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
    /** Opens a stream, pulled piece by piece so that no export is ever held whole. runIds null: all runs, or all of `project`. */
    'exports.open': {
      payload: z.object({
        format: z.string(),
        runIds: z.array(z.string()).min(1).nullable(),
        project: z.string().nullish(),
      }),
      result: z.object({ exportId: z.string(), fileName: z.string(), mimeType: z.string() }),
    },
    'exports.next': {
      payload: z.object({ exportId: z.string() }),
      result: z.object({
        text: z.string(),
        /** Bytes of a binary format. */
        base64: z.string().optional(),
        isDone: z.boolean(),
        /** 0…1. */
        doneRatio: z.number().optional(),
      }),
    },
    /** Also cancels one that is not done. */
    'exports.close': { payload: z.object({ exportId: z.string() }), result: nothing },

    /** Another tool's record of runs, sent in pieces of text: CodeCarbon's emissions.csv. A dry run says what would come of it. */
    'imports.open': {
      payload: z.object({
        format: z.enum(['codecarbon-csv']),
        /** In place of the file's own project names. */
        project: nameSchema.nullish(),
        isDryRun: z.boolean().nullish(),
      }),
      result: z.object({ importId: z.string() }),
    },
    'imports.push': { payload: z.object({ importId: z.string(), text: z.string() }), result: nothing },
    'imports.finish': { payload: z.object({ importId: z.string() }), result: importResultSchema },

    'projects.list': { payload: nothing, result: z.object({ projects: z.array(projectSummarySchema) }) },
    /** `project` null: the runs that belong to none. */
    'projects.read': { payload: z.object({ project: z.string().nullable() }), result: projectReportSchema },

    'alerts.describe': { payload: nothing, result: z.object({ kinds: z.array(ruleDescriptorSchema) }) },
    'alerts.list': { payload: nothing, result: z.object({ rules: z.array(alertRuleSchema) }) },
    'alerts.put': { payload: alertRuleInputSchema, result: alertRuleSchema },
    'alerts.remove': { payload: z.object({ ruleId: z.string() }), result: nothing },
    'alerts.test': { payload: z.object({ ruleId: z.string() }), result: alertLogEntrySchema },
    'alerts.acknowledge': { payload: z.object({ alertId: z.string() }), result: nothing },
    'alerts.snooze': { payload: z.object({ ruleId: z.string(), seconds: z.number().min(0) }), result: nothing },
    'alerts.enable': { payload: z.object({ ruleId: z.string(), isEnabled: z.boolean() }), result: alertRuleSchema },
    /** Rules that make sense on the hardware found. */
    'alerts.presets': { payload: nothing, result: z.object({ presets: z.array(rulePresetSchema) }) },
    'alerts.budgets': { payload: nothing, result: z.object({ budgets: z.array(budgetStatusSchema) }) },
    /** When a rule would have fired in the last hours, held against the record. */
    'alerts.preview': {
      payload: z.object({ input: alertRuleInputSchema, hours: z.number().min(1).max(720) }),
      result: rulePreviewSchema,
    },
    /** Says yes or no to pausing or stopping the runs that an alert is about. */
    'alerts.answer': { payload: z.object({ alertId: z.string(), isYes: z.boolean() }), result: alertLogEntrySchema },
    /** A host says whom it told of an alert: 'notification', 'sound'. */
    'alerts.told': {
      payload: z.object({ alertId: z.string(), to: z.string().min(1).max(40), isDelivered: z.boolean() }),
      result: nothing,
    },
    'destinations.list': { payload: nothing, result: z.object({ destinations: z.array(destinationSchema) }) },
    'destinations.put': { payload: destinationInputSchema, result: destinationSchema },
    'destinations.remove': { payload: destinationIdSchema, result: nothing },
    /** A command is run only after somebody has said so, and again after each change of it. */
    'destinations.confirm': { payload: destinationIdSchema, result: destinationSchema },
    'destinations.test': { payload: destinationIdSchema, result: destinationTestSchema },
    'alerts.log': {
      payload: z.object({ limit: z.number().int().min(1).max(1000).nullish() }),
      result: z.object({ entries: z.array(alertLogEntrySchema) }),
    },

    'settings.read': { payload: nothing, result: settingsSchema },
    'settings.write': { payload: settingsPatchSchema, result: settingsSchema },
    'carbon.regions': { payload: nothing, result: z.object({ licence: z.string(), regions: z.array(regionSchema) }) },
    /** Who can be asked for the grid's intensity; nobody is before the settings name one. */
    'carbon.providers': { payload: nothing, result: z.object({ providers: z.array(gridProviderSchema) }) },
    'carbon.status': { payload: nothing, result: gridStatusSchema },
    /** Asks the provider of the settings now, unless it was asked within its data period; or for the past from a moment on. Resolves when it has answered. */
    'carbon.fetch': { payload: z.object({ fromMs: z.number().nonnegative().nullish() }), result: gridStatusSchema },
    /** A token is kept and used, and never given back. null: forgotten. */
    'carbon.setToken': {
      payload: z.object({ provider: gridProviderIdSchema, token: gridTokenSchema.nullable() }),
      result: z.object({ hasToken: z.boolean() }),
    },
    /** Turns a provider on and asks it. Where the answer names a problem, settings and token stay what they were. `token` null: the one that is kept. */
    'carbon.use': {
      payload: z.object({
        provider: gridProviderIdSchema,
        zone: settingsSchema.shape.gridZone,
        csvPath: settingsSchema.shape.gridCsvPath,
        url: settingsSchema.shape.gridUrl,
        token: gridTokenSchema.nullish(),
      }),
      result: gridStatusSchema,
    },
    /** Readings of the grid on record; series null: that of the settings. At most 31 days. */
    'carbon.readings': {
      payload: z.object({ fromMs: z.number(), toMs: z.number(), series: z.string().nullish() }),
      result: z.object({ points: z.array(intensityPointSchema) }),
    },
    /** What comes, and the cleanest window of so many hours in it (default 4); null where there is no forecast. */
    'carbon.forecast': {
      payload: z.object({ hours: z.number().min(0.25).max(48).nullish() }),
      result: z.object({ points: z.array(intensityPointSchema), cleaner: cleanerHoursSchema.nullable() }),
    },
    /** A CSV of intensities into the record; it becomes what runs are judged by where no provider is on. */
    'carbon.import': {
      payload: z.object({ text: z.string().max(6_000_000), fileName: z.string().min(1).max(300) }),
      result: importedReadingsSchema,
    },
    'carbon.recompute': { payload: recomputeRequestSchema, result: recomputeResultSchema },

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
    /** The grid's provider answered, or did not. */
    'carbon.changed': gridStatusSchema,
    'calibration.changed': calibrationSchema,
    /** The session speaks to another engine now (demo entered or left): read everything anew. */
    'engine.changed': engineDescriptionSchema,
  },
} as const satisfies Contract;

export type EngineContract = typeof engineContract;
export type EngineDescription = z.infer<typeof engineDescriptionSchema>;
export type RunFilter = z.infer<typeof runFilterSchema>;
export type ExportFormat = z.infer<typeof exportFormatSchema>;
export type ImportResult = z.infer<typeof importResultSchema>;
export type ImportNote = z.infer<typeof importNoteSchema>;
