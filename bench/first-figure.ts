import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Browser, chromium, type Page } from '@playwright/test';
import { findChromium } from '../tests/browser/chromium.ts';
import { findElectronHost, firstLoadedWindow, launchApp } from '../tests/standin/launch.ts';
import { median, milliseconds, type Report } from './report.ts';

const root = join(import.meta.dirname, '..');
const times = 5;
/** The figure with a number in it, not the dash that stands for none. */
const powerFigure = /Power now\s*[\d.,]+/;

async function seePower(page: Page): Promise<void> {
  await page.getByRole('region', { name: 'Now and today' }).filter({ hasText: powerFigure }).waitFor();
}

async function inFolder<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'wattrun-bench-'));
  try {
    return await work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

interface ServeTimes {
  readonly addressMs: number;
  readonly figureMs: number;
}

function timeServe(browser: Browser): Promise<ServeTimes> {
  return inFolder(async (home) => {
    const page = await browser.newPage({ locale: 'en-US' });
    const startedMs = performance.now();
    const child = spawn(process.execPath, [join(root, 'out/main/cli.js'), 'serve', '--json'], {
      env: { ...process.env, WATTRUN_HOME: home },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [line] = (await once(child.stdout, 'data')) as [Buffer];
    const addressMs = performance.now() - startedMs;
    const { url, token } = JSON.parse(String(line)) as { readonly url: string; readonly token: string };
    await page.goto(`${url}?token=${token}`);
    await seePower(page);
    const figureMs = performance.now() - startedMs;
    await page.close();
    child.kill('SIGTERM');
    await once(child, 'close');
    return { addressMs, figureMs };
  });
}

function timeApp(): Promise<number> {
  return inFolder(async (folder) => {
    const startedMs = performance.now();
    const app = await launchApp({
      appPath: root,
      userDataDir: join(folder, 'user'),
      env: { WATTRUN_HOME: join(folder, 'data'), TMPDIR: folder },
    });
    await seePower(await firstLoadedWindow(app));
    const figureMs = performance.now() - startedMs;
    await app.close();
    return figureMs;
  });
}

async function repeated<T>(work: () => Promise<T>): Promise<readonly T[]> {
  const results: T[] = [];
  for (let time = 0; time < times; time++) results.push(await work());
  return results;
}

/** From starting a command to the first power figure that a person can read. */
export async function benchFirstFigure(): Promise<Report> {
  const { executablePath, args, description } = await findChromium();
  const browser = await chromium.launch({ executablePath, args: [...args] });
  const served = await repeated(() => timeServe(browser));
  await browser.close();
  const app = await repeated(timeApp);
  const row = (what: string, values: readonly number[]) => ({
    what,
    cells: [milliseconds(median(values)), milliseconds(Math.max(...values))],
  });
  const { kind } = findElectronHost();
  return {
    title: `From start to the first live power figure, ${times} times`,
    columns: ['median', 'worst'],
    rows: [
      row(
        '`wattrun serve` has printed its address',
        served.map(({ addressMs }) => addressMs),
      ),
      row(
        '… and a browser that was open shows the power',
        served.map(({ figureMs }) => figureMs),
      ),
      row(`the app, in ${kind === 'electron' ? 'Electron' : 'the stand-in for Electron'}`, app),
    ],
    notes: [
      `Browser: ${description}.`,
      kind === 'electron'
        ? 'The app was started by Playwright.'
        : 'The app’s figure is of the stand-in: it starts a Chromium as well, and Playwright attaches a debugger. It is not Electron’s.',
    ],
  };
}
