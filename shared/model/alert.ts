import { z } from 'zod';

export const alertLevelSchema = z.enum(['note', 'warning', 'critical']);
export type AlertLevel = z.infer<typeof alertLevelSchema>;

/** What a rule watches. `any-…` watches each by itself: every GPU, run or project fires and clears alone. */
export const alertScopeSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('machine') }),
  z.object({ kind: z.literal('any-gpu') }),
  z.object({ kind: z.literal('any-domain') }),
  z.object({ kind: z.literal('domain'), domainId: z.string() }),
  z.object({ kind: z.literal('any-run') }),
  z.object({ kind: z.literal('run'), runId: z.string() }),
  z.object({ kind: z.literal('any-project') }),
  z.object({ kind: z.literal('project'), project: z.string() }),
]);
export type AlertScope = z.infer<typeof alertScopeSchema>;
export const scopeKinds = [
  'machine',
  'any-gpu',
  'any-domain',
  'domain',
  'any-run',
  'run',
  'any-project',
  'project',
] as const satisfies readonly AlertScope['kind'][];
export const scopeKindSchema = z.enum(scopeKinds);
export type ScopeKind = AlertScope['kind'];

/** A number the rule's form asks for; the form is drawn from this, so a new rule needs no new form. */
export const ruleFieldSchema = z.object({
  key: z.string(),
  label: z.string(),
  unit: z.string(),
  min: z.number(),
  max: z.number(),
  step: z.number(),
  defaultValue: z.number(),
});
export type RuleField = z.infer<typeof ruleFieldSchema>;

/** One of a few words. A choice with `scopes` is there for these scopes alone; the first that is there is the default. */
export const ruleChoiceSchema = z.object({
  key: z.string(),
  label: z.string(),
  choices: z
    .array(z.object({ value: z.string(), label: z.string(), scopes: z.array(scopeKindSchema).nullable() }))
    .min(1),
});
export type RuleChoice = z.infer<typeof ruleChoiceSchema>;

export const alertQuantities = [
  'powerWatts',
  'utilizationRatio',
  'memoryUsedBytes',
  'temperatureCelsius',
] as const satisfies readonly string[];

export const ruleDescriptorSchema = z.object({
  kind: z.string(),
  label: z.string(),
  /** What it means to fire and to clear, in one or two sentences. */
  definition: z.string().default(''),
  /** With {field} placeholders for the name a rule gets when the user gives none. */
  nameTemplate: z.string(),
  scopes: z.array(scopeKindSchema),
  fields: z.array(ruleFieldSchema),
  choices: z.array(ruleChoiceSchema).default([]),
  /** Unit of `value`, `peak` and `limit`: 'W', '%', '°C', 'kWh', 'kg', 's'; 'money' for the currency of the price; '' for what is no number. */
  unit: z.string().default('W'),
  /** The field that its value is held against; null: none. */
  limitKey: z.string().nullable().default(null),
  /** True where a budget is watched, with what is spent and where it is heading. */
  isBudget: z.boolean().default(false),
  /** True where firing is a moment (a run ended) rather than a state that clears. */
  isMoment: z.boolean().default(false),
  /** What of the record it can be held against for a preview; null: nothing. */
  quantity: z.enum(alertQuantities).nullable().default(null),
});
export type RuleDescriptor = z.infer<typeof ruleDescriptorSchema>;

/** What most kinds have none of. */
export const ruleDescriptorDefaults = {
  definition: '',
  choices: [],
  unit: 'W',
  limitKey: null,
  isBudget: false,
  isMoment: false,
  quantity: null,
} satisfies Partial<RuleDescriptor>;

export const ruleParamsSchema = z.record(z.string(), z.union([z.number(), z.string().max(40)]));
export type RuleParams = Readonly<Record<string, number | string>>;

/** What happens when a rule fires, besides the log. `runAction` is about the runs that it concerns. */
export const ruleActionsSchema = z.object({
  isNotifying: z.boolean().default(true),
  isSounding: z.boolean().default(false),
  isBadging: z.boolean().default(true),
  destinationIds: z.array(z.string()).max(20).default([]),
  runAction: z.enum(['none', 'pause', 'stop']).default('none'),
  /** False: the run is paused or stopped without asking. */
  isAsking: z.boolean().default(true),
});
export type RuleActions = z.infer<typeof ruleActionsSchema>;
export const defaultActions: RuleActions = ruleActionsSchema.parse({});

export const alertRuleInputSchema = z.object({
  /** Absent or null: a new rule. */
  id: z.string().nullish(),
  kind: z.string(),
  name: z.string().max(120).nullish(),
  scope: alertScopeSchema,
  params: ruleParamsSchema,
  level: alertLevelSchema,
  isEnabled: z.boolean(),
  /** Once fired, not again within this time for the same GPU, run or project. Absent: as it was, 0 for a new rule. */
  coolDownSeconds: z
    .number()
    .min(0)
    .max(7 * 86_400)
    .nullish(),
  /** Absent: as they were; a notification and the tray's badge for a new rule. */
  actions: ruleActionsSchema.nullish(),
});
export type AlertRuleInput = z.infer<typeof alertRuleInputSchema>;

export const alertRuleSchema = z.object({
  id: z.string(),
  kind: z.string(),
  name: z.string(),
  scope: alertScopeSchema,
  scopeLabel: z.string(),
  params: ruleParamsSchema,
  level: alertLevelSchema,
  isEnabled: z.boolean(),
  createdAtMs: z.number(),
  coolDownSeconds: z.number().default(0),
  actions: ruleActionsSchema.default(defaultActions),
  status: z.object({
    state: z.enum(['armed', 'counting', 'firing', 'snoozed', 'off']),
    sinceMs: z.number().nullable(),
    /** Present value of what the rule watches, in watts for power rules. */
    value: z.number().nullable(),
    lastFiredAtMs: z.number().nullable(),
    /** The limit it is held against now, in the same unit as `value`. */
    limit: z.number().nullable().default(null),
    unit: z.string().default('W'),
    /** Of several GPUs, runs or projects the one that is nearest: 'GPU 3'. */
    label: z.string().nullable().default(null),
    snoozedUntilMs: z.number().nullable().default(null),
  }),
});
export type AlertRule = z.infer<typeof alertRuleSchema>;

export const deliveryStates = ['waiting', 'held', 'delivered', 'failed'] as const;

export const alertDeliverySchema = z.object({
  /** Who was told, in words: 'notification', 'Slack #ml-infra'. */
  to: z.string(),
  /** When it was delivered, given up, or last tried. */
  atMs: z.number(),
  isDelivered: z.boolean(),
  what: z.enum(['fired', 'cleared', 'test']).default('fired'),
  destinationId: z.string().nullable().default(null),
  state: z.enum(deliveryStates).default('delivered'),
  attempts: z.number().int().default(1),
  /** Why the last try failed, in words; null where it did not. */
  error: z.string().nullable().default(null),
  nextTryAtMs: z.number().nullable().default(null),
});
export type AlertDelivery = z.infer<typeof alertDeliverySchema>;

/** Whether to pause or stop runs: open until somebody answers or the alert clears. */
export const alertQuestionSchema = z.object({
  action: z.enum(['pause', 'stop']),
  runIds: z.array(z.string()),
  state: z.enum(['open', 'yes', 'no', 'lapsed', 'unasked']),
  answeredAtMs: z.number().nullable(),
  /** What came of it, in words; null before. */
  outcome: z.string().nullable(),
});
export type AlertQuestion = z.infer<typeof alertQuestionSchema>;

export const alertLogEntrySchema = z.object({
  id: z.string(),
  ruleId: z.string(),
  ruleName: z.string(),
  level: alertLevelSchema,
  scopeLabel: z.string(),
  firedAtMs: z.number(),
  clearedAtMs: z.number().nullable(),
  /** The reading that fired it, the highest since, and the limit then in force. */
  valueWatts: z.number().nullable(),
  peakWatts: z.number().nullable(),
  limitWatts: z.number().nullable(),
  runIds: z.array(z.string()),
  isTest: z.boolean(),
  isAcknowledged: z.boolean(),
  deliveries: z.array(alertDeliverySchema),
  kind: z.string().default('sustained-power'),
  /** 'machine', a domain's id, 'run:ID' or 'project:NAME'. */
  target: z.string().default('machine'),
  /** The same in the unit of the rule's kind; the peak is the worst since it fired. */
  value: z.number().nullable().default(null),
  peak: z.number().nullable().default(null),
  limit: z.number().nullable().default(null),
  unit: z.string().default('W'),
  /** What stood beside the value when it fired, by name and unit: {"temperatureCelsius": 89, "throttleReasons": "thermal"}. */
  reading: z.record(z.string(), z.union([z.number(), z.string(), z.null()])).default({}),
  /** Of a budget: 50, 80 or 100, and the span that it is about ('2026-11', '2026-11-29', a run's id). */
  stagePercent: z.number().nullable().default(null),
  period: z.string().nullable().default(null),
  /** What came of a run, in words of `runStatusSchema`; null for all but those rules. */
  outcome: z.string().nullable().default(null),
  /** True while quiet hours or a snooze keep it from being told. */
  isHeld: z.boolean().default(false),
  isNotifying: z.boolean().default(true),
  isSounding: z.boolean().default(false),
  question: alertQuestionSchema.nullable().default(null),
});
export type AlertLogEntry = z.infer<typeof alertLogEntrySchema>;

/** What an entry has beside what power rules always had: spread first, then said otherwise. */
export const alertEntryDefaults = {
  kind: 'sustained-power',
  target: 'machine',
  value: null,
  peak: null,
  limit: null,
  unit: 'W',
  reading: {},
  stagePercent: null,
  period: null,
  outcome: null,
  isHeld: false,
  isNotifying: true,
  isSounding: false,
  question: null,
} as const satisfies Partial<AlertLogEntry>;

/** Where a budget stands and where it is heading. Amounts are in `unit`: 'kWh', 'kg', or the currency. */
export const budgetStatusSchema = z.object({
  ruleId: z.string(),
  ruleName: z.string(),
  target: z.string(),
  label: z.string(),
  unit: z.string(),
  period: z.enum(['whole', 'day', 'month']),
  /** Unix times; `toMs` null: it has no end. */
  fromMs: z.number(),
  toMs: z.number().nullable(),
  spent: z.number().nullable(),
  limit: z.number(),
  /** What it comes to by `toMs` if it goes on like this; null without an end or with too little to go by. */
  projected: z.number().nullable(),
  /** Time that the rate was taken over. */
  basisSeconds: z.number().nullable(),
  /** When the limit is reached at that rate; null: not within the period, or not known. */
  reachedAtMs: z.number().nullable(),
  toldPercent: z.number(),
});
export type BudgetStatus = z.infer<typeof budgetStatusSchema>;

export const rulePresetSchema = z.object({
  id: z.string(),
  /** Why it makes sense here, in words: 'GPU 0 reports its temperature'. */
  reason: z.string(),
  input: alertRuleInputSchema,
  name: z.string(),
  /** True where a rule of this kind and scope is there already. */
  isPresent: z.boolean(),
});
export type RulePreset = z.infer<typeof rulePresetSchema>;

/** When a rule would have fired, held against the record. */
export const rulePreviewSchema = z.object({
  fromMs: z.number(),
  toMs: z.number(),
  /** One point of the record stands for so long. */
  pointSeconds: z.number(),
  firings: z.array(
    z.object({
      target: z.string(),
      label: z.string(),
      firedAtMs: z.number(),
      clearedAtMs: z.number().nullable(),
      value: z.number().nullable(),
    }),
  ),
});
export type RulePreview = z.infer<typeof rulePreviewSchema>;

/** Local times of day between which nobody is told; the log goes on. */
export const quietHoursSchema = z.object({
  isOn: z.boolean(),
  fromMinute: z.number().int().min(0).max(1439),
  toMinute: z.number().int().min(0).max(1439),
  /** Critical alerts are told at any hour. */
  isCriticalTold: z.boolean(),
});
export type QuietHours = z.infer<typeof quietHoursSchema>;
export const defaultQuietHours: QuietHours = { isOn: false, fromMinute: 1320, toMinute: 420, isCriticalTold: true };
