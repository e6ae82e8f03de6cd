import { z } from 'zod';
import { tariffSchema } from './tariff.ts';

/** `average`: all that was generated, over all that was generated. `marginal`: what one kWh more would have caused. Never mixed. */
export const intensityKindSchema = z.enum(['average', 'marginal']);
export type IntensityKind = z.infer<typeof intensityKindSchema>;

/** What is counted: the whole life of the plants, what leaves their chimneys, or nobody says. */
export const intensityMethodSchema = z.enum(['lifecycle', 'direct', 'unstated']);

export const factorFigureSchema = z.object({
  year: z.number().int().nullable(),
  intensityGramsCO2ePerKwh: z.number().positive(),
  source: z.string(),
  sourceUrl: z.string().nullable(),
  licence: z.string(),
  method: intensityMethodSchema,
  note: z.string().nullable(),
});
export type FactorFigure = z.infer<typeof factorFigureSchema>;

/** A place of the shipped tables. `intensityGramsCO2ePerKwh`, `year` and `source` are those of its newest figure. */
export const regionSchema = z.object({
  code: z.string(),
  name: z.string(),
  intensityGramsCO2ePerKwh: z.number(),
  year: z.number().int().nullable(),
  source: z.string(),
  nameZh: z.string().default(''),
  scope: z.enum(['world', 'country', 'subregion', 'cloud']).default('country'),
  /** ISO 3166 alpha-3 of the country it lies in; null for the world. */
  country: z.string().nullable().default(null),
  kind: intensityKindSchema.default('average'),
  method: intensityMethodSchema.default('unstated'),
  licence: z.string().default(''),
  sourceUrl: z.string().nullable().default(null),
  note: z.string().nullable().default(null),
  /** Every year there is a figure for, the newest first. */
  figures: z.array(factorFigureSchema).default([]),
});
export type Region = z.infer<typeof regionSchema>;

/** Mean intensity of a grid over a span of time. */
export const intensityPointSchema = z.object({
  fromMs: z.number(),
  toMs: z.number(),
  gramsCO2ePerKwh: z.number().nonnegative(),
  kind: intensityKindSchema,
  /** The provider says that it is an estimate of its own, or part of the generation is unknown. */
  isEstimated: z.boolean(),
  source: z.string(),
});
export type IntensityPoint = z.infer<typeof intensityPointSchema>;

/** The embodied emissions of a thing that its owner declares, and how long it serves. */
export const embodiedItemSchema = z.object({
  name: z.string().trim().max(80),
  kilogramsCO2e: z.number().nonnegative().max(1e6),
  serviceLifeYears: z.number().positive().max(50),
});
export type EmbodiedItem = z.infer<typeof embodiedItemSchema>;

/** A contract's own factor, beside the place's: market-based (GHG Protocol Scope 2). */
export const marketFactorSchema = z.object({
  intensityGramsCO2ePerKwh: z.number().nonnegative(),
  source: z.string(),
});

/** What a run is judged by beyond its flat factor and price; kept with it. All off: as a run of an older Wattrun. */
export const runAccountsSchema = z.object({
  /** Whose hourly intensities count: 'electricity-maps:DE'; null: the flat factor alone. */
  series: z.string().nullable().default(null),
  market: marketFactorSchema.nullable().default(null),
  embodied: z.array(embodiedItemSchema).default([]),
  /** Water usage effectiveness, litres per kWh of IT energy (The Green Grid, 2011); null: off. */
  waterLitersPerKwh: z.number().nonnegative().nullable().default(null),
  tariff: tariffSchema.nullable().default(null),
});
export type RunAccounts = z.infer<typeof runAccountsSchema>;
export const noAccounts: RunAccounts = runAccountsSchema.parse({});

/** A part of a run's energy, and the intensity it was multiplied by. */
export const intensityShareSchema = z.object({
  source: z.string(),
  kind: intensityKindSchema,
  isEstimated: z.boolean(),
  /** True where there was no reading of the grid: the flat factor stands in. */
  isFallback: z.boolean(),
  joules: z.number(),
  energyRatio: z.number(),
  gramsCO2e: z.number(),
  /** Energy-weighted mean. */
  intensityGramsCO2ePerKwh: z.number(),
});
export type IntensityShare = z.infer<typeof intensityShareSchema>;

export const priceShareSchema = z.object({
  label: z.string(),
  pricePerKwh: z.number(),
  joules: z.number(),
  energyRatio: z.number(),
  amount: z.number(),
});
export type PriceShare = z.infer<typeof priceShareSchema>;

/** Grams and money of a run over its own time: stored with it, so that a list of thousands of runs stays quick. */
export const runAccountingSchema = z.object({
  computedAtMs: z.number(),
  /** The run's energy that these stand on. */
  joules: z.number(),
  gramsCO2e: z.number(),
  byIntensity: z.array(intensityShareSchema),
  amount: z.number().nullable(),
  byPrice: z.array(priceShareSchema),
});
export type RunAccounting = z.infer<typeof runAccountingSchema>;

const perUnitSchema = z.number().nullable();

/** Software Carbon Intensity, ISO/IEC 21031: ((E × I) + M) per R, in grams of CO2e. */
export const sciSchema = z.object({
  /** M is in it; else no embodied emissions were declared and M is 0. */
  isEmbodiedIncluded: z.boolean(),
  perRun: perUnitSchema,
  perEpoch: perUnitSchema,
  perStep: perUnitSchema,
  perSample: perUnitSchema,
  perToken: perUnitSchema,
});
export type SciScore = z.infer<typeof sciSchema>;

/** What emissions stand on, and what stands beside them, in a run's report. */
export const emissionsDetailSchema = z.object({
  byIntensity: z.array(intensityShareSchema).default([]),
  market: marketFactorSchema
    .extend({
      gramsCO2e: z.number().nullable(),
      lowGramsCO2e: z.number().nullable(),
      highGramsCO2e: z.number().nullable(),
    })
    .nullable()
    .default(null),
  /** Apart from what the electricity emits, never in its sum. */
  embodied: z
    .object({
      gramsCO2e: z.number().nullable(),
      kilogramsCO2e: z.number(),
      /** The run's part of the machine meanwhile, by energy. */
      shareRatio: z.number().nullable(),
      items: z.array(embodiedItemSchema),
    })
    .nullable()
    .default(null),
  water: z.object({ liters: z.number().nullable(), litersPerKwh: z.number() }).nullable().default(null),
  sci: sciSchema.nullable().default(null),
});
export type EmissionsDetail = z.infer<typeof emissionsDetailSchema>;
/** Of a run that stands on its flat factor alone and tells nothing more. */
export const noEmissionsDetail: EmissionsDetail = emissionsDetailSchema.parse({});

export const gridProviderIds = ['electricity-maps', 'gb-carbon-intensity', 'entso-e', 'csv'] as const;
export const gridProviderIdSchema = z.enum(gridProviderIds);
export type GridProviderId = z.infer<typeof gridProviderIdSchema>;

/** What the settings need to know to draw a provider's form. */
export const gridProviderSchema = z.object({
  id: gridProviderIdSchema,
  label: z.string(),
  needsToken: z.boolean(),
  needsFile: z.boolean(),
  hasForecast: z.boolean(),
  /** What a zone looks like: 'DE'; '' where none is asked. */
  zoneExample: z.string(),
  defaultUrl: z.string().nullable(),
  /** Time that one reading stands for. */
  periodSeconds: z.number(),
  method: intensityMethodSchema,
  terms: z.string(),
});
export type GridProviderDescriptor = z.infer<typeof gridProviderSchema>;

export const gridProblemCodes = [
  'token-missing',
  'zone-missing',
  'file-missing',
  'refused',
  'limited',
  'timeout',
  'unreachable',
  'server',
  'wrong-answer',
  'no-data',
] as const;

export const cleanerHoursSchema = z.object({
  hours: z.number(),
  fromMs: z.number(),
  toMs: z.number(),
  intensityGramsCO2ePerKwh: z.number(),
  /** Of the same time, begun now. */
  nowIntensityGramsCO2ePerKwh: z.number(),
  /** 1 − best / now; 0 where now is the best. */
  savingRatio: z.number(),
});
export type CleanerHours = z.infer<typeof cleanerHoursSchema>;

export const gridStatusSchema = z.object({
  provider: gridProviderIdSchema.nullable(),
  series: z.string().nullable(),
  state: z.enum(['off', 'waiting', 'fresh', 'stale', 'failing']),
  hasToken: z.boolean(),
  /** The newest reading of the grid; null without one. */
  newest: intensityPointSchema.nullable(),
  /** The reading that covers this moment; null: the flat factor counts. */
  current: intensityPointSchema.nullable(),
  /** Since when energy is multiplied by the flat factor; null while readings cover it. */
  fallbackSinceMs: z.number().nullable(),
  lastAskedMs: z.number().nullable(),
  nextAskMs: z.number().nullable(),
  problem: z.object({ code: z.enum(gridProblemCodes), message: z.string() }).nullable(),
  cleanerHours: z.array(cleanerHoursSchema),
});
export type GridStatus = z.infer<typeof gridStatusSchema>;

export const recomputeRequestSchema = z.object({
  /** null: every run. */
  runIds: z.array(z.string().min(1)).min(1).nullable(),
  /** Another region for them; null: each keeps its own, by the newest table. */
  region: z.string().nullish(),
  /** Everything by the present settings: region, PUE, contract, price, tariff, embodied, water, live series. */
  isBySettings: z.boolean().nullish(),
  /** Says what would change and changes nothing. */
  isDry: z.boolean().nullish(),
});

const recomputedSchema = z.object({
  gramsCO2e: z.number().nullable(),
  intensityGramsCO2ePerKwh: z.number(),
  regionName: z.string(),
  amount: z.number().nullable(),
  currency: z.string().nullable(),
});
export const recomputeResultSchema = z.object({
  unchanged: z.number().int(),
  changes: z.array(
    z.object({ runId: z.string(), name: z.string(), before: recomputedSchema, after: recomputedSchema }),
  ),
});
export type RecomputeResult = z.infer<typeof recomputeResultSchema>;
