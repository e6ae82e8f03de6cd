import type { Page } from '@playwright/test';
import { expect, openUi, type PageName, pageLink, test } from './fixtures.ts';

const names: readonly PageName[] = ['Live', 'Runs', 'Compare', 'Projects', 'Alerts', 'Sensors', 'Settings'];
/** As many as stand between the first link and the last, with the runs that go on in between. */
const mostTabs = 40;

async function tabTo(page: Page, name: PageName): Promise<void> {
  const link = pageLink(page, name);
  for (let presses = 0; presses < mostTabs; presses++) {
    if (await link.evaluate((element) => element === document.activeElement)) return;
    await page.keyboard.press('Tab');
  }
  throw new Error(`${name} was not reached with ${mostTabs} presses of Tab`);
}

test('every page is reached with Tab and Enter, and the focus is seen', async ({ page, demo }) => {
  await openUi(page, demo);
  for (const name of names) {
    await page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur());
    await tabTo(page, name);
    const outline = await pageLink(page, name).evaluate((element) => {
      const { outlineStyle, boxShadow } = getComputedStyle(element);
      return { outlineStyle, boxShadow };
    });
    expect(outline, `the focus on ${name}`).not.toEqual({ outlineStyle: 'none', boxShadow: 'none' });
    await page.keyboard.press('Enter');
    await expect(page.getByRole('heading', { level: 1 })).toHaveText(name);
    await expect(pageLink(page, name)).toHaveAttribute('aria-current', 'page');
  }
});

test('Ctrl and a number open a page, Ctrl and a comma the settings', async ({ page, demo }) => {
  await openUi(page, demo);
  for (const [index, name] of names.entries()) {
    await page.keyboard.press(name === 'Settings' ? 'Control+,' : `Control+${index + 1}`);
    await expect(page.getByRole('heading', { level: 1 })).toHaveText(name);
  }
});

test('the address of a page opens that page, and the browser goes back', async ({ page, demo }) => {
  await openUi(page, demo);
  await page.goto(`${demo.address.url}#/sensors`);
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Sensors');
  await pageLink(page, 'Alerts').click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Alerts');
  await page.goBack();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Sensors');
});
