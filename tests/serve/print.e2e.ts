import { expect, goTo, openUi, test } from './fixtures.ts';

/** A4 within 12 mm of margin, at 96 dots an inch. */
const paper = { width: 703, height: 1032 };

test('a run’s page is a report on paper: white, without controls, and nothing beside the sheet', async ({
  page,
  demo,
}) => {
  await openUi(page, demo);
  await page.goto(`${new URL(demo.openUrl).origin}/?theme=dark#/runs`);
  await goTo(page, 'Runs');
  await page
    .getByRole('row', { name: /Finished/ })
    .first()
    .getByRole('link')
    .click();
  await expect(page.getByText('Energy of this run')).toBeVisible();
  const name = (await page.getByRole('heading', { level: 1 }).getByRole('button').textContent()) ?? '';

  await page.setViewportSize(paper);
  await page.emulateMedia({ media: 'print' });
  await page.evaluate(() => dispatchEvent(new Event('beforeprint')));
  const head = page.locator('.print-head');
  await expect(head).toContainText(name);
  await expect(head).toContainText(/Printed .*20\d\d.* · Wattrun \d/);
  await expect(page.getByRole('navigation', { name: 'Navigation' })).toBeHidden();
  await expect(page.getByRole('button', { name: 'Export' })).toBeHidden();
  expect(await page.evaluate(() => getComputedStyle(document.body).backgroundColor)).toBe('rgb(255, 255, 255)');
  const beside = await page.evaluate(() =>
    [...document.querySelectorAll('table, canvas, dl, pre, p')]
      .filter((element) => element.getBoundingClientRect().right > innerWidth + 1)
      .map((element) => `${element.tagName} ${element.className}`),
  );
  expect(beside).toEqual([]);
  // What is printed is drawn light, though the window is dark.
  expect(await page.evaluate(() => document.documentElement.dataset.theme)).toBe('light');

  await page.evaluate(() => dispatchEvent(new Event('afterprint')));
  expect(await page.evaluate(() => document.documentElement.dataset.theme)).toBe('dark');
});
