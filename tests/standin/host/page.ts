import type { Codec } from '../page/codec.ts';
import type { FromPage, ToPage } from '../page/preload-host.ts';
import type { CdpConnection, CdpObject, CdpSession } from './cdp.ts';
import { fulfilCustomScheme, isOfCustomScheme } from './custom-schemes.ts';
import { BINDING, DELIVER, PRELOAD_WORLD, type Preload, pageWorldScript, preloadWorldScript } from './page-scripts.ts';

export interface PageSize {
  readonly width: number;
  readonly height: number;
}

/** What happens in a page, as far as Electron tells of it. */
export interface PageEvents {
  fromPage(message: FromPage): void;
  /** A document (not an anchor) of the main frame asked for by the page itself; `false` denies it. */
  allowsNavigation(url: string): boolean;
  navigated(url: string, isInPage: boolean): void;
  domReady(): void;
  loaded(): void;
  crashed(): void;
  gone(): void;
}

export interface PageOptions {
  readonly cdp: CdpConnection;
  readonly codec: Codec;
  readonly preload: Preload | null;
  readonly size: PageSize;
  readonly events: PageEvents;
}

/** One page in Chromium, with the preload's world set up in each document it loads. */
export interface Page {
  readonly targetId: string;
  tell(message: ToPage): void;
  /** Loads `url`; the text of the network error, or null when the document is on its way. */
  navigate(url: string): Promise<string | null>;
  reload(): Promise<void>;
  evaluate(expression: string): Promise<unknown>;
  resize(size: PageSize): Promise<void>;
  emulateDark(isDark: boolean): Promise<void>;
  capturePng(): Promise<Buffer>;
  close(): Promise<void>;
}

/** How long a paused request waits to hear whether the page asked for it; the word travels a moment before. */
const ASKED_BY_PAGE_WAIT_MS = 30;

/** Tells navigations that the page asked for from those of the app and of the test runner, and puts the former to the vote. */
async function guardNavigation(session: CdpSession, mainFrame: string, events: PageEvents): Promise<void> {
  let askedByPage: string | null = null;
  session.on('Page.frameRequestedNavigation', ({ frameId, url }) => {
    if (frameId === mainFrame) askedByPage = String(url);
  });

  async function isDenied(url: string): Promise<boolean> {
    if (askedByPage === null) await new Promise((resolve) => setTimeout(resolve, ASKED_BY_PAGE_WAIT_MS));
    const isByPage = askedByPage !== null && askedByPage === url;
    askedByPage = null;
    return isByPage && !events.allowsNavigation(url);
  }

  async function answer(paused: CdpObject): Promise<void> {
    const { requestId, resourceType, frameId, redirectedRequestId } = paused;
    const { url } = paused.request as { readonly url: string };
    const isMainDocument = resourceType === 'Document' && frameId === mainFrame && redirectedRequestId === undefined;
    if (isMainDocument && (await isDenied(url))) {
      await session.send('Fetch.failRequest', { requestId, errorReason: 'Aborted' }); // stays on the old document
    } else if (isOfCustomScheme(url)) {
      await session.send('Fetch.fulfillRequest', {
        requestId,
        ...(await fulfilCustomScheme(paused.request as CdpObject)),
      });
    } else {
      await session.send('Fetch.continueRequest', { requestId });
    }
  }

  session.on('Fetch.requestPaused', (paused) => {
    answer(paused).catch(() => undefined); // the page went away meanwhile
  });
  const patterns = [{ urlPattern: '*', resourceType: 'Document' }, { urlPattern: 'https://*.standin.test/*' }];
  await session.send('Fetch.enable', { patterns });
}

function listenToFrame(session: CdpSession, mainFrame: string, events: PageEvents): void {
  session.on('Page.frameNavigated', ({ frame }) => {
    const { id, url } = frame as { readonly id: string; readonly url: string };
    if (id === mainFrame) events.navigated(url, false);
  });
  session.on('Page.navigatedWithinDocument', ({ frameId, url }) => {
    if (frameId === mainFrame) events.navigated(String(url), true);
  });
  session.on('Page.domContentEventFired', () => events.domReady());
  session.on('Page.loadEventFired', () => events.loaded());
  session.on('Inspector.targetCrashed', () => events.crashed());
}

/** Gives what sends text to the preload's world of the current document; before there is one, nothing arrives. */
async function openChannel(
  session: CdpSession,
  mainFrame: string,
  options: PageOptions,
): Promise<(message: ToPage) => void> {
  let worldId: number | null = null;
  session.on('Runtime.executionContextCreated', ({ context }) => {
    const { id, name, auxData } = context as { id: number; name: string; auxData?: { frameId?: string } };
    if (name === PRELOAD_WORLD && auxData?.frameId === mainFrame) worldId = id;
  });
  session.on('Runtime.executionContextDestroyed', ({ executionContextId }) => {
    if (executionContextId === worldId) worldId = null;
  });
  session.on('Runtime.executionContextsCleared', () => {
    worldId = null;
  });
  session.on('Runtime.bindingCalled', ({ name, payload }) => {
    if (name === BINDING) options.events.fromPage(options.codec.decode(String(payload)) as FromPage);
  });
  await session.send('Runtime.addBinding', { name: BINDING, executionContextName: PRELOAD_WORLD });
  const preloadScript = preloadWorldScript(options.preload);
  await session.send('Page.addScriptToEvaluateOnNewDocument', { source: pageWorldScript() });
  await session.send('Page.addScriptToEvaluateOnNewDocument', { source: preloadScript, worldName: PRELOAD_WORLD });

  const functionDeclaration = `function (text) { globalThis.${DELIVER}?.(text); }`;
  return (message) => {
    const text = options.codec.encode(message); // encoded even when nobody listens: a bad value must throw here
    if (worldId === null) return;
    const call = { functionDeclaration, executionContextId: worldId, arguments: [{ value: text }] };
    session.send('Runtime.callFunctionOn', call).catch(() => undefined); // the document went away meanwhile
  };
}

async function attach(cdp: CdpConnection, size: PageSize): Promise<{ targetId: string; sessionId: string }> {
  const blank = { url: 'about:blank', newWindow: true, ...size };
  const { targetId } = await cdp.browser.send('Target.createTarget', blank);
  const { sessionId } = await cdp.browser.send('Target.attachToTarget', { targetId, flatten: true });
  return { targetId: String(targetId), sessionId: String(sessionId) };
}

async function evaluate(session: CdpSession, expression: string): Promise<unknown> {
  const options = { expression, awaitPromise: true, returnByValue: true, userGesture: true };
  const { result, exceptionDetails } = await session.send('Runtime.evaluate', options);
  const { value, description } = result as { readonly value?: unknown; readonly description?: string };
  if (exceptionDetails !== undefined) throw new Error(description ?? 'the script threw');
  return value;
}

export async function openPage(options: PageOptions): Promise<Page> {
  const { cdp, events } = options;
  const { targetId, sessionId } = await attach(cdp, options.size);
  const session = cdp.session(sessionId);
  const mainFrame = targetId; // Chromium names a page's main frame like its target

  cdp.browser.on('Target.detachedFromTarget', (detached) => {
    if (detached.sessionId !== sessionId) return;
    cdp.forget(sessionId);
    events.gone();
  });
  const resize = async ({ width, height }: PageSize): Promise<void> => {
    // The page, not the browser's window with its bars, has the size that the app asked for.
    await session.send('Emulation.setDeviceMetricsOverride', { width, height, deviceScaleFactor: 0, mobile: false });
  };
  listenToFrame(session, mainFrame, events);
  const tell = await openChannel(session, mainFrame, options);
  await guardNavigation(session, mainFrame, events);
  await Promise.all([session.send('Page.enable'), session.send('Runtime.enable'), resize(options.size)]);

  return {
    targetId,
    tell,
    resize,
    navigate: async (url) => {
      const { errorText } = await session.send('Page.navigate', { url });
      return errorText === undefined ? null : String(errorText);
    },
    reload: async () => void (await session.send('Page.reload')),
    evaluate: (expression) => evaluate(session, expression),
    emulateDark: async (isDark) => {
      const features = [{ name: 'prefers-color-scheme', value: isDark ? 'dark' : 'light' }];
      await session.send('Emulation.setEmulatedMedia', { features });
    },
    capturePng: async () => Buffer.from(String((await session.send('Page.captureScreenshot')).data), 'base64'),
    close: async () => {
      await cdp.browser.send('Target.closeTarget', { targetId }).catch(() => undefined); // gone already
    },
  };
}
