import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type ElectronApplication, expect, type Page, test } from '@playwright/test';
import type { BrowserWindow } from 'electron';
import { clickLastNotification, type ElectronHost, firstLoadedWindow, launchApp, readDesktop } from './launch.ts';

interface FixtureApi {
  readonly canRequireFs: boolean;
  call(channel: string, ...args: unknown[]): Promise<unknown>;
  add(a: number, b: number): number;
  fail(): void;
  onTick(listener: (tick: { readonly count: number; readonly values: Float64Array }) => void): () => void;
}

declare global {
  interface Window {
    readonly fixture: FixtureApi;
  }
}

const STANDIN = fileURLToPath(new URL('electron-standin.mjs', import.meta.url));
const HOST: ElectronHost = { kind: 'stand-in', executablePath: STANDIN };
const FIXTURE = fileURLToPath(new URL('fixture-app', import.meta.url));

interface Launched {
  readonly app: ElectronApplication;
  readonly page: Page;
  /** The app's folder for everything: user data, and temporary files such as the browser's profile. */
  readonly folder: string;
}

async function launch(folder: string, ...args: readonly string[]): Promise<Launched> {
  const app = await launchApp(
    { appPath: FIXTURE, userDataDir: join(folder, 'user'), args, env: { TMPDIR: folder } },
    HOST,
  );
  return { app, folder, page: await firstLoadedWindow(app) };
}

/** Living processes whose command line names `folder`. */
function processesIn(folder: string): readonly string[] {
  const commandLineOf = (pid: string): string => {
    try {
      return readFileSync(`/proc/${pid}/cmdline`, 'utf8'); // empty for one that only waits to be reaped
    } catch {
      return ''; // ended between the two looks
    }
  };
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  return pids.map(commandLineOf).filter((commandLine) => commandLine.includes(folder));
}

const profilesIn = (folder: string): readonly string[] =>
  readdirSync(folder).filter((name) => name.startsWith('electron-standin-'));

async function expectNothingLeft(folder: string): Promise<void> {
  await expect.poll(() => processesIn(folder)).toEqual([]);
  await expect.poll(() => profilesIn(folder)).toEqual([]);
}

const createFolder = (): string => mkdtempSync(join(tmpdir(), 'standin-e2e-'));
const removeFolder = (folder: string): void => rmSync(folder, { recursive: true, force: true });

interface Fixtures {
  /** For a test that starts an app of its own. */
  readonly folder: string;
}
interface WorkerFixtures {
  /** One app for the tests that leave it running: each of them changes something else. */
  readonly launched: Launched;
}

const it = test.extend<Fixtures, WorkerFixtures>({
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the names of fixtures from the pattern
  folder: async ({}, use) => {
    const folder = createFolder();
    await use(folder);
    removeFolder(folder);
  },
  launched: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the names of fixtures from the pattern
    async ({}, use) => {
      const folder = createFolder();
      const launched = await launch(folder);
      await use(launched);
      await launched.app.close();
      removeFolder(folder);
    },
    { scope: 'worker' },
  ],
});

test.skip(process.platform !== 'linux', 'the stand-in runs where its shell and /proc are: Linux');

it('does not pass for Electron', async ({ launched: { page } }) => {
  const child = spawn(STANDIN, ['--version']);
  const [version] = (await child.stdout.toArray()) as Buffer[];
  expect(String(version)).toContain('NOT Electron');
  await expect(page.evaluate(() => window.fixture.call('app:info'))).resolves.toMatchObject({ electron: undefined });
});

it('runs a preload that the page sees only through its bridge', async ({ launched: { page } }) => {
  const seen = await page.evaluate(() => ({
    globals: ['require', 'process', 'module', '__standinPost', '__standinDeliver'].filter((name) => name in window),
    isFrozen: Object.isFrozen(window.fixture),
    canRequireFs: window.fixture.canRequireFs,
    sum: window.fixture.add(1, 2),
  }));
  expect(seen).toEqual({ globals: [], isFrozen: true, canRequireFs: false, sum: 3 });
  await expect(page.evaluate(() => window.fixture.fail())).rejects.toThrow('thrown in the preload');
});

it('answers invoke from the main process, with the sender’s address', async ({ launched: { app, page } }) => {
  const info = await page.evaluate(() => window.fixture.call('app:info'));
  const pid = await app.evaluate(() => process.pid);
  expect(info).toMatchObject({ pid, version: '1.2.3', url: page.url() });
});

it('words a handler’s errors as Electron does', async ({ launched: { page } }) => {
  const messageOf = (channel: string): Promise<string> =>
    page.evaluate((name) => window.fixture.call(name).then(String, (error: Error) => error.message), channel);
  expect(await messageOf('fail')).toBe("Error invoking remote method 'fail': RangeError: the handler failed");
  expect(await messageOf('none')).toBe("Error invoking remote method 'none': Error: No handler registered for 'none'");
});

it('carries what a structured clone carries, and refuses functions', async ({ launched: { page } }) => {
  const [back, refusal] = await page.evaluate(async () => {
    const value = {
      date: new Date(5),
      map: new Map([['a', undefined]]),
      big: 2n,
      zero: -0,
      nan: Number.NaN,
      $: 1,
      floats: new Float64Array([1.5]),
    };
    const echoed = (await window.fixture.call('echo', value)) as typeof value;
    const isSame = [
      echoed.date.getTime() === 5,
      echoed.map.has('a'),
      echoed.big === 2n,
      Object.is(echoed.zero, -0),
      Number.isNaN(echoed.nan),
      echoed.$ === 1,
      echoed.floats[0] === 1.5,
    ];
    return [isSame, await window.fixture.call('echo', () => 1).catch((error: Error) => error.name)] as const;
  });
  expect(back).toEqual([true, true, true, true, true, true, true]);
  expect(refusal).toBe('DataCloneError');
});

it('brings a worker thread’s messages to the page ten times a second', async ({ launched: { page } }) => {
  const counts = await page.evaluate(
    () =>
      new Promise<number[]>((resolve) => {
        const seen: number[] = [];
        const stop = window.fixture.onTick(({ count, values }) => {
          if (seen.push(count) < 10 || values[0] !== count) return;
          stop();
          resolve(seen);
        });
      }),
  );
  const first = counts[0]!;
  expect(counts).toEqual(counts.map((_, index) => first + index)); // in order, none lost
});

it('keeps the bridge and the pushes after a reload', async ({ launched: { page } }) => {
  await page.reload();
  expect(await page.evaluate(() => window.fixture.add(2, 3))).toBe(5);
  await expect(page.locator('#ticks')).not.toHaveText('0');
});

it('clicks menus, and records notifications and trays', async ({ launched: { app } }) => {
  await app.evaluate(({ Menu }) => Menu.getApplicationMenu()?.getMenuItemById('notify')?.click());
  const { notifications, trays } = await readDesktop(app);
  expect(notifications).toEqual([{ title: 'Hello', body: 'from the menu', actions: [] }]);
  expect(trays).toEqual([{ toolTip: 'Fixture', title: '', menuLabels: ['File'] }]);
  await clickLastNotification(app);
});

it('fails a dialog that no test answers, and takes a test’s answer', async ({ launched: { app, page } }) => {
  await expect(page.evaluate(() => window.fixture.call('save'))).rejects.toThrow('stub it in the test');
  await app.evaluate(({ dialog }) => {
    dialog.showSaveDialog = async () => ({ canceled: false, filePath: '/tmp/a.csv' });
  });
  expect(await page.evaluate(() => window.fixture.call('save'))).toBe('/tmp/a.csv');
});

it('shows the native theme to the page', async ({ launched: { app, page } }) => {
  const isDark = (): Promise<boolean> => page.evaluate(() => matchMedia('(prefers-color-scheme: dark)').matches);
  expect(await isDark()).toBe(false);
  await app.evaluate(({ nativeTheme }) => {
    nativeTheme.themeSource = 'dark';
  });
  await expect.poll(isDark).toBe(true);
});

it('asks the app before the page navigates or opens windows', async ({ launched: { app, page } }) => {
  const before = page.url();
  await page.click('#outside');
  await page.click('#popup');
  await expect.poll(async () => (await readDesktop(app)).openedExternally).toEqual(['https://example.org/popup']);
  expect(page.url()).toBe(before);
});

it('gives the window the size that the app asks for', async ({ launched: { app, page } }) => {
  const handle = await app.browserWindow(page);
  const size = (): Promise<readonly number[]> => page.evaluate(() => [innerWidth, innerHeight]);
  await expect.poll(size).toEqual([900, 640]);
  await handle.evaluate((browserWindow: BrowserWindow) => browserWindow.setBounds({ width: 300, height: 500 }));
  await expect.poll(size).toEqual([400, 500]); // no narrower than minWidth
});

it('throws for what it does not have', async ({ launched: { app } }) => {
  await expect(app.evaluate(({ app: electronApp }) => electronApp.getFileIcon('x'))).rejects.toThrow(
    'not in the stand-in',
  );
  await expect(app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.setOpacity(1))).rejects.toThrow(
    'not in the stand-in',
  );
});

it('lets the app keep its window open, and with it itself', async ({ launched: { app, page } }) => {
  const handle = await app.browserWindow(page);
  const closes = await handle.evaluate((browserWindow: BrowserWindow) => {
    let prevented = 0;
    const prevent = (event: Electron.Event): void => {
      prevented += 1;
      event.preventDefault();
    };
    browserWindow.on('close', prevent);
    browserWindow.close();
    process.emit('SIGTERM'); // the stand-in quits on it, which closes every window
    browserWindow.off('close', prevent);
    return prevented;
  });
  expect(closes).toBe(2);
  const ticksSeen = async (): Promise<number> => Number(await page.locator('#ticks').textContent());
  const before = await ticksSeen();
  await expect.poll(ticksSeen).toBeGreaterThan(before + 3); // alive 0.3 s later
});

it('serves an app’s own scheme', async ({ folder }) => {
  const { app, page } = await launch(folder, '--own-scheme');
  const info = await page.evaluate(() => window.fixture.call('app:info'));
  expect(info).toMatchObject({ url: 'fixture://bundle/index.html' });
  await expect(page.locator('#ticks')).not.toHaveText('0'); // so its script, too, came by that scheme
  await app.close();
});

it('tells the first instance of a second', async ({ launched: { app, folder } }) => {
  const told = app.evaluate(
    ({ app: electronApp }) =>
      new Promise((resolve) => electronApp.once('second-instance', (_event, argv) => resolve(argv))),
  );
  const second = spawn(STANDIN, [`--user-data-dir=${join(folder, 'user')}`, FIXTURE, '--again'], {
    env: { ...process.env, TMPDIR: folder },
  });
  const code = await new Promise((resolve) => second.once('exit', resolve));
  expect(code).toBe(0);
  expect(await told).toContain('--again');
});

it('leaves nothing behind when the last window closes', async ({ folder }) => {
  const { app, page } = await launch(folder);
  const exit = new Promise((resolve) => app.process().once('exit', resolve));
  await page.close();
  expect(await exit).toBe(0);
  await expectNothingLeft(folder);
});

it('ends with an error when its main process does', async ({ folder }) => {
  const { app } = await launch(folder);
  const exit = new Promise((resolve) => app.process().once('exit', resolve));
  await app.evaluate(() => void setTimeout(() => Promise.reject(new Error('uncaught'))));
  expect(await exit).toBe(1);
  await expectNothingLeft(folder);
});

it('leaves nothing behind when it is killed', async ({ folder }) => {
  const { app } = await launch(folder);
  app.process().kill('SIGKILL');
  await expectNothingLeft(folder);
});
