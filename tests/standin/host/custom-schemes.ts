import type { CdpObject } from './cdp.ts';

export type SchemeHandler = (request: Request) => Response | Promise<Response>;

/**
 * Chromium knows no scheme of the app's own, so `app://bundle/x` is shown as `https://bundle.app.standin.test/x` and
 * answered before it reaches any network. Paths, secure context and same-origin rules hold; `location` reads otherwise.
 */
const SUFFIX = '.standin.test';

const handlers = new Map<string, SchemeHandler>();

export function setSchemeHandler(scheme: string, handler: SchemeHandler | null): void {
  if (handler === null) handlers.delete(scheme);
  else handlers.set(scheme, handler);
}

export function hasSchemeHandler(scheme: string): boolean {
  return handlers.has(scheme);
}

/** The URL that Chromium gets for one of the app. */
export function toChromiumUrl(url: string): string {
  const [, scheme, host, rest] = /^([a-z][a-z0-9+.-]*):\/\/([a-z0-9.-]+)(.*)$/is.exec(url) ?? [];
  if (scheme === undefined || !handlers.has(scheme)) return url;
  return `https://${host}.${scheme}${SUFFIX}${rest}`;
}

/** The URL that the app gets for one of Chromium. */
export function fromChromiumUrl(url: string): string {
  if (!isOfCustomScheme(url)) return url;
  const { hostname, pathname, search, hash } = new URL(url);
  const labels = hostname.slice(0, -SUFFIX.length).split('.');
  return `${labels.at(-1)}://${labels.slice(0, -1).join('.')}${pathname}${search}${hash}`;
}

export function isOfCustomScheme(url: string): boolean {
  return url.startsWith('https://') && new URL(url).hostname.endsWith(SUFFIX);
}

async function respond(request: CdpObject): Promise<Response> {
  const url = fromChromiumUrl(String(request.url));
  const handler = handlers.get(new URL(url).protocol.slice(0, -1));
  if (handler === undefined) return new Response('no handler for this scheme', { status: 404 });
  const body = typeof request.postData === 'string' ? { body: request.postData } : {};
  try {
    return await handler(new Request(url, { method: String(request.method), ...body }));
  } catch (error) {
    process.stderr.write(`stand-in: protocol handler failed for ${url}: ${String(error)}\n`);
    return new Response('the handler failed', { status: 500 });
  }
}

/** The parameters of Fetch.fulfillRequest that answer `request` as the app's handler says. */
export async function fulfilCustomScheme(request: CdpObject): Promise<CdpObject> {
  const response = await respond(request);
  return {
    responseCode: response.status,
    responseHeaders: Array.from(response.headers, ([name, value]) => ({ name, value })),
    body: Buffer.from(await response.arrayBuffer()).toString('base64'),
  };
}
