import type { Page } from '@playwright/test';
import { runIds, type View } from './every-view.ts';

/** Opens a menu or list by its button and waits for it. */
const opener =
  (selector: string, at: number) =>
  async (page: Page): Promise<void> => {
    await page.locator(selector).nth(at).click();
    await page.locator('.pop').first().waitFor();
  };

/** A view for each button of it that opens something; how many there are is read from the page. */
async function openersOf(page: Page, view: View, selector: string): Promise<readonly View[]> {
  await page.evaluate((hash) => {
    location.hash = hash;
  }, view.hash);
  await page.locator(selector).first().waitFor();
  const count = await page.locator(selector).count();
  return Array.from({ length: count }, (_, at) => ({
    name: `${view.name}, ${at + 1} of ${count} opened`,
    hash: view.hash,
    open: opener(selector, at),
  }));
}

const inDestination = (kind: string) => async (page: Page) => {
  await page.locator('.ds .hd button').click();
  await page.getByRole('dialog').getByRole('combobox').first().selectOption(kind);
};

const selectRuns = async (page: Page): Promise<void> => {
  await page.keyboard.press('Control+a');
  await page.locator('.selb').waitFor();
};

/** What is opened over the views: menus, filters, forms of each sort, several runs beside each other. */
export async function openedStates(page: Page): Promise<readonly View[]> {
  const ids = await runIds(page);
  const [first = ''] = ids;
  return [
    ...(await openersOf(page, { name: 'filters', hash: '#/runs' }, '.flt [aria-haspopup]')),
    ...(await openersOf(page, { name: 'menus of Runs', hash: '#/runs' }, 'header [aria-haspopup="menu"]')),
    ...(await openersOf(page, { name: 'menus of a run', hash: `#/runs/${first}` }, 'header [aria-haspopup="menu"]')),
    { name: 'all runs selected', hash: '#/runs', open: selectRuns },
    {
      name: 'tags of the selection',
      hash: '#/runs',
      open: async (at) => {
        await selectRuns(at);
        await at.keyboard.press('t');
        await at.getByRole('dialog').waitFor();
      },
    },
    { name: 'three runs compared', hash: `#/compare/${ids.slice(0, 3).join(',')}` },
    {
      name: 'new budget',
      hash: '#/alerts',
      open: async (at) => {
        await at.keyboard.press('n');
        await at.locator('.ed .form select').first().selectOption('energy-budget');
      },
    },
    { name: 'mail as a destination', hash: '#/alerts', open: inDestination('email') },
    { name: 'command as a destination', hash: '#/alerts', open: inDestination('command') },
    {
      name: 'commands found',
      hash: '#/live',
      open: async (at) => {
        await at.keyboard.press('Control+k');
        await at.getByRole('dialog').waitFor();
        await at.keyboard.type('r');
        await at.getByRole('option').first().waitFor();
      },
    },
  ];
}
