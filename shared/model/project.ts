import { z } from 'zod';
import { runStatusSchema } from './run.ts';

/** Sums over runs. Bounds are added up, as errors of one machine's sensors do not cancel; null where a run with energy has none. */
const totalsSchema = z.object({
  joules: z.number().nullable(),
  lowJoules: z.number().nullable(),
  highJoules: z.number().nullable(),
  gramsCO2e: z.number().nullable(),
  /** One entry a currency: amounts of different ones are never added. */
  costs: z.array(z.object({ currency: z.string(), amount: z.number() })),
});
export type ProjectTotals = z.infer<typeof totalsSchema>;

/** Energy that bought nothing: docs/methodology.md, 'Projects'. */
const lossSchema = z.object({
  /** Of runs that failed or were interrupted, whole. */
  failedJoules: z.number(),
  failedRuns: z.number().int(),
  /** Of all other runs, while a GPU of theirs stood under 5 % of use; null where no GPU told its use. */
  idleJoules: z.number().nullable(),
});
export type ProjectLoss = z.infer<typeof lossSchema>;

/** The last 28 days beside the 28 before; `ratio` null where there is nothing to hold it against. */
const trendSchema = z.object({
  days: z.number().int(),
  recentJoules: z.number(),
  beforeJoules: z.number(),
  ratio: z.number().nullable(),
});
export type ProjectTrend = z.infer<typeof trendSchema>;

export const projectSummarySchema = z.object({
  /** Null: the runs that belong to none. */
  project: z.string().nullable(),
  runs: z.number().int(),
  runningRuns: z.number().int(),
  durationSeconds: z.number(),
  firstStartedAt: z.string(),
  lastStartedAt: z.string(),
  totals: totalsSchema,
  loss: lossSchema,
  trend: trendSchema,
  isSimulated: z.boolean(),
});
export type ProjectSummary = z.infer<typeof projectSummarySchema>;

export const projectPeriodSchema = z.object({
  /** Local midnight at which the week (a Monday) or the month begins. */
  fromMs: z.number(),
  toMs: z.number(),
  /** ISO week or month: '2026-W48', '2026-11'. */
  label: z.string(),
  /** Runs that were on in it. */
  runs: z.number().int(),
  joules: z.number(),
  gramsCO2e: z.number(),
  costs: z.array(z.object({ currency: z.string(), amount: z.number() })),
});
export type ProjectPeriod = z.infer<typeof projectPeriodSchema>;

export const wastefulRunSchema = z.object({
  id: z.string(),
  name: z.string(),
  status: runStatusSchema,
  startedAt: z.string(),
  durationSeconds: z.number(),
  joules: z.number(),
  /** `failed`: all of its energy; `idle`: what its GPUs drew while they stood. */
  reason: z.enum(['failed', 'idle']),
  wastedJoules: z.number(),
  wastedGramsCO2e: z.number().nullable(),
});
export type WastefulRun = z.infer<typeof wastefulRunSchema>;

/** Names are public: added to, never renamed. */
export const projectReportSchema = z.object({
  schemaVersion: z.literal(1),
  generatedAt: z.string(),
  summary: projectSummarySchema,
  /** Oldest first, without holes; the newest ones where there are too many. */
  weeks: z.array(projectPeriodSchema),
  months: z.array(projectPeriodSchema),
  /** By wasted energy, at most ten. */
  wasteful: z.array(wastefulRunSchema),
});
export type ProjectReport = z.infer<typeof projectReportSchema>;
