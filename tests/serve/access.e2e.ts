import { createServer, type IncomingHttpHeaders, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { WebSocket } from 'ws';
import { expect, openUi, test } from './fixtures.ts';
import type { Served } from './served.ts';

interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
}

/** Asks with headers that a browser would not let a page choose, such as Host. */
function ask(served: Served, path: string, headers: Readonly<Record<string, string>>): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const asked = request(new URL(path, served.address.url), { headers }, (response) => {
      response.resume();
      resolve({ status: response.statusCode ?? 0, headers: response.headers });
    });
    asked.once('error', reject);
    asked.end();
  });
}

const bearer = ({ address }: Served) => ({ authorization: `Bearer ${address.token}` });
const hostOf = ({ address }: Served): string => new URL(address.url).host;

/** 'open', or the status that refused it. */
function openSocket(served: Served, headers: Readonly<Record<string, string>>): Promise<string> {
  return new Promise((resolve) => {
    const socket = new WebSocket(`ws://${hostOf(served)}/ws`, { headers });
    socket.once('open', () => {
      socket.terminate();
      resolve('open');
    });
    socket.once('unexpected-response', (_asked, response) => {
      socket.terminate();
      resolve(String(response.statusCode));
    });
    socket.on('error', () => undefined); // said by the status above
  });
}

test('nothing answers without the token', async ({ demo }) => {
  for (const path of ['/', '/healthz', '/metrics', '/api/v1/runs', '/api/v1/openapi.json', '/assets/x.js']) {
    expect((await ask(demo, path, {})).status, path).toBe(401);
    expect((await ask(demo, path, { authorization: 'Bearer wrong' })).status, path).toBe(401);
  }
  expect((await ask(demo, '/api/v1/runs', bearer(demo))).status).toBe(200);
});

test('another host name and another site are refused, token or not', async ({ demo }) => {
  const refused: readonly Readonly<Record<string, string>>[] = [
    { host: 'attacker.test' },
    { host: `attacker.test:${new URL(demo.address.url).port}` },
    { origin: 'https://attacker.test' },
    { origin: 'http://127.0.0.1:1' },
    { origin: 'null' },
    { 'sec-fetch-site': 'cross-site' },
  ];
  for (const headers of refused)
    expect((await ask(demo, '/api/v1/runs', { ...bearer(demo), ...headers })).status, JSON.stringify(headers)).toBe(
      403,
    );
});

test('a WebSocket opens with the token alone, and for no other site', async ({ demo }) => {
  expect(await openSocket(demo, {})).toBe('401');
  expect(await openSocket(demo, { ...bearer(demo), origin: 'https://attacker.test' })).toBe('403');
  expect(await openSocket(demo, { ...bearer(demo), host: 'attacker.test' })).toBe('403');
  expect(await openSocket(demo, bearer(demo))).toBe('open');
});

test('the token leaves the address for a cookie that scripts cannot read', async ({ page, context, demo }) => {
  const before = await page.evaluate(() => history.length);
  await openUi(page, demo);
  expect(page.url()).not.toContain('token');
  expect(await page.evaluate(() => history.length), 'no step back leads to it').toBeLessThanOrEqual(before + 1);
  expect(await page.evaluate(() => document.cookie)).toBe('');
  const [cookie] = await context.cookies(demo.address.url);
  expect(cookie).toMatchObject({ value: demo.address.token, httpOnly: true, sameSite: 'Strict' });
});

test('pages carry a content policy and may not be framed', async ({ demo }) => {
  const { headers } = await ask(demo, '/', bearer(demo));
  expect(headers['content-security-policy']).toContain("default-src 'none'");
  expect(headers['content-security-policy']).toContain("frame-ancestors 'none'");
  expect(headers['content-security-policy']).toMatch(/script-src 'self'(;|$)/);
  expect(headers).toMatchObject({ 'x-content-type-options': 'nosniff', 'referrer-policy': 'no-referrer' });
});

test('a path leads out of the pages’ folder in no spelling', async ({ demo }) => {
  for (const path of ['/../package.json', '/..%2fmain%2fmain.js', '/%2e%2e/main/cli.js', '/assets/..%5c..%5cmain.js']) {
    const answered = await askRaw(demo, path);
    expect([400, 404], `${path} gave ${answered}`).toContain(answered);
  }
});

/** The path as it is, which `new URL` would tidy up. */
function askRaw(served: Served, path: string): Promise<number> {
  const { hostname, port } = new URL(served.address.url);
  return new Promise((resolve, reject) => {
    const asked = request({ hostname, port, path, headers: bearer(served) }, (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    });
    asked.once('error', reject);
    asked.end();
  });
}

test.describe('a page of another site in the same browser', () => {
  let attacker: Server;
  let attackerUrl = '';
  test.beforeAll(async () => {
    attacker = createServer((_request, response) =>
      response.setHeader('content-type', 'text/html').end('<!doctype html><title>attacker</title>'),
    );
    await new Promise<void>((resolve) => attacker.listen(0, '127.0.0.1', resolve));
    attackerUrl = `http://127.0.0.1:${(attacker.address() as AddressInfo).port}/`;
  });
  test.afterAll(() => void attacker.close());

  test('reads nothing, changes nothing and frames nothing', async ({ page, context, demo, complaints }) => {
    complaints.expect(/CORS policy|Failed to load resource|WebSocket connection|frame|Refused to display/);
    await openUi(page, demo); // the cookie is in the browser now, and 127.0.0.1 is one site whatever the port
    const before = await runCount(demo);
    const foreign = await context.newPage();
    await foreign.goto(attackerUrl);
    const seen = await foreign.evaluate(attack, demo.address.url);
    expect(seen).toEqual({ read: 'refused', socket: 'refused' });
    expect(await runCount(demo), 'what it posted was not done').toBe(before);
    await foreign.evaluate(frame, demo.address.url);
    // A refused frame shows the browser's own error page; one that were let in would show ours.
    expect(foreign.frames().map((one) => new URL(one.url()).protocol)).toEqual(['http:', 'chrome-error:']);
  });
});

async function runCount(served: Served): Promise<number> {
  const response = await fetch(new URL('/api/v1/runs', served.address.url), { headers: bearer(served) });
  return ((await response.json()) as { readonly total: number }).total;
}

/** Runs in the foreign page: everything it can try with the user's cookie. */
async function attack(url: string): Promise<Record<'read' | 'socket', string>> {
  const read = await fetch(`${url}api/v1/runs`, { credentials: 'include' }).then(
    (response) => response.text(),
    () => 'refused',
  );
  await fetch(`${url}api/v1/runs`, {
    method: 'POST',
    mode: 'no-cors',
    credentials: 'include',
    body: '{"name":"forged"}',
  }).catch(() => undefined);
  const socket = await new Promise<string>((resolve) => {
    const opened = new WebSocket(`${url.replace('http', 'ws')}ws`);
    opened.onopen = () => resolve('opened');
    opened.onerror = () => resolve('refused');
  });
  return { read, socket };
}

function frame(url: string): Promise<void> {
  return new Promise((resolve) => {
    const element = document.createElement('iframe');
    element.src = url;
    element.onload = () => resolve();
    document.body.append(element);
  });
}
