import type { Locator, Page } from '@playwright/test';
import { runCli } from '../integration/cli.ts';
import { expect, openUi, test } from './fixtures.ts';

const field = (page: Page): Locator => page.getByRole('combobox', { name: 'Find a command, a run, a device …' });
const options = (page: Page): Locator => page.getByRole('listbox', { name: 'Commands' }).getByRole('option');
const sheet = (page: Page): Locator => page.getByRole('dialog', { name: 'Keys' });

/** Ctrl K, the text, and Enter on what is found. */
async function command(page: Page, text: string, found: string | RegExp): Promise<void> {
  await page.keyboard.press('Control+k');
  await expect(field(page)).toBeFocused();
  await page.keyboard.type(text);
  await expect(options(page).first()).toContainText(found);
  await page.keyboard.press('Enter');
  await expect(field(page)).toBeHidden();
}

test('a run is found by letters of its name and opened, by keys alone', async ({ page, demo }) => {
  await openUi(page, demo);
  await page.keyboard.press('Control+k');
  await page.keyboard.type('run llama');
  const first = options(page).first();
  await expect(first).toHaveAttribute('aria-selected', 'true');
  await expect(first).toContainText('llama');
  await expect(first.locator('b').first(), 'the letters that were typed are shown').toBeVisible();
  const active = await field(page).getAttribute('aria-activedescendant');
  expect(await first.getAttribute('id')).toBe(active);
  await page.keyboard.press('Control+a');
  await page.keyboard.type('open runs');
  await expect(options(page).first()).toContainText('Runs');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Runs');
  await expect(page.getByRole('main'), 'the page that was gone to has the focus').toBeFocused();

  await page.keyboard.press('Control+k');
  await expect(page.getByRole('group', { name: 'Recent' }).getByRole('option').first()).toContainText('Runs');
  const run = page.getByRole('group', { name: 'Runs' }).getByRole('option').first();
  const name = (await run.locator('.cut').first().textContent()) ?? '';
  await page.keyboard.type(name);
  await expect(options(page).first()).toContainText(name);
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/#\/runs\/.+/);
  await expect(page.getByRole('heading', { level: 1 })).toContainText(name);
});

test('arrows, Home and End move through what is found; nothing found is said', async ({ page, demo }) => {
  await openUi(page, demo);
  await page.getByRole('button', { name: 'Search' }).click();
  await page.keyboard.type('window');
  await expect(options(page).first()).toContainText('Window');
  const count = await options(page).count();
  const selected = page.getByRole('option', { selected: true });
  const at = async (index: number): Promise<void> => {
    await expect(selected).toHaveCount(1);
    await expect(options(page).nth(index)).toHaveAttribute('aria-selected', 'true');
  };
  await page.keyboard.press('ArrowDown');
  await at(1);
  await page.keyboard.press('End');
  await at(count - 1);
  await page.keyboard.press('ArrowDown');
  await at(0);
  await page.keyboard.press('ArrowUp');
  await at(count - 1);
  await page.keyboard.press('Home');
  await at(0);
  await page.keyboard.type('zzqq');
  await expect(page.getByText('No command matches.')).toBeVisible();
  await page.keyboard.press('Enter');
  await expect(field(page), 'Enter on nothing does nothing').toBeVisible();
});

test('Escape leaves the focus where it was, and Ctrl K works while something is typed', async ({ page, demo }) => {
  await openUi(page, demo);
  await page.keyboard.press('Control+2');
  const filter = page.getByRole('searchbox', { name: 'Filter the runs' });
  await filter.focus();
  await page.keyboard.type('lla');
  await page.keyboard.press('Control+k');
  await expect(field(page)).toBeFocused();
  await page.keyboard.press('Escape');
  await expect(field(page)).toBeHidden();
  await expect(filter).toBeFocused();
  await expect(filter).toHaveValue('lla');
  await page.keyboard.press('?');
  await expect(filter, '? is a letter where letters are typed').toHaveValue('lla?');
  await expect(sheet(page)).toBeHidden();

  await page.getByRole('button', { name: 'Search' }).focus();
  await page.keyboard.press('?');
  await expect(sheet(page)).toBeVisible();
  await page.keyboard.press('Control+k');
  await expect(field(page), 'not over another dialog').toBeHidden();
  await page.keyboard.press('Escape');
  await expect(sheet(page)).toBeHidden();
  await expect(page.getByRole('button', { name: 'Search' })).toBeFocused();
});

test('the theme, the window and the settings are changed by their names', async ({ page, serve }) => {
  await openUi(page, serve);
  const theme = (): Promise<string | undefined> => page.evaluate(() => document.documentElement.dataset.theme);
  await command(page, 'theme dark', 'Theme: Dark');
  await expect.poll(theme).toBe('dark');
  await command(page, 'high contrast', 'Theme: High contrast');
  await expect.poll(theme).toBe('contrast');
  await command(page, 'theme system', 'Theme: System');
  await expect.poll(theme).toBe('light');

  await command(page, 'settings price', 'Settings: Price');
  await expect(page.getByRole('heading', { level: 2, name: 'Price' })).toBeFocused();
  await command(page, 'window 6h', 'Window 6 h');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Live');
  await expect(page.getByRole('button', { name: '6 h', exact: true })).toHaveAttribute('aria-pressed', 'true');
  await command(page, 'new power', 'New power rule');
  await expect(
    page.getByRole('complementary', { name: 'Rule' }).getByRole('textbox', { name: 'Fires above' }),
  ).toBeVisible();
});

test('a run is started, marked and stopped from the palette', async ({ page, serve }) => {
  await openUi(page, serve);
  await command(page, 'start', 'Start a run');
  await page.getByRole('textbox', { name: 'Name' }).fill('by-keys');
  await page.keyboard.press('Enter');
  await expect(
    page.getByRole('region', { name: 'Running' }).getByRole('link', { name: 'by-keys', exact: true }),
  ).toBeVisible();
  await command(page, 'mark by-keys', 'Mark by-keys');
  await expect(page.getByRole('textbox', { name: 'Mark' })).toBeFocused();
  await page.keyboard.type('warm-up is over');
  await page.keyboard.press('Enter');
  await expect(page.getByText('by-keys is marked')).toBeVisible();
  await command(page, 'stop by-keys', 'Stop by-keys');
  await page.getByRole('button', { name: 'Stop the run' }).press('Enter');
  await expect(
    page.getByRole('region', { name: 'Running' }).getByRole('link', { name: 'by-keys', exact: true }),
  ).toBeHidden();
  await expect(page.getByRole('dialog')).toBeHidden();
  await command(page, 'open bykeys', 'by-keys');
  await expect(page.getByText('warm-up is over').first()).toBeVisible();
});

test('what is typed right after a command goes on to its page is kept', async ({ page, demo }) => {
  // A machine on which whatever waits a moment waits longer.
  await page.addInitScript(() => {
    const setSoon = window.setTimeout;
    const setLate = (work: () => void, ms = 0): number => setSoon(work, ms === 0 ? 0 : ms + 300);
    Object.assign(window, { setTimeout: setLate });
  });
  await openUi(page, demo);
  for (const [text, found] of [
    ['go sensors', 'Sensors'],
    ['open runs', 'Runs'],
    ['go alerts', 'Alerts'],
  ] as const) {
    await command(page, text, found);
    await expect(page.getByRole('heading', { level: 1 })).toHaveText(found);
    await page.keyboard.press('Control+k');
    await page.keyboard.type('nothing is called so', { delay: 30 });
    await expect(field(page)).toHaveValue('nothing is called so');
    await page.keyboard.press('Escape');
    await expect(field(page)).toBeHidden();
  }
});

test('what is on record is exported from the palette', async ({ page, serve }) => {
  const recorded = await runCli(
    ['run', '--quiet', '--name', 'taken-away', '--', process.execPath, '-e', ''],
    serve.env,
  );
  expect(recorded, recorded.stderr).toMatchObject({ code: 0 });
  await openUi(page, serve);
  const [download] = await Promise.all([page.waitForEvent('download'), command(page, 'export json', 'JSON')]);
  expect(download.suggestedFilename()).toMatch(/\.json$/);
});

test('what a browser cannot do is not offered', async ({ page, demo }) => {
  await openUi(page, demo);
  await page.keyboard.press('Control+k');
  await expect(options(page).filter({ hasText: 'Show all keys' })).toHaveCount(1);
  await expect(options(page).filter({ hasText: /data folder|Open the demo/ })).toHaveCount(0);
});

test('the keys that the sheet names do what it says', async ({ page, demo }) => {
  await openUi(page, demo);
  await page.keyboard.press('?');
  for (const place of ['Everywhere', 'Charts', 'Runs table', 'A run’s page', 'Alerts', 'Sensors'])
    await expect(sheet(page).getByRole('region', { name: place })).toBeVisible();
  await page.keyboard.press('Escape');

  const side = page.getByRole('complementary').first();
  await page.keyboard.press('Control+b');
  await expect.poll(async () => (await side.boundingBox())?.width).toBe(48);
  await page.reload();
  await expect.poll(async () => (await side.boundingBox())?.width, 'it is remembered').toBe(48);
  await page.keyboard.press('Control+b');
  await expect.poll(async () => (await side.boundingBox())?.width).toBe(200);

  await page.keyboard.press('4');
  await expect(page.getByRole('button', { name: '1 h', exact: true })).toHaveAttribute('aria-pressed', 'true');
  await page.getByRole('img', { name: /^Power by run/ }).focus();
  await page.keyboard.press('Shift+ArrowLeft');
  await expect(page.getByRole('button', { name: 'Looking back' })).toBeVisible();
  await page.keyboard.press('l');
  await expect(page.getByRole('button', { name: 'Looking back' })).toBeHidden();
  await page.getByRole('img', { name: /^Power by run/ }).focus();
  await page.keyboard.press('+');
  await expect(page.getByRole('button', { name: 'Looking back' })).toBeVisible();
  await page.keyboard.press('0');
  await expect(page.getByRole('button', { name: 'Looking back' })).toBeHidden();

  await page.keyboard.press('Control+,');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Settings');
  await command(page, 'alerts', 'Alerts');
  await page.keyboard.press('n');
  await expect(
    page.getByRole('complementary', { name: 'Rule' }).getByRole('textbox', { name: 'Fires above' }),
  ).toBeVisible();
  await command(page, 'go sensors', 'Sensors');
  await page.keyboard.press('r');
  await expect(page.getByRole('button', { name: /^(Checking|Check all)/ })).toBeVisible();

  await command(page, 'open runs', 'Runs');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Runs');
  await expect(page.getByRole('row').nth(2)).toBeVisible();
  await page.keyboard.press('j');
  await page.keyboard.press('Space');
  await page.keyboard.press('Shift+ArrowDown');
  await expect(page.getByRole('region', { name: 'Selected runs' })).toContainText('2 selected');
  await page.keyboard.press('e');
  await expect(page.getByRole('menuitem').first()).toBeVisible();
  await page.keyboard.press('Escape');
  await page.keyboard.press('Escape');
  await expect(page.getByRole('region', { name: 'Selected runs' })).toBeHidden();
  await page.keyboard.press('/');
  await expect(page.getByRole('searchbox', { name: 'Filter the runs' })).toBeFocused();
});
