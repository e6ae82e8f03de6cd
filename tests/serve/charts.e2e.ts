import type { Page } from '@playwright/test';
import { parse } from 'csv-parse/sync';
import { temporaryHome } from '../integration/cli.ts';
import { everyView } from './every-view.ts';
import { expect, openUi, test } from './fixtures.ts';
import { seriousFindings } from './page-faults.ts';
import { menuOf, saveChart, textsOf } from './saved-charts.ts';
import { startServed } from './served.ts';

const headings = (page: Page): Promise<readonly string[]> => page.locator('.g6 > section > .hd h2').allTextContents();
const usual = ['Power', 'Utilisation', 'Memory used', 'Temperature', 'Clock', 'Energy in window'];

async function openCharts(page: Page): Promise<void> {
  await page.getByRole('link', { name: 'Charts' }).click();
  await expect(page.getByRole('img', { name: /of 8 devices, last/ })).toHaveCount(6);
  // A key does nothing to a chart whose readings have not come yet.
  const values = page.getByRole('complementary', { name: 'Values at the crosshair' });
  await expect(values.getByRole('row', { name: /^GPU 0/ })).toContainText(/\d{2}/);
}

test('charts are chosen and moved by keys alone, and are there again after a restart', async ({ page, demo }) => {
  await openUi(page, demo);
  await openCharts(page);
  await page.getByRole('button', { name: 'Arrange' }).focus();
  await page.keyboard.press('Enter');
  const handle = page.getByRole('button', { name: 'Move Power', exact: true });
  await handle.focus();
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('ArrowRight');
  await expect(handle, 'what is moved keeps the focus').toBeFocused();
  await page.getByRole('button', { name: 'Chart 3 over the full width' }).press('Enter');
  await page.getByRole('button', { name: 'Remove Clock' }).press('Enter');
  await page.getByRole('button', { name: 'Add a chart' }).press('Enter');
  await page.getByRole('combobox', { name: 'What chart 6 shows' }).selectOption('Temperature');
  await page.getByRole('button', { name: /^Devices of chart 6/ }).press('Enter');
  const panel = page.getByRole('dialog', { name: 'Devices of chart 6' });
  for (const name of ['GPU 0', 'GPU 1', 'GPU 2', 'GPU 3', 'GPU 4', 'GPU 5'])
    await panel.getByRole('checkbox', { name, exact: true }).press('Space');
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'Done' }).press('Enter');

  const arranged = ['Utilisation', 'Memory used', 'Power', 'Temperature', 'Energy in window', 'Temperature'];
  expect(await headings(page)).toEqual(arranged);
  await page.reload();
  await expect(page.getByRole('img', { name: /^Temperature of 2 devices/ })).toBeVisible();
  expect(await headings(page)).toEqual(arranged);
  const [half, full] = await Promise.all(
    ['Utilisation', 'Power'].map((name) => page.getByRole('region', { name, exact: true }).boundingBox()),
  );
  expect(full?.width ?? 0).toBeGreaterThan(1.8 * (half?.width ?? 0));

  await page.getByRole('button', { name: 'Arrange' }).click();
  await page.getByRole('button', { name: 'Back to the usual six' }).click();
  await page.getByRole('button', { name: 'Done' }).click();
  expect(await headings(page)).toEqual(usual);
});

test('a server that starts again has the address it had, and the page its charts', async ({ page, complaints }) => {
  complaints.expect(/ERR_CONNECTION_REFUSED/);
  const own = temporaryHome();
  const first = await startServed({ kind: 'serve', home: own.home });
  try {
    await openUi(page, first);
    await page.getByRole('link', { name: 'Charts' }).click();
    await page.getByRole('button', { name: 'Arrange' }).click();
    await page.getByRole('button', { name: 'Remove Clock' }).click();
    await page.getByRole('button', { name: 'Done' }).click();
    const arranged = usual.filter((name) => name !== 'Clock');
    expect(await headings(page)).toEqual(arranged);
    await page.goto('about:blank');
    await first.close();
    const second = await startServed({ kind: 'serve', home: own.home });
    try {
      expect(second.openUrl).toBe(first.openUrl);
      await openUi(page, second);
      await page.getByRole('link', { name: 'Charts' }).click();
      await expect.poll(() => headings(page)).toEqual(arranged);
    } finally {
      await second.close();
    }
  } finally {
    await first.close();
    own.remove();
  }
});

test('a chart is carried elsewhere by its handle', async ({ page, demo }) => {
  await openUi(page, demo);
  await openCharts(page);
  await page.getByRole('button', { name: 'Arrange' }).click();
  const from = await page.getByRole('button', { name: 'Move Power', exact: true }).boundingBox();
  const to = await page.getByRole('region', { name: 'Temperature', exact: true }).boundingBox();
  if (from === null || to === null) throw new Error('the charts are not on the page');
  await page.mouse.move(from.x + from.width / 2, from.y + from.height / 2);
  await page.mouse.down();
  await page.mouse.move(to.x + 40, to.y + 40, { steps: 6 });
  await page.mouse.up();
  await page.getByRole('button', { name: 'Done' }).click();
  await expect
    .poll(() => headings(page))
    .toEqual(['Utilisation', 'Memory used', 'Temperature', 'Power', 'Clock', 'Energy in window']);
});

test('one crosshair, pan and zoom by keys, and L comes back to live', async ({ page, demo }) => {
  await openUi(page, demo);
  await openCharts(page);
  const chart = page.getByRole('img', { name: /^Power of 8 devices/ });
  const past = page.getByText('Looking back', { exact: true }).first();
  await chart.focus();
  await page.keyboard.press('ArrowLeft');
  await expect(page.locator('.cross-line'), 'one line in each of the six').toHaveCount(6);
  await page.keyboard.press('+');
  await expect(past).toBeVisible();
  const zoomed = await chart.getAttribute('aria-label');
  await page.keyboard.press('Shift+ArrowLeft');
  await expect.poll(() => chart.getAttribute('aria-label')).not.toBe(zoomed);
  await page.keyboard.press('l');
  await expect(past).toBeHidden();
  await page.keyboard.press('-');
  await expect(past).toBeVisible();
  await page.keyboard.press('0');
  await expect(past).toBeHidden();
});

test('the values name the moment that they are of, looking back too', async ({ page, demo }) => {
  await openUi(page, demo);
  await openCharts(page);
  await page.keyboard.press('2');
  const values = page.getByRole('complementary', { name: 'Values at the crosshair' });
  const heading = values.getByRole('heading').first();
  const firstGpu = values.getByRole('row', { name: /^GPU 0/ });
  const chart = page.getByRole('img', { name: /^Power of 8 devices/ });
  await expect(heading).toHaveText('Now');
  await chart.focus();
  await page.keyboard.press('ArrowLeft');
  await expect(heading).toHaveText(/^At \d\d:\d\d:\d\d$/);
  const atCrosshair = (await heading.textContent()) ?? '';

  await page.keyboard.press('Shift+ArrowLeft');
  await expect(heading, 'the crosshair is outside of the window').not.toHaveText(atCrosshair);
  await expect(heading).toHaveText(/^At /);
  await expect(firstGpu).toContainText(/\d{2}/);
  await expect(values, 'the end of the window was read').not.toContainText('no reading');
  await expect(page.locator('.cross-line')).toHaveCount(0);

  await page.keyboard.press('8');
  await page.keyboard.press('ArrowLeft');
  await expect(page.locator('.cross-time').first(), 'the day is told where the window has many').toHaveText(
    /^(Today|\d+ \w+) \d\d:\d\d$/,
  );
  await expect(heading, 'a bucket of a month is an hour or two').toHaveText(/^(Today|\d+ \w+) \d\d:\d\d – /);
});

test('what one view points at is not the next one’s', async ({ page, demo }) => {
  await openUi(page, demo);
  await openCharts(page);
  await page.getByRole('img', { name: /^Power of 8 devices/ }).focus();
  await page.keyboard.press('ArrowLeft');
  await expect(page.locator('.cross-line')).toHaveCount(6);
  await page.goBack();
  await expect(page.getByRole('img', { name: /^Power by run/ })).toBeVisible();
  await expect(page.locator('.cross-line')).toHaveCount(0);
});

test('the wheel zooms, a drag chooses a span, Shift drags along, two fingers pinch', async ({
  browser,
  demo,
  launchOptions,
}) => {
  expect(launchOptions.executablePath).not.toBe('');
  const context = await browser.newContext({ hasTouch: true, locale: 'en-US', viewport: { width: 1280, height: 800 } });
  const page = await context.newPage();
  await openUi(page, demo);
  await openCharts(page);
  const chart = page.getByRole('img', { name: /^Power of 8 devices/ });
  const past = page.getByText('Looking back', { exact: true }).first();
  const box = await chart.boundingBox();
  if (box === null) throw new Error('the chart is not on the page');
  const [left, middle, top] = [box.x + 120, box.x + 200, box.y + box.height / 2];
  const back = async (): Promise<void> => {
    await expect(past).toBeVisible();
    await page.keyboard.press('l');
    await expect(past).toBeHidden();
  };
  await page.mouse.move(middle, top);
  await page.mouse.wheel(0, -200);
  await back();
  await page.mouse.move(left, top);
  await page.mouse.down();
  await page.mouse.move(middle, top, { steps: 4 });
  await page.mouse.up();
  await back();
  await page.keyboard.down('Shift');
  await page.mouse.move(left, top);
  await page.mouse.down();
  await page.mouse.move(middle, top, { steps: 8 });
  await page.mouse.up();
  await page.keyboard.up('Shift');
  await back();
  const session = await context.newCDPSession(page);
  const touch = (type: string, apart: number): Promise<unknown> =>
    session.send(
      'Input.dispatchTouchEvent' as never,
      {
        type,
        touchPoints:
          type === 'touchEnd' ? [] : [-1, 1].map((side) => ({ x: middle + side * apart, y: top, id: side + 1 })),
      } as never,
    );
  await touch('touchStart', 20);
  for (const apart of [30, 40, 60, 80]) await touch('touchMove', apart);
  await touch('touchEnd', 0);
  await back();
  await context.close();
});

test('every chart is saved as a vector that says what it is', async ({ page, demo }) => {
  await openUi(page, demo);
  const views = await everyView(page);
  const at = async (name: string): Promise<void> => {
    const hash = views.find((view) => view.name === name)?.hash ?? '';
    await page.evaluate((to) => {
      location.hash = to;
    }, hash);
  };
  for (const [view, menu, unit] of [
    ['live', 'Save the chart Power by run', 'kW'],
    ['charts', 'Save the chart Temperature', '°C'],
    ['run', 'Save the chart Power', 'W'],
    ['run', /^Save the chart Memory/, 'GiB'],
    ['compare', 'Save the chart Power', 'W'],
  ] as const) {
    await at(view);
    await expect(menuOf(page, menu), `${view}: ${menu}`).toBeVisible();
    await expect(page.locator('canvas').first()).toBeVisible();
    const { name, bytes } = await saveChart(page, menuOf(page, menu), 'SVG');
    expect(name).toMatch(/ simulated \d{4}-\d\d-\d\d \d{6}\.svg$/);
    const { svg, texts } = textsOf(bytes);
    expect(texts).toContain('Simulated: every number in this picture is made up.');
    expect(texts).toContain(unit);
    expect(texts).toMatch(/Wattrun \d+\.\d+\.\d+\s(· )?drawn/);
    expect(texts, view).toMatch(view === 'compare' ? /own start/ : /20\d\d, \d\d:\d\d:\d\d – .*UTC/);
    // Drawn, not pasted: lines of many points, and no picture in it.
    expect(svg).toMatch(/<path d="M[\d. ]+(L[-\d. ]+){20}/);
    expect(svg).not.toMatch(/<image|NaN|undefined|var\(/);
  }
});

test('a picture is in the theme that is shown or on white, and the values are a table', async ({ page, demo }) => {
  await page.goto(demo.openUrl);
  await page.goto(`${new URL(demo.openUrl).origin}/?theme=dark&language=zh-CN#/live/charts`);
  const found = menuOf(page, '保存图表“功率”');
  await expect(found).toBeVisible();
  const dark = textsOf((await saveChart(page, found, 'SVG')).bytes);
  expect(dark.svg).toContain('fill="#111316"');
  expect(dark.texts).toContain('模拟数据');
  const white = textsOf((await saveChart(page, found, 'SVG（白底）')).bytes);
  expect(white.svg).toContain('fill="#ffffff"');
  expect(white.svg).not.toContain('#111316');

  const png = (await saveChart(page, found, 'PNG')).bytes;
  expect(png.subarray(1, 4).toString('latin1')).toBe('PNG');
  // 1,000 px wide, twice as many pixels; https://www.w3.org/TR/png/#11IHDR.
  expect(png.readUInt32BE(16)).toBe(2000);
  const csv = (await saveChart(page, found, '数值存为 CSV')).bytes;
  const rows = parse(csv, { columns: true, bom: true }) as Record<string, string>[];
  expect(rows.length).toBeGreaterThan(10);
  expect(Object.keys(rows[0] ?? {})).toEqual(expect.arrayContaining(['time_utc', 'GPU 0 mean (W)', 'GPU 7 max (W)']));
  expect(Number(rows.at(-1)?.['GPU 0 mean (W)'])).toBeGreaterThan(50);
});

test('a chart’s values are a table for whom a picture does not help', async ({ page, demo }) => {
  await openUi(page, demo);
  const menu = menuOf(page, 'Save the chart Power by run');
  await menu.press('Enter');
  await page.getByRole('menuitem', { name: 'Show as table' }).press('Enter');
  const dialog = page.getByRole('dialog', { name: 'Power by run, kW' });
  await expect(dialog.getByRole('columnheader', { name: 'Total' })).toBeVisible();
  expect(await dialog.getByRole('row').count()).toBeGreaterThan(10);
  await expect(dialog.getByRole('row').nth(1)).toContainText(/\d\.\d\d/);
  expect(await seriousFindings(page)).toEqual([]);
  await page.keyboard.press('Escape');
  await expect(dialog).toBeHidden();
  await expect(menu, 'the focus is where it was').toBeFocused();
});
