/**
 * What an app gets for `import … from 'electron'` under the stand-in. A name that is missing here is a link error in
 * the app, which is wanted: the stand-in must not pretend.
 */
import { theHost } from '../host/host.ts';
import { desktopRecords } from './desktop-records.ts';

export { app } from './app.ts';
export { BrowserWindow } from './browser-window.ts';
export { clipboard, dialog, globalShortcut, powerMonitor, powerSaveBlocker, shell } from './desktop.ts';
export { ipcMain } from './ipc-main.ts';
export { Menu, MenuItem } from './menu.ts';
export { nativeImage } from './native-image.ts';
export { nativeTheme } from './native-theme.ts';
export { Notification } from './notification.ts';
export { screen } from './screen.ts';
export { net, protocol, session } from './session.ts';
export { Tray } from './tray.ts';
export { webContents } from './web-contents.ts';

/** Not Electron's: for tests to read what the app did to the desktop. */
export const standin = {
  kind: 'stand-in',
  desktop: desktopRecords,
  describeBrowser: async (): Promise<string> => (await theHost().browser).description,
};
