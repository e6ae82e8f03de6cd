import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { parse } from 'csv-parse/sync';
import type { AlertLogEntry, AlertRule } from '../../shared/model/alert.ts';
import { clickLastNotification, findElectronHost, readDesktop } from '../standin/launch.ts';
import {
  ask,
  callApi,
  createFolder,
  dataDirectory,
  processesIn,
  projectRoot,
  type RunningApp,
  readAddress,
  removeFolder,
  startApp,
  startServe,
} from './running-app.ts';

const host = findElectronHost();
const isStandin = host.kind === 'stand-in';

test.skip(process.platform !== 'linux' && isStandin, 'the stand-in runs on Linux only');

/** In the page: the machine's power in so many live events. */
function readLivePower(count: number): Promise<readonly (number | null)[]> {
  type Message = {
    readonly name?: string;
    readonly payload?: { readonly machine: { readonly powerWatts: number | null } };
  };
  const pipe = (window as unknown as { wattrun: { onMessage(listener: (message: Message) => void): () => void } })
    .wattrun;
  return new Promise((resolve) => {
    const watts: (number | null)[] = [];
    const stop = pipe.onMessage(({ name, payload }) => {
      if (name !== 'live.changed' || payload === undefined || watts.push(payload.machine.powerWatts) < count) return;
      stop();
      resolve(watts);
    });
  });
}

test.describe('the app', () => {
  test.describe.configure({ mode: 'serial' });
  let folder = '';
  let running: RunningApp;

  test.beforeAll(async () => {
    console.log(`e2e host: ${host.kind}`);
    folder = createFolder();
    running = await startApp(folder);
  });
  test.afterAll(async () => {
    await running.app.close().catch(() => undefined);
    removeFolder(folder);
  });

  test('opens a window of its usual size, with a live power in it', async () => {
    const { app, page } = running;
    const [size] = await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().map((one) => one.getSize()));
    expect(size).toEqual([1280, 800]);
    const power = page.getByText('Power now', { exact: true }).locator('..');
    await expect(power).toContainText(/\d\s*W/);
    // The unrounded power moves with every reading, even on a machine that is busy to the brim.
    const watts = await page.evaluate(readLivePower, 5);
    expect(watts.every((value) => value !== null && value > 0)).toBe(true);
    expect(new Set(watts).size).toBeGreaterThan(1);
    const energy = page.getByText('Energy today', { exact: true }).locator('..');
    const before = await energy.textContent();
    await expect.poll(() => energy.textContent()).not.toBe(before);
    await expect(page.locator('body')).not.toContainText(/NaN|undefined/);
  });

  test('gives the page one pipe and nothing of Node or Electron', async () => {
    const seen = await running.page.evaluate(() => ({
      globals: ['require', 'process', 'module', 'ipcRenderer', 'electron'].filter((name) => name in window),
      pipe: Object.keys((window as unknown as { wattrun: object }).wattrun).toSorted(),
    }));
    expect(seen).toEqual({ globals: [], pipe: ['onMessage', 'send'] });
    expect(await ask(running.page, 'host', 'host.describe')).toMatchObject({ shell: 'electron', canNotify: true });
  });

  test('shows the power in the tray', async () => {
    test.skip(!isStandin, 'a real tray cannot be read');
    await expect.poll(async () => (await readDesktop(running.app)).trays[0]?.title).toMatch(/^\d+(\.\d)?\sW$/);
    const [tray] = (await readDesktop(running.app)).trays;
    expect(tray?.toolTip).toMatch(/^Wattrun · \d+(\.\d)?\sW$/);
    expect(tray?.menuLabels).toContain('Open Wattrun');
    await expect
      .poll(async () => (await readDesktop(running.app)).trays[0]?.menuLabels[0])
      .toMatch(/^(?!Wattrun)\S+ · \d+(\.\d)?\sW$/);
  });

  test('goes where the menu says', async () => {
    const { app, page } = running;
    for (const name of ['runs', 'compare', 'projects', 'alerts', 'sensors', 'settings', 'live']) {
      await app.evaluate(({ Menu }, id) => Menu.getApplicationMenu()?.getMenuItemById(id)?.click(), name);
      await expect.poll(() => new URL(page.url()).hash).toContain(name);
    }
  });

  test('changes the language of menu and tray with that of the page', async () => {
    const { app, page } = running;
    const menu = (): Promise<readonly string[]> =>
      app.evaluate(({ Menu }) => Menu.getApplicationMenu()?.items.map(({ label }) => label) ?? []);
    await ask(page, 'engine', 'settings.write', { language: 'zh-CN' });
    await expect(page.locator('html')).toHaveAttribute('lang', 'zh-CN');
    await expect.poll(menu).toEqual(['文件', '编辑', '视图', '窗口', '帮助']);
    if (isStandin)
      await expect.poll(async () => (await readDesktop(app)).trays[0]?.menuLabels).toContain('打开 Wattrun');
    await ask(page, 'engine', 'settings.write', { language: 'en' });
    await expect.poll(menu).toEqual(['File', 'Edit', 'View', 'Window', 'Help']);
    if (isStandin)
      await expect.poll(async () => (await readDesktop(app)).trays[0]?.menuLabels).toContain('Open Wattrun');
  });

  test('enters the simulated server, says so everywhere, and leaves it', async () => {
    const { app, page } = running;
    await ask(page, 'engine', 'demo.enter');
    await expect(page.getByText('Simulated server.')).toBeVisible();
    if (isStandin) await expect.poll(async () => (await readDesktop(app)).trays[0]?.title).toMatch(/kW \(simulated\)$/);
    await page.getByRole('button', { name: 'Leave the demo' }).click();
    await expect(page.getByText('Simulated server.')).toBeHidden();
    if (isStandin) await expect.poll(async () => (await readDesktop(app)).trays[0]?.title).toMatch(/^\d+(\.\d)?\sW$/);
  });

  test('shows a run that another program starts, and tells when it has ended', async () => {
    const { app, page } = running;
    const run = await callApi(folder, '/api/v1/runs', { name: 'from-outside', project: 'e2e' });
    await expect(page.getByText('from-outside').first()).toBeVisible();
    await page.waitForTimeout(3000);
    await callApi(folder, `/api/v1/runs/${run.id}/stop`, { status: 'finished' });
    await page.evaluate(() => {
      location.hash = '/runs';
    });
    await expect(page.getByText('from-outside').first()).toBeVisible();
    if (!isStandin) return;
    await expect
      .poll(async () => (await readDesktop(app)).notifications.filter(({ title }) => title === 'from-outside finished'))
      .toHaveLength(1);
    const told = (await readDesktop(app)).notifications.find(({ title }) => title === 'from-outside finished');
    expect(told?.body.replaceAll('\u202f', ' ')).toMatch(
      /^(≥ )?[\d.,]+ (J|Wh) \([\d.,]+ – [\d.,]+\) in [\d.]+ s, .+CO₂e/,
    );
    await clickLastNotification(app);
    await expect.poll(() => new URL(page.url()).hash).toBe(`#/runs/${run.id}`);
  });

  test('opens the mini window above the others, once, and closes it', async () => {
    const { app, page } = running;
    const minis = () =>
      app.evaluate(({ BrowserWindow }) =>
        BrowserWindow.getAllWindows()
          .filter((one) => one.isAlwaysOnTop())
          .map((one) => one.getSize()),
      );
    await page.keyboard.press('m');
    await expect.poll(minis).toEqual([[320, 180]]);
    await ask(page, 'host', 'host.openMini');
    expect(await minis()).toHaveLength(1);
    const find = () => app.windows().find((one) => new URL(one.url(), 'file://').hash === '#/mini');
    await expect.poll(() => find() !== undefined).toBe(true);
    const mini = find();
    if (mini === undefined) throw new Error('no mini window');
    await expect(mini.locator('.mini-power')).toHaveText(/\d/);
    await mini.getByRole('button', { name: 'Stay above other windows' }).click();
    await expect.poll(minis).toEqual([]);
    await mini.keyboard.press('Escape').catch(() => undefined);
    await expect.poll(() => app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().length)).toBe(1);
  });

  test('saves an export where the user says, and nothing where they cancel', async () => {
    const { app, page } = running;
    const path = join(folder, 'runs.csv');
    await app.evaluate(({ dialog }, filePath) => {
      dialog.showSaveDialog = async () => ({ canceled: false, filePath });
    }, path);
    expect(await ask(page, 'host', 'host.saveExport', { format: 'csv', runIds: null })).toEqual({ path });
    const rows = parse(readFileSync(path), { columns: true, bom: true }) as Record<string, string>[];
    expect(rows).toHaveLength(1);
    expect(Object.values(rows[0]!)).toContain('from-outside');
    await app.evaluate(({ dialog }) => {
      dialog.showSaveDialog = async () => ({ canceled: true, filePath: '' });
    });
    expect(await ask(page, 'host', 'host.saveExport', { format: 'csv', runIds: null })).toEqual({ path: null });
    await ask(page, 'host', 'host.showFile', { path });
    await expect(ask(page, 'host', 'host.showFile', { path: '/etc/passwd' })).rejects.toThrow('host/refused');
    if (isStandin) expect((await readDesktop(app)).shownInFolder).toEqual([path]);
  });

  test('fires an alert once, and clears it when the limit is raised', async () => {
    const { app, page } = running;
    const rule = {
      kind: 'sustained-power',
      name: 'Too much power',
      scope: { kind: 'machine' },
      params: { limitWatts: 1, holdSeconds: 1, clearSeconds: 1 },
      level: 'warning',
      isEnabled: true,
    };
    const put = await ask<AlertRule>(page, 'engine', 'alerts.put', rule);
    const log = async (): Promise<readonly AlertLogEntry[]> => {
      const { entries } = await ask<{ entries: AlertLogEntry[] }>(page, 'engine', 'alerts.log', {});
      return entries.filter((entry) => entry.ruleId === put.id);
    };
    await expect.poll(async () => (await log()).length).toBe(1);
    await page.waitForTimeout(3000);
    if (isStandin) {
      const { notifications, trays } = await readDesktop(app);
      const told = notifications.filter(({ title }) => title === 'Too much power');
      expect(told).toHaveLength(1);
      expect(told[0]?.body.replaceAll('\u202f', ' ')).toMatch(/^\d+(\.\d)? W now\./);
      expect(trays[0]?.toolTip).toContain('▲ Too much power');
      await clickLastNotification(app);
      await expect.poll(() => new URL(page.url()).hash).toContain('alerts');
    }
    await ask(page, 'engine', 'alerts.put', { ...rule, id: put.id, params: { ...rule.params, limitWatts: 100_000 } });
    await expect.poll(async () => (await log())[0]?.clearedAtMs ?? null).not.toBeNull();
    expect(await log()).toHaveLength(1);
    if (isStandin) await expect.poll(async () => (await readDesktop(app)).trays[0]?.toolTip).not.toContain('▲');
  });

  test('follows the theme, copies text and opens the data folder', async () => {
    const { app, page } = running;
    await ask(page, 'host', 'host.setTheme', { theme: 'contrast' });
    expect(await app.evaluate(({ nativeTheme }) => nativeTheme.themeSource)).toBe('dark');
    await ask(page, 'host', 'host.setTheme', { theme: 'system' });
    await ask(page, 'host', 'host.copyText', { text: 'wattrun run --' });
    expect(await app.evaluate(({ clipboard }) => clipboard.readText())).toBe('wattrun run --');
    if (!isStandin) return;
    await ask(page, 'host', 'host.showDataDirectory');
    expect((await readDesktop(app)).openedPaths).toEqual([dataDirectory(folder)]);
  });

  test('stays on its page and opens only https links, outside', async () => {
    const { app, page } = running;
    const before = page.url();
    await page.evaluate(() => {
      location.href = 'https://example.org/elsewhere';
    });
    await page.evaluate(() => void window.open('file:///etc/passwd'));
    await expect.poll(() => running.log()).toContain('refused to open file:///etc/passwd');
    expect(page.url()).toBe(before);
    if (isStandin) expect((await readDesktop(app)).openedExternally).toEqual(['https://example.org/elsewhere']);
  });

  test('refuses what is no message, and what is too large', async () => {
    const { page } = running;
    await page.evaluate(() => {
      const { send } = (window as unknown as { wattrun: { send(message: unknown): void } }).wattrun;
      send({ kind: 'order', contract: 'host' });
      send({ kind: 'request', contract: 'host', id: 5, name: 'host.copyText', payload: { text: 'x'.repeat(2e6) } });
    });
    await expect.poll(() => running.log()).toContain('it is no message of the contract');
    await expect.poll(() => running.log()).toMatch(/it has 2\d{6} characters/);
    await expect(ask(page, 'host', 'host.format-disk')).rejects.toThrow('contract/unknown');
    await expect(ask(page, 'host', 'host.setTheme', { theme: 'pink' })).rejects.toThrow('contract/invalid');
  });

  test('a second start brings the first to the front and ends', async () => {
    const { app } = running;
    await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.minimize());
    const second = spawn(host.executablePath, [`--user-data-dir=${join(folder, 'user')}`, projectRoot], {
      env: { ...process.env, WATTRUN_HOME: dataDirectory(folder), TMPDIR: folder },
      stdio: 'ignore',
    });
    const code = await new Promise<number | null>((resolve) => void second.once('exit', resolve));
    expect(code).toBe(0);
    await expect
      .poll(() => app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().map((one) => one.isFocused())))
      .toEqual([true]);
  });

  test('goes on in the tray when its window is closed, says so once, and comes back', async () => {
    const { app } = running;
    const isVisible = (): Promise<boolean[]> =>
      app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().map((one) => one.isVisible()));
    for (let i = 0; i < 2; i++) {
      await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.close());
      expect(await isVisible()).toEqual([false]);
      await app.evaluate(({ app }) => void app.emit('activate'));
      expect(await isVisible()).toEqual([true]);
    }
    if (!isStandin) return;
    const { notifications } = await readDesktop(app);
    expect(notifications.filter(({ title }) => title === 'Wattrun goes on measuring')).toHaveLength(1);
  });

  test('answers no page but its own', async () => {
    const { app, page } = running;
    const own = page.url();
    const foreign = 'data:text/html,<title>foreign</title>';
    await app.evaluate(({ BrowserWindow }, url) => BrowserWindow.getAllWindows()[0]?.loadURL(url), foreign);
    await page.waitForURL(foreign);
    await page.evaluate(() => {
      const pipe = (window as unknown as { wattrun?: { send(message: unknown): void } }).wattrun;
      pipe?.send({ kind: 'request', contract: 'host', id: 7, name: 'host.copyText', payload: { text: 'stolen' } });
    });
    await expect.poll(() => running.log()).toContain('refused a message from data:text/html');
    expect(await app.evaluate(({ clipboard }) => clipboard.readText())).toBe('wattrun run --');
    await app.evaluate(({ BrowserWindow }, url) => BrowserWindow.getAllWindows()[0]?.loadURL(url), own);
    await expect(page.getByRole('link', { name: 'Live' }).first()).toBeVisible();
  });

  test('ends in order: exit code 0, its window remembered, nothing left behind', async () => {
    await running.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.setSize(1100, 700));
    await running.app.close();
    expect(await running.exited).toBe(0);
    expect(readAddress(folder)).toBeNull();
    const state = JSON.parse(readFileSync(join(folder, 'user/window.json'), 'utf8')) as { bounds: object };
    expect(state.bounds).toMatchObject({ width: 1100, height: 700 });
    if (process.platform === 'linux') await expect.poll(() => processesIn(folder)).toEqual([]);
  });
});

test('is the guest of an engine that lives, and takes over when it is killed', async () => {
  const folder = createFolder();
  const serve = await startServe(folder);
  const running = await startApp(folder);
  try {
    const { page } = running;
    const power = page.getByText('Power now', { exact: true }).locator('..');
    await expect(power).toContainText(/\d\s*W/);
    expect(await ask(page, 'engine', 'engine.describe')).toMatchObject({ pid: serve.pid });
    const run = await callApi(folder, '/api/v1/runs', { name: 'left-open' });
    await expect(page.getByText('left-open').first()).toBeVisible();
    serve.kill('SIGKILL');
    await expect
      .poll(async () => (await ask(page, 'engine', 'engine.describe').catch(() => ({ pid: 0 }))).pid, {
        timeout: 20_000,
      })
      .toBe(await running.app.evaluate(() => process.pid));
    await expect(page.locator('#content').getByText('Engine not answering.')).toBeHidden();
    await expect(power).toContainText(/\d\s*W/);
    const report = await ask<{ run: { status: string } }>(page, 'engine', 'runs.read', { runId: run.id });
    expect(report.run.status).toBe('interrupted');
  } finally {
    serve.kill('SIGKILL');
    await running.app.close();
    removeFolder(folder);
  }
});
