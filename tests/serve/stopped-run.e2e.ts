import { recordPath } from '../../engine/ownership/data-directory.ts';
import { createSqliteStore } from '../../engine/store/sqlite-store.ts';
import { exampleRun, exampleTotals } from '../examples.ts';
import { temporaryHome } from '../integration/cli.ts';
import { prepareWelcomedHome } from '../welcomed-home.ts';
import { expect, goTo, openUi, test } from './fixtures.ts';

const usual = 'Power above 300 W for 30 s';
const hostile = `<img src=x onerror="throw 1"> $t(undo) {{count}} \u202e${'a rule that somebody gave no end '.repeat(8)}`;

/** A record with runs that ended in several ways. */
function prepareRecord(home: string): void {
  prepareWelcomedHome(home);
  const endedMs = Date.now() - 3_600_000;
  const store = createSqliteStore({ path: recordPath(home), nowMs: Date.now() });
  const ended = { startedMs: endedMs - 60_000, endedMs, durationSeconds: 60, rootPid: null };
  const stopped = { ...ended, status: 'stopped', exitCode: 143 } as const;
  store.insertRun(
    exampleRun({ ...stopped, id: 'r1', name: 'too-hungry', stoppedBy: { alertId: 'a1', rule: usual } }),
    exampleTotals(),
  );
  store.insertRun(
    exampleRun({ ...stopped, id: 'r2', name: 'ill-meant', stoppedBy: { alertId: 'a2', rule: hostile } }),
    exampleTotals(),
  );
  store.insertRun(exampleRun({ ...stopped, id: 'r3', name: 'by-hand', exitCode: null }), exampleTotals());
  store.insertRun(exampleRun({ ...ended, id: 'r4', name: 'broken', status: 'failed', exitCode: 1 }), exampleTotals());
  store.close();
}

test('a run that an alert stopped names it: on its page, on paper, among its events and in the table', async ({
  page,
  startOwn,
}) => {
  const { home, remove } = temporaryHome();
  try {
    prepareRecord(home);
    const served = await startOwn({ kind: 'serve', home });
    await page.setViewportSize({ width: 1920, height: 900 });
    await openUi(page, served);
    await goTo(page, 'Runs');
    const named = page.getByRole('row', { name: 'too-hungry' }).getByText(`Stopped by ${usual}`);
    await expect(named).toBeVisible();
    await expect(named.locator('..')).toHaveAttribute('title', `Stopped by ${usual}`);
    const odd = page.getByRole('row', { name: 'ill-meant' }).locator('.st');
    await expect(odd).toHaveAttribute('title', `Stopped by ${hostile}`);
    const [cell, text] = [await odd.locator('..').boundingBox(), await odd.boundingBox()];
    expect((text?.x ?? 0) + (text?.width ?? 0)).toBeLessThanOrEqual((cell?.x ?? 0) + (cell?.width ?? 0));
    await expect(page.getByRole('row', { name: 'by-hand' }).locator('.st')).toHaveText('Stopped');

    // Where the column has no room for it the word alone is seen, and all of it read.
    await page.setViewportSize({ width: 1280, height: 800 });
    const bare = page.getByRole('row', { name: 'too-hungry' }).getByText('Stopped', { exact: true });
    await expect(bare).toBeVisible();
    await expect(page.getByRole('row', { name: `Stopped by ${usual}` })).toBeVisible();

    await page.getByRole('link', { name: 'too-hungry' }).click();
    const header = page.getByRole('banner');
    await expect(header.getByText(`Stopped by ${usual}`)).toBeVisible();
    const events = page.getByRole('list', { name: 'Marks, alerts and gaps' });
    await expect(events.getByText(`Stopped by ${usual}`)).toBeVisible();
    await page.emulateMedia({ media: 'print' });
    await expect(page.locator('.print-head').getByText(`Stopped by ${usual}`)).toBeVisible();
    await page.emulateMedia({ media: 'screen' });

    await page.goto(`${new URL(served.openUrl).origin}/#/compare/r1,r2`);
    const compared = page.getByRole('article').filter({ hasText: 'too-hungry' });
    await expect(compared.getByText('Stopped', { exact: true })).toBeVisible();
    await expect(compared.getByTitle(`Stopped by ${usual}`)).toBeVisible();

    await page.setViewportSize({ width: 720, height: 450 });
    for (const id of ['r1', 'r2']) {
      await page.goto(`${new URL(served.openUrl).origin}/#/runs/${id}`);
      await expect(header.locator('.st')).toContainText('Stopped by');
      expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(0);
      const [state, more] = [
        await header.locator('.st').boundingBox(),
        await header.getByRole('button', { name: 'More', exact: true }).boundingBox(),
      ];
      expect((state?.x ?? 0) + (state?.width ?? 0)).toBeLessThanOrEqual(more?.x ?? 0);
    }

    await page.goto(`${new URL(served.openUrl).origin}/?language=zh-CN#/runs/r1`);
    await expect(header.getByText('告警停止：功率高于 300 W 持续 30 秒')).toBeVisible();
  } finally {
    remove();
  }
});

test('a run on paper says how it ended', async ({ page, startOwn }) => {
  const { home, remove } = temporaryHome();
  try {
    prepareRecord(home);
    const served = await startOwn({ kind: 'serve', home });
    await openUi(page, served);
    await page.emulateMedia({ media: 'print' });
    for (const [id, word] of [
      ['r3', 'Stopped'],
      ['r4', 'Failed'],
    ] as const) {
      await page.goto(`${new URL(served.openUrl).origin}/#/runs/${id}`);
      await expect(page.locator('.print-head').getByText(word, { exact: true })).toBeVisible();
    }
  } finally {
    remove();
  }
});
