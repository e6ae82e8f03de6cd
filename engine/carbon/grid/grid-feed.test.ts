import { mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { GridStatus } from '../../../shared/model/carbon.ts';
import { defaultSettings, type Settings } from '../../../shared/model/settings.ts';
import {
  electricityMapsForecast,
  electricityMapsHistory,
  type GridServer,
  json,
  openGridServer,
  status,
} from '../../../tests/fakes/grid-server.ts';
import { createSqliteStore } from '../../store/sqlite-store.ts';
import type { Store } from '../../store/store.ts';
import { askGrid } from './ask-grid.ts';
import { createGridFeed, type GridFeed } from './grid-feed.ts';
import { createGridTokens } from './grid-tokens.ts';
import { createIntensityFileReader } from './intensity-file.ts';

const startMs = Date.UTC(2026, 0, 15, 12, 10);
const hour = 3_600_000;

let server: GridServer;
let store: Store;
let feed: GridFeed;
let settings: Settings;
let nowMs: number;
let said: GridStatus[];
let readings: string[];

function openFeed(environment: Readonly<Record<string, string>> = {}): GridFeed {
  const learned = { read: store.readLearned, write: store.writeLearned };
  const tokens = createGridTokens(learned, environment);
  const opened: GridFeed = createGridFeed({
    store,
    learned,
    tokens,
    unixMs: () => nowMs,
    settings: () => settings,
    url: server.url,
    ask: (request, signal) => askGrid(request, signal, 400),
    readFile: createIntensityFileReader(),
    write: (work) => work(),
    log: () => {},
    onReadings: (series) => readings.push(series),
    onChanged: () => said.push(opened.status()),
    pauseMs: 1,
  });
  return opened;
}

beforeEach(async () => {
  server = await openGridServer();
  store = createSqliteStore({ path: ':memory:', nowMs: startMs });
  nowMs = startMs;
  said = [];
  readings = [];
  settings = { ...defaultSettings, gridProvider: 'electricity-maps', gridZone: 'DE' };
  store.writeLearned('grid.token.electricity-maps', 'secret');
  feed = openFeed();
});
afterEach(async () => {
  await feed.close();
  await server.close();
  store.close();
});

/** Ticks until it has said something more. */
async function heard(): Promise<GridStatus> {
  const before = said.length;
  for (let tries = 0; tries < 400 && said.length === before; tries++) {
    feed.step();
    nowMs += 1000;
    await delay(5);
  }
  const last = said.at(-1);
  if (said.length === before || last === undefined) throw new Error('The feed said nothing.');
  return last;
}

const answerWell =
  (grams: readonly number[]): GridServer['answer'] =>
  (path, response) =>
    json(
      path.includes('/forecast')
        ? electricityMapsForecast('DE', nowMs, [300, 250, 200, 100, 100])
        : electricityMapsHistory('DE', nowMs, grams),
    )(path, response);

describe('the feed of grid readings', () => {
  it('asks nobody before the settings name a provider, nor without a token, nor for a zone that is none', async () => {
    for (const without of [{ gridProvider: null }, { gridZone: null }, { gridZone: '../x' }] as const) {
      settings = { ...defaultSettings, gridProvider: 'electricity-maps', gridZone: 'DE', ...without };
      feed.step();
      nowMs += 2000;
      await feed.fetchNow();
    }
    settings = { ...defaultSettings, gridProvider: 'entso-e', gridZone: '10Y1001A1001A83F' };
    expect((await feed.fetchNow()).problem?.code).toBe('token-missing');
    expect(server.asked).toEqual([]);
  });

  it('keeps what it hears, says what counts now, and what is cleaner', async () => {
    server.answer = answerWell([310, 305, 290]);
    const now = await heard();
    expect(now).toMatchObject({ state: 'fresh', problem: null, current: { gramsCO2ePerKwh: 290, isEstimated: true } });
    expect(now.fallbackSinceMs).toBeNull();
    expect(now.cleanerHours[0]).toMatchObject({ hours: 1, intensityGramsCO2ePerKwh: 100 });
    expect(readings).toEqual(['electricity-maps:DE']);
    expect(feed.points(startMs - 3 * hour, startMs).map((point) => point.gramsCO2ePerKwh)).toEqual([310, 305, 290]);
    expect(server.asked.every(({ token, path }) => token === 'secret' && !path.includes('secret'))).toBe(true);
  });

  it('asks once a data period, also as a new engine over the same record', async () => {
    server.answer = answerWell([290]);
    await heard();
    const asked = server.asked.length;
    expect(asked).toBe(2);
    for (let i = 0; i < 50; i++) {
      nowMs += 60_000;
      feed.step();
      await feed.fetchNow();
    }
    await feed.close();
    feed = openFeed();
    feed.step();
    await feed.fetchNow();
    expect(server.asked.length).toBe(asked);
    nowMs += 15 * 60_000;
    await heard();
    expect(server.asked.length).toBe(asked + 2);
  });

  it.each([
    ['refused with 401', status(401), 'refused'],
    ['refused with 403', status(403), 'refused'],
    ['broken with 500', status(500), 'server'],
    [
      'no JSON',
      (_path: string, response: Parameters<GridServer['answer']>[1]) => response.end('<html>'),
      'wrong-answer',
    ],
    ['another shape', json({ zone: 'DE', history: 'none' }), 'wrong-answer'],
    ['another zone', json(electricityMapsHistory('FR', startMs, [50])), 'wrong-answer'],
    ['absurd', json(electricityMapsHistory('DE', startMs, [1e6])), 'wrong-answer'],
    ['a redirect', status(302, { location: 'http://127.0.0.1:1/' }), 'wrong-answer'],
    ['late', () => {}, 'timeout'],
    ['broken off', (_path: string, response: Parameters<GridServer['answer']>[1]) => response.destroy(), 'unreachable'],
  ])('invents nothing where the answer is %s', async (_name, answer, code) => {
    server.answer = answer;
    const now = await heard();
    expect(now).toMatchObject({ state: 'failing', newest: null, current: null, problem: { code } });
    expect(now.problem?.message).not.toContain('secret');
    expect(feed.points(0, 9e12)).toEqual([]);
    expect(readings).toEqual([]);
  });

  it('waits twice as long after each failure, and asks again once it may', async () => {
    server.answer = status(500);
    const first = await heard();
    expect((first.nextAskMs ?? 0) - (first.lastAskedMs ?? 0)).toBe(hour);
    nowMs = first.nextAskMs ?? 0;
    const second = await heard();
    expect((second.nextAskMs ?? 0) - (second.lastAskedMs ?? 0)).toBe(2 * hour);
    server.answer = answerWell([290]);
    nowMs = second.nextAskMs ?? 0;
    expect(await heard()).toMatchObject({ state: 'fresh', problem: null });
  });

  it('waits as long as a 429 wants', async () => {
    server.answer = status(429, { 'retry-after': '10800' });
    const now = await heard();
    expect(now.problem?.code).toBe('limited');
    expect((now.nextAskMs ?? 0) - (now.lastAskedMs ?? 0)).toBe(3 * hour);
    // A button does not get around it.
    nowMs += 60_000;
    await feed.fetchNow();
    expect(server.asked).toHaveLength(1);
  });

  it('keeps yesterday’s data for yesterday and says since when the table counts', async () => {
    server.answer = (path, response) =>
      json(electricityMapsHistory('DE', startMs - 24 * hour, [310, 305]))(path, response);
    const now = await heard();
    expect(now).toMatchObject({ state: 'stale', current: null, newest: { gramsCO2ePerKwh: 305 } });
    expect(now.fallbackSinceMs).toBe(Date.UTC(2026, 0, 14, 13));
    expect(feed.points(startMs - hour, startMs)).toEqual([]);
  });

  it('goes stale by itself when the provider falls silent', async () => {
    server.answer = answerWell([290]);
    await heard();
    server.answer = status(500);
    nowMs += 5 * hour;
    const now = await heard();
    expect(now).toMatchObject({ state: 'stale', problem: { code: 'server' }, current: null });
    expect(now.fallbackSinceMs).toBe(Date.UTC(2026, 0, 15, 13));
  });

  it('lives without a forecast that the plan does not have', async () => {
    server.answer = (path, response) =>
      (path.includes('/forecast') ? status(403) : json(electricityMapsHistory('DE', nowMs, [290])))(path, response);
    expect(await heard()).toMatchObject({ state: 'fresh', problem: null, cleanerHours: [] });
    nowMs += hour;
    await heard();
    expect(server.asked.filter(({ path }) => path.includes('/forecast'))).toHaveLength(1);
  });

  it('takes a new token at once', async () => {
    server.answer = status(401);
    await heard();
    server.answer = answerWell([290]);
    store.writeLearned('grid.token.electricity-maps', 'another');
    expect(await heard()).toMatchObject({ state: 'fresh' });
    expect(server.asked.at(-1)?.token).toBe('another');
  });

  it('asks for the past piece by piece, and stops at the first that is refused', async () => {
    server.answer = (path, response) => {
      const start = new URL(path, 'http://grid').searchParams.get('start') ?? '';
      const values = [0, 1].map((i) => ({
        carbonIntensity: 100 + i,
        datetime: new Date(Date.parse(start) + i * hour).toISOString(),
      }));
      json({ zone: 'DE', data: values })(path, response);
    };
    const now = await feed.fetchSince(startMs - 25 * 24 * hour);
    expect(now.problem).toBeNull();
    expect(server.asked.map(({ path }) => path.split('?')[0])).toEqual(
      Array(3).fill('/v3/carbon-intensity/past-range'),
    );
    expect(store.listSeries()).toMatchObject([{ series: 'electricity-maps:DE', points: 6 }]);
    server.answer = status(403);
    expect((await feed.fetchSince(startMs - 25 * 24 * hour)).problem?.code).toBe('refused');
    expect(server.asked).toHaveLength(4);
  });

  it('never keeps a tick waiting, and leaves nothing running', async () => {
    server.answer = () => {};
    // It returns before anybody has been asked, let alone answered.
    feed.step();
    expect(server.asked).toEqual([]);
    expect(feed.status().state).toBe('waiting');
    await feed.close();
    expect(feed.status().newest).toBeNull();
  });
});

describe('the feed from a file', () => {
  const folder = mkdtempSync(join(tmpdir(), 'wattrun-grid-'));
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it('reads it again when it has changed, and says what is wrong with it', async () => {
    const path = join(folder, 'grid.csv');
    writeFileSync(path, 'from,gco2e_per_kwh\n2026-01-15T11:00Z,300\n2026-01-15T12:00Z,280\n');
    settings = { ...defaultSettings, gridProvider: 'csv', gridCsvPath: path };
    expect(await heard()).toMatchObject({ state: 'fresh', current: { gramsCO2ePerKwh: 280, source: 'file grid.csv' } });
    writeFileSync(path, 'from,gco2e_per_kwh\n2026-01-15T12:00Z,many\n');
    utimesSync(path, new Date(), new Date(Date.now() + 5000));
    nowMs += 60_000;
    expect(await heard()).toMatchObject({ problem: { code: 'wrong-answer' }, current: { gramsCO2ePerKwh: 280 } });
    rmSync(path);
    nowMs += 60_000;
    expect(await heard()).toMatchObject({ problem: { code: 'file-missing' } });
    expect(server.asked).toEqual([]);
  });
});

it('says that a provider which is tried did not answer where it is closed meanwhile, and asks it anew when it is tried again', async () => {
  server.answer = () => {};
  const tried = feed.tryNow(false);
  await vi.waitFor(() => expect(server.asked).toHaveLength(1));
  await feed.close();
  expect(await tried).toMatchObject({ problem: { code: 'unreachable' } });
  feed = openFeed();
  server.answer = status(401);
  expect(await feed.tryNow(false)).toMatchObject({ problem: { message: expect.stringContaining('401') } });
});
