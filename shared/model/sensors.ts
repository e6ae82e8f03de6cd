import { z } from 'zod';
import { provenanceSchema } from './domain.ts';

/** How a source stands: `answering`, `standby` (another one does its job), `needs-you` (one command mends it), `failing`, `absent`. */
export const sourceStateSchema = z.enum(['answering', 'standby', 'needs-you', 'failing', 'absent']);

export const remedySchema = z.object({ command: z.string(), effect: z.string() });
export type Remedy = z.infer<typeof remedySchema>;

export const sourceReportSchema = z.object({
  id: z.string(),
  label: z.string(),
  /** How it is read: 'libnvidia-ml.so.1, driver 595.71', '/sys/class/powercap'. */
  how: z.string(),
  state: sourceStateSchema,
  provenance: provenanceSchema.nullable(),
  domainIds: z.array(z.string()),
  measures: z.string(),
  powerWatts: z.number().nullable(),
  /** Why it does not answer, in one sentence. */
  reason: z.string().nullable(),
  remedies: z.array(remedySchema),
  /** Shell command that shows the same number. */
  sameNumberCommand: z.string(),
  lastReadAtMs: z.number().nullable(),
  readMilliseconds: z.number().nullable(),
  errorCount: z.number().int(),
});
export type SourceReport = z.infer<typeof sourceReportSchema>;
