import { secondsFromMs } from '../../../shared/units.ts';
import type { GridProblem, GridRequest } from './grid-provider.ts';

export type GridAnswer =
  | { readonly kind: 'text'; readonly text: string }
  /** `retryAfterMs`: what the server asked for; null: it said nothing. */
  | { readonly kind: 'problem'; readonly problem: GridProblem; readonly retryAfterMs: number | null };

export type AskGrid = (request: GridRequest, signal: AbortSignal) => Promise<GridAnswer>;

const timeoutMs = 15_000;
const mostBytes = 8 * 1024 * 1024;

/** One GET: fifteen seconds in all, 8 MiB at most, no redirect followed. Never throws. Messages name the host alone: the query may hold a token. */
export async function askGrid(
  { url, headers }: GridRequest,
  signal: AbortSignal,
  limitMs = timeoutMs,
): Promise<GridAnswer> {
  const late = AbortSignal.timeout(limitMs);
  const failed = (code: GridProblem['code'], message: string, retryAfterMs: number | null = null): GridAnswer => ({
    kind: 'problem',
    problem: { code, message },
    retryAfterMs,
  });
  let host = 'the address';
  try {
    host = new URL(url).host;
    const response = await fetch(url, {
      headers: { ...headers, accept: 'application/json, application/xml, text/xml' },
      redirect: 'manual',
      signal: AbortSignal.any([signal, late]),
    });
    const problem = problemOfStatus(response, host);
    if (problem !== null) {
      await response.body?.cancel();
      return failed(problem.code, problem.message, retryAfterOf(response));
    }
    return { kind: 'text', text: await textOf(response) };
  } catch (error) {
    if (error instanceof TooLarge) return failed('wrong-answer', `${host} answered more than 8 MiB.`);
    if (late.aborted) return failed('timeout', `${host} did not answer within ${secondsFromMs(limitMs)} s.`);
    if (signal.aborted) return failed('unreachable', 'The question was given up.');
    return failed('unreachable', `${host} could not be asked (${causeOf(error)}).`);
  }
}

function problemOfStatus({ status }: Response, host: string): GridProblem | null {
  if (status === 200) return null;
  if (status === 401 || status === 403) return { code: 'refused', message: `${host} refuses the token (${status}).` };
  if (status === 429) return { code: 'limited', message: `${host} was asked too often (429).` };
  if (status >= 300 && status < 400)
    return { code: 'wrong-answer', message: `${host} points elsewhere (${status}): not followed.` };
  return { code: 'server', message: `${host} answered with status ${status}.` };
}

/** Seconds, or a date (RFC 9110, 10.2.3). */
function retryAfterOf(response: Response): number | null {
  const said = response.headers.get('retry-after');
  if (said === null) return null;
  const seconds = Number(said);
  const ms = Number.isFinite(seconds) ? seconds * 1000 : Date.parse(said) - Date.now();
  return Number.isFinite(ms) && ms > 0 ? ms : null;
}

class TooLarge extends Error {}

async function textOf(response: Response): Promise<string> {
  if (response.body === null) return '';
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of response.body) {
    bytes += chunk.length;
    if (bytes > mostBytes) throw new TooLarge();
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function causeOf(error: unknown): string {
  const cause = error instanceof Error ? error.cause : undefined;
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
  return code === '' ? 'no connection' : code;
}
