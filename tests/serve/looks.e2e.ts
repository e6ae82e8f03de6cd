import type { Page } from '@playwright/test';
import { everyView, showView, type View } from './every-view.ts';
import { expect, test } from './fixtures.ts';
import { openedStates } from './opened-states.ts';
import { cutTexts, seriousFindings, tableFaults } from './page-faults.ts';
import type { Served } from './served.ts';

async function openAs(page: Page, served: Served, facts: { theme: string; language: string }): Promise<void> {
  // A button that becomes ready is measured in the colours it comes to, not in those on the way.
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await page.goto(served.openUrl);
  const { origin } = new URL(served.openUrl);
  await page.goto(`${origin}/?theme=${facts.theme}&language=${facts.language}#/live`);
  await expect(page.getByRole('contentinfo')).toBeVisible();
  await expect(page.locator('canvas').first()).toBeVisible();
}

async function expectNoFindings(page: Page, views: readonly View[]): Promise<void> {
  for (const view of views) {
    await showView(page, view);
    expect.soft(await seriousFindings(page), view.name).toEqual([]);
  }
}

for (const theme of ['light', 'dark', 'contrast'])
  for (const language of theme === 'contrast' ? ['zh-CN'] : ['en', 'zh-CN'])
    test(`no view has a serious fault of accessibility, ${theme}, ${language}`, async ({ page, demo }) => {
      test.setTimeout(180_000);
      await openAs(page, demo, { theme, language });
      await expectNoFindings(page, await everyView(page));
    });

for (const { theme, language } of [
  { theme: 'contrast', language: 'en' },
  { theme: 'light', language: 'zh-CN' },
])
  test(`nothing that is opened has a serious fault of accessibility, ${theme}, ${language}`, async ({ page, demo }) => {
    test.setTimeout(180_000);
    await openAs(page, demo, { theme, language });
    await expectNoFindings(page, await openedStates(page));
  });

for (const { name, width, height } of [
  { name: 'at 200 % in a window of 1440 × 900', width: 720, height: 450 },
  { name: 'at 80 % in a window of 1280 × 800', width: 1600, height: 1000 },
])
  for (const language of ['en', 'zh-CN'])
    test(`no text is cut ${name}, ${language}`, async ({ page, demo }) => {
      test.setTimeout(120_000);
      await page.setViewportSize({ width, height });
      await openAs(page, demo, { theme: 'light', language });
      for (const view of await everyView(page)) {
        if (view.name === 'mini') continue;
        await showView(page, view);
        expect.soft(await cutTexts(page), view.name).toEqual([]);
      }
    });

for (const language of ['en', 'zh-CN'])
  test(`tables have room for what they hold at 720 px, ${language}`, async ({ page, demo }) => {
    await page.setViewportSize({ width: 720, height: 900 });
    await openAs(page, demo, { theme: 'light', language });
    for (const view of await everyView(page)) {
      if (!['runs', 'run', 'alerts', 'sensors'].includes(view.name)) continue;
      await showView(page, view);
      expect.soft(await tableFaults(page), view.name).toEqual([]);
    }
  });

test('nothing on Live moves while readings come in', async ({ page, demo }) => {
  await openAs(page, demo, { theme: 'light', language: 'en' });
  for (const hash of ['#/live', '#/live/charts', '#/live/processes']) {
    await page.evaluate((to) => {
      location.hash = to;
    }, hash);
    await page.waitForTimeout(2500);
    const shift = await page.evaluate(
      () =>
        new Promise<number>((resolve) => {
          let sum = 0;
          new PerformanceObserver((list) => {
            for (const entry of list.getEntries()) sum += (entry as unknown as { value: number }).value;
          }).observe({ type: 'layout-shift' });
          setTimeout(() => resolve(sum), 5000);
        }),
    );
    expect(shift, hash).toBeLessThan(0.005);
  }
});
