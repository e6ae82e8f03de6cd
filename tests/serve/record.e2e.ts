import { readFile } from 'node:fs/promises';
import { parse } from 'csv-parse/sync';
import { runReportSchema } from '../../shared/model/run.ts';
import { runCli, startCli } from '../integration/cli.ts';
import { expect, goTo, openUi, test } from './fixtures.ts';
import type { Served } from './served.ts';

/** A command that keeps a core busy for so long; Node, because nothing else is sure to be on the machine. */
const busy = (seconds: number): readonly string[] => [
  process.execPath,
  '-e',
  `const end = Date.now() + ${seconds * 1000}; while (Date.now() < end);`,
];

async function record(serve: Served, name: string, seconds: number): Promise<void> {
  const ended = await runCli(['run', '--quiet', '--name', name, '--', ...busy(seconds)], serve.env);
  expect(ended, ended.stderr).toMatchObject({ code: 0 });
}

test('a wrapped command shows while it runs, and stays on record with its energy', async ({ page, serve }) => {
  await openUi(page, serve);
  const started = startCli(['run', '--name', 'busy-loop', '--project', 'e2e', '--', ...busy(8)], serve.env);
  const running = page.getByRole('region', { name: 'Running' });
  await expect(running.getByRole('link', { name: 'busy-loop', exact: true })).toBeVisible();
  await expect(running, 'its power and its energy so far').toContainText(/\d\s*W[\s\S]*\d\s*(J|Wh)/);

  const ended = await started.ended;
  expect(ended, ended.stderr).toMatchObject({ code: 0 });
  await expect(running.getByRole('link', { name: 'busy-loop', exact: true })).toBeHidden();
  await goTo(page, 'Runs');
  const row = page.getByRole('row', { name: /busy-loop/ });
  await expect(row).toContainText('Finished');
  await expect(row).toContainText('e2e');

  const shown = await runCli(['show', 'busy-loop', '--json'], serve.env);
  const { energy } = runReportSchema.parse(JSON.parse(shown.stdout));
  expect(energy.totalJoules, 'energy that was measured').toBeGreaterThan(0);
  await row.getByRole('link', { name: 'busy-loop' }).click();
  await expect(page.getByText('Energy of this run')).toBeVisible();
  await expect(page.getByRole('table', { name: 'Energy by device' })).toContainText(/CPU|Memory/);
});

test('runs go out as CSV from the browser', async ({ page, serve }) => {
  await record(serve, '=HYPERLINK("http://a.test","x")', 2);
  await openUi(page, serve);
  await goTo(page, 'Runs');
  await expect(page.getByRole('row', { name: /HYPERLINK/ })).toBeVisible();
  await page.getByRole('button', { name: 'Export' }).click();
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page
      .getByRole('menuitem', { name: /\(\.csv\)/ })
      .first()
      .click(),
  ]);
  expect(download.suggestedFilename()).toMatch(/\.csv$/);
  await expect(page.getByText(`Saved: ${download.suggestedFilename()}`)).toBeVisible();

  const rows: Record<string, string>[] = parse(await readFile(await download.path(), 'utf8'), {
    columns: true,
    bom: true,
  });
  const row = rows.find((one) => Object.values(one).some((value) => value.includes('HYPERLINK')));
  expect(row, JSON.stringify(rows)).toBeDefined();
  const joules = Object.entries(row ?? {}).find(([name]) => /joules/i.test(name));
  expect(Number(joules?.[1]), String(joules)).toBeGreaterThan(0);
  const formulas = rows.flatMap((one) => Object.values(one)).filter((value) => /^[=+@]/.test(value));
  expect(formulas, 'no cell is a spreadsheet formula').toEqual([]);
});

test('a run is renamed in one tab and shows so in the other', async ({ page, context, serve }) => {
  await record(serve, 'first-name', 1);
  await openUi(page, serve);
  await goTo(page, 'Runs');
  const other = await context.newPage();
  await openUi(other, serve);
  await goTo(other, 'Runs');
  await page.getByRole('link', { name: 'first-name' }).click();
  await page.getByRole('button', { name: 'first-name' }).click();
  await page.getByRole('textbox', { name: 'Rename this run' }).fill('second-name');
  await page.keyboard.press('Enter');
  await expect(other.getByRole('link', { name: 'second-name' })).toBeVisible();
  await expect(other.getByRole('link', { name: 'first-name' })).toHaveCount(0);
});

test('a deleted run comes back with Undo', async ({ page, serve }) => {
  await record(serve, 'by-mistake', 1);
  await openUi(page, serve);
  await goTo(page, 'Runs');
  await page.getByRole('checkbox', { name: 'Select by-mistake' }).click();
  await page.getByRole('button', { name: 'Delete' }).click();
  await expect(page.getByRole('link', { name: 'by-mistake' })).toBeHidden();
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(page.getByRole('link', { name: 'by-mistake' })).toBeVisible();
});

test('Ctrl Z brings a deleted run back too, and the notice that offered it goes', async ({ page, serve }) => {
  await record(serve, 'taken-back', 1);
  await openUi(page, serve);
  await goTo(page, 'Runs');
  await page.getByRole('checkbox', { name: 'Select taken-back' }).click();
  await page.keyboard.press('Delete');
  await expect(page.getByText('1 run deleted')).toBeVisible();
  await expect(page.getByRole('link', { name: 'taken-back' })).toBeHidden();
  await page.keyboard.press('Control+z');
  await expect(page.getByText('1 run deleted')).toBeHidden();
  await expect(page.getByRole('link', { name: 'taken-back' })).toBeVisible();
});

test('the page of a run says so when it is deleted in another tab, and brings it back', async ({
  page,
  context,
  serve,
}) => {
  await record(serve, 'gone-elsewhere', 1);
  await openUi(page, serve);
  await goTo(page, 'Runs');
  const other = await context.newPage();
  await openUi(other, serve);
  await goTo(other, 'Runs');
  await other.getByRole('link', { name: 'gone-elsewhere' }).click();
  await expect(other.getByRole('button', { name: 'More', exact: true })).toBeVisible();
  await page.getByRole('checkbox', { name: 'Select gone-elsewhere' }).click();
  await page.getByRole('button', { name: 'Delete' }).click();
  await expect(other.getByText('This run was deleted.')).toBeVisible();
  await expect(other.getByRole('button', { name: 'More', exact: true })).toBeHidden();
  await other.getByRole('button', { name: 'Undo' }).click();
  await expect(other.getByRole('button', { name: 'More', exact: true })).toBeVisible();
  await expect(page.getByRole('link', { name: 'gone-elsewhere' })).toBeVisible();
});

test('names can be read in a narrow window, and a renamed run has the focus again', async ({ page, demo }) => {
  await openUi(page, demo);
  await goTo(page, 'Runs');
  const table = page.getByRole('table', { name: 'Runs' });
  await expect(table.getByRole('row', { name: /Finished/ }).first()).toBeVisible();
  for (const width of [720, 800, 900, 1100]) {
    await page.setViewportSize({ width, height: 600 });
    const narrowest = () =>
      table.locator('td.c-name').evaluateAll((all) => Math.min(...all.map((cell) => cell.clientWidth)));
    expect(await narrowest(), `names at ${width} px`).toBeGreaterThanOrEqual(140);
    const seen = await table.getByRole('columnheader', { name: 'Seen %' }).boundingBox();
    expect((seen?.x ?? 0) + (seen?.width ?? width), `coverage at ${width} px`).toBeLessThanOrEqual(width);
  }
  await page.keyboard.press('j');
  await page.keyboard.press('F2');
  await page.keyboard.type('renamed-by-key');
  await page.keyboard.press('Enter');
  // In the table: the list at the side names a run that goes on as well.
  await expect(table.getByRole('link', { name: 'renamed-by-key' })).toBeFocused();
  // Space still selects the row, as it does with the focus nowhere.
  await page.keyboard.press(' ');
  await expect(page.getByRole('checkbox', { name: 'Select renamed-by-key' })).toBeChecked();
});
