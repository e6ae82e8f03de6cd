import { expect, goTo, openUi, test } from './fixtures.ts';

/** A4 within 12 mm of margin, at 96 dots an inch. */
const paper = { width: 703, height: 1032 };

/** Said so that it is the same wherever and whenever it is read. */
const moment = '\\d+ \\w{3} 20\\d\\d \\d\\d:\\d\\d UTC\\S*';

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
  await expect(head).toContainText(new RegExp(`Printed ${moment} · Wattrun \\d`));
  const duration = page.locator('.figs .fig', { hasText: 'Duration' });
  // 'Today' and the like, of its start and its end, are for the screen.
  await expect(duration.locator('.on-screen')).toHaveCount(2);
  await expect(duration.locator('.on-screen:visible')).toHaveCount(0);
  await expect(duration.getByText(new RegExp(`^${moment} –$`))).toBeVisible();
  await expect(duration.getByText(new RegExp(`^${moment}$`))).toBeVisible();
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

test('Live on paper has its chart above what is running, not over it', async ({ page, demo }) => {
  await openUi(page, demo);
  const chart = page.getByRole('img', { name: /^Power by run/ });
  await expect(chart).toBeVisible();
  for (const width of [paper.width, paper.height]) {
    await page.setViewportSize({ width, height: paper.height });
    await page.emulateMedia({ media: 'print' });
    await page.evaluate(() => dispatchEvent(new Event('beforeprint')));
    const heading = page.getByRole('heading', { name: /^Running/ });
    const [above, below] = [await chart.boundingBox(), await heading.boundingBox()];
    expect((above?.y ?? 0) + (above?.height ?? 0)).toBeLessThanOrEqual(below?.y ?? 0);
    await page.evaluate(() => dispatchEvent(new Event('afterprint')));
    await page.emulateMedia({ media: 'screen' });
  }
});

test('the charts of Live on paper stand below their headings, not over the next', async ({ page, demo }) => {
  await openUi(page, demo);
  await page.getByRole('link', { name: 'Charts' }).click();
  const heads = page.locator('.g6 > section > .hd');
  await expect(page.getByRole('img', { name: /of 8 devices, last/ })).toHaveCount(6);
  await page.setViewportSize(paper);
  await page.emulateMedia({ media: 'print' });
  await page.evaluate(() => dispatchEvent(new Event('beforeprint')));
  const [above, below] = [await page.locator('.g6 canvas').first().boundingBox(), await heads.nth(2).boundingBox()];
  expect((above?.y ?? 0) + (above?.height ?? 0)).toBeLessThanOrEqual(below?.y ?? 0);
  await page.evaluate(() => dispatchEvent(new Event('afterprint')));
});
