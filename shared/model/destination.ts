import { z } from 'zod';

const nameSchema = z.string().trim().min(1).max(80);

export const webhookTemplates = ['generic', 'slack', 'discord', 'ntfy'] as const;
export const webhookTemplateSchema = z.enum(webhookTemplates);
export type WebhookTemplate = z.infer<typeof webhookTemplateSchema>;

export const mailSecurities = ['tls', 'starttls', 'none'] as const;

/** Of e-mail. */
export const addressSchema = z.email().max(254);

/** Where alerts are sent beyond this machine's desktop. What is secret of it is written, never read back. */
export const destinationConfigSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('webhook'), template: webhookTemplateSchema }),
  z.object({
    kind: z.literal('email'),
    host: z.string().trim().min(1).max(255),
    port: z.number().int().min(1).max(65_535),
    security: z.enum(mailSecurities),
    user: z.string().max(255).nullable(),
    from: addressSchema,
    to: z.array(addressSchema).min(1).max(20),
  }),
  z.object({
    kind: z.literal('command'),
    /** The program and its arguments, as they are: no shell. An argument that is wholly `{run}`, `{rule}` … is filled in. */
    argv: z.array(z.string().max(4096)).min(1).max(64),
    timeLimitSeconds: z.number().min(1).max(600),
  }),
]);
export type DestinationConfig = z.infer<typeof destinationConfigSchema>;

/** Written alone. Absent: as it was; null: none. */
export const destinationSecretsSchema = z.object({
  /** Of a webhook: its address, which is a secret itself at Slack and Discord. */
  url: z
    .url({ protocol: /^https?$/ })
    .max(2000)
    .nullish(),
  /** Of a webhook: signs what is sent (HMAC-SHA256). */
  signingSecret: z.string().max(500).nullish(),
  /** Of a webhook: sent as `Authorization: Bearer`. Of e-mail: the password. */
  password: z.string().max(2000).nullish(),
});
export type DestinationSecrets = z.infer<typeof destinationSecretsSchema>;

export const destinationInputSchema = z.object({
  /** Absent or null: a new one. */
  id: z.string().nullish(),
  name: nameSchema,
  config: destinationConfigSchema,
  secrets: destinationSecretsSchema.nullish(),
  isEnabled: z.boolean(),
  /** Also told when an alert clears. */
  isTellingCleared: z.boolean().nullish(),
});
export type DestinationInput = z.infer<typeof destinationInputSchema>;

export const destinationSchema = z.object({
  id: z.string(),
  name: z.string(),
  config: destinationConfigSchema,
  isEnabled: z.boolean(),
  isTellingCleared: z.boolean(),
  /** False for a command that nobody confirmed since it was changed: it is not run. True for all others. */
  isConfirmed: z.boolean(),
  /** Where it leads, without what is secret: 'https://hooks.slack.com/…'. */
  address: z.string(),
  isSigned: z.boolean(),
  hasPassword: z.boolean(),
  status: z.object({
    waiting: z.number().int(),
    lastDeliveredAtMs: z.number().nullable(),
    lastError: z.string().nullable(),
    nextTryAtMs: z.number().nullable(),
  }),
});
export type Destination = z.infer<typeof destinationSchema>;

export const destinationTestSchema = z.object({
  isDelivered: z.boolean(),
  error: z.string().nullable(),
  tookSeconds: z.number(),
});
export type DestinationTest = z.infer<typeof destinationTestSchema>;
