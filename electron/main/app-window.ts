import { BrowserWindow, nativeTheme, screen } from 'electron';
import { guardPage } from './page-guard.ts';
import type { WindowFile } from './window-file.ts';
import { openingBounds, smallestWindow, type WindowState } from './window-state.ts';

export interface AppWindowOptions {
  readonly pageUrl: string;
  /** Where the page opens: '/runs/ID'; null: where it always does. */
  readonly path: string | null;
  /** Started with the session: it waits in the tray. */
  readonly isHidden: boolean;
  readonly preloadPath: string;
  readonly iconPath: string;
  readonly file: WindowFile;
  /** Asked when the user closes the window: true keeps it, hidden. */
  readonly keepsOnClose: () => boolean;
  readonly log: (message: string) => void;
}

const reloadDelayMs = 1000;
const mostReloads = 5;

/** The ground of each theme, as the pages paint it: a window that opens or grows must not flash. */
export function groundColor(theme: WindowState['theme']): string {
  if (theme === 'contrast') return '#000000';
  const isDark = theme === 'dark' || (theme === 'system' && nativeTheme.shouldUseDarkColors);
  return isDark ? '#111316' : '#fcfcfd';
}

export function openAppWindow(options: AppWindowOptions): BrowserWindow {
  const { file, log } = options;
  const state = file.read();
  const workAreas = screen.getAllDisplays().map((display) => display.workArea);
  const window = new BrowserWindow({
    ...openingBounds(state, workAreas),
    minWidth: smallestWindow.width,
    minHeight: smallestWindow.height,
    show: false,
    title: 'Wattrun',
    icon: options.iconPath,
    backgroundColor: groundColor(state.theme),
    webPreferences: {
      preload: options.preloadPath,
      contextIsolation: true,
      sandbox: true,
      nodeIntegration: false,
      webSecurity: true,
      webviewTag: false,
      spellcheck: false,
      navigateOnDragDrop: false,
    },
  });
  guardPage(window.webContents, log);
  window.once('ready-to-show', () => {
    if (!options.isHidden) showFirst();
  });
  // Maximizing shows a window, so that a hidden one waits with it until it is asked for.
  const showFirst = (): void => {
    if (state.isMaximized) window.maximize();
    window.show();
  };
  if (options.isHidden && state.isMaximized) window.once('show', () => window.maximize());
  window.on('close', (event) => {
    if (!options.keepsOnClose()) return;
    event.preventDefault();
    window.hide();
  });
  rememberPlace(window, file);
  followTheme(window, file);
  reloadAfterCrash(window, log);
  const url = options.path === null ? options.pageUrl : `${options.pageUrl}#${options.path}`;
  window.loadURL(url).catch((error: unknown) => log(`the page did not load: ${String(error)}`));
  return window;
}

/** Brings the window to the front, wherever it is. */
export function showWindow(window: BrowserWindow): void {
  if (window.isMinimized()) window.restore();
  window.show();
  window.focus();
}

function rememberPlace(window: BrowserWindow, file: WindowFile): void {
  const remember = (): void => {
    if (window.isDestroyed() || window.isMinimized() || window.isFullScreen()) return;
    file.change({ bounds: window.getNormalBounds(), isMaximized: window.isMaximized() });
  };
  for (const event of ['resize', 'move', 'maximize', 'unmaximize', 'close'] as const)
    window.on(event as 'resize', remember);
}

function followTheme(window: BrowserWindow, file: WindowFile): void {
  const paint = (): void => window.setBackgroundColor(groundColor(file.read().theme));
  nativeTheme.on('updated', paint);
  window.once('closed', () => nativeTheme.removeListener('updated', paint));
}

function reloadAfterCrash(window: BrowserWindow, log: (message: string) => void): void {
  let reloads = 0;
  window.webContents.on('render-process-gone', (_event, { reason }) => {
    log(`the page's process ended: ${reason}`);
    if (reason === 'clean-exit' || reloads >= mostReloads) return;
    reloads += 1;
    setTimeout(() => {
      if (!window.isDestroyed()) window.reload();
    }, reloadDelayMs * reloads);
  });
}
