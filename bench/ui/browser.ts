import { type Browser, type BrowserContext, type CDPSession, chromium, type Page } from '@playwright/test';
import { findChromium } from '../../tests/browser/chromium.ts';

/** CPU seconds of the browser's processes so far, by kind. */
export interface BrowserCpu {
  readonly rendererSeconds: number;
  /** Rasters and composes, where there is no GPU. */
  readonly gpuSeconds: number;
}

export interface BenchBrowser {
  readonly description: string;
  /** A page of 1280 × 800 in a profile of its own. */
  newPage(): Promise<Page>;
  cpu(): Promise<BrowserCpu>;
  close(): Promise<void>;
}

export async function openBrowser(): Promise<BenchBrowser> {
  const found = await findChromium();
  const browser: Browser = await chromium.launch({
    executablePath: found.executablePath,
    args: [...found.args, '--js-flags=--expose-gc', '--enable-precise-memory-info'],
  });
  const session: CDPSession = await browser.newBrowserCDPSession();
  const contexts: BrowserContext[] = [];
  return {
    description: found.description,
    async newPage() {
      const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
      contexts.push(context);
      return context.newPage();
    },
    async cpu() {
      const { processInfo } = await session.send('SystemInfo.getProcessInfo');
      const sum = (type: string): number =>
        processInfo.filter((one) => one.type === type).reduce((total, one) => total + one.cpuTime, 0);
      return { rendererSeconds: sum('renderer'), gpuSeconds: sum('GPU') };
    },
    async close() {
      for (const context of contexts) await context.close();
      await browser.close();
    },
  };
}

/** Watches a page's frames, long tasks and interactions from now on; `read` gives what came since the last `read`. */
export interface PageWatch {
  read(): Promise<PageFacts>;
}

export interface PageFacts {
  /** Times between two animation frames. */
  readonly frameMs: readonly number[];
  /** Tasks over 50 ms. */
  readonly longTaskMs: readonly number[];
  /** From an interaction to the paint after it; those under 16 ms are not told and count as 16. */
  readonly interactionMs: readonly number[];
}

export async function watchPage(page: Page): Promise<PageWatch> {
  await page.evaluate(() => {
    const facts = { frameMs: [] as number[], longTaskMs: [] as number[], byInteraction: new Map<number, number>() };
    Object.assign(globalThis, { benchFacts: facts });
    let lastMs = performance.now();
    const frame = (nowMs: number): void => {
      facts.frameMs.push(nowMs - lastMs);
      lastMs = nowMs;
      requestAnimationFrame(frame);
    };
    requestAnimationFrame(frame);
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) facts.longTaskMs.push(entry.duration);
    }).observe({ type: 'longtask' });
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries() as PerformanceEventTiming[])
        if (entry.interactionId > 0)
          facts.byInteraction.set(
            entry.interactionId,
            Math.max(entry.duration, facts.byInteraction.get(entry.interactionId) ?? 0),
          );
    }).observe({ type: 'event', durationThreshold: 16 } as PerformanceObserverInit);
  });
  return {
    read: () =>
      page.evaluate(() => {
        const { benchFacts } = globalThis as unknown as {
          benchFacts: { frameMs: number[]; longTaskMs: number[]; byInteraction: Map<number, number> };
        };
        const read = {
          frameMs: benchFacts.frameMs.splice(0),
          longTaskMs: benchFacts.longTaskMs.splice(0),
          interactionMs: [...benchFacts.byInteraction.values()],
        };
        benchFacts.byInteraction.clear();
        return read;
      }),
  };
}

/** Value that `ratio` of all are not above; NaN for none. */
export function percentile(values: readonly number[], ratio: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * ratio))] ?? Number.NaN;
}
