import { z } from 'zod';

/** Most marks in one request. */
export const mostMarksAtOnce = 1000;

/** How a mark came: `api` (a program that says so itself), `manual` (`wattrun mark`), `log:READER` (read from output), `file:READER` (from a file beside it). */
const markSourceSchema = z.string().min(1).max(40);

/**
 * A moment of a run. Kinds with a meaning: `step`, `epoch` (steps, epochs done; an epoch's mark stands at its end), `samples`, `tokens` (counts so far), a
 * metric's name (`loss`: its value, with `step` or `epoch`), `window-begin` and `window-end` (label: the window's name, `windowId` on both).
 */
export const markInputSchema = z.object({
  kind: z.string().max(40),
  label: z.string().max(200).default(''),
  value: z.number().nullish(),
  /** Unix milliseconds at which it happened; null: now. */
  atMs: z.number().nonnegative().nullish(),
  /** Chosen by the caller: the same id for the same run again is a repeat, and not stored twice. */
  id: z.string().min(1).max(64).nullish(),
  step: z.number().nullish(),
  epoch: z.number().nullish(),
  windowId: z.string().min(1).max(64).nullish(),
  source: markSourceSchema.nullish(),
});
export type MarkInput = z.infer<typeof markInputSchema>;

/**
 * Moments at which the same was told, by column. Moment by moment and column by column, marks have the ids `idPrefix-firstId`, `idPrefix-(firstId + 1)` and so on.
 */
export const markColumnsSchema = z
  .object({
    idPrefix: z.string().min(1).max(40),
    firstId: z.int().nonnegative(),
    /** Unix milliseconds of each moment. */
    atMs: z.array(z.number().nonnegative()).min(1).max(mostMarksAtOnce),
    /** Where each moment's marks stand, as `step` and `epoch` of a single one. */
    step: z.array(z.number()).nullish(),
    epoch: z.array(z.number()).nullish(),
    kinds: z.array(z.object({ kind: markInputSchema.shape.kind, values: z.array(z.number()) })).min(1),
  })
  .refine(
    ({ atMs, step, epoch, kinds }) =>
      [step, epoch, ...kinds.map(({ values }) => values)].every(
        (column) => column == null || column.length === atMs.length,
      ),
    'All columns are as long as atMs.',
  );
export type MarkColumns = z.infer<typeof markColumnsSchema>;

/** `refused`: outside the run's time. */
export const marksAnswerSchema = z.object({
  accepted: z.number().int(),
  repeated: z.number().int(),
  refused: z.number().int().default(0),
});
export type MarksAnswer = z.infer<typeof marksAnswerSchema>;

/** The run's energy up to now, or to its end: `atMs` is the Unix time of the newest reading in it. */
export const energyNowSchema = z.object({
  joules: z.number().nullable(),
  lowJoules: z.number().nullable(),
  highJoules: z.number().nullable(),
  atMs: z.number(),
});
export type EnergyNow = z.infer<typeof energyNowSchema>;

/** What a run counted, and the energy of one of it: from the training's beginning to the last mark, over what was counted meanwhile. */
export const countedSchema = z.object({
  count: z.number(),
  joulesEach: z.number().nullable(),
  lowJoulesEach: z.number().nullable(),
  highJoulesEach: z.number().nullable(),
  /** The time between the first and the last mark is not several sensor periods long. */
  isShort: z.boolean(),
  /** Whose marks these are, where several sources told the same. */
  source: z.string(),
});
export type Counted = z.infer<typeof countedSchema>;

export const progressSchema = z.object({
  steps: countedSchema.nullable(),
  epochs: countedSchema.nullable(),
  samples: countedSchema.nullable(),
  tokens: countedSchema.nullable(),
});
export type Progress = z.infer<typeof progressSchema>;

export const noProgress: Progress = { steps: null, epochs: null, samples: null, tokens: null };

/** A stretch of a run. Together they are the whole run, to the joule. */
export const epochSchema = z.object({
  /** From 1; null: before the first epoch began, or after the last one ended. */
  index: z.number().int().nullable(),
  /** False for the one that is under way, or was when the run ended. */
  isDone: z.boolean(),
  from: z.string(),
  to: z.string(),
  seconds: z.number(),
  joules: z.number().nullable(),
  lowJoules: z.number().nullable(),
  highJoules: z.number().nullable(),
  /** Share of its time that was seen, as of a run. */
  coverage: z.number().min(0).max(1),
  /** Steps done in it; null where none were told. */
  steps: z.number().nullable(),
  /** Not several sensor periods long: its bounds are as wide as that makes them. */
  isShort: z.boolean(),
});
export type Epoch = z.infer<typeof epochSchema>;

/** All windows of one name: a part of the loop that somebody put between `window-begin` and `window-end`. */
export const markedWindowSchema = z.object({
  name: z.string(),
  count: z.number().int(),
  seconds: z.number(),
  joules: z.number().nullable(),
  lowJoules: z.number().nullable(),
  highJoules: z.number().nullable(),
  /** One of them, on average, is not several sensor periods long. */
  isShort: z.boolean(),
});
export type MarkedWindow = z.infer<typeof markedWindowSchema>;

/** How far a run is now, and what one of it takes lately; for Live. */
export const liveProgressSchema = z.object({
  step: z.number().nullable(),
  epoch: z.number().nullable(),
  loss: z.number().nullable(),
  joulesPerStep: z.number().nullable(),
  joulesPerToken: z.number().nullable(),
  /** Unix time of what is told the oftenest of these: a file that is written once an epoch is as old as that. */
  countedAtMs: z.number().nullable().optional(),
});
export type LiveProgress = z.infer<typeof liveProgressSchema>;
