/** A pipe for JSON-safe messages, in order, both ways. IPC, WebSocket, MessagePort and memory each plug in as one of these. */
export interface Transport {
  send(message: unknown): void;
  onMessage(listener: (message: unknown) => void): () => void;
  onClose(listener: () => void): () => void;
  close(): void;
}

/** Listeners with unsubscribe, the one little thing every transport needs. */
export function createEmitter<T>(): {
  on(listener: (value: T) => void): () => void;
  emit(value: T): void;
  clear(): void;
} {
  const listeners = new Set<(value: T) => void>();
  return {
    on(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    emit(value) {
      for (const listener of [...listeners]) listener(value);
    },
    clear() {
      listeners.clear();
    },
  };
}
