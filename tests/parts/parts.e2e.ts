import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createServer, type ViteDevServer } from 'vite';
import { expect, test } from '../serve/fixtures.ts';
import { cutTexts, seriousFindings } from '../serve/page-faults.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
/** For whoever looks at them: one picture a theme, remade by each run. */
const pictures = join(root, 'test-results/parts');

let server: ViteDevServer;
let url = '';

test.beforeAll(async () => {
  mkdirSync(pictures, { recursive: true });
  server = await createServer({
    root: join(root, 'renderer'),
    logLevel: 'error',
    // Found at its first use each time: a dev server beside it must not share what this one prepares.
    cacheDir: join(root, 'test-results/parts-vite'),
    server: { port: 0, host: '127.0.0.1', hmr: false, watch: null },
    optimizeDeps: { entries: ['dev/index.html'] },
  });
  await server.listen();
  const address = server.httpServer?.address();
  if (address === null || address === undefined || typeof address === 'string') throw new Error('no address');
  url = `http://127.0.0.1:${address.port}/dev/`;
});
test.afterAll(() => server.close());

for (const theme of ['light', 'dark', 'contrast'])
  test(`every part stands on its page, readable and whole, ${theme}`, async ({ page }) => {
    await page.setViewportSize({ width: 1280, height: 900 });
    await page.goto(`${url}?theme=${theme}`);
    const main = page.getByRole('main');
    for (const part of [
      'Colour',
      'Status',
      'Buttons, choice and entry',
      'Strips, empty, loading, failed',
      'Chart grammar',
    ])
      await expect(main.getByRole('heading', { name: part })).toBeVisible();
    await expect(page.getByRole('img', { name: 'Eight lines' })).toBeVisible();
    expect(await seriousFindings(page)).toEqual([]);
    expect(await cutTexts(page)).toEqual([]);
    await page.setViewportSize({ width: 720, height: 900 });
    // A chart follows its place a frame later.
    await expect.poll(() => cutTexts(page), 'at 720 px').toEqual([]);
    await page.setViewportSize({ width: 1280, height: 900 });
    await page.screenshot({ path: join(pictures, `${theme}.png`), fullPage: true });
  });

test('a tip shows every value whole, however long the names are', async ({ page }) => {
  await page.goto(`${url}?theme=light`);
  await page.getByRole('img', { name: 'A stack of five areas' }).hover({ position: { x: 200, y: 80 } });
  const tip = page.locator('.cross-tip');
  await expect(tip.locator('.row')).toHaveCount(6);
  const box = await tip.boundingBox();
  for (const value of await tip.locator('b').all()) {
    const place = await value.boundingBox();
    expect((place?.x ?? 0) + (place?.width ?? 0)).toBeLessThanOrEqual((box?.x ?? 0) + (box?.width ?? 0));
  }
  await page.screenshot({ path: join(pictures, 'tip.png') });
});

test('the hatched key keeps its size beside a long text', async ({ page }) => {
  await page.goto(`${url}?theme=light`);
  const key = page.locator('.gapmark').first();
  await key.evaluate((element) => {
    const line = document.createElement('div');
    line.style.cssText = 'display: flex; width: 60px';
    element.replaceWith(line);
    line.append(element, document.createTextNode('unbreakable'.repeat(9)));
  });
  expect((await key.boundingBox())?.width).toBe(12);
});

test('its menus, dialogs and fields go by keys alone, with the focus in sight', async ({ page }) => {
  await page.goto(`${url}?theme=light`);
  await page.getByRole('button', { name: 'Export', exact: true }).press('Enter');
  await expect(page.getByRole('menuitem', { name: /CSV/ })).toBeFocused();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('button', { name: 'Export', exact: true })).toBeFocused();
  await page.getByRole('button', { name: 'Stop', exact: true }).press('Enter');
  await expect(page.getByRole('dialog', { name: /Stop llama3/ })).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('dialog')).toBeHidden();
  const unseen = await page.evaluate(() => {
    const missed: string[] = [];
    for (const control of document.querySelectorAll<HTMLElement>('main button:not([disabled]), main select, main a')) {
      control.focus({ focusVisible: true } as FocusOptions);
      const style = getComputedStyle(control);
      if (style.outlineStyle === 'none' || Number.parseFloat(style.outlineWidth) < 2)
        missed.push(control.getAttribute('aria-label') ?? control.textContent ?? control.tagName);
    }
    return missed;
  });
  expect(unseen).toEqual([]);
});

test('nothing moves where less motion is wanted, and forced colours keep the shapes', async ({ page }) => {
  await page.emulateMedia({ reducedMotion: 'reduce', forcedColors: 'active' });
  await page.goto(`${url}?theme=light`);
  await expect(page.getByRole('img', { name: 'Eight lines' })).toBeVisible();
  const found = await page.evaluate(() => {
    const all = [...document.querySelectorAll<HTMLElement>('main *')];
    const bordered = [
      ...document.querySelectorAll<HTMLElement>('main .btn, main .seg, main .fld, main .bar, main .strip'),
    ];
    return {
      moving: all.filter((each) => /[1-9]/.test(getComputedStyle(each).transitionDuration)).length,
      bare: bordered.filter((each) => getComputedStyle(each).borderTopStyle === 'none').length,
      bordered: bordered.length,
    };
  });
  expect(found).toMatchObject({ moving: 0, bare: 0 });
  expect(found.bordered).toBeGreaterThan(10);
  await page.screenshot({ path: join(pictures, 'forced-colours.png'), fullPage: true });
});
