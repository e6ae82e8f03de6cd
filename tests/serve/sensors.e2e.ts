import { expect, openUi, test } from './fixtures.ts';

test('the answering sources say in full how and what of they are read, at every width and in both languages', async ({
  page,
  demo,
  serve,
}) => {
  for (const served of [demo, serve]) {
    await openUi(page, served);
    for (const language of ['en', 'zh-CN'])
      for (const width of [720, 1080, 1280, 1920]) {
        await page.setViewportSize({ width, height: 800 });
        await page.goto(`${new URL(served.openUrl).origin}/?language=${language}#/sensors`);
        const table = page.locator('table.ans');
        await expect(table.locator('tbody tr').first()).toBeVisible();
        const faults = await table.evaluate((element) =>
          [...element.querySelectorAll('tbody tr:not(.same) td')].flatMap((cell) => {
            const [own, range] = [cell.getBoundingClientRect(), document.createRange()];
            range.selectNodeContents(cell);
            const text = range.getBoundingClientRect();
            const isCut = cell.scrollWidth > cell.clientWidth || getComputedStyle(cell).textOverflow === 'ellipsis';
            const isBeside = text.width > 0 && (text.right > own.right + 0.5 || text.bottom > own.bottom + 0.5);
            return isCut || isBeside ? [cell.textContent] : [];
          }),
        );
        expect(faults, `${language}, ${width} px`).toEqual([]);
        expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(0);
      }
  }
});
