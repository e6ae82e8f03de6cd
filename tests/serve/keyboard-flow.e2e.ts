import { readFile } from 'node:fs/promises';
import type { Page } from '@playwright/test';
import { createWebhookReceiver } from '../fakes/webhook-receiver.ts';
import { expect, openUi, test } from './fixtures.ts';
import { expectFocus, tabTo } from './focus.ts';

const rows = (page: Page) => page.getByRole('table', { name: 'Runs' }).locator('tbody tr[data-run]');
const heading = (page: Page) => page.getByRole('heading', { level: 1 });
const content = (page: Page) => page.getByRole('main');

/** What a hand on the keyboard does to a field that has something in it. */
async function retype(page: Page, text: string): Promise<void> {
  await page.keyboard.press('Control+a');
  await page.keyboard.type(text);
}

/** Picks from a native select by the letters its label begins with. */
const pick = (page: Page, letters: string): Promise<void> => page.keyboard.type(letters);

test('from a first run to a rule that tells a webhook, by keys alone', async ({ page, startOwn }) => {
  test.setTimeout(180_000);
  const demo = await startOwn({ kind: 'demo' });
  const receiver = await createWebhookReceiver();
  try {
    await openUi(page, demo);
    await test.step('a run is started by hand', () => startRun(page));
    await test.step('runs are filtered, tagged, exported and compared', () => useTable(page));
    await test.step('a rule and a budget are made', () => makeRules(page));
    await test.step('a webhook is added and tested', async () => {
      await addWebhook(page, receiver.url);
      await expect.poll(() => receiver.taken.length).toBe(1);
      await expect(page.getByText(/Team: delivered/)).toBeVisible();
    });
    await test.step('theme and language are changed', () => changeLooks(page));
  } finally {
    await receiver.stop();
  }
});

async function startRun(page: Page): Promise<void> {
  await page.keyboard.press('Control+2');
  await expect(heading(page)).toHaveText('Runs');
  await expect(content(page), 'the page that was gone to has the focus').toBeFocused();
  const start = page.getByRole('banner').getByRole('button', { name: 'Start a run' });
  await tabTo(page, start, 'Shift+Tab');
  await page.keyboard.press('Enter');
  const dialog = page.getByRole('dialog', { name: 'Start a run' });
  await expectFocus(page, dialog.getByRole('textbox', { name: 'Name' }));
  await page.keyboard.type('by-hand');
  await page.keyboard.press('Enter');
  await expect(dialog).toBeHidden();
  await expectFocus(page, start);
  await expect(rows(page).filter({ hasText: 'by-hand' })).toContainText('Running');
}

async function useTable(page: Page): Promise<void> {
  await page.keyboard.press('/');
  const filter = page.getByRole('searchbox', { name: /Filter/ });
  await expectFocus(page, filter);
  await page.keyboard.type('llama3');
  await expect(rows(page).filter({ hasText: 'by-hand' })).toHaveCount(0);
  await expect.poll(() => rows(page).count()).toBeGreaterThan(1);
  await page.keyboard.press('Enter');
  await page.keyboard.press('ArrowDown');
  await expect(rows(page).first(), 'the row the keys act on is seen').toHaveClass(/foc/);
  const ring = await rows(page)
    .first()
    .locator('td')
    .first()
    .evaluate((cell) => getComputedStyle(cell).boxShadow);
  expect(ring).not.toBe('none');
  for (const key of ['Space', 'ArrowDown', 'Space']) await page.keyboard.press(key);
  await expect(page.getByText('2 selected')).toBeVisible();

  await page.keyboard.press('t');
  const tags = page.getByRole('dialog', { name: /Tags and project/ });
  await expectFocus(page, tags.getByLabel('Add a tag'));
  await page.keyboard.type('keys=alone');
  await page.keyboard.press('Enter');
  await expect(tags).toBeHidden();
  await expect(content(page), 'the table has its keys again').toBeFocused();
  for (const at of [0, 1]) await expect(rows(page).nth(at)).toContainText(/alone|\+\d/);

  await page.keyboard.press('e');
  await expectFocus(page, page.getByRole('menuitem').first());
  const csv = page.getByRole('menuitem', { name: /\(\.csv\)/ }).first();
  for (let presses = 0; presses < 20 && !(await csv.evaluate((item) => item === document.activeElement)); presses++)
    await page.keyboard.press('ArrowDown');
  await expectFocus(page, csv);
  const [download] = await Promise.all([page.waitForEvent('download'), page.keyboard.press('Enter')]);
  await expectFocus(page, page.getByRole('region', { name: 'Selected runs' }).getByRole('button', { name: /^Export/ }));
  const lines = (await readFile(await download.path(), 'utf8')).trim().split(/\r?\n/);
  expect(lines, 'the heading and the two runs').toHaveLength(3);

  await page.keyboard.press('c');
  await expect(heading(page)).toHaveText('Compare');
  await expect(content(page)).toBeFocused();
  await expect(page).toHaveURL(/#\/compare\/[^,]+,[^,]+$/);
}

async function makeRules(page: Page): Promise<void> {
  await page.keyboard.press('Control+5');
  await expect(heading(page)).toHaveText('Alerts');
  await expect(content(page)).toBeFocused();
  await page.keyboard.press('n');
  const editor = page.getByRole('complementary', { name: 'Rule' });
  const watch = editor.getByRole('combobox', { name: 'Watch' });
  await expectFocus(page, watch);
  await pick(page, 'Power stays');
  await tabTo(page, editor.getByRole('textbox', { name: 'Fires above' }));
  await retype(page, '300');
  await tabTo(page, editor.getByRole('textbox', { name: 'Name' }));
  await page.keyboard.type('Above 300 W');
  await page.keyboard.press('Control+s');
  const rule = page.getByRole('button', { name: 'Above 300 W', exact: true });
  await expectFocus(page, rule);
  await expect(page.getByRole('row', { name: /Above 300 W/ }).first()).toContainText(/Counting|Firing/);

  await page.keyboard.press('n');
  await expectFocus(page, watch);
  await pick(page, 'Energy budget');
  await tabTo(page, editor.getByRole('textbox', { name: 'Budget' }));
  await retype(page, '2000');
  await tabTo(page, editor.getByRole('textbox', { name: 'Name' }));
  await page.keyboard.type('The month');
  await page.keyboard.press('Control+s');
  await expect(page.getByRole('region', { name: 'Budgets' })).toContainText('The month');
  await expectFocus(page, page.getByRole('button', { name: 'The month', exact: true }).first());
}

async function addWebhook(page: Page, url: string): Promise<void> {
  const destinations = page.getByRole('region', { name: 'Destinations' });
  const add = destinations.getByRole('button', { name: 'Add', exact: true });
  await tabTo(page, add);
  await page.keyboard.press('Enter');
  const form = page.getByRole('dialog', { name: 'New destination' });
  await expectFocus(page, form.getByRole('combobox', { name: 'Kind' }));
  await tabTo(page, form.getByRole('textbox', { name: 'Name' }));
  await page.keyboard.type('Team');
  await tabTo(page, form.getByRole('textbox', { name: 'Address' }));
  await page.keyboard.type(url);
  await page.keyboard.press('Enter');
  await expect(form).toBeHidden();
  await expectFocus(page, add);
  const testTeam = destinations.getByRole('button', { name: 'Test Team' });
  await tabTo(page, testTeam);
  await page.keyboard.press('Enter');
  await expectFocus(page, testTeam);
}

async function changeLooks(page: Page): Promise<void> {
  await page.keyboard.press('Control+,');
  await expect(heading(page)).toHaveText('Settings');
  await expect(content(page)).toBeFocused();
  const theme = page.getByRole('group', { name: 'Theme' });
  for (const [name, value] of [
    ['Dark', 'dark'],
    ['High contrast', 'contrast'],
  ] as const) {
    await tabTo(page, theme.getByRole('button', { name }));
    await page.keyboard.press('Space');
    await expect(page.locator('html')).toHaveAttribute('data-theme', value);
    await expectFocus(page, theme.getByRole('button', { name }));
  }
  await tabTo(page, page.getByRole('button', { name: '简体中文' }));
  await page.keyboard.press('Enter');
  await expect(heading(page)).toHaveText('设置');
  await expect(page.locator('html')).toHaveAttribute('lang', 'zh-CN');
  await expectFocus(page, page.getByRole('button', { name: '简体中文' }));
}
