import type { Page } from '@playwright/test';

/** A page of the app as a user finds it: a hash, and what is opened over it. */
export interface View {
  readonly name: string;
  readonly hash: string;
  /** What to do once it stands. */
  readonly open?: (page: Page) => Promise<void>;
}

/** Runs of the record, as their pages' addresses name them. */
export async function runIds(page: Page): Promise<readonly string[]> {
  await page.evaluate(() => {
    location.hash = '#/runs';
  });
  const links = page.locator('main a[href^="#/runs/"]');
  await links.first().waitFor();
  const hrefs = await links.evaluateAll((all) => all.map((link) => link.getAttribute('href') ?? ''));
  return [...new Set(hrefs.map((href) => href.slice('#/runs/'.length)))];
}

/** Every view there is, over a record with runs. */
export async function everyView(page: Page): Promise<readonly View[]> {
  const [first = '', second = ''] = await runIds(page);
  return [
    { name: 'live', hash: '#/live' },
    { name: 'charts', hash: '#/live/charts' },
    {
      name: 'arranging',
      hash: '#/live/charts',
      open: async (at) => {
        await at.locator('header .btn[aria-pressed]').first().click();
        await at.locator('.ab').waitFor();
      },
    },
    { name: 'processes', hash: '#/live/processes' },
    { name: 'runs', hash: '#/runs' },
    { name: 'run', hash: `#/runs/${first}` },
    { name: 'compare', hash: `#/compare/${first},${second}` },
    { name: 'projects', hash: '#/projects' },
    { name: 'alerts', hash: '#/alerts' },
    {
      name: 'alert presets',
      hash: '#/alerts',
      open: async (at) => {
        await at.locator('.open-presets').first().click();
        await at.getByRole('dialog').waitFor();
      },
    },
    {
      name: 'alert destination',
      hash: '#/alerts',
      open: async (at) => {
        await at.locator('.ds .hd button').click();
        await at.getByRole('dialog').waitFor();
      },
    },
    {
      name: 'new rule',
      hash: '#/alerts',
      open: async (at) => {
        await at.keyboard.press('n');
        await at.locator('.ed .efoot').waitFor();
      },
    },
    { name: 'sensors', hash: '#/sensors' },
    { name: 'settings', hash: '#/settings' },
    {
      name: 'palette',
      hash: '#/live',
      open: async (at) => {
        await at.keyboard.press('Control+k');
        await at.getByRole('dialog').waitFor();
      },
    },
    {
      name: 'keys',
      hash: '#/live',
      open: async (at) => {
        await at.keyboard.press('?');
        await at.getByRole('dialog').waitFor();
      },
    },
    { name: 'mini', hash: '#/mini' },
  ];
}

/** Goes there and waits until what is read has been drawn. */
export async function showView(page: Page, view: View): Promise<void> {
  await page.keyboard.press('Escape');
  await page.evaluate((hash) => {
    location.hash = hash;
  }, view.hash);
  await page.locator('h1, main, .mini').first().waitFor();
  // Bars that stand for what is still read come after 150 ms; then until they are gone.
  await page.waitForTimeout(350);
  await page.waitForFunction(() => document.querySelector('[aria-busy="true"]') === null);
  await view.open?.(page);
}
