import { z } from 'zod';

/** Three strings: all that an error is on the wire. UI text is chosen by `code`. */
export const wireErrorSchema = z.object({ code: z.string(), message: z.string(), hint: z.string().optional() });
export type WireError = z.infer<typeof wireErrorSchema>;

/** Every stable code: `area/what`. 'internal' stands for a bug, whose details stay in the log. */
export const errorCodes = [
  'contract/invalid',
  'contract/unknown',
  'contract/closed',
  'contract/timeout',
  'runs/not-found',
  'runs/ambiguous',
  'runs/not-running',
  'runs/not-mergeable',
  'runs/not-dismissable',
  'runs/not-controllable',
  'runs/no-process',
  'alerts/not-found',
  'carbon/invalid-file',
  'alerts/invalid',
  'exports/unknown-format',
  'exports/not-found',
  'exports/no-printer',
  'exports/print-failed',
  'imports/invalid',
  'imports/not-found',
  'projects/not-found',
  'settings/unknown-region',
  'settings/unknown-year',
  'settings/invalid-pattern',
  'store/unwritable',
  'store/full',
  'store/corrupt',
  'store/newer',
  'source/timeout',
  'calibration/blocked',
  'calibration/no-meter',
  'calibration/no-reading',
  'calibration/no-rise',
  'engine/unreachable',
  'host/refused',
  'internal',
] as const;
export type ErrorCode = (typeof errorCodes)[number];

/** An operational error with a stable code: for a person to mend or a policy to retry. Anything else thrown is a bug. */
export class WattrunError extends Error {
  readonly code: ErrorCode;
  readonly hint: string | undefined;

  constructor(code: ErrorCode, message: string, hint?: string) {
    super(message);
    this.name = 'WattrunError';
    this.code = code;
    this.hint = hint;
  }
}

export function wireErrorFrom(error: unknown): WireError {
  if (!(error instanceof WattrunError))
    return { code: 'internal', message: 'Something broke inside Wattrun; its log has the details.' };
  return { code: error.code, message: error.message, ...(error.hint === undefined ? {} : { hint: error.hint }) };
}

export function errorFromWire(wire: WireError): WattrunError {
  const code = errorCodes.find((known) => known === wire.code) ?? 'internal';
  return new WattrunError(code, wire.message, wire.hint);
}
