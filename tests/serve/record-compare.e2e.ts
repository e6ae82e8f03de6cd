import { z } from 'zod';
import { runCli } from '../integration/cli.ts';
import { expect, openUi, test } from './fixtures.ts';
import { menuOf, saveChart, textsOf } from './saved-charts.ts';
import type { Served } from './served.ts';

/** A command that marks a falling loss in its own run over HTTP, as a training script would, and keeps a core busy between. */
const training = (losses: readonly number[]): readonly string[] => [
  process.execPath,
  '-e',
  `const { WATTRUN_RUN_ID: id, WATTRUN_URL: url, WATTRUN_TOKEN: token } = process.env;
   for (const value of ${JSON.stringify(losses)}) {
     const end = Date.now() + 1200; while (Date.now() < end);
     const answer = await fetch(new URL('/api/v1/runs/' + id + '/marks', url), {
       method: 'POST', headers: { authorization: 'Bearer ' + token, 'content-type': 'application/json' },
       body: JSON.stringify({ kind: 'loss', label: 'loss ' + value, value }) });
     if (!answer.ok) throw new Error(await answer.text());
   }`,
];

async function record(serve: Served, name: string, losses: readonly number[]): Promise<void> {
  const command = [...training(losses), '--', '--lr', name.endsWith('1') ? '2e-5' : '3e-5'];
  const ended = await runCli(['run', '--quiet', '--name', name, '--project', 'sft', '--', ...command], serve.env);
  expect(ended, ended.stderr).toMatchObject({ code: 0 });
}

test('two runs are chosen, compared and opened again from their address, by the keyboard alone', async ({
  page,
  serve,
}) => {
  await record(serve, 'compare-r1', [2.1, 1.4]);
  await record(serve, 'compare-r2', [1.9, 1.2]);
  await openUi(page, serve);
  await page.keyboard.press('Control+2');
  await expect(page.getByRole('link', { name: 'compare-r1' })).toBeVisible();
  for (const key of ['ArrowDown', 'Space']) await page.keyboard.press(key);
  await expect(page.getByRole('button', { name: /^Compare/ }), 'one run is nothing to compare').toBeDisabled();
  await page.keyboard.press('c');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Runs');
  for (const key of ['ArrowDown', 'Space', 'c']) await page.keyboard.press(key);

  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Compare');
  const table = page.getByRole('table', { name: 'Differences' });
  await expect(table.getByRole('columnheader', { name: /against/ })).toHaveCount(1);
  await expect(table.getByRole('row', { name: /^Last loss/ })).toContainText('%');
  const settings = page.getByRole('table', { name: 'Settings' });
  const command = settings.getByRole('row', { name: /^Command/ });
  await expect(command.locator('mark').filter({ hasText: /^[23]e-5$/ })).toHaveCount(1);
  await expect(page.getByRole('img', { name: /^Power of each run over/ })).toBeVisible();
  await expect(page.getByRole('img', { name: /^loss against energy of 2 runs/ })).toBeVisible();
  const { bytes } = await saveChart(page, menuOf(page, /^Save the chart loss/), 'SVG');
  const { svg, texts } = textsOf(bytes);
  expect(texts).toMatch(/whisker: bounds of the energy/);
  expect(texts).not.toContain('Simulated');
  expect(svg, 'a dot with its whisker').toMatch(/<path d="M[^"]*A3\.5 3\.5/);

  const runs = page.getByRole('region', { name: 'Runs compared' });
  const names = await runs.getByRole('link').allTextContents();
  expect(names.toSorted()).toEqual(['compare-r1', 'compare-r2']);
  await page.reload();
  await expect(runs.getByRole('link')).toHaveText(names);
  await expect(table).toBeVisible();

  await page.getByRole('button', { name: /^Hold the others against/ }).press('Enter');
  await expect(runs.getByRole('link')).toHaveText(names.toReversed());

  await runs.getByRole('link', { name: 'compare-r2' }).press('Enter');
  await page.getByRole('button', { name: 'Compare', exact: true }).press('Enter');
  await expect(runs.getByRole('link'), 'against the run before').toHaveText(['compare-r1', 'compare-r2']);
});

test('a run that is not on record is named, and the others stay', async ({ page, demo }) => {
  await openUi(page, demo);
  await page.goto(`${demo.address.url}#/compare`);
  await expect(page.getByText('No runs chosen.')).toBeVisible();
  await page.getByRole('link', { name: 'Compare the newest two' }).click();
  const table = page.getByRole('table', { name: 'Differences' });
  await expect(table).toBeVisible();
  const hash = new URL(page.url()).hash;
  await page.goto(`${demo.address.url}${hash},nosuchrun`);
  await expect(page.getByText('nosuchrun is not on record here')).toBeVisible();
  await expect(table).toBeVisible();
  const more = Array.from({ length: 9 }, (_, index) => `nosuchrun${index}`).join(',');
  await page.goto(`${demo.address.url}${hash},${more}`);
  await expect(page.getByText('8 runs at most.')).toBeVisible();
  await expect(page.getByText('3 more are in the address')).toBeVisible();
});

const comparisonSchema = z.object({
  runs: z.array(z.object({ name: z.string() })),
  figures: z.array(z.object({ id: z.string(), values: z.array(z.object({ value: z.number().nullable() })) })),
});

test('the command shows the same comparison, and says what is wrong with its words', async ({ serve }) => {
  await record(serve, 'compare-r1', [2]);
  await record(serve, 'compare-r2', [1]);
  const text = await runCli(['compare', 'compare-r1', 'compare-r2'], serve.env);
  expect(text, text.stderr).toMatchObject({ code: 0 });
  expect(text.stdout).toMatch(/^Energy +\S+ /m);
  expect(text.stdout).toContain('[3e-5]');
  const json = await runCli(['compare', 'compare-r1', 'last', '--json'], serve.env);
  const parsed = comparisonSchema.parse(JSON.parse(json.stdout));
  expect(parsed.runs.map(({ name }) => name)).toEqual(['compare-r1', 'compare-r2']);
  expect(parsed.figures.find(({ id }) => id === 'energyJoules')?.values[0]?.value).toBeGreaterThan(0);
  for (const words of [['compare-r1'], ['last', 'last'], ['last', 'nosuchrun']]) {
    const refused = await runCli(['compare', ...words], serve.env);
    expect(refused, words.join(' ')).toMatchObject({ code: 2, stdout: '' });
  }
});
