import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Page } from '@playwright/test';
import type { AxeResults } from 'axe-core';
import { everyView, showView } from './every-view.ts';
import { expect, test } from './fixtures.ts';
import type { Served } from './served.ts';

const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

async function openAs(page: Page, served: Served, facts: { theme: string; language: string }): Promise<void> {
  await page.goto(served.openUrl);
  const { origin } = new URL(served.openUrl);
  await page.goto(`${origin}/?theme=${facts.theme}&language=${facts.language}#/live`);
  await expect(page.getByRole('contentinfo')).toBeVisible();
  await expect(page.locator('canvas').first()).toBeVisible();
}

/** What axe calls serious or critical, as 'rule: target'. */
async function seriousFindings(page: Page): Promise<readonly string[]> {
  const results = (await page.evaluate(
    `${axeSource}; axe.run(document, { resultTypes: ['violations'] })`,
  )) as AxeResults;
  return results.violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.target.join(' ')} (${node.failureSummary ?? ''})`));
}

for (const theme of ['light', 'dark'])
  for (const language of ['en', 'zh-CN'])
    test(`no view has a serious fault of accessibility, ${theme}, ${language}`, async ({ page, demo }) => {
      test.setTimeout(180_000);
      await openAs(page, demo, { theme, language });
      for (const view of await everyView(page)) {
        await showView(page, view);
        expect.soft(await seriousFindings(page), view.name).toEqual([]);
      }
    });

/** Texts that are cut without a sign of it, and what stands out of the page where nobody can scroll to it. */
function cutTexts(page: Page): Promise<readonly string[]> {
  return page.evaluate(() => {
    const found: string[] = [];
    const isScrollable = (element: Element | null): boolean => {
      for (let at = element; at !== null; at = at.parentElement)
        if (['auto', 'scroll'].includes(getComputedStyle(at).overflowX)) return true;
      return false;
    };
    /** Kept for the ear alone. */
    const isUnseen = (element: Element | null): boolean => {
      for (let at = element; at !== null; at = at.parentElement)
        if (getComputedStyle(at).clipPath.startsWith('inset(50%')) return true;
      return false;
    };
    for (const element of document.querySelectorAll<HTMLElement>('body *')) {
      const text = [...element.childNodes]
        .filter((node) => node.nodeType === Node.TEXT_NODE)
        .map((node) => node.textContent?.trim() ?? '')
        .join(' ')
        .trim();
      if (text === '' || isUnseen(element) || element.closest('[aria-hidden=true], [hidden]') !== null) continue;
      const style = getComputedStyle(element);
      const box = element.getBoundingClientRect();
      if (box.width <= 1 || box.height <= 1 || style.visibility === 'hidden') continue;
      const isCut = style.overflowX !== 'visible' && element.scrollWidth > element.clientWidth + 1;
      if (isCut && style.textOverflow !== 'ellipsis' && !['auto', 'scroll'].includes(style.overflowX))
        found.push(`cut: ${text.slice(0, 60)}`);
      const isOutside = box.right > innerWidth + 1 || box.left < -1;
      if (isOutside && !isScrollable(element)) found.push(`outside: ${text.slice(0, 60)}`);
    }
    if (document.documentElement.scrollWidth > innerWidth + 1) found.push('the page scrolls sideways');
    return found;
  });
}

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
