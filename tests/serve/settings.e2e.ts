import { expect, goTo, openUi, test } from './fixtures.ts';

test('every source is listed, with its reason where it is silent', async ({ page, serve }) => {
  await openUi(page, serve);
  await goTo(page, 'Sensors');
  const answering = page.getByRole('table', { name: 'Answering' });
  await expect(answering).toContainText('Memory model');
  await page.getByText('Not on this machine').click();
  await expect(page.getByRole('listitem').filter({ hasText: 'NVIDIA energy counter (NVML)' })).toContainText(
    'NVML could not be loaded',
  );
  await answering.getByRole('button', { name: 'Memory model' }).click();
  await expect(page.getByText('grep MEMORY_DEVICE')).toBeVisible();
});

test('what Wattrun itself takes and how each device fares stand beside the sources', async ({ page, demo }) => {
  await openUi(page, demo);
  await goTo(page, 'Sensors');
  const cost = page.getByRole('complementary', { name: 'Gaps and own cost' });
  await expect(cost).toContainText(/CPU[\d.]+ % of one core/);
  await expect(cost).toContainText(/Tools(?:[\d.]+ % of one core|–)/);
  await expect(cost).toContainText(/Memory[\d.]+\s*MiB/);
  const health = page.getByRole('table', { name: 'Device health' });
  await expect(health.getByRole('row').filter({ hasText: 'GPU' })).toHaveCount(8);
});

test('training is found by itself until that is switched off, and a wrong rule is not kept', async ({
  page,
  serve,
}) => {
  await openUi(page, serve);
  await goTo(page, 'Settings');
  const finding = page.getByRole('switch', { name: 'Find training runs by themselves' });
  await expect(finding).toBeChecked();
  await finding.click();
  await expect(finding).not.toBeChecked();
  await page.reload();
  await expect(finding, 'it is kept').not.toBeChecked();
  await finding.click();
  await expect(finding).toBeChecked();
  const rule = page.getByRole('textbox', { name: 'Without a GPU' });
  await rule.fill('train(.py');
  await expect(page.getByText(/^This is no regular expression/)).toBeVisible();
  await rule.fill('no-such-program-here\\.py');
  await expect(page.getByText('in use')).toBeVisible();
  await page.reload();
  await expect(rule).toHaveValue('no-such-program-here\\.py');
  await rule.fill('');
  await expect(page.getByText('in use')).toBeHidden();
});

test('the region chosen gives the emissions factor in use, in every tab', async ({ page, context, serve }) => {
  await openUi(page, serve);
  const other = await context.newPage();
  await openUi(other, serve);
  await goTo(page, 'Settings');
  await page.getByRole('button', { name: /^Region: / }).click();
  await page.getByRole('combobox', { name: 'Find a country' }).fill('Norw');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('button', { name: 'Region: Norway' })).toBeVisible();
  const factor = /Norway \d{4} · \d+ g\/kWh · PUE 1/;
  await expect(page.getByRole('contentinfo')).toContainText(factor);
  await expect(other.getByRole('contentinfo')).toContainText(factor);
});

test('the theme that is set is the theme that is drawn', async ({ page, serve }) => {
  await openUi(page, serve);
  await goTo(page, 'Settings');
  for (const [word, theme] of [
    ['Dark', 'dark'],
    ['Light', 'light'],
  ] as const) {
    await page.getByRole('group', { name: 'Theme' }).getByRole('button', { name: word }).click();
    await expect(page.locator('html')).toHaveAttribute('data-theme', theme);
  }
});
