import { randomBytes } from 'node:crypto';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { WebSocketServer } from 'ws';
import { WattrunError } from '../../shared/contract/errors.ts';
import type { EngineAddress } from '../ownership/ownership.ts';
import { type AccessOptions, checkAccess, factsOf } from './access.ts';
import type { createRequestListener } from './engine-app.ts';
import { mostBodyBytes } from './limits.ts';
import type { EngineServerOptions } from './server-options.ts';
import { webSocketTransport } from './web-socket-transport.ts';

/** Not by `import`: that reads every export of the module, its WebSocket among them, and so loads the whole of undici for nothing. */
const { createServer } = process.getBuiltinModule('node:http');

export interface EngineServer {
  readonly address: EngineAddress;
  /** The address with its token in it: for a browser, which keeps it in a cookie and drops it from the URL. */
  readonly openUrl: string;
  close(): Promise<void>;
}

/** API, metrics, UI and WebSocket on one loopback port. Throws WattrunError('engine/unreachable') when the port cannot be had. */
export async function createEngineServer(options: EngineServerOptions): Promise<EngineServer> {
  const token = options.token ?? randomBytes(24).toString('base64url');
  let port = options.port;
  const access: AccessOptions = {
    token,
    hosts: () => hostsOf(options.host, port),
    cookieName: () => `wattrun-${port}`,
  };
  let listener: ReturnType<typeof createRequestListener> | null = null;
  const server = createServer(async (request, response) => {
    listener ??= (await import('./engine-app.ts')).createRequestListener(options, access);
    listener(request, response);
  });
  const sockets = new WebSocketServer({ noServer: true, maxPayload: mostBodyBytes });
  server.on('upgrade', (request, socket, head) => {
    const isOurs = new URL(request.url ?? '/', 'http://local').pathname === '/ws';
    const verdict = checkAccess(
      factsOf((name) => request.headers[name]),
      access,
    );
    if (!isOurs || verdict.kind === 'refused') {
      const status = isOurs && verdict.kind === 'refused' ? verdict.status : 404;
      socket.end(`HTTP/1.1 ${status} Refused\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
      return;
    }
    sockets.handleUpgrade(request, socket, head, (webSocket) => options.hub.serve(webSocketTransport(webSocket)));
  });
  await listenSomewhere(server, options);
  port = (server.address() as AddressInfo).port;
  const url = `http://${urlHost(options.host)}:${port}/`;
  return {
    address: { url, token, pid: process.pid },
    openUrl: `${url}?token=${token}`,
    async close() {
      for (const client of sockets.clients) client.terminate();
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

const loopbackNames = ['127.0.0.1', 'localhost', '[::1]'];

function urlHost(host: string): string {
  if (host === '0.0.0.0' || host === '::') return '127.0.0.1';
  return host.includes(':') ? `[${host}]` : host;
}

function hostsOf(host: string, port: number): readonly string[] {
  const names = [...loopbackNames, urlHost(host).toLowerCase()];
  return [...names.map((name) => `${name}:${port}`), ...(port === 80 ? names : [])];
}

/** At the port that was asked for; where any would do, at the one used the last time, so that addresses, and what pages keep by them, stay. */
async function listenSomewhere(server: Server, { port, host, usualPort = null }: EngineServerOptions): Promise<void> {
  if (port === 0 && usualPort !== null) {
    try {
      return await listen(server, usualPort, host);
    } catch (error) {
      // Somebody else has it now: any other will do.
      if (!(error instanceof WattrunError)) throw error;
    }
  }
  await listen(server, port, host);
}

function listen(server: Server, port: number, host: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error) =>
      reject(
        new WattrunError(
          'engine/unreachable',
          `Port ${port} on ${host} cannot be used (${error.message}).`,
          'Choose another with --port, or none for a free one.',
        ),
      ),
    );
    server.listen(port, host, resolve);
  });
}
