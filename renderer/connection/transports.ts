import { WattrunError } from '../../shared/contract/errors.ts';
import { createEmitter, type Transport } from '../../shared/contract/transport.ts';
import { msFromSeconds } from '../../shared/units.ts';

/** What the preload gives in Electron: one pipe for JSON-safe messages, both contracts on it. */
export interface Pipe {
  send(message: unknown): void;
  onMessage(listener: (message: unknown) => void): () => void;
}

declare global {
  interface Window {
    readonly wattrun?: Pipe;
  }
}

/** A pipe never closes by itself: that the engine behind it went away is said by `host.engine`. */
export function transportOverPipe(pipe: Pipe): Transport {
  const stops = new Set<() => void>();
  const closings = createEmitter<void>();
  return {
    send: (message) => pipe.send(message),
    onMessage(listener) {
      const stop = pipe.onMessage(listener);
      stops.add(stop);
      return () => {
        stop();
        stops.delete(stop);
      };
    },
    onClose: closings.on,
    close() {
      for (const stop of stops) stop();
      stops.clear();
      closings.emit();
    },
  };
}

/** Resolves once open, rejects where it cannot be opened, with 'host/refused' where the session cookie is not that of the engine there. */
export function openWebSocketTransport(url: string, signal: AbortSignal): Promise<Transport> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(url);
    const messages = createEmitter<unknown>();
    const closings = createEmitter<void>();
    let isOpen = false;
    signal.addEventListener('abort', () => socket.close(), { once: true });
    socket.addEventListener('open', () => {
      isOpen = true;
      resolve({
        send: (message) => {
          if (socket.readyState === WebSocket.OPEN) socket.send(JSON.stringify(message));
        },
        onMessage: messages.on,
        onClose: closings.on,
        close: () => socket.close(),
      });
    });
    socket.addEventListener('message', (event: MessageEvent<unknown>) => {
      const message = parseMessage(event.data);
      if (message !== null) messages.emit(message);
    });
    socket.addEventListener('close', () => {
      if (isOpen) closings.emit();
      else void refusal(url, signal).then(reject);
    });
  });
}

/** A browser does not say why a socket was not opened; the same server tells it of a plain request. */
async function refusal(url: string, signal: AbortSignal): Promise<Error> {
  const none = new Error(`No engine answers at ${url}.`);
  const limit = AbortSignal.any([signal, AbortSignal.timeout(msFromSeconds(refusalSeconds))]);
  try {
    const { status } = await fetch(new URL('/healthz', url.replace(/^ws/, 'http')), { signal: limit });
    return status === 401 ? new WattrunError('host/refused', `The engine at ${url} does not know this page.`) : none;
  } catch {
    // Nobody is there to ask: what is said is that.
    return none;
  }
}

const refusalSeconds = 3;

/** The message's JSON; null for anything that is not a JSON text, which the contract's client would drop as well. */
function parseMessage(data: unknown): unknown {
  if (typeof data !== 'string') return null;
  try {
    return JSON.parse(data);
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

export const webSocketUrl = (origin: string): string => `${origin.replace(/^http/, 'ws')}/ws`;
