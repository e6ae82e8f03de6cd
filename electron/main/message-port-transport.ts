import { createEmitter, type Transport } from '../../shared/contract/transport.ts';

/** What both ends of a channel between threads have; `MessagePort` of node:worker_threads fits. */
export interface Port {
  postMessage(message: unknown): void;
  on(event: 'message', listener: (message: unknown) => void): unknown;
  on(event: 'close', listener: () => void): unknown;
  close(): void;
}

/** A pipe to another thread. It closes when either end does, or the other thread ends. */
export function messagePortTransport(port: Port): Transport {
  const messages = createEmitter<unknown>();
  const closings = createEmitter<void>();
  let isClosed = false;
  port.on('message', (message) => messages.emit(message));
  port.on('close', () => {
    if (isClosed) return;
    isClosed = true;
    closings.emit();
  });
  return {
    send(message) {
      if (!isClosed) port.postMessage(message);
    },
    onMessage: messages.on,
    onClose: closings.on,
    close: () => port.close(),
  };
}
