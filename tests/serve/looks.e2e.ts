import type { Page } from '@playwright/test';
import { everyView, showView, type View } from './every-view.ts';
import { expect, test } from './fixtures.ts';
import { openedStates } from './opened-states.ts';
import { cutTexts, seriousFindings, tableFaults } from './page-faults.ts';
import type { Served } from './served.ts';

/** The views whose tables are to have room for what they hold; those of others scroll. */
const tablesOf = ['runs', 'run', 'alerts', 'sensors'];

/** Opens Live in that language, with the theme that the system asks for. */
async function openAs(page: Page, served: Served, language: string): Promise<void> {
  await page.goto(served.openUrl);
  const { origin } = new URL(served.openUrl);
  await page.goto(`${origin}/?language=${language}#/live`);
  await expect(page.getByRole('contentinfo')).toBeVisible();
  await expect(page.locator('canvas').first()).toBeVisible();
}

async function wear(page: Page, theme: 'light' | 'dark' | 'contrast'): Promise<void> {
  await page.emulateMedia({
    // A button that becomes ready is measured in the colours it comes to, not in those on the way.
    reducedMotion: 'reduce',
    colorScheme: theme === 'dark' ? 'dark' : 'light',
    contrast: theme === 'contrast' ? 'more' : 'no-preference',
  });
  await expect(page.locator('html')).toHaveAttribute('data-theme', theme);
}

/** Every rule in the light, and in the other themes those that they can break, which no language does. */
async function expectNoFindings(page: Page, views: readonly View[], language: string): Promise<void> {
  const otherThemes = language === 'en' ? (['dark', 'contrast'] as const) : [];
  for (const view of views) {
    await wear(page, 'light');
    await showView(page, view);
    expect.soft(await seriousFindings(page), view.name).toEqual([]);
    for (const theme of otherThemes) {
      await wear(page, theme);
      expect.soft(await seriousFindings(page, { isOfColours: true }), `${view.name}, ${theme}`).toEqual([]);
    }
  }
}

for (const language of ['en', 'zh-CN']) {
  test(`no view has a serious fault of accessibility, ${language}`, async ({ page, demo }) => {
    test.setTimeout(180_000);
    await openAs(page, demo, language);
    await expectNoFindings(page, await everyView(page), language);
  });

  test(`nothing that is opened has a serious fault of accessibility, ${language}`, async ({ page, demo }) => {
    test.setTimeout(180_000);
    await openAs(page, demo, language);
    await expectNoFindings(page, await openedStates(page), language);
  });
}

for (const { name, width, height } of [
  { name: 'at 200 % in a window of 1440 × 900', width: 720, height: 450 },
  { name: 'at 80 % in a window of 1280 × 800', width: 1600, height: 1000 },
])
  for (const language of ['en', 'zh-CN'])
    test(`no text is cut and tables have room ${name}, ${language}`, async ({ page, demo }) => {
      test.setTimeout(120_000);
      await page.setViewportSize({ width, height });
      await openAs(page, demo, language);
      for (const view of await everyView(page)) {
        if (view.name === 'mini') continue;
        await showView(page, view);
        expect.soft(await cutTexts(page), view.name).toEqual([]);
        if (tablesOf.includes(view.name)) expect.soft(await tableFaults(page), view.name).toEqual([]);
      }
    });

test('nothing on Live moves while readings come in', async ({ page, demo }) => {
  await openAs(page, demo, 'en');
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
