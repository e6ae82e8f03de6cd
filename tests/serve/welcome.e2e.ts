import type { Page } from '@playwright/test';
import { expect, test } from './fixtures.ts';
import { cutTexts, seriousFindings } from './page-faults.ts';
import type { Served } from './served.ts';

const title = 'Three things, then it runs by itself';

let served: Served;
test.beforeEach(async ({ startOwn }) => {
  served = await startOwn({ kind: 'serve', isNewcomer: true });
});

const welcome = (page: Page) => page.getByRole('heading', { level: 1, name: title });
const liveTitle = (page: Page) => page.getByRole('heading', { level: 1, name: 'Live' });

test('a newcomer is shown what was found, sets region and price by keyboard, and is not greeted twice', async ({
  page,
}) => {
  // Nothing but this machine is ever asked: the region is a setting.
  const asked: string[] = [];
  page.on('request', (request) => asked.push(new URL(request.url()).host));
  await page.goto(served.openUrl);
  await expect(welcome(page)).toBeVisible();
  await expect(page.getByRole('navigation')).toHaveCount(0);
  const found = page.getByRole('table', { name: 'Found on this machine' });
  await expect(found.getByRole('row').first()).toContainText(/\d W|–/);
  await expect(found).toContainText('not measured');
  await expect(page.getByText(/until then the world average, 475 g/)).toBeVisible();

  await page.getByRole('button', { name: /^Region/ }).focus();
  await page.keyboard.press('Enter');
  await page.keyboard.type('germ');
  await expect(page.getByRole('option', { name: /Germany/ })).toBeVisible();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('button', { name: /^Region.*Germany/ })).toBeVisible();
  // A picker that Escape closes leaves the welcome open.
  await page.keyboard.press('Enter');
  await expect(page.getByRole('combobox').first()).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(welcome(page)).toBeVisible();

  await page.getByRole('textbox', { name: 'Price' }).focus();
  await page.keyboard.type('0.28');
  await page.keyboard.press('Enter');
  await expect(welcome(page), 'Enter in a field keeps what was typed and goes nowhere').toBeVisible();
  await page.getByRole('button', { name: /^Start/ }).focus();
  await page.keyboard.press('Enter');
  await expect(liveTitle(page)).toBeVisible();
  await expect(page.getByRole('contentinfo')).toContainText('Germany');
  await expect(page.getByRole('contentinfo')).toContainText('0.28');

  await page.reload();
  await expect(liveTitle(page)).toBeVisible();
  await expect(welcome(page)).toHaveCount(0);
  expect([...new Set(asked)]).toEqual([new URL(served.address.url).host]);
});

test('it can be put off with Escape, looked at again, and leads into the simulated server', async ({ page }) => {
  await page.goto(served.openUrl);
  await expect(welcome(page)).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(liveTitle(page)).toBeVisible();

  await page.keyboard.press('Control+k');
  await page.keyboard.type('welcome');
  await expect(page.getByRole('option').first()).toContainText('Show the welcome');
  await page.keyboard.press('Enter');
  await expect(welcome(page)).toBeVisible();
  await page.getByRole('button', { name: 'Look around with a simulated server' }).click();
  await expect(liveTitle(page)).toBeVisible();
  await expect(page.getByText('Simulated server.').first()).toBeVisible();
});

for (const { theme, language } of [
  { theme: 'light', language: 'en' },
  { theme: 'contrast', language: 'zh-CN' },
])
  test(`it is whole at 200 % and has no serious fault of accessibility, ${theme}, ${language}`, async ({ page }) => {
    await page.goto(served.openUrl);
    await page.goto(`${new URL(served.openUrl).origin}/?theme=${theme}&language=${language}#/live`);
    await expect(page.locator('html')).toHaveAttribute('data-theme', theme);
    await page.setViewportSize({ width: 720, height: 450 });
    await expect(page.locator('html')).toHaveAttribute('lang', language);
    await expect(page.locator('.wc table tbody tr, .wc table tr').first()).toBeVisible();
    expect(await cutTexts(page)).toEqual([]);
    expect(await seriousFindings(page)).toEqual([]);
  });
