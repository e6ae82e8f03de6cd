import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';

export interface GridServer {
  readonly url: string;
  /** Paths with their queries, in the order they came. */
  readonly asked: { readonly path: string; readonly token: string | undefined }[];
  /** What it answers from now on. */
  answer: (path: string, response: ServerResponse) => void;
  close(): Promise<void>;
}

export const json = (body: unknown) => (_path: string, response: ServerResponse) => {
  response.setHeader('content-type', 'application/json');
  response.end(JSON.stringify(body));
};

export const status =
  (code: number, headers: Readonly<Record<string, string>> = {}) =>
  (_path: string, response: ServerResponse) => {
    response.writeHead(code, headers);
    response.end('{"error":"no"}');
  };

/** A grid's API on this machine: answers what a test wants, and never before it says what. */
export async function openGridServer(): Promise<GridServer> {
  const asked: GridServer['asked'][number][] = [];
  const server = createServer((request: IncomingMessage, response) => {
    const path = request.url ?? '';
    asked.push({ path, token: request.headers['auth-token']?.toString() });
    grid.answer(path, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const grid: GridServer = {
    asked,
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    answer: status(500),
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return grid;
}

/**
 * Waits where a data period ends, or is asked for anew (90 s after it began), within the next half minute: what a test hears before that and after it are
 * two things.
 */
export async function awayFromPeriodEnd(periodMs: number): Promise<void> {
  const into = Date.now() % periodMs;
  const left = [periodMs - into, 90_000 - into].filter((ms) => ms > 0 && ms < 30_000);
  for (const ms of left) await delay(ms + 1000);
}

const hourMs = 3_600_000;

/** Hours before and up to `nowMs`, as Electricity Maps tells them. */
export const electricityMapsHistory = (zone: string, nowMs: number, grams: readonly number[]) => ({
  zone,
  history: grams.map((carbonIntensity, i) => ({
    zone,
    carbonIntensity,
    datetime: new Date((Math.floor(nowMs / hourMs) - (grams.length - 1 - i)) * hourMs).toISOString(),
    updatedAt: new Date(nowMs).toISOString(),
    emissionFactorType: 'lifecycle',
    isEstimated: i === grams.length - 1,
    estimationMethod: null,
  })),
});

export const electricityMapsForecast = (zone: string, nowMs: number, grams: readonly number[]) => ({
  zone,
  forecast: grams.map((carbonIntensity, i) => ({
    carbonIntensity,
    datetime: new Date((Math.floor(nowMs / hourMs) + i) * hourMs).toISOString(),
  })),
  updatedAt: new Date(nowMs).toISOString(),
});
