import { readFileSync } from 'node:fs';
import { fromChromiumUrl, toChromiumUrl } from '../host/custom-schemes.ts';
import { theHost } from '../host/host.ts';
import { createPreventableEvent, LoudEmitter, loud } from '../host/loud.ts';
import { openPage, type Page, type PageEvents, type PageSize } from '../host/page.ts';
import type { Preload } from '../host/page-scripts.ts';
import { createCodec } from '../page/codec.ts';
import type { FromPage, ToPage } from '../page/preload-host.ts';
import { app } from './app.ts';
import { type IpcMainEvent, ipcMain, type SenderFrame } from './ipc-main.ts';
import { createImage } from './native-image.ts';
import { nativeTheme } from './native-theme.ts';
import { defaultSession } from './session.ts';

const EMITTED = [
  'did-start-loading',
  'did-stop-loading',
  'dom-ready',
  'did-finish-load',
  'did-fail-load',
  'did-navigate',
  'did-navigate-in-page',
  'will-navigate',
  'preload-error',
  'render-process-gone',
  'ipc-message',
  'devtools-opened',
  'devtools-closed',
  'destroyed',
];
/** Accepted, because apps listen to them as a matter of course; tests may emit them. */
const NEVER_EMITTED = [
  'will-redirect',
  'will-frame-navigate',
  'will-attach-webview',
  'did-create-window',
  'did-start-navigation',
  'did-frame-finish-load',
  'page-title-updated',
  'before-input-event',
  'context-menu',
  'console-message',
  'unresponsive',
  'responsive',
  'will-prevent-unload',
  'zoom-changed',
];

interface WindowOpenDetails {
  readonly url: string;
  readonly frameName: string;
  readonly features: string;
  readonly disposition: 'foreground-tab' | 'new-window';
  readonly referrer: { readonly url: string; readonly policy: string };
}
type WindowOpenHandler = (details: WindowOpenDetails) => { readonly action: 'allow' | 'deny' };

interface WebContentsOptions {
  readonly preload?: string;
  readonly size: PageSize;
}

const codec = createCodec();
const all = new Map<number, WebContents>();
let lastId = 0;

function readPreload(path: string | undefined): Preload | null {
  return path === undefined ? null : { path, source: readFileSync(path, 'utf8') };
}

/** The main frame, one object for the life of its page, because apps compare it. `currentUrl` is as Chromium has it. */
function createMainFrame(currentUrl: () => string): SenderFrame {
  const frame = {
    parent: null,
    get top(): SenderFrame {
      return frame;
    },
    get url(): string {
      return fromChromiumUrl(currentUrl() || 'about:blank');
    },
    get origin(): string {
      const { protocol, host, origin } = new URL(frame.url);
      return origin === 'null' ? `${protocol}//${host}` : origin;
    },
  };
  return loud('WebFrameMain', frame);
}

export class WebContents extends LoudEmitter {
  readonly id: number;
  readonly session = defaultSession;
  readonly mainFrame: SenderFrame = createMainFrame(() => this.url);
  private readonly page: Promise<Page>;
  private targetId: string | null = null;
  private url = '';
  private loading = false;
  private devToolsOpen = false;
  private destroyed = false;
  private zoomFactor = 1;
  private windowOpenHandler: WindowOpenHandler | null = null;

  constructor(options: WebContentsOptions) {
    super('webContents', [...EMITTED, ...NEVER_EMITTED]);
    lastId += 1;
    this.id = lastId;
    this.page = this.open(options);
    this.page.catch(() => undefined); // told to whoever awaits a load
    const self = loud('webContents', this);
    all.set(this.id, self);
    // biome-ignore lint/correctness/noConstructorReturn: every use of it has to be a loud one
    return self;
  }

  /** What Playwright knows this page by. */
  getDevToolsTargetId(): string | null {
    return this.targetId;
  }

  getURL(): string {
    return fromChromiumUrl(this.url);
  }

  isDestroyed(): boolean {
    return this.destroyed;
  }

  isLoading(): boolean {
    return this.loading;
  }

  isCrashed(): boolean {
    return false;
  }

  isFocused(): boolean {
    return true;
  }

  send(channel: string, ...args: unknown[]): void {
    const message: ToPage = { kind: 'event', channel, args };
    codec.encode(args); // a value that cannot be cloned throws at the caller, as in Electron
    this.withPage((page) => page.tell(message));
  }

  async loadURL(url: string): Promise<void> {
    const page = await this.page;
    const loaded = this.nextLoad();
    loaded.catch(() => undefined); // a failure is thrown below
    this.loading = true;
    this.emit('did-start-loading');
    const failure = await page.navigate(toChromiumUrl(url));
    if (failure === null) return loaded;
    this.loading = false;
    this.emit('did-fail-load', createPreventableEvent(), -2, failure, url, true);
    throw Object.assign(new Error(`${failure} (-2) loading '${url}'`), { code: failure, errno: -2, url });
  }

  reload(): void {
    this.withPage((page) => page.reload());
  }

  reloadIgnoringCache(): void {
    this.reload();
  }

  async executeJavaScript(code: string): Promise<unknown> {
    return (await this.page).evaluate(code);
  }

  async insertCSS(css: string): Promise<string> {
    const add = `document.head.append(Object.assign(document.createElement('style'), { textContent: ${JSON.stringify(css)} }))`;
    await this.executeJavaScript(`void ${add}`);
    return 'css';
  }

  async capturePage(): Promise<ReturnType<typeof createImage>> {
    return createImage(await (await this.page).capturePng());
  }

  setWindowOpenHandler(handler: WindowOpenHandler): void {
    this.windowOpenHandler = handler;
  }

  openDevTools(): void {
    this.devToolsOpen = true;
    this.emit('devtools-opened');
  }

  closeDevTools(): void {
    this.devToolsOpen = false;
    this.emit('devtools-closed');
  }

  toggleDevTools(): void {
    if (this.devToolsOpen) this.closeDevTools();
    else this.openDevTools();
  }

  isDevToolsOpened(): boolean {
    return this.devToolsOpen;
  }

  getZoomFactor(): number {
    return this.zoomFactor;
  }

  setZoomFactor(factor: number): void {
    this.zoomFactor = factor;
  }

  getZoomLevel(): number {
    return Math.log(this.zoomFactor) / Math.log(1.2); // Chromium's zoom levels are powers of 1.2
  }

  setZoomLevel(level: number): void {
    this.zoomFactor = 1.2 ** level;
  }

  setBackgroundThrottling(_isAllowed: boolean): void {}

  focus(): void {}

  close(): void {
    this.withPage((page) => page.close());
  }

  resize(size: PageSize): void {
    this.withPage((page) => page.resize(size));
  }

  private withPage(use: (page: Page) => unknown): void {
    this.page.then(use).catch((error: unknown) => {
      if (!this.destroyed) process.stderr.write(`stand-in for Electron: ${String(error)}\n`);
    });
  }

  private nextLoad(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.once('did-finish-load', () => resolve());
      this.once('destroyed', () => reject(new Error('the window was closed while it loaded')));
    });
  }

  private async open({ preload, size }: WebContentsOptions): Promise<Page> {
    const { cdp } = await theHost().browser;
    const page = await openPage({ cdp, codec, preload: readPreload(preload), size, events: this.pageEvents() });
    this.targetId = page.targetId;
    const applyTheme = (): void => this.withPage(() => page.emulateDark(nativeTheme.shouldUseDarkColors));
    await page.emulateDark(nativeTheme.shouldUseDarkColors);
    nativeTheme.on('updated', applyTheme);
    this.once('destroyed', () => nativeTheme.off('updated', applyTheme));
    return page;
  }

  private pageEvents(): PageEvents {
    return {
      fromPage: (message) => this.take(message),
      allowsNavigation: (url) => this.allowsNavigation(fromChromiumUrl(url)),
      navigated: (url, isInPage) => {
        this.url = url;
        this.emit(isInPage ? 'did-navigate-in-page' : 'did-navigate', createPreventableEvent(), this.getURL());
      },
      domReady: () => this.emit('dom-ready', createPreventableEvent()),
      loaded: () => {
        this.loading = false;
        this.emit('did-finish-load', createPreventableEvent());
        this.emit('did-stop-loading', createPreventableEvent());
      },
      crashed: () => this.emit('render-process-gone', createPreventableEvent(), { reason: 'crashed', exitCode: 1 }),
      gone: () => {
        this.destroyed = true;
        all.delete(this.id);
        this.emit('destroyed');
      },
    };
  }

  private allowsNavigation(url: string): boolean {
    const details = { url, frame: this.mainFrame, isSameDocument: false, isMainFrame: true };
    const event = Object.assign(createPreventableEvent(), details);
    this.emit('will-navigate', event, url);
    return !event.defaultPrevented;
  }

  private take(message: FromPage): void {
    switch (message.kind) {
      case 'invoke':
        void ipcMain
          .answer(this.eventAt(message.url), message)
          .then((answer) => this.withPage((page) => page.tell(answer)));
        return;
      case 'send':
        this.emit('ipc-message', this.eventAt(message.url), message.channel, ...message.args);
        ipcMain.emit(message.channel, this.eventAt(message.url), ...message.args);
        return;
      case 'open-window':
        this.answerPopup(message.request);
        return;
      case 'preload-error':
        process.stderr.write(`Unable to load preload script\n${message.message}\n`);
        this.emit('preload-error', createPreventableEvent(), '', new Error(message.message));
        return;
    }
  }

  private eventAt(url: string): IpcMainEvent {
    this.url = url; // where the page was when it sent this
    const reply = (channel: string, ...args: unknown[]): void => this.send(channel, ...args);
    return { type: 'frame', sender: this.itself(), senderFrame: this.mainFrame, frameId: 1, processId: this.id, reply };
  }

  private answerPopup({ url, frameName, features }: { url: string; frameName: string; features: string }): void {
    const referrer = { url: this.getURL(), policy: 'strict-origin-when-cross-origin' };
    const details: WindowOpenDetails = { url, frameName, features, disposition: 'foreground-tab', referrer };
    const { action } = this.windowOpenHandler?.(details) ?? { action: 'allow' }; // Electron's default
    if (action === 'deny') return;
    process.stderr.write(`stand-in for Electron: opens no child windows, so ${url} stays closed\n`);
  }

  private itself(): WebContents {
    return all.get(this.id) ?? this;
  }
}

export function createWebContents(options: WebContentsOptions): WebContents {
  const contents = new WebContents(options);
  setImmediate(() => app.emit('web-contents-created', createPreventableEvent(), contents));
  return contents;
}

/** Electron's static functions on `webContents`. */
export const webContents = loud('webContents', {
  getAllWebContents: (): WebContents[] => [...all.values()],
  fromId: (id: number): WebContents | undefined => all.get(id),
  fromDevToolsTargetId: (targetId: string): WebContents | undefined =>
    [...all.values()].find((contents) => contents.getDevToolsTargetId() === targetId),
  getFocusedWebContents: (): WebContents | null => [...all.values()].at(-1) ?? null,
});
