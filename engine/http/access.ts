import { createHash, timingSafeEqual } from 'node:crypto';

export interface AccessOptions {
  readonly token: string;
  /** host:port pairs under which this server may be addressed. */
  readonly hosts: () => readonly string[];
  readonly cookieName: () => string;
}

export interface RequestFacts {
  readonly host: string | undefined;
  readonly origin: string | undefined;
  readonly secFetchSite: string | undefined;
  readonly authorization: string | undefined;
  readonly cookie: string | undefined;
}

/** The facts of a request, from whatever gives its headers by name. */
export function factsOf(header: (name: string) => string | string[] | undefined): RequestFacts {
  const one = (name: string): string | undefined => {
    const value = header(name);
    return Array.isArray(value) ? value[0] : value;
  };
  return {
    host: one('host'),
    origin: one('origin'),
    secFetchSite: one('sec-fetch-site'),
    authorization: one('authorization'),
    cookie: one('cookie'),
  };
}

export type Access =
  | { readonly kind: 'allowed' }
  | { readonly kind: 'refused'; readonly status: 401 | 403; readonly why: string };

/**
 * Who may speak to this server: a request that names it by one of its own hosts (a rebound DNS name does not), that comes from no other site, and that
 * carries the token as a bearer or in this server's cookie.
 */
export function checkAccess(facts: RequestFacts, options: AccessOptions): Access {
  const hosts = options.hosts();
  if (facts.host === undefined || !hosts.includes(facts.host.toLowerCase()))
    return { kind: 'refused', status: 403, why: 'This host name is not served here.' };
  if (!isOwnOrigin(facts, hosts))
    return { kind: 'refused', status: 403, why: 'Requests from other sites are refused.' };
  const bearer = /^Bearer (.+)$/i.exec(facts.authorization ?? '')?.[1];
  const given = bearer ?? cookieValue(facts.cookie ?? '', options.cookieName());
  if (given === null || given === undefined || !isSame(given, options.token))
    return { kind: 'refused', status: 401, why: 'The token is missing or wrong.' };
  return { kind: 'allowed' };
}

export function isSame(given: string, expected: string): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(given), digest(expected));
}

function isOwnOrigin({ origin, secFetchSite }: RequestFacts, hosts: readonly string[]): boolean {
  if (secFetchSite === 'cross-site') return false;
  if (origin === undefined) return true;
  return hosts.some((host) => origin.toLowerCase() === `http://${host}`);
}

function cookieValue(header: string, name: string): string | null {
  for (const part of header.split(';')) {
    const [key, ...value] = part.trim().split('=');
    if (key === name) return value.join('=');
  }
  return null;
}
