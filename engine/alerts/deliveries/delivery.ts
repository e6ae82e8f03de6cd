import { z } from 'zod';
import type { StoredDestination } from '../../store/store.ts';
import type { AlertMessage } from './alert-message.ts';
import type { Secrets } from './secret-file.ts';

/** `isFinal`: trying again would change nothing. */
export type Delivered =
  | { readonly kind: 'delivered' }
  | {
      readonly kind: 'failed';
      readonly error: string;
      readonly isFinal: boolean;
      readonly retryAfterSeconds: number | null;
    };

export interface DeliveryContext {
  readonly destination: StoredDestination;
  readonly secrets: Secrets;
  readonly unixMs: number;
  /** Of this process, for a command. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly signal: AbortSignal;
}

/** Sends one message to one destination; never throws. */
export type Deliver = (message: AlertMessage, context: DeliveryContext) => Promise<Delivered>;

export const delivered: Delivered = { kind: 'delivered' };

export const failed = (
  error: string,
  more: { readonly isFinal?: boolean; readonly retryAfterSeconds?: number | null } = {},
): Delivered => ({
  kind: 'failed',
  error: plainLine(error),
  isFinal: more.isFinal ?? false,
  retryAfterSeconds: more.retryAfterSeconds ?? null,
});

const mostErrorCharacters = 200;

/** One line for a log, without control characters, and short: what others answer is theirs. */
export const plainLine = (text: string): string =>
  text
    .replaceAll(/\p{Cc}+/gu, ' ')
    .trim()
    .slice(0, mostErrorCharacters);

/** As kept in the outbox: what an older version wrote may lack what is new. */
export const messageSchema = z.custom<AlertMessage>(
  (value) => z.object({ deliveryId: z.string(), title: z.string(), text: z.string() }).safeParse(value).success,
);
