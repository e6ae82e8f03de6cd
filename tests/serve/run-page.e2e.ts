import { runCli } from '../integration/cli.ts';
import { expect, goTo, openUi, test } from './fixtures.ts';
import type { Served } from './served.ts';

async function record(serve: Served, name: string): Promise<void> {
  const command = [process.execPath, '-e', 'setTimeout(() => {}, 1200)'];
  const ended = await runCli(['run', '--quiet', '--name', name, '--', ...command], serve.env);
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
