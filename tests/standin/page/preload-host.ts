import type { BridgeEnd } from './bridge-end.ts';
import type { Codec } from './codec.ts';

/** What a page tells the main process. `url` is where the page is at that moment. */
export type FromPage =
  | {
      readonly kind: 'invoke';
      readonly id: number;
      readonly channel: string;
      readonly args: readonly unknown[];
      readonly url: string;
    }
  | { readonly kind: 'send'; readonly channel: string; readonly args: readonly unknown[]; readonly url: string }
  | {
      readonly kind: 'open-window';
      readonly request: { readonly url: string; readonly frameName: string; readonly features: string };
    }
  | { readonly kind: 'preload-error'; readonly message: string };

/** What the main process tells a page. */
export type ToPage =
  | { readonly kind: 'returned'; readonly id: number; readonly value: unknown }
  | { readonly kind: 'threw'; readonly id: number; readonly message: string }
  | { readonly kind: 'event'; readonly channel: string; readonly args: readonly unknown[] };

type PreloadModule = (
  require: (name: string) => unknown,
  module: { exports: unknown },
  exports: unknown,
  process: unknown,
) => void;

export interface PreloadParts {
  readonly codec: Codec;
  readonly bridge: BridgeEnd;
  readonly loud: <T extends object>(name: string, target: T) => T;
  /** The page's only way to the main process. */
  readonly post: (text: string) => void;
  readonly process: {
    readonly platform: string;
    readonly arch: string;
    readonly versions: Readonly<Record<string, string>>;
  };
  readonly preload: PreloadModule;
}

/**
 * Runs the app's preload as a sandboxed one: `require` knows nothing but `electron`, and of that only what a sandboxed
 * renderer has. Returns what takes the main process's messages. Self-contained: its source text runs in pages.
 */
export function startPreload(parts: PreloadParts): (text: string) => void {
  type Listener = (event: unknown, ...args: unknown[]) => void;
  const { codec, bridge, loud } = parts;
  const waiting = new Map<number, { resolve(value: unknown): void; reject(reason: Error): void }>();
  const listeners = new Map<string, { readonly listener: Listener; readonly once: boolean }[]>();
  let lastId = 0;

  const post = (message: FromPage): void => parts.post(codec.encode(message));

  function add(channel: string, listener: Listener, once: boolean): unknown {
    listeners.set(channel, [...(listeners.get(channel) ?? []), { listener, once }]);
    return ipcRenderer;
  }

  function remove(channel: string, listener: Listener): unknown {
    listeners.set(
      channel,
      (listeners.get(channel) ?? []).filter((entry) => entry.listener !== listener),
    );
    return ipcRenderer;
  }

  function invoke(channel: string, ...args: unknown[]): Promise<unknown> {
    lastId += 1;
    const id = lastId;
    return new Promise((resolve, reject) => {
      post({ kind: 'invoke', id, channel, args, url: location.href }); // throws DataCloneError: a rejection
      waiting.set(id, {
        resolve,
        reject: (reason) => reject(new Error(`Error invoking remote method '${channel}': ${reason.message}`)),
      });
    });
  }

  const ipcRenderer: object = loud('ipcRenderer', {
    invoke,
    send: (channel: string, ...args: unknown[]) => post({ kind: 'send', channel, args, url: location.href }),
    on: (channel: string, listener: Listener) => add(channel, listener, false),
    addListener: (channel: string, listener: Listener) => add(channel, listener, false),
    once: (channel: string, listener: Listener) => add(channel, listener, true),
    off: remove,
    removeListener: remove,
    removeAllListeners: (channel: string) => {
      listeners.delete(channel);
      return ipcRenderer;
    },
    listenerCount: (channel: string) => listeners.get(channel)?.length ?? 0,
  });

  function deliver(channel: string, args: readonly unknown[]): void {
    for (const { listener, once } of listeners.get(channel) ?? []) {
      if (once) remove(channel, listener);
      try {
        listener({ sender: ipcRenderer, ports: [] }, ...args);
      } catch (error) {
        reportError(error); // as uncaught in the page, where test runners look
      }
    }
  }

  function settle(message: Exclude<ToPage, { readonly kind: 'event' }>): void {
    const call = waiting.get(message.id);
    waiting.delete(message.id);
    if (message.kind === 'returned') call?.resolve(message.value);
    else call?.reject(new Error(message.message));
  }

  const contextBridge = loud('contextBridge', {
    exposeInMainWorld: (key: string, api: unknown) => bridge.expose(key, api),
  });
  const electron = loud('electron (in a preload)', { contextBridge, ipcRenderer });
  const requireInSandbox = (name: string): unknown => {
    if (name === 'electron' || name === 'electron/renderer') return electron;
    throw new Error(`module not found: ${name}`); // Electron's own words
  };

  bridge.onTold('open-window', (request) => {
    post({ kind: 'open-window', request: request as { url: string; frameName: string; features: string } });
  });
  const module = { exports: {} };
  const process = { ...parts.process, type: 'renderer', sandboxed: true, contextIsolated: true, env: {}, argv: [] };
  try {
    parts.preload(requireInSandbox, module, module.exports, process);
  } catch (error) {
    post({ kind: 'preload-error', message: error instanceof Error ? (error.stack ?? error.message) : String(error) });
  }
  return (text) => {
    const message = codec.decode(text) as ToPage;
    if (message.kind === 'event') deliver(message.channel, message.args);
    else settle(message);
  };
}

/**
 * Popups become questions to the main process, which has to answer them anyway; a real popup would be a page that
 * nobody attached to. Self-contained: its source text runs in pages.
 */
export function divertPopups(bridge: BridgeEnd): void {
  const ask = (url: string, frameName: string, features: string): void =>
    bridge.tell('open-window', { url: new URL(url, location.href).href, frameName, features });

  window.open = (url, target, features) => {
    ask(String(url ?? 'about:blank'), target ?? '', features ?? '');
    return null;
  };
  window.addEventListener('click', (event) => {
    const link = event.composedPath().find((node): node is HTMLAnchorElement => node instanceof HTMLAnchorElement);
    if (link?.target !== '_blank' || event.defaultPrevented) return;
    event.preventDefault();
    ask(link.href, '_blank', '');
  });
}
