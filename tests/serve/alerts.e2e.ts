import { alertLogEntrySchema } from '../../shared/model/alert.ts';
import { runCli } from '../integration/cli.ts';
import { expect, goTo, openUi, test } from './fixtures.ts';

test('a rule made in the page fires once, and clears when its limit is raised', async ({ page, serve }) => {
  await openUi(page, serve);
  await goTo(page, 'Alerts');
  await page.getByRole('button', { name: 'New rule' }).click();
  const editor = page.getByRole('complementary', { name: 'Rule' });
  // Memory alone draws more than 1 W on any machine, by its model where nothing measures it.
  await editor.getByRole('textbox', { name: 'Fires above' }).fill('1');
  await editor.getByRole('textbox', { name: 'for', exact: true }).fill('2');
  await editor.getByRole('textbox', { name: 'Clears after below for' }).fill('1');
  await editor.getByRole('textbox', { name: 'Name' }).fill('Low limit');
  await editor.getByRole('button', { name: /^Save/ }).click();

  const rule = page.getByRole('row', { name: /Low limit/ }).first();
  await expect(rule).toContainText('Firing');
  const log = page.getByRole('table', { name: 'Log' });
  await expect(log.getByRole('row')).toHaveCount(2); // the heading and one entry
  await expect(log).toContainText('firing');

  await editor.getByRole('textbox', { name: 'Fires above' }).fill('900000');
  await editor.getByRole('button', { name: /^Save/ }).click();
  await expect(rule).toContainText('Armed');
  await expect(log).not.toContainText('firing');
  await expect(log.getByRole('row'), 'it fired once').toHaveCount(2);

  const { stdout } = await runCli(['alerts', 'log', '--json'], serve.env);
  const entries = alertLogEntrySchema.array().parse(entriesOf(JSON.parse(stdout)));
  expect(entries).toHaveLength(1);
  expect(entries[0]?.clearedAtMs).not.toBeNull();
});

/** The command prints a list, or an object that holds it. */
function entriesOf(printed: unknown): unknown {
  return Array.isArray(printed) ? printed : (printed as { readonly entries: unknown }).entries;
}

test('a limit that is no number is refused in the form, with what would be right', async ({ page, serve }) => {
  await openUi(page, serve);
  await goTo(page, 'Alerts');
  await page.getByRole('button', { name: 'New rule' }).click();
  const editor = page.getByRole('complementary', { name: 'Rule' });
  await editor.getByRole('textbox', { name: 'Fires above' }).fill('much');
  await expect(editor.getByText(/From 1 to 1,000,000 W/)).toBeVisible();
  await expect(editor.getByRole('button', { name: /^Save/ })).toBeDisabled();
});
