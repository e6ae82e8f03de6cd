import { expect, goTo, openUi, test } from './fixtures.ts';

test('every source is listed, with its reason where it is silent', async ({ page, serve }) => {
  await openUi(page, serve);
  await goTo(page, 'Sensors');
  const answering = page.getByRole('table', { name: 'Answering' });
  await expect(answering).toContainText('Memory model');
  await expect(page.getByRole('listitem').filter({ hasText: 'NVIDIA energy counter (NVML)' })).toContainText(
    'NVML could not be loaded',
  );
  await answering.getByRole('button', { name: 'Memory model' }).click();
  await expect(page.getByText('free -g')).toBeVisible();
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
