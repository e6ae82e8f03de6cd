import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type AccessOptions, checkAccess, factsOf, type RequestFacts } from './access.ts';

const token = 'kP2v-Qm8xYtR4nLw7cJd0bHs5fGz1uEa';
const options: AccessOptions = {
  token,
  hosts: () => ['127.0.0.1:4711', 'localhost:4711', '[::1]:4711'],
  cookieName: () => 'wattrun-4711',
};
const facts = (change: Partial<RequestFacts> = {}): RequestFacts => ({
  host: '127.0.0.1:4711',
  origin: undefined,
  secFetchSite: undefined,
  authorization: `Bearer ${token}`,
  cookie: undefined,
  ...change,
});
const statusOf = (change: Partial<RequestFacts>): number => {
  const access = checkAccess(facts(change), options);
  return access.kind === 'allowed' ? 200 : access.status;
};

describe('a request', () => {
  it('with the token as a bearer is allowed', () => expect(checkAccess(facts(), options)).toEqual({ kind: 'allowed' }));

  it('with the token in this server’s cookie is allowed, among other cookies too', () => {
    expect(statusOf({ authorization: undefined, cookie: `a=b; wattrun-4711=${token}; c=d=e` })).toBe(200);
  });

  it.each([
    ['no token', { authorization: undefined }],
    ['an empty token', { authorization: 'Bearer ' }],
    ['another token', { authorization: 'Bearer kP2v-Qm8xYtR4nLw7cJd0bHs5fGz1uEb' }],
    ['the token and more', { authorization: `Bearer ${token}x` }],
    ['the beginning of the token', { authorization: `Bearer ${token.slice(0, -1)}` }],
    ['the token as basic', { authorization: `Basic ${token}` }],
    ['the cookie of a server on another port', { authorization: undefined, cookie: `wattrun-4712=${token}` }],
    ['a wrong cookie', { authorization: undefined, cookie: 'wattrun-4711=x' }],
  ])('with %s is not', (_, change) => expect(statusOf(change)).toBe(401));

  it('with a wrong bearer is not saved by a good cookie', () =>
    expect(statusOf({ authorization: 'Bearer x', cookie: `wattrun-4711=${token}` })).toBe(401));

  it.each([
    ['a name that was rebound to this machine', { host: 'evil.example:4711' }],
    ['another port', { host: '127.0.0.1:4712' }],
    ['no port', { host: '127.0.0.1' }],
    ['no host', { host: undefined }],
    ['a host that only begins so', { host: '127.0.0.1:4711.evil.example' }],
  ])('addressed to %s is refused, whatever it carries', (_, change) => expect(statusOf(change)).toBe(403));

  it('is addressed by any of the server’s names, in any case', () => {
    expect(statusOf({ host: 'LocalHost:4711' })).toBe(200);
    expect(statusOf({ host: '[::1]:4711' })).toBe(200);
  });

  it.each([
    ['another site', { origin: 'https://evil.example' }],
    ['another port of this machine', { origin: 'http://127.0.0.1:8080' }],
    ['a page without an origin', { origin: 'null' }],
    ['https where only http is served', { origin: 'https://127.0.0.1:4711' }],
    ['a page that the browser calls cross-site', { secFetchSite: 'cross-site' }],
  ])('from %s is refused', (_, change) => expect(statusOf(change)).toBe(403));

  it('from its own pages is allowed', () => {
    expect(statusOf({ origin: 'http://127.0.0.1:4711', secFetchSite: 'same-origin' })).toBe(200);
    expect(statusOf({ secFetchSite: 'none' })).toBe(200);
  });
});

describe('factsOf', () => {
  it('takes the headers by name, the first where one was sent twice', () => {
    const headers: Record<string, string | string[]> = {
      host: 'a:1',
      origin: ['http://a:1', 'http://b'],
      cookie: 'c=d',
    };
    expect(factsOf((name) => headers[name])).toEqual({
      host: 'a:1',
      origin: 'http://a:1',
      secFetchSite: undefined,
      authorization: undefined,
      cookie: 'c=d',
    });
  });
});

it('lets nothing in that is not the token', () => {
  fc.assert(
    fc.property(fc.string(), fc.string(), (authorization, cookie) => {
      fc.pre(!authorization.includes(token) && !cookie.includes(token));
      expect(statusOf({ authorization, cookie })).toBe(401);
    }),
  );
});
