import { z } from 'zod';

/** Why a device ran slower than it could: a power limit, heat, or the hardware's own protection (power brake, voltage, slowdown pin). */
export const heldBackReasons = ['power-cap', 'heat', 'hardware-slowdown'] as const;
export const heldBackReasonSchema = z.enum(heldBackReasons);
export type HeldBackReason = z.infer<typeof heldBackReasonSchema>;

/** Seconds by reason. Several reasons may hold at once, so these do not add up. */
export const heldBackSecondsSchema = z.record(heldBackReasonSchema, z.number().nonnegative());
export type HeldBackSeconds = z.infer<typeof heldBackSecondsSchema>;

/** What a device's driver says of its memory and faults; a value is null where it does not tell. Counts are since the driver was loaded. */
export const deviceHealthSchema = z.object({
  eccCorrectedCount: z.number().int().nonnegative().nullable(),
  eccUncorrectedCount: z.number().int().nonnegative().nullable(),
  remappedRowCount: z.number().int().nonnegative().nullable(),
  /** Rows wait for a reset to be remapped, or could not be. */
  isRemapPending: z.boolean().nullable(),
  hasRemapFailed: z.boolean().nullable(),
  /** Newest XID of the driver, with its Unix time. */
  xid: z.object({ code: z.number().int(), atMs: z.number() }).nullable(),
});
export type DeviceHealth = z.infer<typeof deviceHealthSchema>;
