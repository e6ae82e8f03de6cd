import { z } from 'zod';
import { gapReasonSchema } from './domain.ts';
import { runStatusSchema } from './run.ts';

export const quantitySchema = z.enum([
  'powerWatts',
  'utilizationRatio',
  'memoryUsedBytes',
  'temperatureCelsius',
  'clockMegahertz',
]);
export type Quantity = z.infer<typeof quantitySchema>;

/** What a series is about. `run` and `unattributed` have power only, their share of the machine. */
export const seriesOfSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('machine') }),
  z.object({ kind: z.literal('domain'), domainId: z.string() }),
  z.object({ kind: z.literal('run'), runId: z.string() }),
  z.object({ kind: z.literal('run-domain'), runId: z.string(), domainId: z.string() }),
  z.object({ kind: z.literal('unattributed') }),
]);
export type SeriesOf = z.infer<typeof seriesOfSchema>;

export const historyQuerySchema = z.object({
  fromMs: z.number(),
  toMs: z.number(),
  /** Buckets wanted, about one a pixel; each bucket gives min and max, so two points. */
  maxPoints: z.number().int().min(2).max(4000),
  series: z.array(z.object({ key: z.string(), of: seriesOfSchema, quantity: quantitySchema })).max(256),
  /** Means of `run`, `run-domain` and `unattributed` are over the time that the machine was read in, so that they add up to it; else over their own. */
  isStacked: z.boolean().optional(),
});
export type HistoryQuery = z.infer<typeof historyQuerySchema>;

const columnSchema = z.array(z.number().nullable());

export const historySchema = z.object({
  fromMs: z.number(),
  toMs: z.number(),
  bucketSeconds: z.number(),
  /** False when a bucket is one sample. */
  isReduced: z.boolean(),
  /** Unix time of each bucket's end, ascending; every column is as long. Null in a column = nothing read in that bucket. */
  timesMs: z.array(z.number()),
  series: z.array(
    z.object({
      key: z.string(),
      min: columnSchema,
      max: columnSchema,
      mean: columnSchema,
      /** Of power: time in each bucket that its mean speaks for, so that their product is its energy. Absent: an older engine, another quantity. */
      seconds: z.array(z.number()).optional(),
    }),
  ),
  gaps: z.array(
    z.object({
      domainId: z.string(),
      fromMs: z.number(),
      toMs: z.number(),
      reason: gapReasonSchema,
      isBridged: z.boolean(),
    }),
  ),
  runs: z.array(
    z.object({
      id: z.string(),
      name: z.string(),
      colorIndex: z.number().int(),
      fromMs: z.number(),
      toMs: z.number().nullable(),
      /** Absent: an older engine. */
      status: runStatusSchema.optional(),
    }),
  ),
  alerts: z.array(
    z.object({
      id: z.string(),
      ruleName: z.string(),
      level: z.enum(['note', 'warning', 'critical']),
      firedAtMs: z.number(),
      clearedAtMs: z.number().nullable(),
    }),
  ),
  marks: z.array(z.object({ runId: z.string(), atMs: z.number(), kind: z.string(), label: z.string() })),
});
export type History = z.infer<typeof historySchema>;
