import { runCli } from '../integration/cli.ts';
import { expect, goTo, openUi, test } from './fixtures.ts';

/** Six epochs of twenty steps, told by what it prints. */
const training = `let step = 0; const timer = setInterval(() => {
  step++; console.log('epoch ' + Math.ceil(step / 20) + ' step ' + step + ' loss ' + (1 / step).toFixed(4));
  if (step === 120) clearInterval(timer);
}, 40);`;

test("a run whose output tells its epochs shows each epoch's energy, and what one step took", async ({
  page,
  serve,
}) => {
  const ended = await runCli(['run', '--name', 'epochs', '--', process.execPath, '-e', training], serve.env);
  expect(ended, ended.stderr).toMatchObject({ code: 0 });
  expect(ended.stderr).toMatch(/6 epochs: .* each/);
  await openUi(page, serve);
  await goTo(page, 'Runs');
  await page.getByRole('link', { name: 'epochs', exact: true }).click();
  await expect(page.getByRole('img', { name: /^Energy of each epoch: 6 bars/ })).toBeVisible();
  const each = page.getByRole('table', { name: 'Energy of one' });
  await expect(each.getByRole('row', { name: /^Epoch/ })).toContainText('6');
  await expect(each.getByRole('row', { name: /^Step/ })).toContainText('120');
  // By keyboard: the bars of a step, and the table of all epochs.
  await page.getByRole('button', { name: 'Step', exact: true }).focus();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('button', { name: 'Step', exact: true })).toHaveAttribute('aria-pressed', 'true');
  await page.locator('summary', { hasText: 'All epochs' }).focus();
  await page.keyboard.press('Enter');
  const all = page.getByRole('table', { name: 'All epochs' });
  await expect(all.getByRole('row')).toHaveCount(8);
  await expect(all.getByRole('row', { name: /^After the last epoch/ })).toBeVisible();
});

test('a running run says in Live how far it is and what a step takes', async ({ page, demo }) => {
  await openUi(page, demo);
  const running = page.getByRole('region', { name: 'Running' });
  await expect(running).toContainText(/epoch \d+ · step [\d,]+ · loss [\d.]+ · [\d.]+\s*(J|Wh) a step/);
});
