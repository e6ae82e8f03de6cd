import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type ElectronApplication, _electron as electron, type Page } from '@playwright/test';

/** What runs the built app in a test. */
export interface ElectronHost {
  readonly kind: 'electron' | 'stand-in';
  readonly executablePath: string;
}

export interface AppLaunch {
  /** A folder with a package.json, or a main file. */
  readonly appPath: string;
  /** What the app sees of its user, so that tests share nothing: a folder of the test's own. */
  readonly userDataDir: string;
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

/** What the app did to the desktop. */
export interface DesktopSnapshot {
  readonly notifications: readonly {
    readonly title: string;
    readonly body: string;
    readonly actions: readonly string[];
  }[];
  readonly trays: readonly {
    readonly toolTip: string;
    readonly title: string;
    readonly menuLabels: readonly string[];
  }[];
  readonly openedExternally: readonly string[];
  readonly openedPaths: readonly string[];
  readonly shownInFolder: readonly string[];
  readonly errorBoxes: readonly { readonly title: string; readonly content: string }[];
}

const STANDIN = fileURLToPath(new URL('electron-standin.mjs', import.meta.url));

/** Electron's executable if it was downloaded. Requiring `electron` to find out would start the download. */
function findElectronBinary(): string | null {
  const root = dirname(createRequire(import.meta.url).resolve('electron/package.json'));
  const pathFile = join(root, 'path.txt');
  if (!existsSync(pathFile)) return null;
  const dist = process.env.ELECTRON_OVERRIDE_DIST_PATH ?? join(root, 'dist');
  const executable = join(dist, readFileSync(pathFile, 'utf8'));
  return existsSync(executable) ? executable : null;
}

/** Electron where it is installed, else the stand-in. `ELECTRON_REQUIRED=1` makes the stand-in a failure. */
export function findElectronHost(): ElectronHost {
  const binary = process.env.ELECTRON_STANDIN === '1' ? null : findElectronBinary();
  if (binary !== null) return { kind: 'electron', executablePath: binary };
  if (process.env.ELECTRON_REQUIRED === '1') throw new Error('ELECTRON_REQUIRED=1, but Electron is not installed');
  return { kind: 'stand-in', executablePath: STANDIN };
}

export async function launchApp(
  launch: AppLaunch,
  host: ElectronHost = findElectronHost(),
): Promise<ElectronApplication> {
  const { NODE_OPTIONS: _forTheRunnerOnly, ...env } = process.env;
  return electron.launch({
    executablePath: host.executablePath,
    args: [`--user-data-dir=${launch.userDataDir}`, launch.appPath, ...(launch.args ?? [])],
    env: { ...(env as Record<string, string>), ...launch.env },
    // Goes with the test's folder; Playwright's own temporary one outlives a runner that ends right after.
    artifactsDir: join(launch.userDataDir, 'playwright-artifacts'),
    colorScheme: null, // else Playwright emulates a light one over what nativeTheme says
  });
}

/** The first window, when its document is there; Playwright's `firstWindow()` may still be at about:blank. */
export async function firstLoadedWindow(app: ElectronApplication): Promise<Page> {
  const page = await app.firstWindow();
  await page.waitForURL((url) => url.href !== 'about:blank');
  return page;
}

/** Only under the stand-in: a real desktop does not tell what it was shown. */
export async function readDesktop(app: ElectronApplication): Promise<DesktopSnapshot> {
  return app.evaluate((module) => {
    const { standin } = module as unknown as { readonly standin?: typeof import('./electron/electron.ts').standin };
    if (standin === undefined) throw new Error('the desktop can be read under the stand-in for Electron only');
    const { notifications, trays, openedExternally, openedPaths, shownInFolder, errorBoxes } = standin.desktop;
    return {
      notifications: notifications.map(({ title, body, actions }) => ({
        title,
        body,
        actions: actions.map(({ text }) => text ?? ''),
      })),
      trays: trays
        .filter((tray) => !tray.isDestroyed())
        .map(({ toolTip, title, contextMenu }) => ({
          toolTip,
          title,
          menuLabels: (contextMenu?.items ?? []).map(({ label }) => label),
        })),
      openedExternally,
      openedPaths,
      shownInFolder,
      errorBoxes,
    };
  });
}

/** Plays the user who clicks the last notification (or one of its buttons). Only under the stand-in. */
export async function clickLastNotification(
  app: ElectronApplication,
  actionIndex: number | null = null,
): Promise<void> {
  await app.evaluate((module, index) => {
    const { standin } = module as unknown as { readonly standin: typeof import('./electron/electron.ts').standin };
    const notification = standin.desktop.notifications.at(-1);
    if (notification === undefined) throw new Error('the app has shown no notification');
    if (index === null) notification.emit('click', {});
    else notification.emit('action', { actionIndex: index }, index);
  }, actionIndex);
}
