import { homedir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { app, type BrowserWindow, powerMonitor, session } from 'electron';
import { dataDirectory } from '../../engine/ownership/data-directory.ts';
import { setAppMenu } from './app-menu.ts';
import { groundColor, openAppWindow, showWindow } from './app-window.ts';
import { linkAmong, linkScheme, pathOfLink } from './deep-link.ts';
import { createDesktop } from './desktop.ts';
import { createEngineLink } from './engine-link.ts';
import { startEngineThread } from './engine-thread.ts';
import { showDirectory } from './host-handlers.ts';
import { createLoginItem, hiddenSwitch } from './login-item.ts';
import { createMiniWindow } from './mini-window.ts';
import { denyPermissions } from './page-guard.ts';
import { servePages } from './page-pipe.ts';
import { createPageSessions } from './page-sessions.ts';
import { type Speech, speechFor } from './speech.ts';
import { openWindowFile } from './window-file.ts';
import type { WindowState } from './window-state.ts';

const { env, platform } = process;
const directory = dataDirectory(env);
const here = import.meta.dirname;
const iconsDirectory = join(app.getAppPath(), 'resources/icons');
const developmentUrl = app.isPackaged ? undefined : env.ELECTRON_RENDERER_URL;
const pageUrl = developmentUrl ?? pathToFileURL(join(here, '../renderer/index.html')).href;
const preloadPath = join(here, '../preload/preload.cjs');
const log = (message: string): void => void process.stderr.write(`wattrun: ${message}\n`);

const startLinks: string[] = [];

async function start(): Promise<void> {
  const workerUrl = new URL('./engine-worker.js', import.meta.url);
  const workerData = { version: app.getVersion(), directory };
  const link = createEngineLink({ startWorker: () => startEngineThread(workerUrl, workerData), log });
  const file = await openWindowFile(join(app.getPath('userData'), 'window.json'), log);
  await app.whenReady();
  denyPermissions(session.defaultSession);
  let speech = speechIn(file.read().language);
  let window: BrowserWindow | null = null;
  let isQuitting = false;

  const show = (): void => {
    if (window !== null) showWindow(window);
  };
  const showPage = (path: string): void => {
    show();
    if (pages.hasPage()) pages.navigate(path);
    else
      window?.loadURL(`${pageUrl}#${path}`).catch((error: unknown) => log(`the page did not load: ${String(error)}`));
  };
  const openLink = (link: string): void => {
    const path = pathOfLink(link);
    if (path === null) log(`refused the link ${JSON.stringify(link.slice(0, 200))}`);
    else showPage(path);
  };
  const mini = createMiniWindow({
    pageUrl,
    preloadPath,
    backgroundColor: () => groundColor(file.read().theme),
    log,
  });
  const desktop = createDesktop({
    link,
    speech: () => speech,
    log,
    iconsDirectory,
    platform,
    onShow: showPage,
    onOpen: show,
    onMini: mini.open,
    onQuit: () => app.quit(),
  });
  const pages = createPageSessions({
    link,
    speech: () => speech,
    log,
    platform,
    dataDirectory: directory,
    window: () => window,
    onTheme: (theme) => file.change({ theme }),
    onLanguage(language) {
      file.change({ language });
      const next = speechIn(language);
      if (next.locale === speech.locale) return;
      speech = next;
      showMenu();
      desktop.speakAnew();
    },
    mini,
    login: createLoginItem({
      platform: desktop.hasTray ? platform : 'none',
      app,
      isPackaged: app.isPackaged,
      command: loginCommand(),
      configDirectory: env.XDG_CONFIG_HOME || join(homedir(), '.config'),
    }),
    onShow: show,
    onSimulated: desktop.simulate,
  });
  servePages({ pageUrl, log, onOpened: pages.add });
  function showMenu(): void {
    setAppMenu({
      platform,
      words: speech.words,
      isDevelopment: developmentUrl !== undefined,
      onNavigate: showPage,
      onShowData: () => void showDirectory(directory).catch((error: unknown) => log(String(error))),
    });
  }
  showMenu();

  // Closing the window leaves the sampling on where the tray can bring it back; that is said once.
  function keepsOnClose(): boolean {
    if (isQuitting || !desktop.hasTray) return false;
    if (!file.read().hasToldOfTray) desktop.sayThatItGoesOn();
    file.change({ hasToldOfTray: true });
    return true;
  }

  const firstLink = startLinks.splice(0).at(-1) ?? linkAmong(process.argv);
  const firstPath = firstLink === null ? null : pathOfLink(firstLink);
  if (firstLink !== null && firstPath === null) log(`refused the link ${JSON.stringify(firstLink.slice(0, 200))}`);
  const isAtLogin = process.argv.includes(hiddenSwitch) || app.getLoginItemSettings().wasOpenedAtLogin === true;
  window = openAppWindow({
    pageUrl,
    path: firstPath,
    isHidden: isAtLogin && firstPath === null && desktop.hasTray,
    file,
    keepsOnClose,
    log,
    preloadPath,
    iconPath: join(iconsDirectory, 'icon-256.png'),
  });
  // Alone it would keep an app that nobody can open again.
  window.once('closed', mini.close);
  app.on('second-instance', (_event, argv) => {
    const link = linkAmong(argv);
    if (link === null) show();
    else openLink(link);
  });
  app.removeListener('open-url', keepLink);
  app.on('open-url', (event, link) => {
    event.preventDefault();
    openLink(link);
  });
  app.on('activate', show);
  app.on('window-all-closed', () => app.quit());
  app.on('before-quit', () => {
    isQuitting = true;
  });
  for (const event of ['suspend', 'resume'] as const)
    powerMonitor.on(event as 'suspend', () => log(`system: ${event}`));
  endInOrder(async () => {
    desktop.close();
    await Promise.all([link.close(), file.flush()]);
  });
}

const speechIn = (language: WindowState['language']): Speech =>
  speechFor(language === 'system' ? app.getLocale() : language);

/** How the app is started again: an AppImage by its own file, not by where it is mounted while it runs. */
function loginCommand(): readonly string[] {
  const program = env.APPIMAGE || process.execPath;
  const home = env.WATTRUN_HOME && platform === 'linux' ? ['env', `WATTRUN_HOME=${env.WATTRUN_HOME}`] : [];
  return [...home, program, ...(app.isPackaged ? [] : [app.getAppPath()])];
}

/** macOS tells the link that started the app before it is ready. */
function keepLink(event: { preventDefault(): void }, link: string): void {
  event.preventDefault();
  startLinks.push(link);
}

/** Holds the end of the app until the engine has written what it has. */
function endInOrder(close: () => Promise<void>): void {
  let stage: 'running' | 'closing' | 'closed' = 'running';
  app.on('will-quit', (event) => {
    if (stage === 'closed') return;
    event.preventDefault();
    if (stage === 'closing') return;
    stage = 'closing';
    close()
      .catch((error: unknown) => log(`the end was not in order: ${String(error)}`))
      .finally(() => {
        stage = 'closed';
        app.quit();
      });
  });
}

app.enableSandbox();
app.on('open-url', keepLink);
// A developer's Electron must not become what opens such links on their machine.
if (app.isPackaged) app.setAsDefaultProtocolClient(linkScheme);
app.setAppUserModelId('io.github.wattrun');
// A data directory of its own is an app of its own: it neither shares the window's place nor the one instance.
if (env.WATTRUN_HOME && !app.commandLine.hasSwitch('user-data-dir')) app.setPath('userData', join(directory, 'app'));
if (app.requestSingleInstanceLock()) {
  start().catch((error: unknown) => {
    log(error instanceof Error ? (error.stack ?? error.message) : String(error));
    app.exit(1);
  });
} else app.quit();
