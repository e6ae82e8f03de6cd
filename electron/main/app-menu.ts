import { Menu, type MenuItemConstructorOptions } from 'electron';
import type { Words } from './words.ts';

export interface MenuOptions {
  readonly platform: string;
  readonly words: Words;
  readonly isDevelopment: boolean;
  readonly onNavigate: (path: string) => void;
  readonly onShowData: () => void;
}

export function setAppMenu(options: MenuOptions): void {
  Menu.setApplicationMenu(Menu.buildFromTemplate(menuTemplate(options)));
}

function menuTemplate(options: MenuOptions): MenuItemConstructorOptions[] {
  const { words } = options;
  const isMac = options.platform === 'darwin';
  const settings = pageItem('settings', words.settings, 'CmdOrCtrl+,', options);
  const showData = { id: 'show-data', label: words.showData, click: options.onShowData };
  const quit = { id: 'quit', role: 'quit', label: words.quit } as const;
  return [
    isMac ? appMenu(settings) : { label: words.file, submenu: [showData, settings, separator, quit] },
    ...(isMac ? [{ label: words.file, submenu: [showData, separator, { role: 'close' } as const] }] : []),
    { role: 'editMenu', label: words.edit },
    { label: words.view, submenu: viewItems(options) },
    { role: 'windowMenu', label: words.window },
    {
      role: 'help',
      label: words.help,
      submenu: [
        { id: 'measured', label: words.measured, click: () => options.onNavigate('/sensors') },
        ...(isMac ? [] : [separator, { role: 'about' } as const]),
      ],
    },
  ];
}

const separator = { type: 'separator' } as const;

/** Under macOS the first menu is named after the app and holds what is the system's custom there. */
function appMenu(settings: MenuItemConstructorOptions): MenuItemConstructorOptions {
  return {
    role: 'appMenu',
    submenu: [
      { role: 'about' },
      separator,
      settings,
      separator,
      { role: 'services' },
      separator,
      { role: 'hide' },
      { role: 'hideOthers' },
      { role: 'unhide' },
      separator,
      { role: 'quit' },
    ],
  };
}

function viewItems(options: MenuOptions): MenuItemConstructorOptions[] {
  const { words } = options;
  const development: MenuItemConstructorOptions[] = [{ role: 'reload' }, { role: 'toggleDevTools' }, separator];
  return [
    pageItem('live', words.live, 'CmdOrCtrl+1', options),
    pageItem('runs', words.runs, 'CmdOrCtrl+2', options),
    pageItem('alerts', words.alerts, 'CmdOrCtrl+3', options),
    pageItem('sensors', words.sensors, 'CmdOrCtrl+4', options),
    separator,
    ...(options.isDevelopment ? development : []),
    { role: 'resetZoom' },
    { role: 'zoomIn' },
    { role: 'zoomOut' },
    separator,
    { role: 'togglefullscreen' },
  ];
}

function pageItem(
  page: string,
  label: string,
  accelerator: string,
  { onNavigate }: MenuOptions,
): MenuItemConstructorOptions {
  return { id: page, label, accelerator, click: () => onNavigate(`/${page}`) };
}
