import { WebSocket } from 'ws';
import { WattrunError } from '../../shared/contract/errors.ts';
import { createEmitter, type Transport } from '../../shared/contract/transport.ts';
import type { EngineAddress } from '../ownership/ownership.ts';

/** A reader this far behind is cut off: it can come back, the engine's memory cannot. */
const mostBufferedBytes = 16 * 1024 * 1024;

export function webSocketTransport(socket: WebSocket): Transport {
  const messages = createEmitter<unknown>();
  const closings = createEmitter<void>();
  socket.on('message', (data) => {
    try {
      messages.emit(JSON.parse(String(data)));
    } catch {
      socket.close(1007, 'not JSON');
    }
  });
  socket.on('close', () => closings.emit());
  socket.on('error', () => socket.terminate());
  return {
    send(message) {
      if (socket.readyState !== WebSocket.OPEN) return;
      if (socket.bufferedAmount > mostBufferedBytes) socket.terminate();
      else socket.send(JSON.stringify(message));
    },
    onMessage: messages.on,
    onClose: closings.on,
    close: () => socket.close(),
  };
}

const connectTimeoutMs = 2000;

/** Connects to the engine at an address. Throws 'engine/unreachable' within two seconds. */
export function connectWebSocket(address: EngineAddress): Promise<Transport> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(`${address.url.replace(/^http/, 'ws').replace(/\/$/, '')}/ws`, {
      headers: { authorization: `Bearer ${address.token}` },
      handshakeTimeout: connectTimeoutMs,
    });
    const fail = (error: Error): void =>
      reject(
        new WattrunError('engine/unreachable', `The engine at ${address.url} does not answer (${error.message}).`),
      );
    socket.once('error', fail);
    socket.once('open', () => {
      socket.off('error', fail);
      resolve(webSocketTransport(socket));
    });
  });
}
