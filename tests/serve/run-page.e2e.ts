import { runCli } from '../integration/cli.ts';
import { expect, goTo, openUi, test } from './fixtures.ts';
import type { Served } from './served.ts';

async function record(serve: Served, name: string, options: readonly string[] = []): Promise<void> {
  const command = [process.execPath, '-e', 'setTimeout(() => {}, 1200)'];
  const ended = await runCli(['run', '--quiet', '--name', name, ...options, '--', ...command], serve.env);
  expect(ended.stderr).toBe('');
}

test('what is wanted now and then stands in a menu that the keyboard opens, walks and leaves', async ({
  page,
  serve,
}) => {
  for (const name of ['page-first', 'page-second']) await record(serve, name);
  await openUi(page, serve);
  await goTo(page, 'Runs');
  await page.getByRole('link', { name: 'page-first' }).click();
  const title = page.getByRole('heading', { level: 1 });
  await expect(title).toContainText('page-first');
  const header = page.getByRole('banner');
  await expect(header.getByRole('button', { name: /^Export/ })).toBeVisible();

  const more = header.getByRole('button', { name: 'More', exact: true });
  const menu = page.getByRole('menu');
  await more.press('Enter');
  await expect(menu.getByRole('menuitem')).toHaveText([
    /^Previous run/,
    /^Next run/,
    'Recompute emissions and cost…',
    'Print',
    'Delete',
  ]);
  // Letters look for an item of the menu, and lead to no other run.
  await page.keyboard.press('k');
  await expect(menu).toBeVisible();
  await expect(title).toContainText('page-first');
  await page.keyboard.press('Escape');
  await expect(menu).toBeHidden();
  await expect(more).toBeFocused();

  await more.press('Enter');
  await menu.getByRole('menuitem', { name: /^Recompute/ }).press('Enter');
  const dialog = page.getByRole('dialog', { name: 'Recompute emissions and cost' });
  await expect(dialog).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(dialog).toBeHidden();
  await expect(more).toBeFocused();

  // Newest first: the run before it in the table is the newer one.
  await more.press('Enter');
  await menu.getByRole('menuitem', { name: /^Previous run/ }).press('Enter');
  await expect(title).toContainText('page-second');
  await page.keyboard.press('j');
  await expect(title).toContainText('page-first');

  await more.press('Enter');
  await menu.getByRole('menuitem', { name: 'Delete' }).press('Enter');
  await expect(title).toHaveText('Runs');
  await expect(page.getByRole('link', { name: 'page-first' })).toBeHidden();
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(page.getByRole('link', { name: 'page-first' })).toBeVisible();
});

test('a tag of any length leaves the name, the buttons and the page their room', async ({ page, serve }) => {
  const long = 'imagenet-1k-wds-'.repeat(12);
  await record(serve, 'tagged', ['--tag', `dataset=${long}`, '--tag', 'fold=1']);
  await openUi(page, serve);
  await goTo(page, 'Runs');
  await page.getByRole('link', { name: 'tagged' }).click();
  const header = page.getByRole('banner');
  const name = header.locator('.rename');
  const tag = page.locator('.right').getByTitle(`dataset=${long}`);
  for (const width of [1280, 1080, 720]) {
    await page.setViewportSize({ width, height: 800 });
    await expect(name).toHaveText('tagged');
    expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(0);
    expect(await name.evaluate((element) => element.scrollWidth - element.clientWidth)).toBeLessThanOrEqual(0);
    const search = await header.locator('.pal-button').boundingBox();
    expect((search?.x ?? width) + (search?.width ?? 0)).toBeLessThanOrEqual(width);
    const side = await tag.boundingBox();
    expect((side?.x ?? width) + (side?.width ?? 0)).toBeLessThanOrEqual(width);
  }
});

test('a note is kept though its page goes while it is typed, and shortly after typing stops', async ({
  page,
  serve,
}) => {
  await record(serve, 'noted');
  await openUi(page, serve);
  await goTo(page, 'Runs');
  await page.getByRole('link', { name: 'noted' }).click();
  const notes = page.getByRole('textbox', { name: 'Notes' });
  await notes.fill('half a sentence');
  await page.keyboard.press('Control+1');
  await expect(notes).toBeHidden();
  await page.goBack();
  await expect(notes).toHaveValue('half a sentence');

  await notes.fill('the other half');
  const told = async (): Promise<string> => (await runCli(['show', 'noted', '--json'], serve.env)).stdout;
  await expect.poll(told).toContain('the other half');
  await page.keyboard.press('Tab');
  await notes.fill('no');
  await page.keyboard.press('Escape');
  await expect(notes).toHaveValue('the other half');
});

test('a long name leaves the controls in the window, and coverage stays in a narrow one', async ({ page, serve }) => {
  await record(serve, 'long-name-'.repeat(20));
  await openUi(page, serve);
  await goTo(page, 'Runs');
  await page.getByRole('link', { name: /^long-name/ }).click();
  const more = page.getByRole('banner').getByRole('button', { name: 'More', exact: true });
  for (const width of [720, 800, 1440]) {
    await page.setViewportSize({ width, height: 700 });
    const box = await more.boundingBox();
    expect((box?.x ?? width) + (box?.width ?? 0), `More at ${width} px`).toBeLessThanOrEqual(width);
    await expect(page.getByText('Time with readings').first()).toBeVisible();
  }
});
