import { z } from 'zod';

export const settingsSchema = z.object({
  /** ISO 3166 alpha-3 of a shipped country, or 'WORLD'. */
  region: z.string().default('WORLD'),
  /** A number of the user's own in place of the region's; null: the table's. */
  customIntensityGramsCO2ePerKwh: z.number().nonnegative().max(5000).nullable().default(null),
  pue: z.number().min(1).max(5).default(1),
  pricePerKwh: z.number().nonnegative().max(1000).nullable().default(null),
  /** ISO 4217 code. */
  currency: z
    .string()
    .regex(/^[A-Z]{3}$/)
    .default('EUR'),
  samplePeriodSeconds: z.number().min(0.1).max(60).default(1),
  theme: z.enum(['system', 'light', 'dark', 'contrast']).default('system'),
  isNotifying: z.boolean().default(true),
});
export type Settings = z.infer<typeof settingsSchema>;
export const defaultSettings: Settings = settingsSchema.parse({});

/** As settingsSchema, each field optional and none filled in. */
export const settingsPatchSchema = z.object({
  region: z.string().optional(),
  customIntensityGramsCO2ePerKwh: z.number().nonnegative().max(5000).nullable().optional(),
  pue: z.number().min(1).max(5).optional(),
  pricePerKwh: z.number().nonnegative().max(1000).nullable().optional(),
  currency: z
    .string()
    .regex(/^[A-Z]{3}$/)
    .optional(),
  samplePeriodSeconds: z.number().min(0.1).max(60).optional(),
  theme: z.enum(['system', 'light', 'dark', 'contrast']).optional(),
  isNotifying: z.boolean().optional(),
});
export type SettingsPatch = z.infer<typeof settingsPatchSchema>;

export const regionSchema = z.object({
  code: z.string(),
  name: z.string(),
  intensityGramsCO2ePerKwh: z.number(),
  year: z.number().int().nullable(),
  source: z.string(),
});
export type Region = z.infer<typeof regionSchema>;
