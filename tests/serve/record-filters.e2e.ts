import type { Page } from '@playwright/test';
import { expect, goTo, openUi, test } from './fixtures.ts';

const table = (page: Page) => page.getByRole('table', { name: 'Runs' });
const rows = (page: Page) => table(page).locator('tbody tr[data-run]');

/** Opens a filter's list by its button, types, and takes what is found. */
async function choose(page: Page, button: string, text: string): Promise<void> {
  await page.locator('.flt').getByRole('button', { name: button, exact: true }).click();
  await page.keyboard.type(text);
  await page.keyboard.press('Enter');
}

test('runs are narrowed by project, tag and date, and stay so when the window is opened anew', async ({
  page,
  demo,
}) => {
  await openUi(page, demo);
  await goTo(page, 'Runs');
  await expect(rows(page).first()).toBeVisible();
  const all = await rows(page).count();
  await choose(page, 'Project', 'vis');
  await expect(page.getByRole('button', { name: 'Remove the filter project vision' })).toBeVisible();
  await expect.poll(() => rows(page).count()).toBeLessThan(all);
  await choose(page, 'Tag', 'ablation');
  await expect(page.getByRole('button', { name: 'Remove the filter tag sweep=ablation' })).toBeVisible();
  await page.getByRole('button', { name: 'Dates', exact: true }).click();
  await page.getByRole('button', { name: 'Last 7 days' }).click();
  await expect(rows(page).first()).toContainText('vit-l');
  await table(page).getByRole('button', { name: 'Mean W' }).click();
  await page.getByRole('button', { name: 'Columns' }).click();
  await page.getByRole('checkbox', { name: 'Devices' }).click();
  await page.keyboard.press('Escape');
  await expect(table(page).getByRole('columnheader', { name: 'Devices' })).toBeHidden();
  const shown = await rows(page).evaluateAll((all) => all.map((row) => row.getAttribute('data-run')));

  await page.goto('about:blank');
  await openUi(page, demo);
  await expect(page.getByRole('heading', { level: 1 }), 'the view that was last looked at').toHaveText('Runs');
  await expect(page.getByRole('button', { name: 'Remove the filter Last 7 days' })).toBeVisible();
  await expect(table(page).getByRole('columnheader', { name: 'Project' })).toBeVisible();
  await expect(table(page).getByRole('columnheader', { name: 'Devices' })).toBeHidden();
  expect(await rows(page).evaluateAll((all) => all.map((row) => row.getAttribute('data-run')))).toEqual(shown);

  await page.getByRole('button', { name: 'Dates', exact: true }).click();
  await page.getByLabel('To').fill('2001-01-01');
  await expect(page.getByText('No run matches.')).toBeVisible();
  await page.keyboard.press('Escape');
  await page.getByRole('main').getByRole('button', { name: 'Clear filters' }).last().click();
  await expect(rows(page)).toHaveCount(all);
});

test('tags and project of many runs are changed together by keys alone, and Ctrl Z takes it back', async ({
  page,
  demo,
}) => {
  await openUi(page, demo);
  await page.keyboard.press('Control+2');
  await expect(rows(page).first()).toBeVisible();
  await page.keyboard.press('/');
  await page.keyboard.type('llama3-8b-lr3e4');
  await expect(rows(page)).toHaveCount(1);
  await page.keyboard.press('Enter');
  await page.keyboard.press('Control+a');
  await expect(page.getByText('1 selected')).toBeVisible();
  await page.keyboard.press('t');
  const dialog = page.getByRole('dialog', { name: /Tags and project/ });
  await expect(dialog).toBeVisible();
  await expect(dialog.getByLabel('Add a tag')).toBeFocused();
  await page.keyboard.type('seed=7, keep');
  await page.keyboard.press('Tab');
  await expect(dialog.getByRole('button', { name: 'Remove precision=bf16' })).toBeFocused();
  await page.keyboard.press('Space');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Control+a');
  await page.keyboard.type('moved');
  await page.keyboard.press('Enter');
  await expect(dialog).toBeHidden();
  await expect(rows(page).first()).toContainText('moved');
  await expect(rows(page).first()).toContainText('keep');
  await expect(rows(page).first()).not.toContainText('bf16');
  await page.keyboard.press('Control+z');
  await expect(rows(page).first()).toContainText('sft');
  await expect(rows(page).first()).toContainText('bf16');
  await expect(rows(page).first()).not.toContainText('keep');
});
