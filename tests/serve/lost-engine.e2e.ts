import type { Page } from '@playwright/test';
import { temporaryHome } from '../integration/cli.ts';
import { expect, goTo, openUi, test } from './fixtures.ts';
import { type Served, startServed } from './served.ts';

const strip = 'Engine not answering.';
/** What a browser says of a socket or a file that nobody answers any more, is refused, or is cut off half-way. */
const socketErrors =
  /WebSocket connection to|ERR_CONNECTION_(REFUSED|RESET)|ERR_EMPTY_RESPONSE|ERR_CONTENT_LENGTH_MISMATCH|ERR_INCOMPLETE/;
/** The page tries again after 1, 2, 4 and then every 8 s. */
const backAgainMs = 20_000;

const powerChart = (page: Page) => page.getByRole('img', { name: /^Power by run/ });

async function gapCount(page: Page): Promise<number | null> {
  const sentence = (await powerChart(page).getAttribute('aria-label')) ?? '';
  if (sentence.includes('no gap')) return 0;
  if (sentence.includes('one gap')) return 1;
  const count = /(\d+) gaps/.exec(sentence)?.[1];
  return count === undefined ? null : Number(count);
}

/** Counts the readings that the page is sent from now on. */
function countReadings(page: Page): () => number {
  const heardMs = new Set<number>();
  page.on('websocket', (socket) =>
    socket.on('framereceived', ({ payload }) => {
      const message = JSON.parse(String(payload)) as { name?: string; payload?: { atMs?: number } };
      if (message.name === 'live.changed' && message.payload?.atMs !== undefined) heardMs.add(message.payload.atMs);
    }),
  );
  return () => heardMs.size;
}

/** The pauses between so many must be known before a longer one can be told from them. */
const readingsBefore = 5;
/** 'Last reading 14:27:20, 4 s ago': longer than the pause between two readings may be. */
const isLongAgo = /, ([4-9]|\d{2,})\ss ago\./;

let home: ReturnType<typeof temporaryHome>;
let served: Served;
test.beforeEach(async () => {
  home = temporaryHome();
  served = await startServed({ kind: 'serve', home: home.home });
});
test.afterEach(async () => {
  await served.close();
  home.remove();
});

test('an engine that is killed is said to be gone, and its return is seen', async ({ page, complaints }) => {
  complaints.expect(socketErrors);
  const readings = countReadings(page);
  await openUi(page, served);
  await page.keyboard.press('1');
  await expect.poll(readings).toBeGreaterThanOrEqual(readingsBefore);
  const gapsBefore = (await gapCount(page)) ?? 0;
  await expect(page.getByRole('contentinfo')).toContainText('Wattrun itself');
  await served.kill();
  await expect(page.getByText(strip).first()).toBeVisible({ timeout: 2000 });
  await expect(page.getByRole('contentinfo')).toContainText('Not sampling');
  await expect(page.getByRole('contentinfo')).not.toContainText('Wattrun itself');
  await expect(page.getByText(/Trying again (in \d+ s|now)\./)).toBeVisible();

  await expect(page.getByText(isLongAgo)).toBeVisible();
  const port = Number(new URL(served.address.url).port);
  served = await startServed({ kind: 'serve', home: home.home, port });
  await expect(page.getByRole('contentinfo')).toContainText('Sampling at', { timeout: backAgainMs });
  await expect(page.getByText(strip)).toHaveCount(0);
  // What the chart says of itself counts the gaps that it hatches.
  await expect.poll(() => gapCount(page), { timeout: backAgainMs }).toBe(gapsBefore + 1);
});

test('a page of a killed engine opens anew at the address of the next one', async ({ page, complaints }) => {
  complaints.expect(socketErrors);
  await openUi(page, served);
  await served.kill();
  await expect(page.getByText(strip).first()).toBeVisible();
  served = await startServed({ kind: 'serve', home: home.home });
  await openUi(page, served);
  await expect(page.getByText(strip)).toHaveCount(0);
});

test('an engine that was started anew with another token is said to be, and its address lets the page in', async ({
  page,
  context,
  complaints,
}) => {
  complaints.expect(socketErrors);
  complaints.expect(/status of 401/);
  const first = await startServed({ kind: 'demo' });
  await openUi(page, first);
  await first.close();
  const port = Number(new URL(first.address.url).port);
  const second = await startServed({ kind: 'demo', port });
  try {
    await expect(page.getByText('Engine started anew.').first()).toBeVisible({ timeout: backAgainMs });
    await expect(page.getByText(/Open the address that it printed\.$/)).toBeVisible();
    // Another page with the new address brings this one back: they share the cookie.
    await openUi(await context.newPage(), second);
    await expect(page.getByRole('contentinfo')).toContainText('Sampling at', { timeout: backAgainMs });
  } finally {
    await second.close();
  }
});

test('what an engine that is gone said last is not told as if it were now', async ({ page, complaints }) => {
  complaints.expect(socketErrors);
  await openUi(page, served);
  await goTo(page, 'Sensors');
  await expect(page.getByText('the machine, now')).toBeVisible();
  await served.kill();
  await expect(page.getByText(strip).first()).toBeVisible();
  await expect(page.getByText(/^the machine, as of \d\d:\d\d:\d\d$/)).toBeVisible();
  await expect(page.getByRole('heading', { name: /stands on$|^Nothing is read now$/ })).toHaveClass('stale');
  await expect(page.getByRole('table', { name: 'Answering' })).toHaveClass(/stale/);

  await goTo(page, 'Live');
  await page.getByRole('link', { name: 'Charts' }).click();
  const values = page.getByRole('complementary', { name: 'Values at the crosshair' });
  await expect(values).toContainText('Not known: the engine does not answer.');
  await expect(values).not.toContainText('Nothing happened.');
});

test('an engine that hangs is said to be gone, and its return is seen', async ({ page, complaints }) => {
  complaints.expect(socketErrors);
  await openUi(page, served);
  served.signal('SIGSTOP');
  await expect(page.getByText(strip).first()).toBeVisible({ timeout: backAgainMs });
  served.signal('SIGCONT');
  await expect(page.getByRole('contentinfo')).toContainText('Sampling at', { timeout: backAgainMs });
  await expect(page.getByText(strip)).toHaveCount(0);
});

test('a setting that is typed while the engine is gone is saved when it is back', async ({ page, complaints }) => {
  complaints.expect(socketErrors);
  await openUi(page, served);
  await page.keyboard.press('Control+,');
  const pue = page.getByRole('textbox', { name: /PUE/ });
  await pue.waitFor();
  await served.kill();
  await expect(page.getByText(strip).first()).toBeVisible();
  await pue.fill('1.35');
  await page.keyboard.press('Tab');
  await expect(page.getByText('The setting is not saved:')).toBeVisible();
  await expect(page.getByText('engine/unreachable')).toBeHidden();
  await expect(pue).toHaveValue('1.35');
  const port = Number(new URL(served.address.url).port);
  served = await startServed({ kind: 'serve', home: home.home, port });
  await expect(page.getByText('The setting is not saved:')).toBeHidden({ timeout: backAgainMs });
  await page.reload();
  await expect(pue).toHaveValue('1.35');
});
