import { join } from 'node:path';
import { Menu, type MenuItemConstructorOptions, nativeImage, Tray } from 'electron';
import type { Speech } from './speech.ts';
import type { TraySign, TrayText } from './tray-text.ts';

export interface TrayOptions {
  readonly iconsDirectory: string;
  readonly platform: string;
  readonly speech: () => Speech;
  readonly onOpen: () => void;
  readonly onMini: () => void;
  readonly onRun: (runId: string) => void;
  readonly onSnooze: () => void;
  readonly onQuit: () => void;
}

export interface AppTray {
  show(text: TrayText): void;
  close(): void;
}

/** Rebuilding an open menu closes it on some desktops, so that it follows at leisure. */
const menuEveryMs = 5000;

/** Power in the tray. Throws where the system has no tray to offer. */
export function createAppTray(options: TrayOptions): AppTray {
  const images = {
    logo: iconOf('logo', options),
    alert: iconOf('alert', options),
    lost: iconOf('lost', options),
  } as const;
  const tray = new Tray(images.logo);
  let shown: TrayText | null = null;
  let menuKey = '';
  let menuLocale = '';
  let menuAtMs = Number.NEGATIVE_INFINITY;

  tray.on('click', options.onOpen);
  tray.on('double-click', options.onOpen);

  function showMenu(text: TrayText): void {
    const { locale } = options.speech();
    const key = JSON.stringify([locale, text.sign, text.heading, text.runs]);
    const structure = (of: TrayText | null): string =>
      JSON.stringify([of?.sign, of?.machine, of?.runs.map((run) => run.id)]);
    const isDue =
      performance.now() - menuAtMs >= menuEveryMs || locale !== menuLocale || structure(text) !== structure(shown);
    if (key === menuKey || !isDue) return;
    menuKey = key;
    menuLocale = locale;
    menuAtMs = performance.now();
    tray.setContextMenu(Menu.buildFromTemplate(menuOf(text, options)));
  }

  return {
    show(text) {
      if (text.sign !== shown?.sign) tray.setImage(images[text.sign]);
      if (text.title !== shown?.title) tray.setTitle(text.title);
      if (text.toolTip !== shown?.toolTip) tray.setToolTip(text.toolTip);
      showMenu(text);
      shown = text;
    },
    close: () => tray.destroy(),
  };
}

/** macOS colours a template image by itself; elsewhere the icon's own tone is seen on light and dark alike. */
function iconOf(sign: TraySign, { iconsDirectory, platform }: TrayOptions): Electron.NativeImage {
  const isTemplate = platform === 'darwin' && sign !== 'alert';
  const image = nativeImage.createFromPath(join(iconsDirectory, `tray-${sign}${isTemplate ? 'Template' : ''}.png`));
  if (isTemplate) image.setTemplateImage(true);
  return image;
}

function menuOf(text: TrayText, options: TrayOptions): MenuItemConstructorOptions[] {
  const { words } = options.speech();
  const runs = text.runs.map(({ id, label }) => ({ label, click: () => options.onRun(id) }));
  return [
    { label: text.heading, enabled: false },
    ...(runs.length > 0 ? runs : [{ label: words.nothingRuns, enabled: false }]),
    { type: 'separator' },
    { id: 'open', label: words.openApp, click: options.onOpen },
    { id: 'mini', label: words.miniWindow, click: options.onMini },
    ...(text.sign === 'alert' ? [{ id: 'snooze', label: words.snoozeAlerts, click: options.onSnooze }] : []),
    { type: 'separator' },
    { id: 'quit', label: words.quitSampling, click: options.onQuit },
  ];
}
