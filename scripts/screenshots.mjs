// `npm run screenshots [-- --out DIR] [--only TEXT]`: every view in every theme and language, wide, narrow and at 200 %, with data and without, and what
// is not always there (looking back, an engine that is gone), into DIR; without --out also the few that the documentation shows, into docs/screenshots/.
// --only takes those whose name holds the text, and renews those of them that the documentation shows: `--only zh-CN`, `--only settings-dark`.
import { spawn, spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { chromium } from '@playwright/test';
import { findChromium } from '../tests/browser/chromium.ts';
import { everyView, showView } from '../tests/serve/every-view.ts';
import { prepareWelcomedHome } from '../tests/welcomed-home.ts';
import { readBuildNeed } from './start-build.mjs';

/** @typedef {import('@playwright/test').Page} Page */
/** @typedef {{ readonly url: string, readonly openUrl: string, close(): Promise<void> }} Served */

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const { values } = parseArgs({ options: { out: { type: 'string' }, only: { type: 'string' } } });
const out = values.out ?? join(root, 'test-results/screenshots');
const kept = join(root, 'docs/screenshots');
const keptSuffix = '-en-1280-full';
/** What is kept in git: its name there, without the suffix. */
const chosen = [
  'live-dark',
  'live-light',
  'charts-dark',
  'runs-light',
  'run-light',
  'alerts-light',
  'sensors-light',
  'settings-light',
];

/** @typedef {{ readonly theme: string, readonly language: string, readonly width: number }} Look */
const languages = ['en', 'zh-CN'];
/** Wide in every theme and language; the other sizes in one theme of each language. 720 px wide is also a window of 1440 px at 200 %. */
const looks = /** @type {readonly Look[]} */ (
  languages.flatMap((language) => [
    ...['light', 'dark', 'contrast'].map((theme) => ({ theme, language, width: 1280 })),
    { theme: 'dark', language, width: 900 },
    { theme: 'light', language, width: 720 },
  ])
);
const heights = new Map([
  [1280, 800],
  [900, 600],
  [720, 450],
]);
/** Of a record that is still empty: one theme is enough. */
const emptyLooks = looks.filter(({ theme, width }) => theme === 'light' && width === 1280);
/** These say what to do while there is nothing. */
const emptyViews = ['live', 'charts', 'processes', 'runs', 'compare', 'alerts', 'sensors', 'settings'];

/** @param {'demo' | 'serve'} kind @returns {Promise<Served>} */
async function startServed(kind) {
  const home = mkdtempSync(join(tmpdir(), 'wattrun-screenshots-'));
  prepareWelcomedHome(home);
  const child = spawn(process.execPath, [join(root, 'cli/main.ts'), kind, '--json'], {
    env: { ...process.env, WATTRUN_HOME: home },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = new Promise((resolve) => child.once('close', resolve));
  const line = await new Promise((resolve, reject) => {
    child.stdout.once('data', (data) => resolve(String(data)));
    child.once('close', (code) => reject(new Error(`wattrun ${kind} ended with ${code}`)));
  });
  const { url, token } = JSON.parse(line);
  return {
    url,
    openUrl: `${url}?token=${token}`,
    async close() {
      child.kill('SIGTERM');
      await ended;
      rmSync(home, { recursive: true, force: true });
    },
  };
}

/** Waits for numbers, for every canvas to be painted, and for bars that stand for what is still read to go. @param {Page} page */
async function settle(page) {
  await page.waitForFunction(() => document.querySelector('.app, .mini') !== null);
  await page.waitForFunction(() => document.querySelector('[aria-busy="true"]') === null);
  await page.waitForFunction(() =>
    [...document.querySelectorAll('canvas')].every((canvas) => {
      if (canvas.width === 0 || canvas.height === 0) return true;
      const data = canvas.getContext('2d')?.getImageData(0, 0, canvas.width, canvas.height).data;
      return data === undefined || new Set(new Uint32Array(data.buffer)).size > 3;
    }),
  );
  await page.evaluate(() => document.fonts.ready);
  // Nothing is caught between two drawings.
  await page.waitForTimeout(150);
}

const size = (/** @type {Look} */ { width }) => ({ width, height: heights.get(width) ?? 800 });
let taken = 0;

/** @param {Page} page @param {string} view @param {Look} look @param {string} state */
async function take(page, view, { theme, language, width }, state) {
  await settle(page);
  const path = join(out, `${view}-${theme}-${language}-${width}-${state}.png`);
  await page.screenshot({ path });
  taken += 1;
  console.log(relative(process.cwd(), path));
}

/** @param {string} view @param {Look} look @param {string} state */
const isWanted = (view, { theme, language, width }, state) =>
  `${view}-${theme}-${language}-${width}-${state}`.includes(values.only ?? '');

/**
 * @param {Page} page
 * @param {Served} served
 * @param {Look} look
 * @param {'full' | 'empty'} state
 */
async function takeViews(page, served, look, state) {
  await page.setViewportSize(size(look));
  await page.goto(`${served.url}?theme=${look.theme}&language=${look.language}#/live`);
  await settle(page);
  const views =
    state === 'full'
      ? await everyView(page)
      : emptyViews.map((name) => ({ name, hash: emptyHashes.get(name) ?? `#/${name}` }));
  for (const view of views) {
    if (!isWanted(view.name, look, state)) continue;
    await showView(page, view);
    await take(page, view.name, look, state);
  }
}
const emptyHashes = new Map([
  ['charts', '#/live/charts'],
  ['processes', '#/live/processes'],
]);

/** What only happens: looking back in the charts, a page read again, a question before something is stopped. @param {Page} page @param {Served} served @param {Look} look */
async function takeStates(page, served, look) {
  if (look.width !== 1280) return;
  await page.goto(`${served.url}?theme=${look.theme}&language=${look.language}#/live/charts`);
  await settle(page);
  if (isWanted('past', look, 'full')) {
    await page.locator('canvas').first().hover();
    await page.keyboard.press('Shift+ArrowLeft');
    await page.waitForTimeout(500);
    await take(page, 'past', look, 'full');
  }
  if (isWanted('stop', look, 'full')) {
    await page.evaluate(() => {
      location.hash = '#/live';
    });
    await settle(page);
    const stop = page
      .locator('main button:has(svg)', { hasText: '' })
      .and(page.locator('[aria-label*="llama"], [aria-label*="停止"], [aria-label^="Stop"]'));
    if ((await stop.count()) > 0) {
      await stop.first().click();
      await page.getByRole('alertdialog').or(page.getByRole('dialog')).first().waitFor();
      await take(page, 'stop', look, 'full');
      await page.keyboard.press('Escape');
    }
  }
}

/** @param {import('@playwright/test').Browser} browser @param {Served} served @param {'full' | 'empty'} state */
async function takeAll(browser, served, state) {
  const context = await browser.newContext({
    viewport: size({ theme: '', language: '', width: 1280 }),
    locale: 'en-US',
    reducedMotion: 'reduce',
  });
  const page = await context.newPage();
  await page.goto(served.openUrl);
  await page.locator('footer').waitFor();
  for (const look of state === 'full' ? looks : emptyLooks) {
    await takeViews(page, served, look, state);
    if (state === 'full') await takeStates(page, served, look);
  }
  await context.close();
}

/** The engine of each page is killed, and the page says so. @param {import('@playwright/test').Browser} browser */
async function takeLost(browser) {
  for (const look of looks.filter(({ width }) => width === 1280)) {
    if (!isWanted('lost', look, 'full')) continue;
    const served = await startServed('demo');
    const context = await browser.newContext({ viewport: size(look), locale: 'en-US' });
    const page = await context.newPage();
    await page.goto(served.openUrl);
    await page.goto(`${served.url}?theme=${look.theme}&language=${look.language}#/live`);
    await settle(page);
    await served.close();
    await page.locator('.strip').first().waitFor();
    await take(page, 'lost', look, 'full');
    await context.close();
  }
}

if (readBuildNeed(root) !== 'none')
  spawnSync(process.execPath, [join(root, 'scripts/build.mjs')], { stdio: 'inherit' });
mkdirSync(out, { recursive: true });
const { executablePath, args, description } = await findChromium();
console.error(description);
const browser = await chromium.launch({ executablePath, args: [...args] });
try {
  for (const [kind, state] of /** @type {const} */ ([
    ['demo', 'full'],
    ['serve', 'empty'],
  ])) {
    const served = await startServed(kind);
    try {
      await takeAll(browser, served, state);
    } finally {
      await served.close();
    }
  }
  await takeLost(browser);
} finally {
  await browser.close();
}
console.log(`${taken} screenshots`);

const renewed = chosen.filter((name) => `${name}${keptSuffix}`.includes(values.only ?? ''));
if (values.out === undefined && renewed.length > 0) {
  mkdirSync(kept, { recursive: true });
  console.log('\nkept in git:');
  for (const name of renewed) {
    copyFileSync(join(out, `${name}${keptSuffix}.png`), join(kept, `${name}.png`));
    console.log(relative(process.cwd(), join(kept, `${name}.png`)));
  }
}
