import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { theHost } from '../host/host.ts';
import { createPreventableEvent, LoudEmitter, loud } from '../host/loud.ts';
import { openWindows } from './open-windows.ts';
import { takeSingleInstanceLock } from './single-instance.ts';

const EMITTED = [
  'will-finish-launching',
  'ready',
  'window-all-closed',
  'before-quit',
  'will-quit',
  'quit',
  'second-instance',
  'browser-window-created',
  'web-contents-created',
] as const;
/** Accepted, because apps listen to them as a matter of course; tests may emit them. */
const NEVER_EMITTED = [
  'activate',
  'open-file',
  'open-url',
  'browser-window-focus',
  'browser-window-blur',
  'render-process-gone',
  'child-process-gone',
  'certificate-error',
  'login',
  'select-client-certificate',
  'gpu-info-update',
  'session-created',
  'accessibility-support-changed',
] as const;

const environment = (name: string, otherwise: string): string => process.env[name] || otherwise;

function defaultPath(name: string): string {
  const config = environment('XDG_CONFIG_HOME', join(homedir(), '.config'));
  const userData = theHost().commandLine.switches.get('user-data-dir') || join(config, app.getName());
  const paths: Readonly<Record<string, string>> = {
    home: homedir(),
    temp: tmpdir(),
    appData: config,
    userData,
    sessionData: userData,
    logs: join(userData, 'logs'),
    crashDumps: join(userData, 'Crashpad'),
    exe: process.execPath,
    module: process.execPath,
    desktop: join(homedir(), 'Desktop'),
    documents: join(homedir(), 'Documents'),
    downloads: join(homedir(), 'Downloads'),
    pictures: join(homedir(), 'Pictures'),
    music: join(homedir(), 'Music'),
    videos: join(homedir(), 'Videos'),
  };
  const path = paths[name];
  if (path === undefined) throw new Error(`Failed to get '${name}' path`);
  return path;
}

class App extends LoudEmitter {
  readonly isPackaged = false;
  /** macOS only. */
  readonly dock = undefined;
  readonly commandLine = loud('app.commandLine', {
    appendSwitch: (): void => undefined, // Chromium has started by then, unlike in Electron
    appendArgument: (): void => undefined,
    hasSwitch: (name: string): boolean => theHost().commandLine.switches.has(name),
    getSwitchValue: (name: string): string => theHost().commandLine.switches.get(name) ?? '',
    removeSwitch: (): void => undefined,
  });
  badgeCount = 0;
  private readonly chosenPaths = new Map<string, string>();
  private chosenName: string | null = null;
  private hasBecomeReady = false;
  private isQuitting = false;
  private releaseLock: (() => void) | null = null;

  constructor() {
    super('app', [...EMITTED, ...NEVER_EMITTED]);
    openWindows.on('empty', () => this.afterLastWindow());
  }

  get name(): string {
    return this.getName();
  }

  set name(name: string) {
    this.setName(name);
  }

  isReady(): boolean {
    return this.hasBecomeReady;
  }

  whenReady(): Promise<void> {
    return this.hasBecomeReady ? Promise.resolve() : new Promise((resolve) => this.once('ready', () => resolve()));
  }

  becomeReady(): void {
    if (this.isQuitting) return;
    this.emit('will-finish-launching');
    this.hasBecomeReady = true;
    this.emit('ready', createPreventableEvent(), {});
  }

  getName(): string {
    const { productName, name } = theHost().packageJson;
    return this.chosenName ?? productName ?? name ?? 'Electron';
  }

  setName(name: string): void {
    this.chosenName = name;
  }

  getVersion(): string {
    return theHost().packageJson.version ?? '0.0.0';
  }

  getAppPath(): string {
    return theHost().appPath;
  }

  getPath(name: string): string {
    return this.chosenPaths.get(name) ?? defaultPath(name);
  }

  setPath(name: string, path: string): void {
    this.chosenPaths.set(name, path);
  }

  setAppLogsPath(path?: string): void {
    this.setPath('logs', path ?? join(this.getPath('userData'), 'logs'));
  }

  getLocale(): string {
    return theHost().commandLine.switches.get('lang') || 'en-US';
  }

  getSystemLocale(): string {
    return this.getLocale();
  }

  getPreferredSystemLanguages(): string[] {
    return [this.getLocale()];
  }

  getLocaleCountryCode(): string {
    return 'US';
  }

  requestSingleInstanceLock(additionalData: unknown = null): boolean {
    this.releaseLock ??= takeSingleInstanceLock(this.getPath('userData'), additionalData, (second) => {
      this.emit(
        'second-instance',
        createPreventableEvent(),
        second.argv,
        second.workingDirectory,
        second.additionalData,
      );
    });
    return this.releaseLock !== null;
  }

  hasSingleInstanceLock(): boolean {
    return this.releaseLock !== null;
  }

  releaseSingleInstanceLock(): void {
    this.releaseLock?.();
    this.releaseLock = null;
  }

  quit(): void {
    if (this.isQuitting) return;
    const event = createPreventableEvent();
    this.emit('before-quit', event);
    if (event.defaultPrevented) return;
    this.isQuitting = true;
    const windows = openWindows.list();
    if (windows.length === 0) this.finishQuitting();
    for (const window of windows) {
      window.close();
      if (!window.isClosing()) this.isQuitting = false; // its 'close' was prevented, which stops quitting
    }
  }

  exit(exitCode = 0): void {
    for (const window of openWindows.list()) window.destroy();
    this.end(exitCode);
  }

  relaunch(): void {
    throw new Error('app.relaunch is not in the stand-in for Electron: stub it in the test');
  }

  focus(): void {
    openWindows.list().at(-1)?.focus();
  }

  setBadgeCount(count = 0): boolean {
    this.badgeCount = count;
    return true;
  }

  getBadgeCount(): number {
    return this.badgeCount;
  }

  getLoginItemSettings(): { readonly openAtLogin: boolean } {
    return { openAtLogin: this.opensAtLogin };
  }

  setLoginItemSettings({ openAtLogin = false }: { readonly openAtLogin?: boolean }): void {
    this.opensAtLogin = openAtLogin;
  }

  getAppMetrics(): readonly [] {
    return [];
  }

  // What follows changes the desktop or Chromium's start, of which there is nothing here to change.
  setAppUserModelId(_id: string): void {}
  setDesktopName(_name: string): void {}
  setAboutPanelOptions(_options: object): void {}
  showAboutPanel(): void {}
  disableHardwareAcceleration(): void {}
  enableSandbox(): void {}
  setAsDefaultProtocolClient(_scheme: string): boolean {
    return true;
  }
  removeAsDefaultProtocolClient(_scheme: string): boolean {
    return true;
  }
  isDefaultProtocolClient(_scheme: string): boolean {
    return false;
  }
  setUserTasks(): boolean {
    return true;
  }
  private opensAtLogin = false;

  private afterLastWindow(): void {
    if (this.isQuitting) this.finishQuitting();
    else if (this.listenerCount('window-all-closed') === 0) this.quit();
    else this.emit('window-all-closed');
  }

  private finishQuitting(): void {
    const event = createPreventableEvent();
    this.emit('will-quit', event);
    this.isQuitting = !event.defaultPrevented;
    if (this.isQuitting) this.end(0);
  }

  private end(exitCode: number): void {
    this.emit('quit', createPreventableEvent(), exitCode);
    this.releaseSingleInstanceLock();
    theHost().end(exitCode);
  }
}

export const app = loud('app', new App());

export function becomeReady(): void {
  app.becomeReady();
}

/** As when the user, or a signal, asks the app to end. */
export function requestQuit(): void {
  app.quit();
}
