import { createHmac, timingSafeEqual } from 'node:crypto';
import { secondsFromMs } from '../../../shared/units.ts';

const digestOf = (secret: string, timestamp: string, body: string): Buffer =>
  createHmac('sha256', secret).update(`${timestamp}.${body}`).digest();

/** `t=1764400000,v1=…`: the HMAC-SHA256, in hex, of the timestamp, a dot and the body as it was sent. */
export function signatureOf(secret: string, unixMs: number, body: string): string {
  const timestamp = String(Math.floor(secondsFromMs(unixMs)));
  return `t=${timestamp},v1=${digestOf(secret, timestamp, body).toString('hex')}`;
}

/** What a receiver does: true for a body that was signed with this secret, at most `toleranceSeconds` ago. */
export function isSigned(
  secret: string,
  signature: string,
  {
    body,
    unixMs,
    toleranceSeconds = 300,
  }: { readonly body: string; readonly unixMs: number; readonly toleranceSeconds?: number },
): boolean {
  const [, timestamp = '', digest = ''] = /^t=(\d+),v1=([0-9a-f]{64})$/.exec(signature) ?? [];
  if (timestamp === '' || Math.abs(secondsFromMs(unixMs) - Number(timestamp)) > toleranceSeconds) return false;
  return timingSafeEqual(Buffer.from(digest, 'hex'), digestOf(secret, timestamp, body));
}
