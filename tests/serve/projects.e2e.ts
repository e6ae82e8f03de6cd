import { readFileSync, writeFileSync } from 'node:fs';
import { codecarbonColumns } from '../../engine/reports/codecarbon-columns.ts';
import { expect, goTo, openUi, test } from './fixtures.ts';

const row = (id: number, energy: string): string =>
  `2026-11-23T17:4${id}:53,old sweeps,943b8e37-0000-4000-8000-00000000000${id},e,600,0.2,0.0003,6,0,20,0.1,0.3,0.1,${energy},0,France,FRA,,,,Linux,3.11.7,3.3.0,2,AMD EPYC,1,1 x H100,,,23.5,machine,1,90,3,0.7,N,1.0,0.0`;

test('runs of CodeCarbon come in by the page: first what would come of it, then it is a project', async ({
  page,
  serve,
}, info) => {
  const file = info.outputPath('emissions.csv');
  writeFileSync(file, [codecarbonColumns.join(','), row(1, '0.5'), row(2, '0.5'), row(3, 'nan'), ''].join('\n'));
  await openUi(page, serve);
  await goTo(page, 'Runs');
  await page.getByRole('button', { name: 'Import', exact: true }).click();
  const dialog = page.getByRole('dialog');
  const junk = info.outputPath('junk.csv');
  writeFileSync(junk, 'neither,this\n1,2\n');
  await dialog.locator('input[type=file]').setInputFiles(junk);
  await expect(dialog.getByRole('button', { name: 'junk.csv' })).toHaveAccessibleDescription(/./);
  await expect(dialog.getByRole('textbox', { name: 'Project' })).toHaveAttribute('aria-invalid', 'false');
  await dialog.locator('input[type=file]').setInputFiles(file);
  await expect(dialog.getByRole('status')).toContainText('2 runs would be imported. 1 line refused.');
  await expect(dialog.getByRole('list')).toContainText('Line 4 refused energy_consumed is no number: nan');
  await dialog.getByRole('button', { name: 'Import' }).click();
  await expect(dialog.getByRole('status')).toContainText('2 runs imported.');
  await dialog.getByRole('button', { name: 'Close' }).click();

  await goTo(page, 'Projects');
  const table = page.getByRole('table', { name: 'Projects' });
  await table.getByRole('link', { name: 'old sweeps' }).focus();
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/#\/projects\/=old%20sweeps$/);
  const one = page.getByRole('region', { name: 'old sweeps' });
  await expect(one).toContainText('1.00kWh');
  await expect(one).toContainText('Bounds are not known');
  await one.getByRole('button', { name: 'Month' }).click();
  await expect(one.getByRole('listitem').first()).toContainText('2 runs');

  // The project's report, as a file that opens by itself: light and dark, no script, nothing wider than the page.
  const saving = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Export' }).click();
  await page.getByRole('menuitem', { name: /HTML report/ }).click();
  const report = info.outputPath('report.html');
  await (await saving).saveAs(report);
  expect(readFileSync(report, 'utf8')).toContain('Project old sweeps');
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    await page.goto(`file://${report}`);
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('Energy of old sweeps');
    await expect(page.getByRole('img', { name: 'Energy by week' })).toBeVisible();
    const [ground, isWide] = await page.evaluate(() => [
      getComputedStyle(document.body).backgroundColor,
      document.documentElement.scrollWidth > innerWidth,
    ]);
    expect([ground === 'rgb(251, 251, 250)', isWide]).toEqual([colorScheme === 'light', false]);
  }
});

test('a binary export comes whole through the page', async ({ page, demo }) => {
  await openUi(page, demo);
  await goTo(page, 'Runs');
  const saving = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Export' }).first().click();
  await page.getByRole('menuitem', { name: /Parquet/ }).click();
  const bytes = readFileSync(await (await saving).path());
  // A Parquet file begins and ends with its mark: https://parquet.apache.org/docs/file-format/
  expect([bytes.subarray(0, 4).toString(), bytes.subarray(-4).toString()]).toEqual(['PAR1', 'PAR1']);
  expect(bytes.length).toBeGreaterThan(100_000);
});
