import { z } from 'zod';
import { wireErrorSchema } from '../../shared/contract/errors.ts';

/** What the engine's thread is started with. */
export const workerDataSchema = z.object({ version: z.string(), directory: z.string() });
export type WorkerData = z.infer<typeof workerDataSchema>;

/** To the engine's thread. `open` comes with a port, in the message itself, that speaks the engine's contract. */
export type ToWorker = { readonly kind: 'open'; readonly port: unknown } | { readonly kind: 'close' };

/** From the engine's thread. Before the first `connected` or `lost` nothing is known yet. */
export const fromWorkerSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('connected'), role: z.enum(['owner', 'guest']) }),
  /** No engine answers now; `problem` says why where that is known. All ports are closed. */
  z.object({ kind: z.literal('lost'), problem: wireErrorSchema.nullable() }),
  z.object({ kind: z.literal('log'), message: z.string() }),
  z.object({ kind: z.literal('closed') }),
]);
export type FromWorker = z.infer<typeof fromWorkerSchema>;
