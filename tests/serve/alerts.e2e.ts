import { alertLogEntrySchema } from '../../shared/model/alert.ts';
import { createWebhookReceiver } from '../fakes/webhook-receiver.ts';
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
  await editor.getByRole('textbox', { name: 'for', exact: true }).fill('long');
  const [limit, hold] = await Promise.all(
    [/From 1 to 1,000,000 W/, /From 0 to 86,400 s/].map((text) => editor.getByText(text).boundingBox()),
  );
  expect((limit?.x ?? 0) + (limit?.width ?? 9999), 'one beside the other').toBeLessThanOrEqual(hold?.x ?? 0);
});

test('changes of a rule stay through another page or a reload until they are discarded, and a comma groups', async ({
  page,
  serve,
}) => {
  await openUi(page, serve);
  await goTo(page, 'Alerts');
  await page.getByRole('button', { name: 'New rule' }).click();
  const editor = page.getByRole('complementary', { name: 'Rule' });
  const limit = editor.getByRole('textbox', { name: 'Fires above' });
  await limit.fill('4,400');
  await expect(editor.getByRole('heading')).toContainText('4400 W');
  await goTo(page, 'Runs');
  await goTo(page, 'Alerts');
  await expect(limit).toHaveValue('4,400');
  await expect(editor).toContainText('Not saved');
  await page.reload();
  await expect(limit, 'and when the page is loaded anew').toHaveValue('4,400');
  await expect(editor).toContainText('Not saved');
  await editor.getByRole('button', { name: 'Discard' }).click();
  await expect(page.getByText('Not saved')).toBeHidden();
  await page.reload();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Alerts');
  await page.getByRole('button', { name: 'New rule' }).click();
  await expect(limit, 'what was thrown away is gone').not.toHaveValue('4,400');
});

test('presets fit the machine, a destination is tested, and its address is not shown again', async ({
  page,
  serve,
}) => {
  const receiver = await createWebhookReceiver();
  await openUi(page, serve);
  await goTo(page, 'Alerts');
  await page.getByRole('button', { name: 'Presets' }).first().click();
  const presets = page.getByRole('dialog', { name: 'Rules for this machine' });
  await presets.getByRole('checkbox', { name: /Budget/ }).waitFor();
  await presets.getByRole('button', { name: /^Add \d/ }).click();
  await expect(presets).toBeHidden();
  await expect(page.getByRole('row', { name: /Run ended/ }).first()).toContainText('Armed');
  const budgets = page.getByRole('region', { name: 'Budgets' });
  await expect(budgets.getByRole('img', { name: /% of Budget .* kWh/ })).toBeVisible();

  const destinations = page.getByRole('region', { name: 'Destinations' });
  await destinations.getByRole('button', { name: 'Add', exact: true }).click();
  const form = page.getByRole('dialog', { name: 'New destination' });
  await form.getByRole('textbox', { name: 'Name' }).fill('Team');
  await form.getByRole('textbox', { name: 'Address' }).fill(receiver.url);
  await form.getByRole('button', { name: 'Save' }).click();
  await expect(form).toBeHidden();
  await destinations.getByRole('button', { name: 'Test Team' }).click();
  await expect.poll(() => receiver.taken.length).toBe(1);
  expect(JSON.parse(receiver.taken[0]?.body ?? '{}')).toMatchObject({ text: expect.stringContaining('Test: Wattrun') });
  await expect(page.getByText(/Team: delivered/)).toBeVisible();
  expect(await page.content()).not.toContain('secret-path');

  await page
    .getByRole('button', { name: /Run ended/ })
    .first()
    .click();
  const editor = page.getByRole('complementary', { name: 'Rule' });
  await editor.getByRole('checkbox', { name: 'Webhook: Team' }).click();
  await editor.getByRole('button', { name: /^Save/ }).click();
  await editor.getByRole('button', { name: 'Send a test' }).click();
  await expect.poll(() => receiver.taken.length).toBe(2);
  await expect(page.getByRole('table', { name: 'Log' }).getByRole('row', { name: /Run ended/ })).toContainText('Team');
  await receiver.stop();
});

test('a command is off until somebody confirms it, word for word', async ({ page, serve }) => {
  await openUi(page, serve);
  await goTo(page, 'Alerts');
  const destinations = page.getByRole('region', { name: 'Destinations' });
  await destinations.getByRole('button', { name: 'Add', exact: true }).click();
  const form = page.getByRole('dialog', { name: 'New destination' });
  await form.getByRole('combobox', { name: 'Kind' }).selectOption('command');
  await form.getByRole('textbox', { name: /Program and arguments/ }).fill('/bin/true\n{run}');
  await form.getByRole('button', { name: 'Save' }).click();
  await expect(destinations).toContainText('not confirmed');
  await destinations.getByRole('button', { name: 'Confirm…' }).click();
  const confirm = page.getByRole('dialog', { name: 'Let alerts run this?' });
  await expect(confirm).toContainText('"/bin/true"');
  await confirm.getByRole('button', { name: 'Let it run' }).click();
  await expect(destinations).not.toContainText('not confirmed');
});

test('quiet hours are set in the page and kept', async ({ page, serve }) => {
  await openUi(page, serve);
  await goTo(page, 'Alerts');
  await page.getByRole('button', { name: 'Set quiet hours…' }).click();
  await page.getByRole('switch', { name: 'Quiet hours on' }).click();
  await expect(page.getByRole('banner').getByText('Quiet 22:00 – 07:00')).toBeVisible();
  const { stdout } = await runCli(['alerts', 'quiet', '--json'], serve.env);
  expect(JSON.parse(stdout)).toMatchObject({ isOn: true, fromMinute: 1320, toMinute: 420 });
  await runCli(['alerts', 'quiet', 'off'], serve.env);
});
