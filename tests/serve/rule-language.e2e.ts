import { expect, openUi, test } from './fixtures.ts';

// English with a decimal comma.
test.use({ locale: 'en-DE' });

test('the numbers of a rule that is not saved follow the language of the page', async ({ page, demo }) => {
  await openUi(page, demo);
  const open = (language: string) => page.goto(`${new URL(demo.openUrl).origin}/?language=${language}#/alerts`);
  await open('en');
  await page.getByRole('button', { name: 'New rule' }).click();
  await page.getByLabel('Fires above').fill('4.400,5');
  await page.getByLabel('Margin').fill('1,2,3');
  await open('zh-CN');
  await expect(page.getByLabel('高于', { exact: true })).toHaveValue('4400.5');
  // What was no number is left as it was typed, and is said to be none.
  const margin = page.getByLabel('回差');
  await expect(margin).toHaveValue('1,2,3');
  await expect(margin).toHaveAttribute('aria-invalid', 'true');
  await open('en');
  // Back in the language it was typed in it stands as it was typed.
  await expect(page.getByLabel('Fires above')).toHaveValue('4.400,5');
});
