import { runCli, startCli } from '../integration/cli.ts';
import { expect, goTo, openUi, test } from './fixtures.ts';
import { listen } from './spoken.ts';

test('a rule that asks about a run is answered from any page, and the paused run goes on from Live', async ({
  page,
  serve,
}) => {
  const started = startCli(['run', '--quiet', '--name', 'asked-about', '--', 'sleep', '300'], serve.env);
  await openUi(page, serve);
  const running = page.getByRole('region', { name: 'Running' });
  await expect(running.getByRole('link', { name: 'asked-about' })).toBeVisible();
  await goTo(page, 'Sensors');
  const spoken = await listen(page);
  // Memory alone draws more than 1 W on any machine, by its model where nothing measures it.
  const rule = ['--power', '1', '--for', '1', '--on-run', 'pause', '--name', 'Ask first'];
  const { stdout } = await runCli(['alerts', 'add', ...rule, '--json'], serve.env);
  const { id } = JSON.parse(stdout) as { readonly id: string };

  const question = page.locator('.strip', { hasText: 'Pause asked-about?' });
  await expect(question).toHaveCount(1);
  await expect(question).toContainText('asked by the rule Ask first');
  await goTo(page, 'Live');
  await expect(question).toHaveCount(1);
  await expect(page.locator('.strip', { hasText: 'Ask first' }), 'nor is the alert told twice').toHaveCount(1);

  await question.getByRole('button', { name: 'Pause', exact: true }).press('Enter');
  await expect(question).toHaveCount(0);
  await expect(running.getByText('Paused', { exact: true })).toBeVisible();
  await expect(
    page.getByRole('navigation', { name: 'Running' }).getByRole('img', { name: 'Paused' }),
    'and beside its name on every page',
  ).toBeVisible();

  await running.getByRole('link', { name: 'asked-about' }).click();
  const header = page.getByRole('banner');
  await expect(header.getByText('Paused', { exact: true })).toBeVisible();
  await expect(header.getByRole('button', { name: 'Resume asked-about' })).toBeVisible();

  await goTo(page, 'Runs');
  const row = page.getByRole('row', { name: 'asked-about' });
  await expect(row.getByText('Paused', { exact: true })).toBeVisible();
  await expect(row.getByTitle('Its processes are held; it draws what an idle run draws.')).toBeVisible();
  await page.getByRole('button', { name: 'Status' }).first().click();
  await page.getByRole('menuitem', { name: 'Running' }).click();
  await expect(page.getByText('No run matches.')).toBeVisible();
  await page.getByRole('button', { name: 'Clear filters' }).first().click();
  await page.getByRole('button', { name: 'Status' }).first().click();
  await page.getByRole('menuitem', { name: 'Paused' }).click();
  await expect(row).toBeVisible();
  await page.getByRole('button', { name: 'Clear filters' }).click();

  await goTo(page, 'Live');
  await running.getByRole('button', { name: 'Resume asked-about' }).press('Enter');
  await expect(running.getByText('Paused', { exact: true })).toHaveCount(0);
  await expect(running.getByRole('link', { name: 'asked-about' })).toBeVisible();

  await runCli(['alerts', 'remove', id], serve.env);
  started.child.kill('SIGTERM');
  await started.ended;
  // Sentences wait for each other, so what was to be said before has been said.
  await expect.poll(spoken).toContain('Run asked-about ended');
  expect((await spoken()).filter((sentence) => sentence.includes('Ask first'))).toEqual([
    'Ask first asks: Pause asked-about?',
  ]);
});
