import type { Readable, Writable } from 'node:stream';

/** Chrome DevTools Protocol objects: https://chromedevtools.github.io/devtools-protocol/ */
export type CdpObject = Readonly<Record<string, unknown>>;
export type CdpListener = (params: CdpObject) => void;

/** One attached target, or the browser itself. */
export interface CdpSession {
  send(method: string, params?: CdpObject): Promise<CdpObject>;
  on(method: string, listener: CdpListener): void;
}

export interface CdpConnection {
  readonly browser: CdpSession;
  session(sessionId: string): CdpSession;
  /** Forgets a session; what it still waits for is rejected. */
  forget(sessionId: string): void;
}

interface Waiting {
  readonly sessionId: string;
  readonly method: string;
  resolve(result: CdpObject): void;
  reject(error: Error): void;
}

interface CdpMessage {
  readonly id?: number;
  readonly sessionId?: string;
  readonly method?: string;
  readonly params?: CdpObject;
  readonly result?: CdpObject;
  readonly error?: { readonly message: string };
}

const BROWSER = '';

/** Speaks over `--remote-debugging-pipe`: JSON texts, each ended by a zero byte. */
export function connectCdp(input: Readable, output: Writable): CdpConnection {
  const waiting = new Map<number, Waiting>();
  const listeners = new Map<string, CdpListener[]>();
  let lastId = 0;

  function send(sessionId: string, method: string, params: CdpObject): Promise<CdpObject> {
    lastId += 1;
    const id = lastId;
    const address = sessionId === BROWSER ? {} : { sessionId };
    return new Promise((resolve, reject) => {
      waiting.set(id, { sessionId, method, resolve, reject });
      output.write(`${JSON.stringify({ id, method, params, ...address })}\0`);
    });
  }

  function session(sessionId: string): CdpSession {
    return {
      send: (method, params = {}) => send(sessionId, method, params),
      on(method, listener) {
        const key = `${sessionId} ${method}`;
        listeners.set(key, [...(listeners.get(key) ?? []), listener]);
      },
    };
  }

  function receive(message: CdpMessage): void {
    if (message.id === undefined) {
      const key = `${message.sessionId ?? BROWSER} ${message.method ?? ''}`;
      for (const listener of listeners.get(key) ?? []) listener(message.params ?? {});
      return;
    }
    const call = waiting.get(message.id);
    waiting.delete(message.id);
    if (message.error === undefined) call?.resolve(message.result ?? {});
    else call?.reject(new Error(`${call.method}: ${message.error.message}`));
  }

  function rejectAll(isMeant: (call: Waiting) => boolean, reason: string): void {
    for (const [id, call] of waiting) {
      if (!isMeant(call)) continue;
      waiting.delete(id);
      call.reject(new Error(`${call.method}: ${reason}`));
    }
  }

  let rest: Buffer[] = [];
  input.on('data', (chunk: Buffer) => {
    let from = 0;
    for (let end = chunk.indexOf(0); end !== -1; end = chunk.indexOf(0, from)) {
      const text = Buffer.concat([...rest, chunk.subarray(from, end)]).toString('utf8');
      rest = [];
      from = end + 1;
      receive(JSON.parse(text) as CdpMessage);
    }
    rest.push(chunk.subarray(from));
  });
  input.on('close', () => rejectAll(() => true, 'the browser is gone'));
  output.on('error', () => rejectAll(() => true, 'the browser is gone'));

  return {
    browser: session(BROWSER),
    session,
    forget(sessionId) {
      for (const key of listeners.keys()) if (key.startsWith(`${sessionId} `)) listeners.delete(key);
      rejectAll((call) => call.sessionId === sessionId, 'the page is gone');
    },
  };
}
