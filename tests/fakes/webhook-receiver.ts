import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Received {
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  readonly path: string;
}

/** 'hang': it reads and never answers. 'redirect': it sends on to another host. */
export type Mood = 'answer' | 'fail' | 'hang' | 'redirect';

export interface WebhookReceiver {
  readonly url: string;
  /** What it took, in the order it came; what it refused or never answered is apart. */
  readonly taken: readonly Received[];
  readonly refused: readonly Received[];
  mood: Mood;
  /** Ends it, and every connection; `start` brings it back on the same port. */
  stop(): Promise<void>;
  start(): Promise<void>;
}

/** A webhook's other end that fails, hangs, redirects and goes away when told. */
export async function createWebhookReceiver(): Promise<WebhookReceiver> {
  const taken: Received[] = [];
  const refused: Received[] = [];
  let server: Server | null = null;
  let port = 0;
  const receiver = {
    taken,
    refused,
    mood: 'answer' as Mood,
    get url() {
      return `http://127.0.0.1:${port}/hook/secret-path`;
    },
    async start() {
      const next = createServer((request, response) => {
        let body = '';
        request.on('data', (piece: Buffer) => {
          body += piece.toString('utf8');
        });
        request.on('end', () => {
          const one = { headers: request.headers, body, path: request.url ?? '' };
          (receiver.mood === 'answer' ? taken : refused).push(one);
          if (receiver.mood === 'hang') return;
          if (receiver.mood === 'redirect') response.setHeader('Location', 'http://localhost.invalid/elsewhere');
          response.statusCode = { answer: 204, fail: 503, redirect: 307 }[receiver.mood];
          response.end(receiver.mood === 'fail' ? 'secret words of the receiver' : '');
        });
      });
      await new Promise<void>((resolve, reject) => {
        next.once('error', reject);
        next.listen(port, '127.0.0.1', resolve);
      });
      port = (next.address() as AddressInfo).port;
      server = next;
    },
    stop: () =>
      new Promise<void>((resolve) => {
        server?.closeAllConnections();
        if (server === null) resolve();
        else server.close(() => resolve());
        server = null;
      }),
  };
  await receiver.start();
  return receiver;
}
