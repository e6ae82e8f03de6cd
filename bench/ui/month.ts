import type { Page } from '@playwright/test';
import { median, milliseconds, type Report } from '../report.ts';
import { type BenchBrowser, type PageFacts, percentile, watchPage } from './browser.ts';
import type { ServedEngine } from './served.ts';

/** Remembers when a canvas was last drawn on, and when anything was last asked of the page. */
async function watchDrawing(page: Page): Promise<void> {
  await page.addInitScript(() => {
    const drawn = { lastMs: 0 };
    Object.assign(globalThis, { drawn });
    const { stroke } = CanvasRenderingContext2D.prototype;
    CanvasRenderingContext2D.prototype.stroke = function (...path: unknown[]) {
      drawn.lastMs = performance.now();
      Reflect.apply(stroke, this, path);
    };
  });
}

async function openLive(browser: BenchBrowser, served: ServedEngine, hash: string): Promise<Page> {
  const page = await browser.newPage();
  await watchDrawing(page);
  await page.goto(served.openUrl);
  await page.goto(`${new URL(served.openUrl).origin}/${hash}`);
  await page.locator('canvas').first().waitFor();
  await page.waitForTimeout(2000);
  return page;
}

const choose = (page: Page, name: string): Promise<void> =>
  page.getByRole('button', { name, exact: true }).first().click();

const quietMs = 1200;

/** From the click on a window to the last stroke of its charts; nothing else is drawn meanwhile. */
async function openingMs(page: Page, name: string): Promise<number> {
  const startedMs = await page.evaluate((wanted) => {
    const button = [...document.querySelectorAll<HTMLElement>('fieldset button')].find(
      (one) => one.textContent === wanted,
    );
    if (button === undefined) throw new Error(`There is no window ${wanted}.`);
    const atMs = performance.now();
    button.click();
    return atMs;
  }, name);
  await page.waitForTimeout(quietMs);
  const lastMs = await page.evaluate(() => (globalThis as unknown as { drawn: { lastMs: number } }).drawn.lastMs);
  return lastMs - startedMs;
}

/** How long a window takes to open, on a record of a month. Sampling is set to a minute, so that no reading draws in between. */
export async function benchOpening(browser: BenchBrowser, served: ServedEngine, days: number): Promise<Report> {
  const write = served.engine.handlers['settings.write'];
  await write({ samplePeriodSeconds: 60 });
  const rows = [];
  for (const [view, hash] of [
    ['overview', '#/live'],
    ['six charts of 8 GPUs', '#/live/charts'],
  ] as const) {
    const page = await openLive(browser, served, hash);
    const times = new Map<string, number[]>(['30 d', '7 d', '24 h', '6 h'].map((name) => [name, []]));
    for (let round = 0; round < 5; round++)
      for (const [name, taken] of times) {
        taken.push(await openingMs(page, name));
        await openingMs(page, '5 m');
      }
    for (const [name, taken] of times)
      rows.push({ what: `${name}, ${view}`, cells: [milliseconds(median(taken)), milliseconds(Math.max(...taken))] });
    await page.close();
  }
  await write({ samplePeriodSeconds: 1 });
  return {
    title: `Opening a window on ${days} days at 1 Hz × 8 GPUs`,
    columns: ['median of 5', 'longest'],
    rows,
    notes: ['From the click to the last stroke of the charts, query included; engine and browser share the machine.'],
  };
}

const droppedMs = 25;

const frameCells = (facts: PageFacts): readonly string[] => [
  (1000 / (facts.frameMs.reduce((sum, each) => sum + each, 0) / facts.frameMs.length)).toFixed(1),
  milliseconds(percentile(facts.frameMs, 0.99)),
  `${((100 * facts.frameMs.filter((each) => each > droppedMs).length) / facts.frameMs.length).toFixed(2)} %`,
  String(facts.longTaskMs.length),
  milliseconds(Math.max(0, ...facts.longTaskMs)),
];

/** Frames while readings come in once a second, beside an empty page of the same browser. */
export async function benchFrames(browser: BenchBrowser, served: ServedEngine, seconds: number): Promise<Report> {
  const rows = [];
  const blank = await browser.newPage();
  await blank.goto('about:blank');
  const blankWatch = await watchPage(blank);
  await blank.waitForTimeout(seconds * 1000);
  rows.push({ what: 'an empty page', cells: [...frameCells(await blankWatch.read()), ''] });
  await blank.close();
  for (const [what, hash] of [
    ['overview, 24 h', '#/live'],
    ['six charts of 8 GPUs, 24 h', '#/live/charts'],
  ] as const) {
    const page = await openLive(browser, served, hash);
    await choose(page, '24 h');
    await page.waitForTimeout(2000);
    const watch = await watchPage(page);
    await watch.read();
    const before = await browser.cpu();
    await page.waitForTimeout(seconds * 1000);
    const after = await browser.cpu();
    const perUpdate = (1000 * (after.rendererSeconds - before.rendererSeconds)) / seconds;
    rows.push({ what, cells: [...frameCells(await watch.read()), milliseconds(perUpdate)] });
    await page.close();
  }
  return {
    title: 'Live, one reading a second',
    columns: ['frames/s', 'p99 frame', `over ${droppedMs} ms`, 'long tasks', 'longest task', 'renderer CPU/reading'],
    rows,
    notes: ['Software raster, no GPU. A frame is counted by requestAnimationFrame; a long task is one over 50 ms.'],
  };
}

/** Clicks, keys and a hand on the charts, as a user who looks around. */
export async function benchInteractions(browser: BenchBrowser, served: ServedEngine): Promise<Report> {
  const page = await openLive(browser, served, '#/live/charts');
  const watch = await watchPage(page);
  const steps: readonly (readonly [string, () => Promise<void>])[] = [
    ['windows', () => eachOf(['5 m', '1 h', '24 h', '30 d'], (name) => choose(page, name))],
    ['pages', () => eachOf(['2', '3', '4', '1'], (key) => page.keyboard.press(`Control+${key}`))],
    [
      'palette',
      () => eachOf(['Control+k', 'w', 'i', 'n', 'd', 'ArrowDown', 'Escape'], (key) => page.keyboard.press(key)),
    ],
    ['charts by key', () => onChart(page)],
    ['sidebar', () => eachOf(['[', '['], (key) => page.keyboard.press(key))],
  ];
  const rows = [];
  const all: number[] = [];
  for (const [what, act] of steps) {
    const taken: number[] = [];
    for (let round = 0; round < 6; round++) {
      await page.evaluate(() => {
        location.hash = '#/live/charts';
      });
      await page.waitForTimeout(400);
      await watch.read();
      await act();
      await page.waitForTimeout(300);
      taken.push(...(await watch.read()).interactionMs);
    }
    all.push(...taken);
    rows.push({ what, cells: cellsOf(taken) });
  }
  rows.push({ what: 'all', cells: cellsOf(all) });
  await page.close();
  return {
    title: 'From an interaction to the next paint',
    columns: ['slower than 16 ms', 'median of those', 'p95', 'longest'],
    rows,
    notes: [
      'Event Timing of the browser, in steps of 8 ms; interactions under 16 ms are not told, so the percentiles are of the slower ones alone. 8 GPUs, a month on record.',
    ],
  };
}

const cellsOf = (taken: readonly number[]): readonly string[] =>
  taken.length === 0
    ? ['0', '', '', '']
    : [String(taken.length), ...[median(taken), percentile(taken, 0.95), Math.max(...taken)].map(milliseconds)];

async function eachOf<T>(all: readonly T[], act: (one: T) => Promise<void>): Promise<void> {
  for (const one of all) {
    await act(one);
    await new Promise((resolve) => setTimeout(resolve, 120));
  }
}

async function onChart(page: Page): Promise<void> {
  await page.locator('canvas').first().focus();
  await eachOf(['ArrowLeft', 'ArrowLeft', '+', '+', '-', 'Home', 'End'], (key) => page.keyboard.press(key));
}
