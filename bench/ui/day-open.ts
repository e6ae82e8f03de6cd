import { createFakeClock } from '../../engine/clock/fake-clock.ts';
import type { Report } from '../report.ts';
import type { BenchBrowser } from './browser.ts';
import { serveSimulated } from './served.ts';

const stepSeconds = 5;
const mebibyte = 2 ** 20;
/** At most so many readings a second are pushed: the page has to draw them all. */
const spacingMs = 12;

/** Memory of a page that stays open for a day: a day of readings is pushed at it faster than life, and after each quarter its garbage is collected. */
export async function benchDayOpen(browser: BenchBrowser, uiDirectory: string, hours: number): Promise<Report> {
  const clock = createFakeClock(Date.now());
  const served = await serveSimulated({ path: ':memory:', clock, isTicking: false, uiDirectory });
  await served.engine.handlers['settings.write']({ samplePeriodSeconds: stepSeconds });
  const page = await browser.newPage();
  await page.goto(served.openUrl);
  await page.goto(`${new URL(served.openUrl).origin}/#/live/charts`);
  const session = await page.context().newCDPSession(page);
  const heapMebibytes = async (): Promise<number> => {
    for (let i = 0; i < 3; i++) await session.send('HeapProfiler.collectGarbage');
    const { usedSize } = await session.send('Runtime.getHeapUsage');
    return usedSize / mebibyte;
  };
  const nodes = async (): Promise<number> => (await session.send('Memory.getDOMCounters')).nodes;
  const frames = (hours * 3600) / stepSeconds;
  const rows = [];
  for (let quarter = 0; quarter <= 4; quarter++) {
    for (let i = 0; quarter > 0 && i < frames / 4; i++) {
      clock.advance(stepSeconds * 1000);
      await served.engine.tick();
      await new Promise((resolve) => setTimeout(resolve, spacingMs));
    }
    await page.waitForTimeout(2000);
    rows.push({
      what: `after ${(hours * quarter) / 4} h`,
      cells: [`${(await heapMebibytes()).toFixed(1)} MiB`, String(await nodes())],
    });
  }
  await page.close();
  await served.close();
  return {
    title: `A page open for ${hours} hours`,
    columns: ['heap in use', 'DOM nodes'],
    rows,
    notes: [
      `Live charts of 8 GPUs, a reading each ${stepSeconds} s of made-up time, pushed faster than life; after garbage collection.`,
    ],
  };
}
