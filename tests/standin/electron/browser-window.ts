import { pathToFileURL } from 'node:url';
import type { BrowserWindowConstructorOptions, Rectangle } from 'electron';
import { createPreventableEvent, LoudEmitter, loud } from '../host/loud.ts';
import { app } from './app.ts';
import { Menu } from './menu.ts';
import { openWindows } from './open-windows.ts';
import { screen } from './screen.ts';
import { createWebContents, type WebContents } from './web-contents.ts';

const EMITTED = [
  'ready-to-show',
  'close',
  'closed',
  'show',
  'hide',
  'focus',
  'blur',
  'maximize',
  'unmaximize',
  'minimize',
  'restore',
];
const EMITTED_ON_CHANGE = [
  'resize',
  'resized',
  'move',
  'moved',
  'enter-full-screen',
  'leave-full-screen',
  'always-on-top-changed',
];
/** Accepted, because apps listen to them as a matter of course; tests may emit them. */
const NEVER_EMITTED = [
  'page-title-updated',
  'unresponsive',
  'responsive',
  'will-resize',
  'will-move',
  'session-end',
  'query-session-end',
];

type WindowState = 'normal' | 'minimized' | 'maximized' | 'fullscreen';

let focused: BrowserWindow | null = null;
let lastId = 0;

function startBounds(options: BrowserWindowConstructorOptions): Rectangle {
  const { width = 800, height = 600 } = options;
  const area = screen.getPrimaryDisplay().workArea;
  const { x = area.x + Math.round((area.width - width) / 2), y = area.y + Math.round((area.height - height) / 2) } =
    options;
  return { x, y, width, height };
}

/** One page in Chromium, and what an app believes of a window: bounds, visibility and states are bookkeeping only. */
export class BrowserWindow extends LoudEmitter {
  readonly id: number;
  readonly webContents: WebContents;
  private readonly options: BrowserWindowConstructorOptions;
  private normalBounds: Rectangle;
  private minimumSize: readonly [number, number];
  private state: WindowState = 'normal';
  private visible: boolean;
  private title: string;
  private life: 'open' | 'closing' | 'destroyed' = 'open';
  private onTop: boolean;
  private menuBarVisible = true;
  private backgroundColor: string;

  constructor(options: BrowserWindowConstructorOptions = {}) {
    super('BrowserWindow', [...EMITTED, ...EMITTED_ON_CHANGE, ...NEVER_EMITTED]);
    if (!app.isReady()) throw new Error('Cannot create BrowserWindow before app is ready');
    lastId += 1;
    this.id = lastId;
    this.options = options;
    this.minimumSize = [options.minWidth ?? 0, options.minHeight ?? 0];
    this.normalBounds = this.clamped(startBounds(options));
    this.visible = options.show ?? true;
    this.title = options.title ?? app.getName();
    this.onTop = options.alwaysOnTop ?? false;
    this.backgroundColor = options.backgroundColor ?? '#FFF';
    const { preload } = options.webPreferences ?? {};
    this.webContents = createWebContents({ size: this.normalBounds, ...(preload === undefined ? {} : { preload }) });
    this.webContents.once('did-finish-load', () => this.emit('ready-to-show'));
    this.webContents.once('destroyed', () => this.afterDestroyed());
    const self = loud('BrowserWindow', this);
    openWindows.add(self);
    if (this.visible) focused = self;
    setImmediate(() => app.emit('browser-window-created', createPreventableEvent(), self));
    // biome-ignore lint/correctness/noConstructorReturn: every use of it has to be a loud one
    return self;
  }

  static getAllWindows(): BrowserWindow[] {
    return openWindows.list();
  }

  static getFocusedWindow(): BrowserWindow | null {
    return focused;
  }

  static fromWebContents(contents: WebContents): BrowserWindow | null {
    return openWindows.list().find((window) => window.webContents.id === contents.id) ?? null;
  }

  static fromId(id: number): BrowserWindow | null {
    return openWindows.list().find((window) => window.id === id) ?? null;
  }

  loadURL(url: string): Promise<void> {
    return this.webContents.loadURL(url);
  }

  loadFile(
    path: string,
    options: { readonly query?: Record<string, string>; readonly hash?: string } = {},
  ): Promise<void> {
    const url = pathToFileURL(path);
    url.search = new URLSearchParams(options.query).toString();
    url.hash = options.hash ?? '';
    return this.loadURL(url.href);
  }

  reload(): void {
    this.webContents.reload();
  }

  /** Asks: `close` may be prevented. A page's `beforeunload` is not asked. */
  close(): void {
    if (this.life !== 'open') return;
    const event = createPreventableEvent();
    this.emit('close', event);
    if (!event.defaultPrevented) this.destroy();
  }

  destroy(): void {
    if (this.life !== 'open') return;
    this.life = 'closing';
    this.webContents.close();
  }

  isDestroyed(): boolean {
    return this.life === 'destroyed';
  }

  /** Not Electron's: whether nothing can keep this window open any more. */
  isClosing(): boolean {
    return this.life !== 'open';
  }

  show(): void {
    this.showInactive();
    this.focus();
  }

  showInactive(): void {
    if (this.visible) return;
    this.visible = true;
    this.emit('show');
  }

  hide(): void {
    if (!this.visible) return;
    this.visible = false;
    this.blur();
    this.emit('hide');
  }

  isVisible(): boolean {
    return this.visible && this.state !== 'minimized';
  }

  focus(): void {
    const self = BrowserWindow.fromId(this.id);
    if (!this.visible || focused === self) return;
    focused?.blur();
    focused = self;
    this.emit('focus');
  }

  blur(): void {
    if (!this.isFocused()) return;
    focused = null;
    this.emit('blur');
  }

  isFocused(): boolean {
    return focused?.id === this.id;
  }

  minimize(): void {
    this.changeState('minimized', 'minimize');
  }

  maximize(): void {
    this.visible = true; // Electron shows the window too
    this.changeState('maximized', 'maximize');
  }

  unmaximize(): void {
    if (this.state === 'maximized') this.changeState('normal', 'unmaximize');
  }

  restore(): void {
    if (this.state === 'minimized') this.changeState('normal', 'restore');
  }

  setFullScreen(isFull: boolean): void {
    if (isFull) this.changeState('fullscreen', 'enter-full-screen');
    else if (this.isFullScreen()) this.changeState('normal', 'leave-full-screen');
  }

  isMinimized(): boolean {
    return this.state === 'minimized';
  }

  isMaximized(): boolean {
    return this.state === 'maximized';
  }

  isFullScreen(): boolean {
    return this.state === 'fullscreen';
  }

  isNormal(): boolean {
    return this.state === 'normal';
  }

  getBounds(): Rectangle {
    const { workArea, bounds } = screen.getPrimaryDisplay();
    if (this.state === 'maximized') return { ...workArea };
    return this.state === 'fullscreen' ? { ...bounds } : { ...this.normalBounds };
  }

  getNormalBounds(): Rectangle {
    return { ...this.normalBounds };
  }

  getContentBounds(): Rectangle {
    return this.getBounds();
  }

  setBounds(bounds: Partial<Rectangle>): void {
    const before = this.normalBounds;
    this.normalBounds = this.clamped({ ...before, ...bounds });
    const { x, y, width, height } = this.normalBounds;
    if (x !== before.x || y !== before.y) this.emitBoth('move', 'moved');
    if (width !== before.width || height !== before.height) this.resizePage();
  }

  getSize(): [number, number] {
    const { width, height } = this.getBounds();
    return [width, height];
  }

  getContentSize(): [number, number] {
    return this.getSize();
  }

  setSize(width: number, height: number): void {
    this.setBounds({ width, height });
  }

  setContentSize(width: number, height: number): void {
    this.setSize(width, height);
  }

  getPosition(): [number, number] {
    const { x, y } = this.getBounds();
    return [x, y];
  }

  setPosition(x: number, y: number): void {
    this.setBounds({ x, y });
  }

  center(): void {
    const { width, height } = this.normalBounds;
    this.setBounds(startBounds({ width, height }));
  }

  setMinimumSize(width: number, height: number): void {
    this.minimumSize = [width, height];
  }

  getMinimumSize(): readonly [number, number] {
    return this.minimumSize;
  }

  isResizable(): boolean {
    return this.options.resizable ?? true;
  }

  getTitle(): string {
    return this.title;
  }

  setTitle(title: string): void {
    this.title = title;
  }

  getBackgroundColor(): string {
    return this.backgroundColor;
  }

  setBackgroundColor(color: string): void {
    this.backgroundColor = color;
  }

  isAlwaysOnTop(): boolean {
    return this.onTop;
  }

  setAlwaysOnTop(isOnTop: boolean): void {
    this.onTop = isOnTop;
    this.emit('always-on-top-changed', createPreventableEvent(), isOnTop);
  }

  isMenuBarVisible(): boolean {
    return this.menuBarVisible;
  }

  setMenuBarVisibility(isVisible: boolean): void {
    this.menuBarVisible = isVisible;
  }

  setMenu(menu: Menu | null): void {
    Menu.setApplicationMenu(menu); // per window on Linux and Windows; one for all is enough here
  }

  removeMenu(): void {
    this.setMenu(null);
  }

  capturePage(): ReturnType<WebContents['capturePage']> {
    return this.webContents.capturePage();
  }

  // What follows changes how the desktop draws a window, of which there is nothing here to change.
  setAutoHideMenuBar(_hides: boolean): void {}
  setIcon(_icon: unknown): void {}
  setOverlayIcon(_icon: unknown, _description: string): void {}
  setProgressBar(_progress: number): void {}
  setSkipTaskbar(_skips: boolean): void {}
  flashFrame(_flashes: boolean): void {}
  setTitleBarOverlay(_options: object): void {}
  setVisibleOnAllWorkspaces(_isVisible: boolean): void {}
  moveTop(): void {}

  private clamped(bounds: Rectangle): Rectangle {
    const [minWidth, minHeight] = this.minimumSize;
    return { ...bounds, width: Math.max(bounds.width, minWidth), height: Math.max(bounds.height, minHeight) };
  }

  private changeState(state: WindowState, event: string): void {
    if (this.state === state) return;
    this.state = state;
    this.emit(event);
    if (state !== 'minimized') this.resizePage();
  }

  private resizePage(): void {
    this.webContents.resize(this.getBounds());
    this.emitBoth('resize', 'resized');
  }

  private emitBoth(during: string, after: string): void {
    this.emit(during);
    this.emit(after);
  }

  private afterDestroyed(): void {
    this.blur();
    this.life = 'destroyed';
    this.emit('closed');
    const self = BrowserWindow.fromId(this.id);
    if (self !== null) openWindows.remove(self);
  }
}
