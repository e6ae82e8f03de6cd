import { mkdirSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as delay } from 'node:timers/promises';
import type { ElectronApplication, Page } from '@playwright/test';
import { recordPath } from '../engine/ownership/data-directory.ts';
import { ask } from '../tests/app/running-app.ts';
import { findElectronHost, firstLoadedWindow, launchApp } from '../tests/standin/launch.ts';
import { milliseconds, type Report, type Row } from './report.ts';
import { writeRecord } from './simulated-engine.ts';

const root = join(import.meta.dirname, '..');
const recordHours = 6;
/** What the Live view asks for: a bucket a pixel, and as many series as it has layers. */
const historyPoints = 720;
const historySeries = 8;
const nanosecondsPerMillisecond = 1e6;

type IntervalHistogram = ReturnType<typeof monitorEventLoopDelay>;

interface Stalls {
  readonly p50: number;
  readonly p99: number;
  readonly p999: number;
  readonly max: number;
}

const stallsOf = (histogram: IntervalHistogram): Stalls => ({
  p50: histogram.percentile(50) / nanosecondsPerMillisecond,
  p99: histogram.percentile(99) / nanosecondsPerMillisecond,
  p999: histogram.percentile(99.9) / nanosecondsPerMillisecond,
  max: histogram.max / nanosecondsPerMillisecond,
});

/** What the same clock says in a process that does nothing, on this machine, under this load. */
async function watchNothing(seconds: number): Promise<Stalls> {
  const histogram = monitorEventLoopDelay({ resolution: 1 });
  histogram.enable();
  await delay(seconds * 1000);
  histogram.disable();
  return stallsOf(histogram);
}

/** Watches the event loop of the app's main process while `work` goes on. */
async function watchMain(app: ElectronApplication, work: () => Promise<void>): Promise<Stalls> {
  await app.evaluate(() => {
    const { monitorEventLoopDelay } = process.getBuiltinModule('node:perf_hooks');
    const histogram = monitorEventLoopDelay({ resolution: 1 });
    histogram.enable();
    (globalThis as { benchHistogram?: IntervalHistogram }).benchHistogram = histogram;
  });
  await work();
  const read = await app.evaluate(() => {
    const histogram = (globalThis as { benchHistogram?: IntervalHistogram }).benchHistogram;
    histogram?.disable();
    return [50, 99, 99.9].map((percent) => histogram?.percentile(percent) ?? 0).concat(histogram?.max ?? 0);
  });
  const [p50 = 0, p99 = 0, p999 = 0, max = 0] = read.map((value) => value / nanosecondsPerMillisecond);
  return { p50, p99, p999, max };
}

async function queryHistory(page: Page): Promise<void> {
  const toMs = Date.now();
  const series = Array.from({ length: historySeries }, (_, index) => ({
    key: `gpu${index}`,
    of: { kind: 'machine' },
    quantity: 'powerWatts',
  }));
  await ask(page, 'engine', 'history.query', {
    fromMs: toMs - recordHours * 3_600_000,
    toMs,
    maxPoints: historyPoints,
    series,
  });
}

/** Exports everything as a person does, to a file that the save dialog names; gives the file's size. */
async function exportAll(app: ElectronApplication, page: Page, filePath: string): Promise<number> {
  await app.evaluate(({ dialog }, path) => {
    dialog.showSaveDialog = async () => ({ canceled: false, filePath: path });
  }, filePath);
  await ask(page, 'host', 'host.saveExport', { format: 'timeseries-csv', runIds: null });
  return statSync(filePath).size;
}

/** How long the app's main process could not answer its window, while the engine works in its thread. */
export async function benchStalls(seconds: number): Promise<Report> {
  const folder = mkdtempSync(join(tmpdir(), 'wattrun-bench-'));
  const data = join(folder, 'data');
  mkdirSync(data, { recursive: true });
  try {
    await writeRecord(recordPath(data), recordHours);
    const app = await launchApp({
      appPath: root,
      userDataDir: join(folder, 'user'),
      env: { WATTRUN_HOME: data, TMPDIR: folder },
    });
    const page = await firstLoadedWindow(app);
    await page
      .getByRole('contentinfo')
      .getByText(/^Sampling/)
      .waitFor();
    let queries = 0;
    let exportedBytes = 0;
    const nothing = await watchNothing(seconds);
    const idle = await watchMain(app, () => delay(seconds * 1000));
    const asked = await watchMain(app, async () => {
      const endMs = performance.now() + seconds * 1000;
      for (; performance.now() < endMs; queries++) await queryHistory(page);
    });
    const exported = await watchMain(app, async () => {
      exportedBytes = await exportAll(app, page, join(folder, 'all.csv'));
    });
    await app.close();
    const row = (what: string, { p50, p99, p999, max }: Stalls): Row => ({
      what,
      cells: [p50, p99, p999, max].map(milliseconds),
    });
    const { kind } = findElectronHost();
    return {
      title: `Event loop of the app's main process, ${seconds} s each`,
      columns: ['p50', 'p99', 'p99.9', 'longest'],
      rows: [
        row('a Node process that does nothing', nothing),
        row('the app, sampling at 1 Hz', idle),
        row(`… and ${queries} history queries, each ${recordHours} h of ${historySeries} series`, asked),
        row(`… and an export of ${(exportedBytes / 1e6).toFixed(0)} MB, until it was saved`, exported),
      ],
      notes: [
        'Delay of a 1 ms timer, its own millisecond counted in (perf_hooks.monitorEventLoopDelay).',
        kind === 'electron'
          ? 'Run in Electron.'
          : 'Run in the stand-in for Electron: messages to the window go as text through the main process there, which Electron does elsewhere.',
      ],
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
