import type { IncomingMessage, ServerResponse } from 'node:http';
import { getRequestListener } from '@hono/node-server';
import { serveStatic } from '@hono/node-server/serve-static';
import { type Context, Hono } from 'hono';
import { engineContract } from '../../shared/contract/engine-contract.ts';
import { WattrunError, wireErrorFrom } from '../../shared/contract/errors.ts';
import { publishedSchemas } from '../reports/json-schema.ts';
import { type Access, type AccessOptions, checkAccess, factsOf, isSame } from './access.ts';
import { mostBodyBytes } from './limits.ts';
import { renderMetrics } from './metrics.ts';
import { openApiDocument } from './openapi.ts';
import type { EngineServerOptions } from './server-options.ts';

/** Answers a request. Loaded with the first one: a wrapped run that nobody asks anything must not wait for a web framework. */
export function createRequestListener(
  options: EngineServerOptions,
  access: AccessOptions,
): (request: IncomingMessage, response: ServerResponse) => unknown {
  return getRequestListener(createApp(options, access).fetch);
}

const policy =
  "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self'; connect-src 'self' ws: wss:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

function createApp(options: EngineServerOptions, access: AccessOptions): Hono {
  const app = new Hono();
  app.use(async (context, next) => {
    const facts = factsOf((name) => context.req.header(name));
    const offered = context.req.method === 'GET' && context.req.path === '/' ? context.req.query('token') : undefined;
    const verdict = checkAccess(
      offered === undefined ? facts : { ...facts, authorization: `Bearer ${offered}` },
      access,
    );
    if (verdict.kind === 'refused') return refuse(context, verdict, options);
    if (offered !== undefined && isSame(offered, access.token)) {
      context.header('Set-Cookie', `${access.cookieName()}=${access.token}; HttpOnly; SameSite=Strict; Path=/`);
      const rest = new URLSearchParams(context.req.query());
      rest.delete('token');
      return context.redirect(rest.size === 0 ? '/' : `/?${rest}`);
    }
    await next();
    context.header('Content-Security-Policy', policy);
    context.header('X-Content-Type-Options', 'nosniff');
    context.header('Referrer-Policy', 'no-referrer');
    context.header('Cache-Control', 'no-store');
    return undefined;
  });
  app.onError((error, context) => {
    if (!(error instanceof WattrunError)) options.log(error.stack ?? String(error));
    const wire = wireErrorFrom(error);
    return context.json(wire, statusOf(wire.code));
  });
  addApi(app, options);
  if (options.uiDirectory !== null) app.use('*', serveStatic({ root: options.uiDirectory }));
  app.notFound((context) =>
    context.json({ code: 'contract/unknown', message: `There is nothing at ${context.req.path}.` }, 404),
  );
  return app;
}

function statusOf(code: string): 400 | 404 | 409 | 500 | 503 {
  if (code === 'runs/not-found' || code === 'alerts/not-found' || code === 'projects/not-found') return 404;
  if (code === 'runs/not-running' || code === 'runs/not-mergeable' || code === 'runs/not-dismissable') return 409;
  // Nothing is wrong with what was asked: it may be asked again.
  if (code === 'store/full' || code === 'store/failed') return 503;
  return code === 'internal' ? 500 : 400;
}

function refuse(
  context: Context,
  verdict: Extract<Access, { kind: 'refused' }>,
  options: EngineServerOptions,
): Response | Promise<Response> {
  options.log(`refused ${context.req.method} ${context.req.path}: ${verdict.why}`);
  if (verdict.status === 401) context.header('WWW-Authenticate', 'Bearer');
  const isPage = (context.req.header('accept') ?? '').includes('text/html');
  const help = 'Open the address that “wattrun serve” printed, with its token.';
  if (isPage)
    return context.html(
      `<!doctype html><meta charset="utf-8"><title>Wattrun</title><p>${verdict.why} ${help}</p>`,
      verdict.status,
    );
  return context.json({ code: 'host/refused', message: verdict.why, hint: help }, verdict.status);
}

function addApi(app: Hono, { engine, version }: EngineServerOptions): void {
  const { handlers } = engine;
  const { requests } = engineContract;
  app.get('/healthz', (context) => context.json({ status: 'ok', pid: process.pid, version }));
  app.get('/metrics', (context) =>
    context.text(renderMetrics(engine.live(), engine.joulesSinceStart()), 200, {
      'Content-Type': 'application/openmetrics-text; version=1.0.0; charset=utf-8',
    }),
  );
  app.get('/api/v1/openapi.json', (context) =>
    context.json(openApiDocument(version, new URL('/', context.req.url).href) as object),
  );
  app.get('/api/v1/schema/:name', (context) => {
    const schema = Object.entries(publishedSchemas).find(([name]) => name === context.req.param('name'))?.[1];
    return schema === undefined ? context.notFound() : context.json(schema());
  });
  app.get('/api/v1/runs', async (context) =>
    context.json(
      await handlers['runs.list'](
        parse(requests['runs.list'].payload, { project: context.req.query('project') ?? null }),
      ),
    ),
  );
  app.post('/api/v1/runs', async (context) => {
    const payload = parse(requests['runs.start'].payload, { foundBy: 'api', ...(await bodyOf(context)) });
    const run = await handlers['runs.start'](payload);
    return context.json(run, run.isJoined ? 200 : 201);
  });
  app.get('/api/v1/runs/:id', async (context) =>
    context.json(await handlers['runs.read']({ runId: context.req.param('id') })),
  );
  app.get('/api/v1/runs/:id/energy', async (context) =>
    context.json(await handlers['runs.energy']({ runId: context.req.param('id') })),
  );
  app.post('/api/v1/runs/:id/marks', async (context) => {
    const payload = parse(requests['runs.mark'].payload, {
      ...(await bodyOf(context)),
      runId: context.req.param('id'),
    });
    return context.json(await handlers['runs.mark'](payload), 201);
  });
  app.post('/api/v1/runs/:id/stop', async (context) => {
    const payload = parse(requests['runs.stop'].payload, {
      ...(await bodyOf(context)),
      runId: context.req.param('id'),
    });
    return context.json(await handlers['runs.stop'](payload));
  });
}

async function bodyOf(context: Context): Promise<Record<string, unknown>> {
  const length = Number(context.req.header('content-length') ?? 0);
  if (length > mostBodyBytes) throw new WattrunError('contract/invalid', 'The request is too large.');
  const text = await context.req.text();
  if (text === '') return {};
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  } catch {
    // Said below, with the same words as for any other wrong body.
  }
  throw new WattrunError('contract/invalid', 'The body must be a JSON object.');
}

function parse<T>(
  schema: { safeParse(value: unknown): { success: true; data: T } | { success: false; error: { message: string } } },
  value: unknown,
): T {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new WattrunError('contract/invalid', parsed.error.message);
}
