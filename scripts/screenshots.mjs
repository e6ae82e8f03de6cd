// `npm run screenshots [-- --out DIR]`: every view, light and dark, wide and narrow, with data and without, into DIR;
// without --out also the few that the documentation shows, into docs/screenshots/.
import { spawn, spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { chromium } from '@playwright/test';
import { findChromium } from '../tests/browser/chromium.ts';
import { readBuildNeed } from './start-build.mjs';

/** @typedef {import('@playwright/test').Page} Page */
/** @typedef {{ readonly url: string, readonly openUrl: string, close(): Promise<void> }} Served */

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const { values } = parseArgs({ options: { out: { type: 'string' } } });
const out = values.out ?? join(root, 'test-results/screenshots');
const kept = join(root, 'docs/screenshots');
/** What is kept in git: its name there, without '-wide-full'. */
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

const sizes = [
  { name: 'wide', width: 1280, height: 800 },
  { name: 'narrow', width: 900, height: 600 },
];
const themes = ['light', 'dark'];
const views = [
  { name: 'live', hash: '#/live' },
  { name: 'charts', hash: '#/live/charts' },
  { name: 'runs', hash: '#/runs' },
  { name: 'run', hash: null }, // the first run of the list
  { name: 'alerts', hash: '#/alerts' },
  { name: 'sensors', hash: '#/sensors' },
  { name: 'settings', hash: '#/settings' },
];

/** @param {'demo' | 'serve'} kind @returns {Promise<Served>} */
async function startServed(kind) {
  const home = mkdtempSync(join(tmpdir(), 'wattrun-screenshots-'));
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
  await page
    .getByRole('contentinfo')
    .getByText(/^Sampling/)
    .waitFor();
  await page.waitForFunction(() =>
    [...document.querySelectorAll('canvas')].every((canvas) => {
      const data = canvas.getContext('2d')?.getImageData(0, 0, canvas.width, canvas.height).data;
      return data === undefined || new Set(new Uint32Array(data.buffer)).size > 3;
    }),
  );
  await page.waitForFunction(() => document.querySelector('[aria-busy="true"]') === null);
  await page.evaluate(() => document.fonts.ready);
  // One reading more, so that nothing is caught between two drawings.
  await page.waitForTimeout(1200);
}

/**
 * @param {import('@playwright/test').Browser} browser
 * @param {Served} served
 * @param {'full' | 'empty'} state
 */
async function takeAll(browser, served, state) {
  for (const { name: size, ...viewport } of sizes) {
    const context = await browser.newContext({ viewport, locale: 'en-US' });
    const page = await context.newPage();
    await page.goto(served.openUrl);
    await settle(page);
    for (const theme of themes)
      for (const view of views) {
        const hash = view.hash ?? (await firstRun(page, served));
        if (hash === null) continue; // an empty record has no run to show
        await page.goto(`${served.url}?theme=${theme}${hash}`);
        await settle(page);
        const path = join(out, `${view.name}-${theme}-${size}-${state}.png`);
        await page.screenshot({ path });
        console.log(relative(process.cwd(), path));
      }
    await context.close();
  }
}

/** @param {Page} page @param {Served} served */
async function firstRun(page, served) {
  await page.goto(`${served.url}#/runs`);
  await settle(page);
  const link = page.getByRole('table', { name: 'Runs' }).getByRole('link').first();
  return (await link.count()) === 0 ? null : link.getAttribute('href');
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
} finally {
  await browser.close();
}

if (values.out === undefined) {
  mkdirSync(kept, { recursive: true });
  console.log('\nkept in git:');
  for (const name of chosen) {
    copyFileSync(join(out, `${name}-wide-full.png`), join(kept, `${name}.png`));
    console.log(relative(process.cwd(), join(kept, `${name}.png`)));
  }
}
