import { test as base, expect, type Locator, type Page } from '@playwright/test';
import { findChromium } from '../browser/chromium.ts';
import { type Served, type ServeOptions, startServed } from './served.ts';

/** What a page complained about: console errors, uncaught exceptions, breaches of its content policy. */
export interface Complaints {
  /** Says that this test brings about what the pattern matches, such as a socket that is refused. */
  expect(pattern: RegExp): void;
}

interface Fixtures {
  readonly complaints: Complaints;
  /** Starts an engine for this test alone; it is closed when its pages can no longer complain that it is gone. */
  readonly startOwn: (options: ServeOptions) => Promise<Served>;
}
interface WorkerFixtures {
  /** This machine's engine, with an empty record when the worker starts. */
  readonly serve: Served;
  /** The simulated server. */
  readonly demo: Served;
}

/** Every test fails when a page of it complained about something the test did not bring about. */
export const test = base.extend<Fixtures, WorkerFixtures>({
  locale: 'en-US',
  launchOptions: [
    async ({ launchOptions }, use) => {
      const { executablePath, args } = await findChromium();
      await use({ ...launchOptions, executablePath, args: [...args] });
    },
    { scope: 'worker' },
  ],
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the names of fixtures from the pattern
  startOwn: async ({}, use) => {
    const started: Served[] = [];
    await use(async (options) => {
      const served = await startServed(options);
      started.push(served);
      return served;
    });
    await Promise.all(started.map((served) => served.close()));
  },
  complaints: [
    // Asks for the engines so that they end after it has heard the pages.
    async ({ context, startOwn: _ }, use) => {
      const heard: string[] = [];
      const expected: RegExp[] = [];
      context.on('console', (message) => {
        if (['error', 'warning'].includes(message.type())) heard.push(`${message.text()} (${message.location().url})`);
      });
      context.on('weberror', (error) => heard.push(String(error.error().stack ?? error.error())));
      await context.addInitScript(() =>
        addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI }) =>
          console.error(`content policy: ${violatedDirective} blocked ${blockedURI}`),
        ),
      );
      await use({ expect: (pattern) => void expected.push(pattern) });
      expect(heard.filter((text) => !expected.some((pattern) => pattern.test(text)))).toEqual([]);
    },
    { auto: true },
  ],
  serve: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the names of fixtures from the pattern
    async ({}, use) => {
      const served = await startServed({ kind: 'serve' });
      await use(served);
      await served.close();
    },
    { scope: 'worker' },
  ],
  demo: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the names of fixtures from the pattern
    async ({}, use) => {
      const served = await startServed({ kind: 'demo' });
      await use(served);
      await served.close();
    },
    { scope: 'worker' },
  ],
});

export { expect };

export type PageName = 'Live' | 'Runs' | 'Compare' | 'Projects' | 'Alerts' | 'Sensors' | 'Settings';

/** Opens the UI as a person does, with the printed address, and waits until it speaks with its engine. */
export async function openUi(page: Page, served: Served): Promise<void> {
  await page.goto(served.openUrl);
  await expect(page.getByRole('contentinfo')).toContainText('Sampling');
}

/** Goes to one of the pages by its link at the left. */
export async function goTo(page: Page, name: PageName): Promise<void> {
  await pageLink(page, name).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(name);
}

/** The link at the left that leads to a page; it may go on with a count ('Runs 2 running'). */
export const pageLink = (page: Page, name: PageName): Locator =>
  page
    .getByRole('navigation', { name: name === 'Settings' ? name : 'Navigation', exact: true })
    .getByRole('link', { name: new RegExp(`^${name}`) });
