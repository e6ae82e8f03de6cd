import { readFile } from 'node:fs/promises';
import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { hasSchemeHandler, type SchemeHandler, setSchemeHandler } from '../host/custom-schemes.ts';
import { LoudEmitter, loud } from '../host/loud.ts';

const MEDIA_TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.mjs': 'text/javascript',
  '.css': 'text/css',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.woff2': 'font/woff2',
  '.wasm': 'application/wasm',
};

async function fetchFile(url: URL): Promise<Response> {
  const path = fileURLToPath(url);
  const type = MEDIA_TYPES[extname(path)] ?? 'application/octet-stream';
  return new Response(await readFile(path), { headers: { 'content-type': type } });
}

export const net = loud('net', {
  /** Electron's knows `file:` too, which handlers of an app's own scheme rely on. */
  fetch: (input: string, init?: RequestInit): Promise<Response> => {
    const url = new URL(input);
    return url.protocol === 'file:' ? fetchFile(url) : fetch(url, init);
  },
  isOnline: (): boolean => true,
});

export const protocol = loud('protocol', {
  registerSchemesAsPrivileged: (_schemes: readonly object[]): void => undefined,
  handle: (scheme: string, handler: SchemeHandler): void => setSchemeHandler(scheme, handler),
  unhandle: (scheme: string): void => setSchemeHandler(scheme, null),
  isProtocolHandled: (scheme: string): boolean => hasSchemeHandler(scheme),
});

const ignored = (): void => undefined;

class Session extends LoudEmitter {
  readonly protocol = protocol;
  /** Accepted and never called: headers that an app sets here (its Content-Security-Policy, say) do not apply. */
  readonly webRequest = loud('session.webRequest', {
    onBeforeRequest: ignored,
    onBeforeSendHeaders: ignored,
    onHeadersReceived: ignored,
    onCompleted: ignored,
    onErrorOccurred: ignored,
  });

  constructor() {
    super('session', ['will-download', 'preconnect', 'select-hid-device', 'select-serial-port', 'select-usb-device']);
  }

  // No page asks for a permission that headless Chromium would grant.
  setPermissionRequestHandler(_handler: unknown): void {}
  setPermissionCheckHandler(_handler: unknown): void {}
  setDevicePermissionHandler(_handler: unknown): void {}
  setDisplayMediaRequestHandler(_handler: unknown): void {}
  setCertificateVerifyProc(_verify: unknown): void {}
  setSpellCheckerEnabled(_isEnabled: boolean): void {}
  setSpellCheckerLanguages(_languages: readonly string[]): void {}
  async setProxy(_config: object): Promise<void> {}
  async clearCache(): Promise<void> {}
  async clearStorageData(): Promise<void> {}
  flushStorageData(): void {}
}

export const defaultSession = loud('session', new Session());

export const session = loud('session (static)', { defaultSession });
