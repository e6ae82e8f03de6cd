import { z } from 'zod';

const wattsSchema = z.number().nonnegative().max(100_000);

/** What a person read off a wattmeter in the two minutes. */
export const typedWattsSchema = z.object({ idleWatts: wattsSchema, loadWatts: wattsSchema });
export type TypedWatts = z.infer<typeof typedWattsSchema>;

/** Why these two are none of one machine, in a sentence; null where they may be. */
export const typedProblem = ({ idleWatts, loadWatts }: TypedWatts): string | null =>
  loadWatts > idleWatts
    ? null
    : `Under load the meter must say more than at idle: ${loadWatts} W is not more than ${idleWatts} W.`;

export const calibrationRequestSchema = z.object({
  /** A wattmeter of the settings by its name; null: a person reads the meter. */
  meter: z.string().max(40).nullable(),
  /** Known beforehand; null: the meter is asked. */
  typed: typedWattsSchema.nullable(),
  /** With neither: each phase goes on after its minute until `calibration.addTyped` has brought its reading. */
  isTypedLater: z.boolean().default(false),
  /** Gives the CPU model its full power from the rise at the wall as well. Off: the line at the wall alone. */
  isCpuAsked: z.boolean().default(false),
});
export type CalibrationRequest = z.output<typeof calibrationRequestSchema>;

export const typedReadingSchema = z.object({ wallWatts: wattsSchema, kind: z.enum(['idle', 'load']) });

/** Power at the wall with the bounds of it. */
export const wallPowerSchema = z.object({ powerWatts: z.number(), lowWatts: z.number(), highWatts: z.number() });

/** The whole machine at the wall: by a meter that answers, else by the calibrated line. Never a part of the machine's sum. */
export const liveWallSchema = wallPowerSchema.extend({
  isMeasured: z.boolean(),
  /** Name of the meter; null for an estimate. */
  meter: z.string().nullable(),
});
export type LiveWall = z.infer<typeof liveWallSchema>;

/** The whole machine at the wall during a run, whoever used it. */
export const runWallSchema = z.object({
  joules: z.number(),
  lowJoules: z.number(),
  highJoules: z.number(),
  isMeasured: z.boolean(),
  meter: z.string().nullable(),
  /** Share of the run's time that it was told for. */
  coverage: z.number().min(0).max(1),
});
export type RunWall = z.infer<typeof runWallSchema>;

export const calibrationRunningSchema = z.object({
  phase: z.enum(['idle', 'load']),
  /** Of the whole, 0…1. */
  progressRatio: z.number(),
  machineWatts: z.number().nullable(),
  wallWatts: z.number().nullable(),
  meter: z.string().nullable(),
  /** The phase has had its minute and goes on until a person has typed in what the meter says. */
  isReadingAwaited: z.boolean(),
});

/** How the last calibration since this engine began ended. */
export const calibrationResultSchema = z.object({
  kind: z.enum(['recorded', 'refused', 'cancelled', 'failed']),
  atMs: z.number(),
  /** Why it was refused: 'not-idle', 'no-rise' …; null where it was not. */
  reason: z.string().nullable(),
  message: z.string().nullable(),
  /** Why the CPU model has no ends of it, where they were asked for. */
  cpuMessage: z.string().nullable(),
});

/** wall = offset + gain × machine, for the sum of the machine as it is now. */
export const wallLineSchema = z.object({
  gainRatio: z.number(),
  offsetWatts: z.number(),
  /** Null with two readings: nothing is left over to judge them by. */
  gainStandardError: z.number().nullable(),
  offsetStandardErrorWatts: z.number().nullable(),
  residualWatts: z.number().nullable(),
  readingCount: z.number().int(),
  leastMachineWatts: z.number(),
  mostMachineWatts: z.number(),
  /** What the line says at the ends of the calibrated range. */
  atLeast: wallPowerSchema,
  atMost: wallPowerSchema,
  /** Unix time of the newest reading. */
  measuredAtMs: z.number(),
  /** Meters whose readings it stands on; null among them: a person's. */
  meters: z.array(z.string().nullable()),
});

export const cpuEndsSchema = z.object({
  idleWatts: z.number(),
  fullWatts: z.number(),
  /** Both were read of the package; false: full power from a wall, idle the model's. */
  isIdleMeasured: z.boolean(),
});

export const calibrationSchema = z.object({
  running: calibrationRunningSchema.nullable(),
  lastResult: calibrationResultSchema.nullable(),
  line: wallLineSchema.nullable(),
  /** Why there is no line, in one sentence; null where there is one, or no reading at all. */
  lineProblem: z.string().nullable(),
  /** All that is kept, and how much of it belongs to the machine's sum as it is now. */
  readingCount: z.number().int(),
  currentReadingCount: z.number().int(),
  cpuEnds: cpuEndsSchema.nullable(),
  /** False where a counter or sensor measures the CPU: its ends then change nothing. */
  isCpuModelled: z.boolean(),
  /** Wattmeters that answer now. */
  meters: z.array(z.string()),
  /** Why none can be started now; null: one can. */
  blockedBy: z.enum(['simulated', 'run', 'running']).nullable(),
});
export type CalibrationStatus = z.infer<typeof calibrationSchema>;
