import { z } from 'zod';
import { defaultQuietHours, quietHoursSchema } from './alert.ts';
import { embodiedItemSchema, gridProviderIdSchema } from './carbon.ts';
import { isCurrency, tariffBandsSchema, tariffPeriodsSchema } from './tariff.ts';

/** A wattmeter in the plug that this machine hangs on, asked over the local network. */
export const wallMeterSchema = z.object({
  /** Its domain is `wall:<name>`. */
  name: z.string().regex(/^[a-z0-9-]{1,40}$/),
  kind: z.enum(['tasmota', 'shelly', 'home-assistant']),
  url: z.url({ protocol: /^https?$/ }),
  /** Home Assistant's entity ('sensor.plug_power'), Shelly's channel; null: the first. */
  entity: z.string().max(200).nullable(),
  /** Home Assistant's long-lived token, the plug's password. Written, never read back: null in what is read, and null as it was read keeps it. */
  secret: z.string().max(2000).nullable(),
  /** In what is read: whether there is a secret. Written as false, it is dropped. */
  hasSecret: z.boolean().optional(),
});
export type WallMeter = z.infer<typeof wallMeterSchema>;

/** What the app speaks. */
export const languages = ['en', 'zh-CN'] as const;
export const languageSettingSchema = z.enum(['system', ...languages]);

const yearSchema = z.number().int().min(1990).max(2100);
const zoneSchema = z.string().regex(/^[A-Za-z0-9_-]{1,40}$/);

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
  language: languageSettingSchema.default('system'),
  isNotifying: z.boolean().default(true),
  /** Training that was not wrapped is found by its processes on the GPUs. */
  isFindingRuns: z.boolean().default(true),
  /** A regular expression over command lines: what it matches is a run even without a GPU; null: none. */
  cpuRunPattern: z.string().max(500).nullable().default(null),
  /** RAPL's psys domain (the whole platform) is read and shown beside the sum. */
  isReadingPlatform: z.boolean().default(false),
  wallMeters: z.array(wallMeterSchema).max(8).default([]),
  quietHours: quietHoursSchema.default(defaultQuietHours),
  /** The year whose figure of the region counts; null: its newest. */
  regionYear: yearSchema.nullable().default(null),
  /** A contract's own factor, shown beside the place's and never mixed with it; null: none. */
  marketIntensityGramsCO2ePerKwh: z.number().nonnegative().max(5000).nullable().default(null),
  marketSource: z.string().max(200).default(''),
  /** What its owner declares to be embodied in this machine; none: off. */
  embodied: z.array(embodiedItemSchema).max(16).default([]),
  waterLitersPerKwh: z.number().nonnegative().max(100).nullable().default(null),
  tariffBands: tariffBandsSchema.default([]),
  tariffPeriods: tariffPeriodsSchema.default([]),
  /** Whose readings of the grid are asked for; null: nobody's, nothing leaves this machine. */
  gridProvider: gridProviderIdSchema.nullable().default(null),
  gridZone: zoneSchema.nullable().default(null),
  /** In place of the provider's own address: a proxy, a test. */
  gridUrl: z
    .url({ protocol: /^https?$/ })
    .nullable()
    .default(null),
  /** A file of intensities that is read again when it changes. */
  gridCsvPath: z.string().max(1000).nullable().default(null),
  /** The welcome was seen or skipped: it is not shown by itself again. */
  isWelcomed: z.boolean().default(false),
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
    .refine(isCurrency, 'no currency of ISO 4217')
    .optional(),
  samplePeriodSeconds: z.number().min(0.1).max(60).optional(),
  theme: z.enum(['system', 'light', 'dark', 'contrast']).optional(),
  language: languageSettingSchema.optional(),
  isNotifying: z.boolean().optional(),
  isFindingRuns: z.boolean().optional(),
  cpuRunPattern: z.string().max(500).nullable().optional(),
  isReadingPlatform: z.boolean().optional(),
  wallMeters: z.array(wallMeterSchema).max(8).optional(),
  quietHours: quietHoursSchema.optional(),
  regionYear: yearSchema.nullable().optional(),
  marketIntensityGramsCO2ePerKwh: z.number().nonnegative().max(5000).nullable().optional(),
  marketSource: z.string().max(200).optional(),
  embodied: z.array(embodiedItemSchema).max(16).optional(),
  waterLitersPerKwh: z.number().nonnegative().max(100).nullable().optional(),
  tariffBands: tariffBandsSchema.optional(),
  tariffPeriods: tariffPeriodsSchema.optional(),
  gridProvider: gridProviderIdSchema.nullable().optional(),
  gridZone: zoneSchema.nullable().optional(),
  gridUrl: z
    .url({ protocol: /^https?$/ })
    .nullable()
    .optional(),
  gridCsvPath: z.string().max(1000).nullable().optional(),
  isWelcomed: z.boolean().optional(),
});
export type SettingsPatch = z.infer<typeof settingsPatchSchema>;
