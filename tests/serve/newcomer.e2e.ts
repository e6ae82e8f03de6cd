import type { Locator, Page } from '@playwright/test';
import { expect, openUi, test } from './fixtures.ts';

/** Counts what a hand does; three are all that anything here may take from the start view. */
function hand(page: Page) {
  let clicks = 0;
  return {
    async click(target: Locator): Promise<void> {
      clicks += 1;
      expect(clicks, 'clicks from the start view').toBeLessThanOrEqual(3);
      await target.click();
    },
    page: (name: string): Locator => page.getByRole('navigation', { name: 'Navigation' }).getByRole('link', { name }),
  };
}

test.beforeEach(async ({ page, demo }) => {
  await openUi(page, demo);
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Live');
});

test('which GPU draws most stands on the start view', async ({ page }) => {
  const powers = await page.getByRole('row', { name: /GPU \d/ }).evaluateAll((rows) =>
    rows.map((row) => ({
      label: /GPU \d/.exec(row.textContent ?? '')?.[0] ?? '',
      isInSight: row.getBoundingClientRect().top < innerHeight,
      watts: [...row.querySelectorAll('td')].map((cell) => cell.textContent?.trim() ?? ''),
    })),
  );
  expect(powers.map(({ label }) => label)).toEqual(Array.from({ length: 8 }, (_, index) => `GPU ${index}`));
  for (const { label, watts, isInSight } of powers) {
    expect(
      watts.some((text) => /^\d[\d,.]*/.test(text)),
      label,
    ).toBe(true);
    expect(isInSight, label).toBe(true);
  }
});

test('what the last run cost takes one click', async ({ page }) => {
  const { click, page: link } = hand(page);
  await click(link('Runs'));
  const heads = page.getByRole('table', { name: 'Runs' }).getByRole('columnheader');
  const costAt = await heads.evaluateAll((all) => all.findIndex((head) => head.textContent?.trim() === '€'));
  expect(costAt).toBeGreaterThan(0);
  const last = page.getByRole('row', { name: /Finished/ }).first();
  await expect(last.getByRole('cell').nth(costAt)).toHaveText(/^\d+\.\d\d$/);
});

test('two runs are compared within two clicks', async ({ page }) => {
  const { click, page: link } = hand(page);
  await click(link('Compare'));
  await expect(page.getByText('select two to eight of them')).toBeVisible();
  await click(page.getByRole('link', { name: 'Compare the newest two' }));
  await expect(page.getByRole('heading', { name: 'Differences' })).toBeVisible();
});

test('a warning above 300 W is set within three clicks', async ({ page }) => {
  const { click, page: link } = hand(page);
  await click(link('Alerts'));
  await click(page.getByRole('button', { name: 'New rule' }));
  const editor = page.getByRole('complementary', { name: 'Rule' });
  await editor.getByRole('textbox', { name: 'Fires above' }).fill('300');
  await click(editor.getByRole('button', { name: /^Save/ }));
  const rule = page.getByRole('row', { name: /300 W/ }).first();
  await expect(rule).toBeVisible();
  // The simulated server is shared with other tests.
  await rule.click();
  await editor.getByRole('button', { name: /Delete|Remove/ }).click();
  await expect(page.getByRole('row', { name: /300 W/ })).toHaveCount(0);
});

test('a CSV is exported within three clicks', async ({ page }) => {
  const { click, page: link } = hand(page);
  await click(link('Runs'));
  await expect(page.getByRole('table', { name: 'Runs' })).toBeVisible();
  await click(page.getByRole('button', { name: 'Export' }));
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    click(page.getByRole('menuitem', { name: /\(\.csv\)/ }).first()),
  ]);
  expect(download.suggestedFilename()).toMatch(/\.csv$/);
});
