import { z } from 'zod';

export const alertLevelSchema = z.enum(['note', 'warning', 'critical']);
export type AlertLevel = z.infer<typeof alertLevelSchema>;

export const alertScopeSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('machine') }),
  z.object({ kind: z.literal('any-gpu') }),
  z.object({ kind: z.literal('domain'), domainId: z.string() }),
]);
export type AlertScope = z.infer<typeof alertScopeSchema>;

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

export const ruleDescriptorSchema = z.object({
  kind: z.string(),
  label: z.string(),
  /** With {field} placeholders for the name a rule gets when the user gives none. */
  nameTemplate: z.string(),
  scopes: z.array(z.enum(['machine', 'any-gpu', 'domain'])),
  fields: z.array(ruleFieldSchema),
});
export type RuleDescriptor = z.infer<typeof ruleDescriptorSchema>;

export const alertRuleInputSchema = z.object({
  /** Absent or null: a new rule. */
  id: z.string().nullish(),
  kind: z.string(),
  name: z.string().max(120).nullish(),
  scope: alertScopeSchema,
  params: z.record(z.string(), z.number()),
  level: alertLevelSchema,
  isEnabled: z.boolean(),
});
export type AlertRuleInput = z.infer<typeof alertRuleInputSchema>;

export const alertRuleSchema = z.object({
  id: z.string(),
  kind: z.string(),
  name: z.string(),
  scope: alertScopeSchema,
  scopeLabel: z.string(),
  params: z.record(z.string(), z.number()),
  level: alertLevelSchema,
  isEnabled: z.boolean(),
  createdAtMs: z.number(),
  status: z.object({
    state: z.enum(['armed', 'counting', 'firing', 'snoozed', 'off']),
    sinceMs: z.number().nullable(),
    /** Present value of what the rule watches, in watts for power rules. */
    value: z.number().nullable(),
    lastFiredAtMs: z.number().nullable(),
  }),
});
export type AlertRule = z.infer<typeof alertRuleSchema>;

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
  deliveries: z.array(z.object({ to: z.string(), atMs: z.number(), isDelivered: z.boolean() })),
});
export type AlertLogEntry = z.infer<typeof alertLogEntrySchema>;
