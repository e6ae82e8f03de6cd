import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { XMLValidator } from 'fast-xml-parser';
import type { AlertRule } from '../../shared/model/alert.ts';
import { clickLastNotification, findElectronHost, readDesktop } from '../standin/launch.ts';
import { ask, callApi, createFolder, type RunningApp, removeFolder, startAgain, startApp } from './running-app.ts';

const host = findElectronHost();
const isStandin = host.kind === 'stand-in';

test.skip(process.platform !== 'linux' && isStandin, 'the stand-in runs on Linux only');

test.describe('the app’s comforts', () => {
  test.describe.configure({ mode: 'serial' });
  let folder = '';
  let running: RunningApp;
  const hash = (): string => new URL(running.page.url()).hash;
  const isVisible = (): Promise<boolean[]> =>
    running.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().map((one) => one.isVisible()));

  test.beforeAll(async () => {
    folder = createFolder();
    running = await startApp(folder, ['wattrun://live/charts']);
  });
  test.afterAll(async () => {
    await running.app.close().catch(() => undefined);
    removeFolder(folder);
  });

  test('a link opens it at its page, whether it runs or not', async () => {
    await expect(running.page.getByRole('heading', { level: 1 })).toHaveText('Live');
    expect(hash()).toBe('#/live/charts');
    await running.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.minimize());
    expect(await startAgain(folder, ['wattrun://run/abc123'])).toBe(0);
    await expect.poll(hash).toBe('#/runs/abc123');
    await expect.poll(isVisible).toEqual([true]);
    // As macOS tells it.
    await running.app.evaluate(
      ({ app }) => void app.emit('open-url', { preventDefault: () => {} }, 'wattrun://alerts'),
    );
    await expect.poll(hash).toBe('#/alerts');
  });

  test('a link that is none of ours leads nowhere', async () => {
    for (const link of ['wattrun://run/..%2f..%2fetc', 'wattrun://demo/enter', 'wattrun://run/a#/settings']) {
      expect(await startAgain(folder, [link])).toBe(0);
      await expect.poll(() => running.log()).toContain(`refused the link ${JSON.stringify(link)}`);
    }
    expect(hash()).toBe('#/alerts');
    expect(await ask(running.page, 'engine', 'engine.describe')).toMatchObject({ isSimulated: false });
  });

  test('a notification shows the run, compares it, snoozes the alert', async () => {
    test.skip(!isStandin, 'a real notification is answered by nobody here');
    const { app, page } = running;
    const titled = async (title: string) =>
      (await readDesktop(app)).notifications.filter((each) => each.title === title).map(({ actions }) => actions);
    const run = await callApi(folder, '/api/v1/runs', { name: 'told-of' });
    await callApi(folder, `/api/v1/runs/${run.id}/stop`, { status: 'finished' });
    await expect.poll(() => titled('told-of finished')).toEqual([['Show run', 'Compare']]);
    await clickLastNotification(app, 1);
    await expect.poll(hash).toBe(`#/compare/${run.id}`);
    await clickLastNotification(app, 0);
    await expect.poll(hash).toBe(`#/runs/${run.id}`);

    const rule = await ask<AlertRule>(page, 'engine', 'alerts.put', {
      kind: 'sustained-power',
      name: 'Far too much',
      scope: { kind: 'machine' },
      params: { limitWatts: 100_000, holdSeconds: 1, clearSeconds: 1 },
      level: 'warning',
      isEnabled: true,
    });
    await ask(page, 'engine', 'alerts.test', { ruleId: rule.id });
    await expect.poll(() => titled('Test: Far too much')).toEqual([['Show', 'Snooze 1 h']]);
    await clickLastNotification(app, 1);
    const stateOf = async (): Promise<string | undefined> => {
      const { rules } = await ask<{ rules: AlertRule[] }>(page, 'engine', 'alerts.list');
      return rules.find(({ id }) => id === rule.id)?.status.state;
    };
    await expect.poll(stateOf).toBe('snoozed');
    await clickLastNotification(app, 0);
    await expect.poll(hash).toBe('#/alerts');
  });

  test('a chart is saved where the user says, whole or not at all', async () => {
    const { app, page } = running;
    const path = join(folder, 'power.svg');
    await app.evaluate(({ dialog }, filePath) => {
      dialog.showSaveDialog = async () => ({ canceled: false, filePath });
    }, path);
    await page.getByRole('link', { name: 'Live', exact: true }).first().click();
    await page
      .getByRole('button', { name: /^Save the chart Power/ })
      .first()
      .click();
    await page.getByRole('menuitem', { name: 'SVG', exact: true }).click();
    await expect(page.getByText(`Saved: ${path}`)).toBeVisible();
    const svg = readFileSync(path, 'utf8');
    expect(XMLValidator.validate(svg)).toBe(true);
    expect(svg).toContain('Power by run');
    await page.getByRole('button', { name: 'Show in folder' }).click();
    if (isStandin) await expect.poll(async () => (await readDesktop(app)).shownInFolder).toEqual([path]);
    await app.evaluate(
      ({ dialog }, filePath) => {
        dialog.showSaveDialog = async () => ({ canceled: false, filePath });
      },
      join(folder, 'no/such/folder.png'),
    );
    await page
      .getByRole('button', { name: /^Save the chart Power/ })
      .first()
      .click();
    await page.getByRole('menuitem', { name: 'PNG', exact: true }).click();
    await expect(page.getByText('The chart could not be saved there.')).toBeVisible();
    expect(readdirSync(folder).filter((name) => name.endsWith('.part'))).toEqual([]);
  });

  test('an export that is cancelled leaves nothing', async () => {
    const { app, page } = running;
    const path = join(folder, 'cancelled.csv');
    await app.evaluate(({ dialog }, filePath) => {
      dialog.showSaveDialog = () =>
        new Promise((resolve) => {
          (globalThis as unknown as { choose: () => void }).choose = () => resolve({ canceled: false, filePath });
        });
    }, path);
    const saving = ask(page, 'host', 'host.saveExport', { format: 'csv', runIds: null, jobId: 'mine' });
    await expect
      .poll(() => app.evaluate(() => typeof (globalThis as unknown as { choose?: unknown }).choose))
      .toBe('function');
    await ask(page, 'host', 'host.cancelExport', { jobId: 'mine' });
    await app.evaluate(() => (globalThis as unknown as { choose: () => void }).choose());
    expect(await saving).toEqual({ path: null });
    expect(existsSync(path)).toBe(false);
  });

  test('starting at login is off until it is switched on', async () => {
    test.skip(process.platform !== 'linux', 'elsewhere it is the system’s own list, which a test leaves alone');
    const { page } = running;
    const entry = join(folder, 'config/autostart/wattrun.desktop');
    await page.getByRole('link', { name: 'Settings' }).click();
    const login = page.getByRole('switch', { name: 'Start Wattrun at login' });
    await expect(login).toBeEnabled();
    await expect(login).not.toBeChecked();
    expect(existsSync(entry)).toBe(false);
    await login.click();
    await expect(login).toBeChecked();
    expect(readFileSync(entry, 'utf8')).toMatch(/^Exec=.* --hidden$/m);
    await login.click();
    await expect(login).not.toBeChecked();
    expect(existsSync(entry)).toBe(false);
  });

  test('its charts and its place are as they were after a restart, which at login is in the tray', async () => {
    const { app, page } = running;
    const headings = (): Promise<string[]> => running.page.locator('.g6 > section > .hd h2').allTextContents();
    await page.evaluate(() => {
      location.hash = '/live/charts';
    });
    await page.getByRole('button', { name: 'Arrange' }).click();
    await page.getByRole('button', { name: 'Remove Clock' }).click();
    await page.getByRole('button', { name: 'Move Temperature', exact: true }).press('Home');
    await page.getByRole('button', { name: 'Done' }).click();
    const arranged = ['Temperature', 'Power', 'Utilisation', 'Memory used', 'Energy in window'];
    expect(await headings()).toEqual(arranged);
    await page.keyboard.press('4');
    await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.setSize(1200, 760));
    await app.close();
    expect(await running.exited).toBe(0);

    running = await startApp(folder, ['--hidden']);
    await expect(running.page.getByRole('button', { name: '1 h', exact: true })).toHaveAttribute(
      'aria-pressed',
      'true',
    );
    expect(await isVisible()).toEqual([false]);
    await startAgain(folder, ['wattrun://live/charts']);
    await expect.poll(isVisible).toEqual([true]);
    await expect.poll(headings).toEqual(arranged);
    const [size] = await running.app.evaluate(({ BrowserWindow }) =>
      BrowserWindow.getAllWindows().map((one) => one.getSize()),
    );
    expect(size).toEqual([1200, 760]);
  });
});
