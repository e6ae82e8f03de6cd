import { BrowserWindow } from 'electron';
import { guardPage } from './page-guard.ts';

export interface MiniWindowOptions {
  readonly pageUrl: string;
  readonly preloadPath: string;
  readonly backgroundColor: () => string;
  readonly log: (message: string) => void;
}

export interface MiniWindow {
  /** Opens it, or brings it to the front. */
  open(): void;
  /** Whether it stays above other windows. */
  pin(isPinned: boolean): void;
  close(): void;
}

const miniSize = { width: 320, height: 180 } as const;
const smallest = { width: 240, height: 140 } as const;

/** The small window that stays in sight: one at most, without a frame, above the others until it is unpinned. */
export function createMiniWindow(options: MiniWindowOptions): MiniWindow {
  let window: BrowserWindow | null = null;

  function create(): BrowserWindow {
    const created = new BrowserWindow({
      ...miniSize,
      minWidth: smallest.width,
      minHeight: smallest.height,
      frame: false,
      alwaysOnTop: true,
      skipTaskbar: true,
      fullscreenable: false,
      maximizable: false,
      show: false,
      title: 'Wattrun',
      backgroundColor: options.backgroundColor(),
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
    guardPage(created.webContents, options.log);
    created.once('ready-to-show', () => created.show());
    created.once('closed', () => {
      window = null;
    });
    created
      .loadURL(`${options.pageUrl}#/mini`)
      .catch((error: unknown) => options.log(`the mini window did not load: ${String(error)}`));
    return created;
  }

  return {
    open() {
      if (window === null) window = create();
      else window.show();
    },
    pin: (isPinned) => window?.setAlwaysOnTop(isPinned),
    close: () => window?.close(),
  };
}
