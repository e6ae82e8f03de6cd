import { type BrowserWindow, clipboard, dialog, Notification, nativeTheme, shell } from 'electron';
import type { Client } from '../../shared/contract/client.ts';
import type { Handlers } from '../../shared/contract/contract.ts';
import type { EngineContract } from '../../shared/contract/engine-contract.ts';
import { WattrunError } from '../../shared/contract/errors.ts';
import type { HostContract } from '../../shared/contract/host-contract.ts';
import type { MiniWindow } from './mini-window.ts';
import { printPage } from './print-page.ts';
import { saveExport } from './save-export.ts';
import type { WindowState } from './window-state.ts';
import type { Words } from './words.ts';

export interface HostOptions {
  /** The asking page's own session with the engine, real or simulated. */
  readonly engine: Client<EngineContract>;
  readonly window: () => BrowserWindow | null;
  readonly dataDirectory: string;
  readonly platform: string;
  readonly words: Words;
  readonly onTheme: (theme: WindowState['theme']) => void;
  readonly onLanguage: (language: WindowState['language']) => void;
  readonly mini: MiniWindow;
  readonly onShow: () => void;
  readonly log: (message: string) => void;
}

/** What the desktop does for a page. */
export function createHostHandlers(options: HostOptions): Handlers<HostContract> {
  // A page may point only at files that were saved for it: a path is an order to the file manager.
  const savedPaths = new Set<string>();

  async function askPath(suggestion: {
    readonly fileName: string;
    readonly format: { readonly label: string; readonly extension: string };
  }): Promise<string | null> {
    const { label, extension } = suggestion.format;
    const question = {
      title: options.words.saveAs,
      defaultPath: suggestion.fileName,
      filters: [{ name: label, extensions: [extension] }],
    };
    const window = options.window();
    const { canceled, filePath } = await (window === null
      ? dialog.showSaveDialog(question)
      : dialog.showSaveDialog(window, question));
    return canceled || filePath === '' ? null : filePath;
  }

  return {
    'host.describe': () => ({
      shell: 'electron',
      platform: options.platform,
      canNotify: Notification.isSupported(),
      windowControls: 'system',
    }),
    'host.saveExport': async (wish) => {
      const path = await saveExport(wish, {
        engine: options.engine,
        askPath,
        print: (html) => printPage(html, options.log),
      });
      if (path !== null) savedPaths.add(path);
      return { path };
    },
    'host.showFile': ({ path }) => {
      if (!savedPaths.has(path)) throw new WattrunError('host/refused', 'Only files saved from here can be shown.');
      shell.showItemInFolder(path);
      return {};
    },
    'host.showDataDirectory': async () => {
      await showDirectory(options.dataDirectory);
      return {};
    },
    'host.copyText': ({ text }) => {
      clipboard.writeText(text);
      return {};
    },
    'host.openMini': () => {
      options.mini.open();
      return {};
    },
    'host.closeMini': () => {
      options.mini.close();
      return {};
    },
    'host.pinMini': ({ isPinned }) => {
      options.mini.pin(isPinned);
      return {};
    },
    'host.showApp': () => {
      options.onShow();
      return {};
    },
    'host.setLanguage': ({ language }) => {
      options.onLanguage(language);
      return {};
    },
    'host.setTheme': ({ theme }) => {
      // High contrast is drawn by the page, on a dark frame.
      nativeTheme.themeSource = theme === 'contrast' ? 'dark' : theme;
      options.onTheme(theme);
      return {};
    },
  };
}

export async function showDirectory(path: string): Promise<void> {
  const problem = await shell.openPath(path);
  if (problem !== '') throw new WattrunError('host/refused', `${path} could not be opened (${problem}).`);
}
