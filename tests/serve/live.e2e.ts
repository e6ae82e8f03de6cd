import { readCanvas } from './canvas.ts';
import { expect, openUi, test } from './fixtures.ts';

/** A figure of the first row, with its value and unit: 'Power now4,542W'. */
const figure = /Power now\s*[\d.,]+\s*k?W/;

test('power is a number and a curve, and both move', async ({ page, demo }) => {
  await openUi(page, demo);
  const figures = page.getByRole('region', { name: 'Now and today' });
  await expect(figures).toContainText(figure);
  const chart = page.getByRole('img', { name: /^Power by run/ });
  await expect.poll(async () => (await readCanvas(chart)).colours, 'the chart is painted').toBeGreaterThan(5);
  const before = { text: await figures.textContent(), print: (await readCanvas(chart)).print };
  await expect.poll(() => figures.textContent(), 'the figures change').not.toBe(before.text);
  await expect.poll(async () => (await readCanvas(chart)).print, 'the chart moves').not.toBe(before.print);
});

test('the chart says in words what it shows, and another window shows another span', async ({ page, demo }) => {
  await openUi(page, demo);
  const sentence = /^Power by run, last 15 minutes: [\d.,]+ k?W now, between [\d.,]+ k?W and [\d.,]+ k?W/;
  await expect(page.getByRole('img', { name: sentence })).toBeVisible();
  await page.getByRole('button', { name: '1 h', exact: true }).click();
  await expect(page.getByRole('img', { name: /^Power by run, last hour/ })).toBeVisible();
});

test('six charts of eight GPUs are painted', async ({ page, demo }) => {
  await openUi(page, demo);
  await page.getByRole('link', { name: 'Charts' }).click();
  const charts = page.getByRole('img', { name: /of 8 devices, last/ });
  await expect(charts).toHaveCount(6);
  for (const chart of await charts.all())
    await expect.poll(async () => (await readCanvas(chart)).colours).toBeGreaterThan(5);
});

test('simulated numbers are called simulated', async ({ page, demo }) => {
  await openUi(page, demo);
  await expect(page.getByText('Simulated server.')).toBeVisible();
  await expect(page).toHaveTitle(/simulated/);
});

test('a machine that is measured offers the simulated server and comes back from it', async ({ page, startOwn }) => {
  // Offered where there are no runs yet.
  await openUi(page, await startOwn({ kind: 'serve' }));
  await page.getByRole('button', { name: 'Open the demo' }).click();
  await expect(page.getByText('Simulated server.')).toBeVisible({ timeout: 30_000 });
  await expect(page.getByRole('link', { name: /llama|GPU|resnet/i }).first()).toBeVisible();
  await page.getByRole('button', { name: 'Leave the demo' }).click();
  await expect(page.getByText('Simulated server.')).toBeHidden();
});

test('thirty days are painted as well as a minute, and 8 is their key', async ({ page, demo }) => {
  await openUi(page, demo);
  await page.keyboard.press('8');
  const chart = page.getByRole('img', { name: /^Power by run, last 30 days/ });
  await expect.poll(async () => (await readCanvas(chart)).colours).toBeGreaterThan(3);
});

test('every process on a GPU has its run, its share and its power', async ({ page, demo }) => {
  await openUi(page, demo);
  await page.getByRole('link', { name: 'Processes' }).click();
  const table = page.getByRole('table', { name: 'Processes on GPUs' });
  const row = table.getByRole('row', { name: /llama3-8b-sft-r3/ }).first();
  await expect(row).toContainText(/GPU 0/);
  await expect(row).toContainText(/torchrun/);
  await expect(table.getByRole('row', { name: /no run/ })).toContainText(/jupyter/);
  // Its CPU time is known from the second look on.
  await expect(row).toContainText(/2,\d{3}/);
});

test('the mini window has the power, the runs and a way back', async ({ page, context, demo }) => {
  await openUi(page, demo);
  const opened = context.waitForEvent('page');
  await page.keyboard.press('m');
  const mini = await opened;
  await expect(mini.locator('.mini-power')).toHaveText(/[\d,]+/);
  await expect(mini.getByText('llama3-8b-sft-r3')).toBeVisible();
  // The page is gone before the key has come up again.
  await mini.keyboard.press('Escape').catch(() => undefined);
  await expect.poll(() => mini.isClosed()).toBe(true);
});
