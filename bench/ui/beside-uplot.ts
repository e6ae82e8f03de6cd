import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import react from '@vitejs/plugin-react';
import { build, preview } from 'vite';
import { median, milliseconds, type Report } from '../report.ts';
import type { BenchBrowser } from './browser.ts';

const updates = 150;
const spacingMs = 100;
const rounds = 3;

/** The same eight series with a day open: a second more, drawn, ten times a second; by the app's chart and by uPlot with every sample. */
export async function benchBesideUplot(browser: BenchBrowser): Promise<Report> {
  const outDir = mkdtempSync(join(tmpdir(), 'wattrun-bench-page-'));
  const root = join(import.meta.dirname, 'page');
  await build({ root, base: './', logLevel: 'error', plugins: [react()], build: { outDir, target: 'chrome152' } });
  const server = await preview({ root, logLevel: 'error', preview: { port: 0 }, build: { outDir } });
  const url = server.resolvedUrls?.local[0] ?? '';
  const taken = new Map<string, { script: number[]; all: number[] }>();
  try {
    for (let round = 0; round < rounds; round++)
      for (const by of ['wattrun', 'uplot']) {
        const one = await drawRounds(browser, `${url}?by=${by}`);
        const sums = taken.get(by) ?? { script: [], all: [] };
        taken.set(by, sums);
        sums.script.push(one.scriptMs);
        sums.all.push(one.rendererMs);
      }
  } finally {
    await server.close();
    rmSync(outDir, { recursive: true, force: true });
  }
  const names = { wattrun: 'the app’s chart, 1200 buckets by least and most', uplot: 'uPlot 1.6.32, 86,400 samples' };
  const medianOf = (by: keyof typeof names, of: 'script' | 'all'): number => median(taken.get(by)?.[of] ?? []);
  return {
    title: 'One update of eight series with a day open',
    columns: ['script', 'renderer CPU', 'ratio to uPlot'],
    rows: (['wattrun', 'uplot'] as const).map((by) => ({
      what: names[by],
      cells: [
        milliseconds(medianOf(by, 'script')),
        milliseconds(medianOf(by, 'all')),
        (medianOf(by, 'all') / medianOf('uplot', 'all')).toFixed(2),
      ],
    })),
    notes: [
      `Medians of ${rounds} rounds of ${updates} updates, one each ${spacingMs} ms, 1200 × 400, software raster; renderer CPU is that of its process, all threads, raster included.`,
    ],
  };
}

async function drawRounds(
  browser: BenchBrowser,
  url: string,
): Promise<{ readonly scriptMs: number; readonly rendererMs: number }> {
  const page = await browser.newPage();
  page.on('pageerror', (error) => console.error(String(error)));
  await page.goto(url);
  await page.waitForFunction(() => 'step' in globalThis, null, { timeout: 60_000 });
  await page.waitForTimeout(1000);
  const before = await browser.cpu();
  const scriptMs = await page.evaluate(
    async ({ count, everyMs }) => {
      let sumMs = 0;
      for (let i = 0; i < count; i++) {
        const startedMs = performance.now();
        (globalThis as unknown as { step(): void }).step();
        sumMs += performance.now() - startedMs;
        await new Promise((resolve) => setTimeout(resolve, Math.max(0, everyMs - (performance.now() - startedMs))));
      }
      return sumMs / count;
    },
    { count: updates, everyMs: spacingMs },
  );
  const after = await browser.cpu();
  await page.close();
  return { scriptMs, rendererMs: (1000 * (after.rendererSeconds - before.rendererSeconds)) / updates };
}
