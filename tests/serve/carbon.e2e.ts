import { awayFromPeriodEnd, type GridServer, json, openGridServer } from '../fakes/grid-server.ts';
import { runCli } from '../integration/cli.ts';
import { expect, goTo, openUi, test } from './fixtures.ts';

const halfHourMs = 1_800_000;
const minuteText = (unixMs: number): string => `${new Date(unixMs).toISOString().slice(0, 16)}Z`;

/** The GB API on this machine: 200 g now, 100 g from three hours on. */
const gbAnswer: GridServer['answer'] = (path, response) => {
  const now = Math.floor(Date.now() / halfHourMs) * halfHourMs;
  const isAhead = path.includes('fw48h');
  const data = Array.from({ length: 48 }, (_, i) => {
    const from = isAhead ? now + i * halfHourMs : now - (47 - i) * halfHourMs;
    const forecast = isAhead && i >= 6 ? 100 : 200;
    const actual = isAhead || i === 47 ? null : 200;
    return { from: minuteText(from), to: minuteText(from + halfHourMs), intensity: { forecast, actual } };
  });
  json({ data })(path, response);
};

test('live grid data: nobody is asked until it is on; then what it says counts, and when it is cleaner', async ({
  page,
  serve,
}) => {
  test.slow();
  await awayFromPeriodEnd(halfHourMs);
  const grid = await openGridServer();
  grid.answer = gbAnswer;
  try {
    await openUi(page, serve);
    await goTo(page, 'Settings');
    const provider = page.getByRole('combobox', { name: 'Live grid data' });
    await expect(provider).toHaveValue('off');
    await expect(page.getByText('Off: nothing is asked of anyone.')).toBeVisible();
    await runCli(['carbon', 'use', 'gb-carbon-intensity', '--url', grid.url], serve.env);
    await expect(provider).toHaveValue('gb-carbon-intensity');
    await expect(page.getByText(/200 g CO₂e\/kWh, .*, estimated/)).toBeVisible();
    await expect(page.getByText('GB Carbon Intensity API is asked for the intensity of zone GB.')).toBeVisible();
    await expect(page.getByRole('contentinfo')).toContainText('200 g/kWh');
    const asked = grid.asked.length;
    await page.getByRole('button', { name: 'Ask now' }).click();
    await expect(page.getByRole('button', { name: 'Ask now' })).toBeEnabled();
    expect(grid.asked.length, 'not again within its half-hour').toBe(asked);
    // The world average has its own second line; a place of one's own has the hint.
    await page.getByRole('button', { name: /^Region: / }).click();
    await page.getByRole('combobox', { name: /^Find a country/ }).fill('United King');
    await page.keyboard.press('Enter');
    await goTo(page, 'Live');
    await expect(page.getByText(/4 h from .*: 100 g\/kWh, −\d\d %/)).toBeVisible();
    await goTo(page, 'Settings');
    await provider.selectOption('off');
    await expect(page.getByText('Off: nothing is asked of anyone.')).toBeVisible();
  } finally {
    await runCli(['carbon', 'use', 'off'], serve.env);
    await grid.close();
  }
});

test('a token is kept and not shown, also after a reload', async ({ page, serve }) => {
  await openUi(page, serve);
  await goTo(page, 'Settings');
  // Without a zone nobody is asked.
  await page.getByRole('combobox', { name: 'Live grid data' }).selectOption('electricity-maps');
  const token = page.getByRole('textbox', { name: 'Token' });
  await token.fill('top-secret');
  await page.getByRole('button', { name: 'Save token' }).click();
  await expect(token).toHaveValue('');
  await expect(token).toHaveAttribute('placeholder', 'kept, never shown');
  await page.reload();
  await expect(token).toHaveAttribute('placeholder', 'kept, never shown');
  await page.getByRole('button', { name: 'Forget token' }).click();
  await expect(token).toHaveAttribute('placeholder', 'Token');
  await page.getByRole('combobox', { name: 'Live grid data' }).selectOption('off');
});

test('hours with a price of their own are added by keyboard and mouse, kept, and count', async ({ page, serve }) => {
  await openUi(page, serve);
  await goTo(page, 'Settings');
  await page.getByRole('textbox', { name: 'Per kWh' }).fill('0.30');
  await page.getByRole('button', { name: 'Add hours' }).first().click();
  const hours = page.getByRole('list', { name: 'By the hour' });
  await hours.getByRole('textbox', { name: 'Name' }).fill('always');
  await hours.getByLabel('from').fill('00:00');
  await hours.getByLabel('to', { exact: true }).fill('00:00');
  await hours.getByRole('textbox', { name: 'Price per kWh' }).fill('0.45');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('contentinfo')).toContainText('€0.45/kWh');
  await expect(page.getByRole('img', { name: 'The week by price, €0.45 to €0.45' })).toBeVisible();
  const sunday = hours.getByRole('button', { name: 'Sunday' });
  await expect(sunday).toHaveAttribute('aria-pressed', 'true');
  await sunday.focus();
  await page.keyboard.press('Space');
  await expect(page.getByRole('img', { name: 'The week by price, €0.30 to €0.45' })).toBeVisible();
  await page.reload();
  await expect(hours.getByRole('textbox', { name: 'Name' })).toHaveValue('always');
  await hours.getByRole('button', { name: 'Remove these hours' }).click();
  await expect(hours).toBeHidden();
  await page.getByRole('button', { name: 'No price' }).click();
  await expect(page.getByText('Without a price no cost is shown.')).toBeVisible();
});

test('a run is recomputed for another place once it has shown what changes', async ({ page, serve }) => {
  await runCli(['run', '--name', 'to-recompute', '--', 'node', '-e', 'setTimeout(() => {}, 900)'], serve.env);
  await openUi(page, serve);
  await goTo(page, 'Settings');
  await page.getByRole('button', { name: /^Region: / }).click();
  await page.getByRole('combobox', { name: /^Find a country/ }).fill('US-VT');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('button', { name: 'Region: Vermont' })).toBeVisible();
  await page.getByRole('combobox', { name: 'Year of the figure' }).selectOption('2016');
  await expect(page.getByText(/eGRID2016.*direct emissions/)).toBeVisible();
  await goTo(page, 'Runs');
  await page.getByRole('link', { name: 'to-recompute' }).first().click();
  await page.getByRole('button', { name: 'More', exact: true }).click();
  await page.getByRole('menuitem', { name: 'Recompute emissions and cost…' }).click();
  const dialog = page.getByRole('dialog');
  await expect(dialog.getByText('Nothing would change.')).toBeVisible();
  await dialog.getByRole('radio', { name: /^All present settings/ }).check();
  await expect(dialog.getByRole('table')).toBeVisible();
  await dialog.getByRole('button', { name: 'Recompute', exact: true }).click();
  await expect(dialog).toBeHidden();
  await expect(page.locator('.figs')).toContainText('Vermont');
});
