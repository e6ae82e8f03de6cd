import type { IncomingMessage } from 'node:http';
import type { LookupFunction } from 'node:net';
import type { GapReason } from '../../../shared/model/domain.ts';
import { secondsFromMs } from '../../../shared/units.ts';
import { withTimeout } from '../with-timeout.ts';
import { type Resolve, type ResolvedAddress, resolveLocal } from './local-address.ts';

export interface Question {
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
  readonly resolve: Resolve;
}

export type Answer =
  | { readonly kind: 'json'; readonly body: unknown }
  /** 401: what would be let in, from WWW-Authenticate. */
  | { readonly kind: 'challenge'; readonly challenge: string }
  /** 404, or what devices say in place of it: the path is not one of theirs. */
  | { readonly kind: 'unknown-path'; readonly note: string }
  | { readonly kind: 'failed'; readonly reason: GapReason; readonly note: string };

export const askTimeoutMs = 2000;
export const mostBodyBytes = 64 * 1024;

const failed = (reason: GapReason, note: string): Answer => ({ kind: 'failed', reason, note });

/**
 * One GET in the local network: two seconds in all, 64 KiB at most, no redirect followed, never an address outside. Never throws. Notes name the
 * host alone: the path and the headers may hold a password.
 */
export async function askJson(question: Question): Promise<Answer> {
  const { url } = question;
  const late = AbortSignal.timeout(askTimeoutMs);
  const found = await withTimeout(resolveLocal(url.hostname, question.resolve), askTimeoutMs);
  if (found === 'timeout') return failed('timeout', `The name ${url.hostname} was not resolved within 2 s.`);
  if ('problem' in found) return failed('failed', found.problem);
  const signal = AbortSignal.any([question.signal, late]);
  if (signal.aborted) return interrupted(question, late);
  return new Promise((resolve) => {
    try {
      // Where it is used, not by `import`: every engine would load both for a meter that few have.
      const { request: send } = process.getBuiltinModule(url.protocol === 'https:' ? 'node:https' : 'node:http');
      const sent = send(
        {
          hostname: url.hostname.replace(/^\[|\]$/g, ''),
          port: url.port,
          path: url.pathname + url.search,
          headers: { ...question.headers, accept: 'application/json', connection: 'close' },
          agent: false,
          // Asked for once and checked: a second look-up might give another address.
          lookup: lookupOf(found),
          signal,
        },
        (response) => receive(response, question, late).then(resolve),
      );
      sent.on('error', (error) =>
        resolve(signal.aborted ? interrupted(question, late) : failed('failed', refusal(url.hostname, error))),
      );
      sent.end();
    } catch (error) {
      // A header or path that Node will not send: a password with a line break in it.
      const code = error instanceof Error && 'code' in error ? String(error.code) : 'invalid request';
      resolve(failed('failed', `${url.hostname} cannot be asked so (${code}).`));
    }
  });
}

const lookupOf =
  (addresses: readonly ResolvedAddress[]): LookupFunction =>
  (_hostname, options, callback) => {
    const [first] = addresses;
    if (options.all) callback(null, [...addresses]);
    else callback(null, first?.address ?? '', first?.family);
  };

function interrupted(question: Question, late: AbortSignal): Answer {
  return late.aborted
    ? failed('timeout', `${question.url.hostname} did not answer within ${secondsFromMs(askTimeoutMs)} s.`)
    : failed('failed', 'The question was given up.');
}

function refusal(hostname: string, error: Error): string {
  const code = 'code' in error && typeof error.code === 'string' ? error.code : 'no connection';
  return `${hostname} could not be asked (${code}).`;
}

async function receive(response: IncomingMessage, question: Question, late: AbortSignal): Promise<Answer> {
  const { hostname } = question.url;
  const status = response.statusCode ?? 0;
  if (status !== 200) {
    response.destroy();
    return answerOfStatus(status, hostname, response.headers['www-authenticate']);
  }
  const chunks: Buffer[] = [];
  let bytes = 0;
  try {
    for await (const chunk of response) {
      const piece: Buffer = Buffer.from(chunk);
      bytes += piece.length;
      if (bytes > mostBodyBytes) return failed('invalid', `${hostname} answered more than 64 KiB: not a wattmeter.`);
      chunks.push(piece);
    }
  } catch {
    return late.aborted || question.signal.aborted
      ? interrupted(question, late)
      : failed('failed', `${hostname} broke off its answer.`);
  } finally {
    response.destroy();
  }
  try {
    const body: unknown = JSON.parse(Buffer.concat(chunks).toString('utf8'));
    return { kind: 'json', body };
  } catch {
    return failed('invalid', `${hostname} answered something that is not JSON.`);
  }
}

function answerOfStatus(status: number, hostname: string, challenge: string | undefined): Answer {
  if (status === 401) return { kind: 'challenge', challenge: challenge ?? '' };
  if (status === 403) return failed('permission', `${hostname} refuses this token or password (403).`);
  // Shelly of the second generation says 500 for a channel that it does not have.
  if (status === 404 || status === 500)
    return { kind: 'unknown-path', note: `${hostname} answered with status ${status}.` };
  if (status >= 300 && status < 400) return failed('failed', `${hostname} points elsewhere (${status}): not followed.`);
  return failed('failed', `${hostname} answered with status ${status}.`);
}
