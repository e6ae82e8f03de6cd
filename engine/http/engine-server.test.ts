import { request } from 'node:http';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { connectContract } from '../../shared/contract/client.ts';
import { engineContract } from '../../shared/contract/engine-contract.ts';
import type { RunReport } from '../../shared/model/run.ts';
import { createFakeClock } from '../clock/fake-clock.ts';
import { createEngine, type Engine } from '../engine.ts';
import { createSimulatedServer } from '../sources/simulated/simulated-server.ts';
import { createSqliteStore } from '../store/sqlite-store.ts';
import { createEngineServer, type EngineServer } from './engine-server.ts';
import { createSessionHub, type SessionHub } from './sessions.ts';
import { connectWebSocket } from './web-socket-transport.ts';

const openedAtMs = Date.UTC(2026, 0, 15, 12);
const clock = createFakeClock(openedAtMs);
let engine: Engine;
let hub: SessionHub;
let server: EngineServer;

async function openEngine(): Promise<Engine> {
  const simulated = createSimulatedServer(clock, openedAtMs);
  const made = createEngine({
    version: '1.2.3',
    store: createSqliteStore({ path: ':memory:', nowMs: openedAtMs }),
    dataDirectory: ':memory:',
    clock,
    machine: simulated.machine,
    definitions: [simulated.definition],
    environment: {},
    sysfsRoot: '',
    procfsRoot: '',
    isSimulated: true,
    isTicking: false,
    log: () => {},
  });
  await made.open(1000);
  await made.tick();
  return made;
}

const options = { host: '127.0.0.1', port: 0, version: '1.2.3', uiDirectory: null, log: () => {} };

beforeEach(async () => {
  engine = await openEngine();
  hub = createSessionHub({ engine, openDemo: openEngine, log: () => {} });
  server = await createEngineServer({ ...options, engine, hub });
});
afterEach(async () => {
  await hub.close();
  await server.close();
  await engine.close();
});

interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly text: string;
}

/** A request as any program may send it: with any Host and Origin. */
function send(
  path: string,
  change: { readonly method?: string; readonly headers?: Record<string, string>; readonly body?: string } = {},
): Promise<Answer> {
  const { method = 'GET', body = '', headers = { authorization: `Bearer ${server.address.token}` } } = change;
  return new Promise((resolve, reject) => {
    const sent = request(new URL(path, server.address.url), { method, headers }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk: string) => {
        text += chunk;
      });
      response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, text }));
    });
    sent.on('error', reject);
    sent.end(body);
  });
}
const post = async (path: string, body: unknown): Promise<Answer & { readonly json: Record<string, unknown> }> => {
  const answer = await send(path, {
    method: 'POST',
    body: JSON.stringify(body),
    headers: { authorization: `Bearer ${server.address.token}` },
  });
  return { ...answer, json: JSON.parse(answer.text) as Record<string, unknown> };
};

describe('a run over HTTP', () => {
  it('is started, marked, stopped and read', async () => {
    const started = await post('/api/v1/runs', { name: 'train', pid: 4107 });
    expect(started.status).toBe(201);
    expect(started.json).toMatchObject({ name: 'train', status: 'running', foundBy: 'api' });
    const path = `/api/v1/runs/${String(started.json.id)}`;
    clock.advance(1000);
    await engine.tick();
    expect((await post(`${path}/marks`, { kind: 'epoch', label: '1', value: 0.5 })).status).toBe(201);
    const stopped = await post(`${path}/stop`, { exitCode: 0 });
    expect(stopped.json).toMatchObject({ schemaVersion: 1, run: { status: 'finished', durationSeconds: 1 } });
    expect(JSON.parse((await send(path)).text)).toEqual(stopped.json);
    expect(stopped.json.marks).toMatchObject([{ kind: 'epoch', label: '1', value: 0.5 }]);
    expect(JSON.parse((await send('/api/v1/runs')).text)).toMatchObject({ total: 1 });
    expect((await post(`${path}/stop`, {})).status).toBe(409);
  });

  it('takes marks by the hundred, each id once, and says how many were new', async () => {
    const { json } = await post('/api/v1/runs', { name: 'train', pid: 4107 });
    const path = `/api/v1/runs/${String(json.id)}`;
    const marks = Array.from({ length: 300 }, (_, i) => ({ kind: 'step', value: i + 1, id: `s${i}` }));
    const first = await post(`${path}/marks`, { marks });
    expect([first.status, first.json]).toEqual([201, { accepted: 300, repeated: 0, refused: 0 }]);
    const again = await post(`${path}/marks`, { marks: [...marks, { kind: 'step', value: 301, id: 's300' }] });
    expect(again.json).toEqual({ accepted: 1, repeated: 300, refused: 0 });
    const { progress } = JSON.parse((await send(path)).text) as RunReport;
    expect(progress.steps).toMatchObject({ count: 301, source: 'api' });
    for (const wrong of [{}, { marks: [] }, { kind: 'x'.repeat(41) }, { marks: Array(1001).fill({ kind: 'step' }) }])
      expect((await post(`${path}/marks`, wrong)).status).toBe(400);
    expect((await post('/api/v1/runs/none/marks', { kind: 'step' })).status).toBe(404);
  });

  it('tells its energy without its report', async () => {
    const { json } = await post('/api/v1/runs', { name: 'train', pid: 4107 });
    clock.advance(1000);
    await engine.tick();
    const energy = JSON.parse((await send(`/api/v1/runs/${String(json.id)}/energy`)).text) as Record<string, number>;
    expect(energy.joules).toBeGreaterThan(0);
    expect(energy.lowJoules).toBeLessThanOrEqual(energy.joules ?? 0);
    expect(energy.atMs).toBe(clock.unixMs());
    expect((await send('/api/v1/runs/none/energy')).status).toBe(404);
  });

  it('is one for all the processes of a job, and ends with the last of them', async () => {
    const first = await post('/api/v1/runs', { name: 'ranks', pid: 4107, job: 'slurm:7.0' });
    const second = await post('/api/v1/runs', { name: 'ranks', pid: 4108, job: 'slurm:7.0' });
    expect([first.status, second.status]).toEqual([201, 200]);
    expect(second.json).toMatchObject({ id: first.json.id, job: 'slurm:7.0', isJoined: true });
    const stop = `/api/v1/runs/${String(first.json.id)}/stop`;
    const left = await post(stop, { pid: 4107, exitCode: 3 });
    expect(left.json).toMatchObject({ run: { status: 'running' } });
    expect((await post(stop, { pid: 4107, exitCode: 3 })).status).toBe(200);
    const ended = await post(stop, { pid: 4108, exitCode: 0 });
    expect(ended.json).toMatchObject({ run: { status: 'failed', exitCode: 3 } });
    expect((await post(stop, { pid: 4108 })).status).toBe(200);
    expect((await post('/api/v1/runs', { pid: 4107, job: 'slurm:7.0' })).status).toBe(201);
  });

  it.each([
    ['that is not there', '/api/v1/runs/none/stop', '{}', 404],
    ['with a wrong name', '/api/v1/runs', '{"name":7}', 400],
    ['with a pid that no process has', '/api/v1/runs', '{"pid":999991}', 400],
    ['in half a body', '/api/v1/runs', '{"name":', 400],
    ['in a body that is a list', '/api/v1/runs', '[]', 400],
    ['in a body beyond a mebibyte', '/api/v1/runs', JSON.stringify({ name: 'x'.repeat(1024 * 1024) }), 400],
  ])('%s is refused', async (_, path, body, status) => {
    const headers = { authorization: `Bearer ${server.address.token}`, 'content-length': String(body.length) };
    const answer = await send(path, { method: 'POST', body, headers });
    expect(answer.status).toBe(status);
    expect(JSON.parse(answer.text)).toMatchObject({ code: expect.stringMatching(/\//), message: expect.any(String) });
  });
});

describe('what is told', () => {
  it('to a monitor are OpenMetrics of every domain', async () => {
    const { headers, text } = await send('/metrics');
    expect(headers['content-type']).toContain('application/openmetrics-text');
    expect(text.match(/^wattrun_power_watts\{/gm)).toHaveLength(11);
    expect(text.endsWith('# EOF\n')).toBe(true);
  });

  it('to a health check is that it lives', async () => {
    expect(JSON.parse((await send('/healthz')).text)).toEqual({ status: 'ok', pid: process.pid, version: '1.2.3' });
  });

  it('in the OpenAPI document are the paths that there are', async () => {
    const document = JSON.parse((await send('/api/v1/openapi.json')).text) as {
      readonly paths: Record<string, unknown>;
    };
    expect(Object.keys(document.paths)).toEqual(
      expect.arrayContaining(['/api/v1/runs', '/api/v1/runs/{id}', '/metrics']),
    );
  });

  it('about a path that is not there is just that', async () => expect((await send('/nothing')).status).toBe(404));

  it('to a browser forbids what the pages do not need', async () => {
    const { headers } = await send('/healthz');
    expect(headers['content-security-policy']).toContain("default-src 'none'");
    expect(headers['x-content-type-options']).toBe('nosniff');
  });
});

describe('a stranger', () => {
  it.each(['/healthz', '/metrics', '/api/v1/runs', '/nothing', '/'])(
    'without the token learns nothing from %s',
    async (path) => {
      const answer = await send(path, { headers: {} });
      expect(answer.status).toBe(401);
      expect(answer.text).not.toContain('1.2.3');
    },
  );

  it('with a rebound name, or from another site, is refused even with the token', async () => {
    const authorization = `Bearer ${server.address.token}`;
    expect((await send('/healthz', { headers: { authorization, host: 'evil.example' } })).status).toBe(403);
    expect((await send('/healthz', { headers: { authorization, origin: 'https://evil.example' } })).status).toBe(403);
  });

  it('cannot open a WebSocket', async () => {
    const wrong = { ...server.address, token: 'x'.repeat(32) };
    await expect(connectWebSocket(wrong)).rejects.toMatchObject({ code: 'engine/unreachable' });
  });
});

describe('a browser', () => {
  it('trades the token in its address for a cookie that no script and no other site can use', async () => {
    const { token } = server.address;
    const answer = await send(`/?token=${token}&view=runs`, { headers: {} });
    expect([answer.status, answer.headers.location]).toEqual([302, '/?view=runs']);
    const cookie = String(answer.headers['set-cookie']);
    expect(cookie).toContain('HttpOnly');
    expect(cookie).toContain('SameSite=Strict');
    expect((await send('/healthz', { headers: { cookie: cookie.split(';')[0] ?? '' } })).status).toBe(200);
  });

  it('gets no cookie for a wrong token', async () => {
    const answer = await send('/?token=wrong', { headers: { accept: 'text/html' } });
    expect([answer.status, answer.headers['set-cookie']]).toEqual([401, undefined]);
    expect(answer.text).toContain('wattrun serve');
  });
});

describe('a session over the WebSocket', () => {
  it('asks, is told of changes, and ends with the server', async () => {
    const client = connectContract(engineContract, await connectWebSocket(server.address));
    const changed: string[] = [];
    client.on('runs.changed', ({ runIds }) => changed.push(...runIds));
    expect((await client.request('live.read', {})).devices).toHaveLength(11);
    const { id } = await client.request('runs.start', { name: 'ws', foundBy: 'manual' });
    expect((await client.request('runs.list', {})).runs.map((run) => run.id)).toEqual([id]);
    expect(changed).toEqual([id]);
    const closed = new Promise<void>((resolve) => client.onClose(resolve));
    await server.close();
    await closed;
    await expect(client.request('live.read', {})).rejects.toMatchObject({ code: 'contract/closed' });
  });

  it('may move to the simulated server and back without touching other sessions', async () => {
    const [one, other] = await Promise.all([connectWebSocket(server.address), connectWebSocket(server.address)]).then(
      (ends) => ends.map((end) => connectContract(engineContract, end)),
    );
    await one!.request('runs.start', { name: 'real', foundBy: 'manual' });
    await one!.request('demo.enter', {});
    expect((await one!.request('runs.list', {})).total).toBe(0);
    expect((await other!.request('runs.list', {})).total).toBe(1);
    await one!.request('demo.leave', {});
    expect((await one!.request('runs.list', {})).total).toBe(1);
    for (const client of [one, other]) client!.close();
  });
});

describe('a port', () => {
  it('that is taken is said to be, with what to do', async () => {
    const port = Number(new URL(server.address.url).port);
    await expect(createEngineServer({ ...options, engine, hub, port })).rejects.toMatchObject({
      code: 'engine/unreachable',
      hint: expect.stringContaining('--port'),
    });
  });

  it('is free again once the server is closed, and closing twice is safe', async () => {
    const port = Number(new URL(server.address.url).port);
    await server.close();
    await server.close();
    await expect(send('/healthz')).rejects.toThrow(/ECONNREFUSED/);
    const again = await createEngineServer({ ...options, engine, hub, port, token: server.address.token });
    expect(again.address).toEqual(server.address);
    await again.close();
  });
});
