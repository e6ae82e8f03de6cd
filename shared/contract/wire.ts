import { z } from 'zod';
import { wireErrorSchema } from './errors.ts';

/** What crosses a transport. `contract` names the table, so that two contracts can share one pipe. */
export const wireMessageSchema = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('request'),
    contract: z.string(),
    id: z.number().int(),
    name: z.string(),
    payload: z.unknown(),
  }),
  z.object({ kind: z.literal('result'), contract: z.string(), id: z.number().int(), result: z.unknown() }),
  z.object({ kind: z.literal('error'), contract: z.string(), id: z.number().int(), error: wireErrorSchema }),
  z.object({ kind: z.literal('event'), contract: z.string(), name: z.string(), payload: z.unknown() }),
]);
export type WireMessage = z.infer<typeof wireMessageSchema>;
