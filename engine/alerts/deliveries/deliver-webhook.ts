import type { AlertMessage } from './alert-message.ts';
import { type Deliver, type Delivered, type DeliveryContext, delivered, failed } from './delivery.ts';
import { signatureOf } from './signature.ts';
import { webhookBody } from './webhook-body.ts';

const timeLimitMs = 10_000;
const mostRedirects = 3;
const mostRetryAfterSeconds = 3600;

/**
 * POSTs the message. A redirect is followed on the same host alone, and only where it keeps the method; what the receiver answers is read by its status, and
 * thrown away.
 */
export const deliverWebhook: Deliver = async (message, context) => {
  const { destination, secrets } = context;
  if (destination.config.kind !== 'webhook' || secrets.url === undefined)
    return failed('Its address is not known any more: enter it again.');
  const { url, body } = webhookBody(destination.config.template, secrets.url, message);
  try {
    return await post(url, { body, headers: headersOf(message, body, context), signal: context.signal });
  } catch (error) {
    return failed(reasonOf(error));
  }
};

function headersOf(message: AlertMessage, body: string, { secrets, unixMs }: DeliveryContext): Record<string, string> {
  return {
    'Content-Type': 'application/json',
    'User-Agent': 'Wattrun',
    'Idempotency-Key': message.deliveryId,
    'X-Wattrun-Delivery': message.deliveryId,
    'X-Wattrun-Event': message.event,
    ...(secrets.signingSecret === undefined
      ? {}
      : { 'X-Wattrun-Signature': signatureOf(secrets.signingSecret, unixMs, body) }),
    ...(secrets.password === undefined ? {} : { Authorization: `Bearer ${secrets.password}` }),
  };
}

interface Post {
  readonly body: string;
  readonly headers: Record<string, string>;
  readonly signal: AbortSignal;
}

async function post(first: string, { body, headers, signal }: Post): Promise<Delivered> {
  const limit = AbortSignal.any([signal, AbortSignal.timeout(timeLimitMs)]);
  let url = first;
  for (let hop = 0; hop <= mostRedirects; hop++) {
    const response = await fetch(url, { method: 'POST', headers, body, redirect: 'manual', signal: limit });
    // Unread: it may be endless, and it is none of the log's.
    await response.body?.cancel();
    if (response.status >= 200 && response.status < 300) return delivered;
    if (response.status < 300 || response.status >= 400)
      return failed(`It answered ${response.status}.`, { retryAfterSeconds: retryAfterOf(response) });
    const next = redirectTarget(url, response);
    if (next === null) return failed(`It redirects elsewhere (${response.status}); that is not followed.`);
    url = next;
  }
  return failed('It redirects in circles.');
}

/** Where to send it again: 307 and 308 on the same host, and never from https to http. */
function redirectTarget(url: string, response: Response): string | null {
  const location = response.headers.get('location');
  if (location === null || (response.status !== 307 && response.status !== 308)) return null;
  const [from, to] = [new URL(url), new URL(location, url)];
  return to.host === from.host && to.protocol === from.protocol ? to.href : null;
}

function retryAfterOf(response: Response): number | null {
  const seconds = Number(response.headers.get('retry-after') ?? Number.NaN);
  return Number.isFinite(seconds) && seconds > 0 ? Math.min(seconds, mostRetryAfterSeconds) : null;
}

/** undici says 'fetch failed' and keeps the reason as the cause; its address is a secret and is said nowhere. */
function reasonOf(error: unknown): string {
  if (error instanceof Error && error.name === 'TimeoutError') return 'It did not answer in time.';
  const cause = error instanceof Error ? error.cause : undefined;
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
  return code === '' ? 'It could not be reached.' : `It could not be reached (${code}).`;
}
