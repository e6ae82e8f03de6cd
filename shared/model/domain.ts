import { z } from 'zod';

/** Where a number comes from, strongest first. The last two are estimates and are drawn as such. */
export const provenances = ['counter', 'sensor', 'model', 'assumed'] as const;
export const provenanceSchema = z.enum(provenances);
export type Provenance = z.infer<typeof provenanceSchema>;

export const domainKinds = ['gpu', 'cpu', 'dram', 'platform', 'module', 'wall', 'other'] as const;
export const domainKindSchema = z.enum(domainKinds);
export type DomainKind = z.infer<typeof domainKindSchema>;

/** A thing that draws power: `gpu:<uuid>`, `cpu:<n>`, `dram:<n>`, `platform`, `module:<uuid>`, `wall:<name>`, `other`. */
export const domainSchema = z.object({
  id: z.string().min(1),
  kind: domainKindSchema,
  /** What people call the part: 'NVIDIA H100 80GB HBM3', 'AMD EPYC 8024P'. */
  name: z.string(),
  /** Short label in tables: 'GPU 0', 'CPU', 'Memory'. */
  label: z.string(),
  /** Order within its kind, from the source's own index; not an identity, it may change at a restart. */
  index: z.number().int().nonnegative(),
  limitWatts: z.number().positive().nullable(),
  memoryTotalBytes: z.number().nonnegative().nullable(),
  source: z.string(),
  provenance: provenanceSchema,
  isSimulated: z.boolean(),
  /**
   * The truth over the reading for a single sensor of this kind, as others of its kind were found against a meter. Stated apart from every low and
   * high: nobody documents it per part, and only a meter at the wall can tell it. Null: not known.
   */
  gain: z.object({ lowRatio: z.number().positive(), highRatio: z.number().positive() }).nullable().default(null),
  /** Why its energy cannot be divided among processes ('MIG', 'WDDM'), in words; null: it can. */
  cannotBeSplit: z.string().nullable().default(null),
});
export type Domain = z.infer<typeof domainSchema>;

/** What most domains are: spread first, then said otherwise. */
export const domainDefaults = {
  limitWatts: null,
  memoryTotalBytes: null,
  isSimulated: false,
  gain: null,
  cannotBeSplit: null,
} as const satisfies Partial<Domain>;

/** Why an interval has no trustworthy reading. */
export const gapReasons = [
  'suspend',
  'timeout',
  'lost',
  'permission',
  'restart',
  'held-up',
  'no-reading',
  'reset',
  'invalid',
  'failed',
  'asleep',
  'stuck',
] as const;
export const gapReasonSchema = z.enum(gapReasons);
export type GapReason = z.infer<typeof gapReasonSchema>;

/** A device that is left to sleep, or has no value to give, says nothing, and that is right. */
export const isQuiet = (reason: GapReason): boolean => reason === 'asleep' || reason === 'no-reading';

/** Weakest kind of evidence that carries at least a tenth of the joules; null when there are none. */
export function weakestProvenance(shares: Readonly<Partial<Record<Provenance, number>>>): Provenance | null {
  const total = provenances.reduce((sum, kind) => sum + (shares[kind] ?? 0), 0);
  if (total <= 0) return null;
  return provenances.findLast((kind) => (shares[kind] ?? 0) >= total * 0.1) ?? null;
}

/**
 * True where the domain's energy is a part of the machine's own sum. `platform`, `module` and `wall` contain other domains
 * and are shown beside the sum, never in it.
 */
export function isSummed(kind: DomainKind): boolean {
  return kind === 'gpu' || kind === 'cpu' || kind === 'dram' || kind === 'other';
}

/** True where the domain's energy is divided among runs. What contains other domains is not: its parts are; but `platform` is, by CPU time. */
export const isDivided = (kind: DomainKind): boolean => kind !== 'wall' && kind !== 'module';
