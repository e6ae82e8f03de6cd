import type { MenuItemConstructorOptions } from 'electron';
import { type PageName, pageNames } from '../../shared/model/pages.ts';
import type { Words } from './words.ts';

export interface MenuOptions {
  readonly platform: string;
  readonly words: Words;
  readonly isDevelopment: boolean;
  readonly onNavigate: (path: string) => void;
  readonly onShowData: () => void;
}

type Item = MenuItemConstructorOptions;

/** The menu of the app. Electron names its roles in English only, so that each has a word of ours. */
export function menuTemplate(options: MenuOptions): Item[] {
  const { words } = options;
  const isMac = options.platform === 'darwin';
  const settings = pageItem('settings', words.settings, 'CmdOrCtrl+,', options);
  const showData = { id: 'show-data', label: words.showData, click: options.onShowData };
  const quit = { id: 'quit', role: 'quit', label: words.quit } as const;
  const close = { role: 'close', label: words.closeWindow } as const;
  return [
    isMac ? appMenu(settings, words) : { label: words.file, submenu: [showData, settings, separator, quit] },
    ...(isMac ? [{ label: words.file, submenu: [showData, separator, close] }] : []),
    { label: words.edit, submenu: editItems(words) },
    { label: words.view, submenu: viewItems(options) },
    { role: 'window', label: words.window, submenu: windowItems(isMac, words) },
    {
      role: 'help',
      label: words.help,
      submenu: [
        { id: 'measured', label: words.measured, click: () => options.onNavigate('/sensors') },
        ...(isMac ? [] : [separator, { role: 'about', label: words.about } as const]),
      ],
    },
  ];
}

const separator = { type: 'separator' } as const;

/** Under macOS the first menu is named after the app and holds what is the system's custom there. */
function appMenu(settings: Item, words: Words): Item {
  return {
    role: 'appMenu',
    submenu: [
      { role: 'about', label: words.about },
      separator,
      settings,
      separator,
      { role: 'services', label: words.services },
      separator,
      { role: 'hide', label: words.hide },
      { role: 'hideOthers', label: words.hideOthers },
      { role: 'unhide', label: words.unhide },
      separator,
      { role: 'quit', label: words.quit },
    ],
  };
}

const editItems = (words: Words): Item[] => [
  { role: 'undo', label: words.undo },
  { role: 'redo', label: words.redo },
  separator,
  { role: 'cut', label: words.cut },
  { role: 'copy', label: words.copy },
  { role: 'paste', label: words.paste },
  { role: 'delete', label: words.remove },
  separator,
  { role: 'selectAll', label: words.selectAll },
];

function viewItems(options: MenuOptions): Item[] {
  const { words } = options;
  const development: Item[] = [{ role: 'reload' }, { role: 'toggleDevTools' }, separator];
  return [
    ...pageNames
      .filter((page) => page !== 'settings')
      .map((page, index) => pageItem(page, words[page], `CmdOrCtrl+${index + 1}`, options)),
    separator,
    ...(options.isDevelopment ? development : []),
    { role: 'resetZoom', label: words.resetZoom },
    { role: 'zoomIn', label: words.zoomIn },
    { role: 'zoomOut', label: words.zoomOut },
    separator,
    { role: 'togglefullscreen', label: words.fullScreen },
  ];
}

const windowItems = (isMac: boolean, words: Words): Item[] => [
  { role: 'minimize', label: words.minimize },
  ...(isMac
    ? [{ role: 'zoom', label: words.zoomWindow } as const, separator, { role: 'front', label: words.front } as const]
    : [{ role: 'close', label: words.closeWindow } as const]),
];

function pageItem(page: PageName, label: string, accelerator: string, { onNavigate }: MenuOptions): Item {
  return { id: page, label, accelerator, click: () => onNavigate(`/${page}`) };
}
