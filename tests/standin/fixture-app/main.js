// A small app that uses what the stand-in has to support; written as a build would leave it.
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Worker } from 'node:worker_threads';
import {
  app,
  BrowserWindow,
  dialog,
  ipcMain,
  Menu,
  Notification,
  nativeTheme,
  net,
  protocol,
  shell,
  Tray,
} from 'electron';

const TICK_MS = 100;
const usesOwnScheme = process.argv.includes('--own-scheme');
const at = (name) => join(import.meta.dirname, name);

function createWindow() {
  const window = new BrowserWindow({
    width: 900,
    height: 640,
    minWidth: 400,
    show: false,
    webPreferences: { preload: at('preload.cjs'), contextIsolation: true, sandbox: true },
  });
  window.once('ready-to-show', () => window.show());
  window.webContents.on('will-navigate', (event) => event.preventDefault());
  window.webContents.setWindowOpenHandler(({ url }) => {
    void shell.openExternal(url);
    return { action: 'deny' };
  });
  if (usesOwnScheme) void window.loadURL('fixture://bundle/index.html');
  else void window.loadFile(at('index.html'));
  return window;
}

function serveOwnScheme() {
  protocol.handle('fixture', ({ url }) => net.fetch(pathToFileURL(at(new URL(url).pathname.slice(1))).href));
}

function registerHandlers() {
  ipcMain.handle('app:info', (event) => ({
    pid: process.pid,
    electron: process.versions.electron,
    url: event.senderFrame.url,
    version: app.getVersion(),
  }));
  ipcMain.handle('echo', (_event, value) => value);
  ipcMain.handle('fail', () => {
    throw new RangeError('the handler failed');
  });
  ipcMain.handle('save', async () => (await dialog.showSaveDialog({ title: 'Save' })).filePath);
  ipcMain.on('log', (_event, text) => console.log(text));
}

function startTicks(window) {
  const worker = new Worker(at('worker.js'), { workerData: { tickMs: TICK_MS } });
  worker.on('message', (tick) => {
    if (!window.isDestroyed()) window.webContents.send('tick', tick);
  });
  app.on('will-quit', () => void worker.terminate());
}

function createMenu() {
  const notify = () => new Notification({ title: 'Hello', body: 'from the menu' }).show();
  const menu = Menu.buildFromTemplate([
    {
      label: 'File',
      submenu: [
        { id: 'notify', label: 'Notify', click: notify },
        {
          id: 'dark',
          label: 'Dark',
          type: 'checkbox',
          click: (item) => (nativeTheme.themeSource = item.checked ? 'dark' : 'light'),
        },
        { role: 'quit' },
      ],
    },
  ]);
  Menu.setApplicationMenu(menu);
  const tray = new Tray(at('missing.png'));
  tray.setToolTip('Fixture');
  tray.setContextMenu(menu);
}

protocol.registerSchemesAsPrivileged([{ scheme: 'fixture', privileges: { standard: true, secure: true } }]);
app.on('window-all-closed', () => app.quit());
if (!app.requestSingleInstanceLock()) {
  app.quit();
} else {
  void app.whenReady().then(() => {
    registerHandlers();
    serveOwnScheme();
    createMenu();
    startTicks(createWindow());
  });
}
