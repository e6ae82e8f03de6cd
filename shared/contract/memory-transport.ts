import { createEmitter, type Transport } from './transport.ts';

/** Two ends of one pipe in the same process. Messages are cloned as JSON, as every other transport would. */
export function createMemoryTransports(): readonly [Transport, Transport] {
  const inboxes = [createEmitter<unknown>(), createEmitter<unknown>()] as const;
  const closings = createEmitter<void>();
  let isClosed = false;
  const end = (own: 0 | 1): Transport => ({
    send(message) {
      const copy: unknown = JSON.parse(JSON.stringify(message));
      Promise.resolve().then(() => {
        if (!isClosed) inboxes[own === 0 ? 1 : 0].emit(copy);
      });
    },
    onMessage: inboxes[own].on,
    onClose: closings.on,
    close() {
      if (isClosed) return;
      isClosed = true;
      closings.emit();
    },
  });
  return [end(0), end(1)];
}
