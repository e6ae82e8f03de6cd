import { type BrowserWindow, clipboard, dialog, Notification, nativeTheme, shell } from 'electron';
import type { Client } from '../../shared/contract/client.ts';
import type { EventPayload, Handlers } from '../../shared/contract/contract.ts';
import type { EngineContract } from '../../shared/contract/engine-contract.ts';
import { WattrunError } from '../../shared/contract/errors.ts';
import type { HostContract } from '../../shared/contract/host-contract.ts';
import type { LoginItem } from './login-item.ts';
import type { MiniWindow } from './mini-window.ts';
import { createPageFiles } from './page-files.ts';
import { printPage } from './print-page.ts';
import { type ExportWish, saveExport } from './save-export.ts';
import type { Speech } from './speech.ts';
import type { WindowState } from './window-state.ts';

export interface HostOptions {
  /** The asking page's own session with the engine, real or simulated. */
  readonly engine: Client<EngineContract>;
  readonly window: () => BrowserWindow | null;
  readonly dataDirectory: string;
  readonly platform: string;
  readonly speech: () => Speech;
  readonly onTheme: (theme: WindowState['theme']) => void;
  readonly onLanguage: (language: WindowState['language']) => void;
  readonly mini: MiniWindow;
  readonly login: LoginItem;
  readonly onShow: () => void;
  readonly onExportProgress: (progress: EventPayload<HostContract, 'host.exportProgress'>) => void;
  readonly log: (message: string) => void;
}

interface ExportJobWish extends ExportWish {
  readonly jobId?: string | undefined;
}

export interface HostEnd {
  readonly handlers: Handlers<HostContract>;
  /** The page is gone: what it was saving is given up. */
  close(): void;
}

const progressEveryMs = 200;

/** What the desktop does for a page. */
export function createHostEnd(options: HostOptions): HostEnd {
  const exports = new Map<string, AbortController>();
  // A page may point only at files that were saved for it: a path is an order to the file manager.
  const savedPaths = new Set<string>();

  async function askPath(suggestion: {
    readonly fileName: string;
    readonly format: { readonly label: string; readonly extension: string };
  }): Promise<string | null> {
    const { label, extension } = suggestion.format;
    const question = {
      title: options.speech().words.saveAs,
      defaultPath: suggestion.fileName,
      filters: [{ name: label, extensions: [extension] }],
    };
    const window = options.window();
    const { canceled, filePath } = await (window === null
      ? dialog.showSaveDialog(question)
      : dialog.showSaveDialog(window, question));
    return canceled || filePath === '' ? null : filePath;
  }

  const files = createPageFiles(({ fileName, label, extension }) =>
    askPath({ fileName, format: { label, extension } }),
  );

  async function saveJob({ jobId, ...wish }: ExportJobWish): Promise<string | null> {
    const abort = new AbortController();
    const id = jobId ?? null;
    if (id !== null) exports.set(id, abort);
    let toldAtMs = Number.NEGATIVE_INFINITY;
    try {
      return await saveExport(wish, {
        engine: options.engine,
        askPath,
        print: (html) => printPage(html, options.log),
        signal: abort.signal,
        onProgress(progress) {
          if (id === null || performance.now() - toldAtMs < progressEveryMs) return;
          toldAtMs = performance.now();
          options.onExportProgress({ jobId: id, ...progress });
        },
      });
    } finally {
      if (id !== null) exports.delete(id);
    }
  }

  const handlers: Handlers<HostContract> = {
    'host.describe': () => ({
      shell: 'electron',
      platform: options.platform,
      canNotify: Notification.isSupported(),
      windowControls: 'system',
      canStartAtLogin: options.login.isOffered,
    }),
    'host.saveExport': async (wish) => {
      const path = await saveJob(wish);
      if (path !== null) savedPaths.add(path);
      return { path };
    },
    'host.cancelExport': ({ jobId }) => {
      exports.get(jobId)?.abort();
      return {};
    },
    'host.createFile': async (wish) => ({ fileId: await files.create(wish) }),
    'host.appendFile': async ({ fileId, base64 }) => {
      await files.append(fileId, base64);
      return {};
    },
    'host.closeFile': async ({ fileId, isComplete }) => {
      const path = await files.close(fileId, isComplete);
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
    'host.readLogin': async () => ({ isOn: await options.login.read() }),
    'host.setLogin': async ({ isOn }) => {
      await options.login.write(isOn);
      return { isOn: await options.login.read() };
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
  return {
    handlers,
    close() {
      for (const abort of exports.values()) abort.abort();
      void files.discardAll();
    },
  };
}

export async function showDirectory(path: string): Promise<void> {
  const problem = await shell.openPath(path);
  if (problem !== '') throw new WattrunError('host/refused', `${path} could not be opened (${problem}).`);
}
